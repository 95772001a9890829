"""Where a webhook may go: the public internet, unless a setting says otherwise. No way into our own network."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import SplitResult, urlsplit

from lattis_app.core.settings import settings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
TRANSLATED = tuple(
    ipaddress.ip_network(each) for each in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
)
"""IPv6 addresses that stand for an IPv4 one, which may be private."""


class NotAllowed(Exception):
    """No webhook goes there; says why."""


def parsed(url: str) -> SplitResult:
    """An address as its parts. Raises NotAllowed unless it is https, or http where private addresses are allowed."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise NotAllowed("must be an address such as https://example.com/lattis") from error
    schemes = ("https", "http") if settings().webhook_private_addresses else ("https",)
    if parts.scheme not in schemes or not host:
        raise NotAllowed("must begin with https://")
    if parts.username is not None or parts.password is not None:
        raise NotAllowed("must not carry a name or password")
    if parts.fragment:
        raise NotAllowed("must not carry a fragment (#)")
    return parts


def resolved(url: str) -> list[str]:
    """The addresses of a URL's host, which are then the only ones to connect to. Raises NotAllowed."""
    parts = parsed(url)
    port = parts.port or {"http": 80, "https": 443}[parts.scheme]
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotAllowed("its host can't be found") from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not settings().webhook_private_addresses and not all(map(is_public, addresses)):
        raise NotAllowed("leads to a private address")
    return addresses


def is_public(text: str) -> bool:
    """Whether an address belongs to the public internet, whatever it is wrapped in."""
    address: Address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            address = address.ipv4_mapped
        elif address.is_site_local or any(address in network for network in TRANSLATED):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved
