"""A webhook is a request that somebody else aims: it never reaches our own network, and takes little in."""

import socket
import threading
import time
from typing import Any

import pytest
from sqlalchemy import text

from lattis_app.core import db
from lattis_app.core.actors import SYSTEM
from lattis_app.core.errors import Invalid
from lattis_app.core.names import EventName
from lattis_app.webhooks import addresses, client
from lattis_app.webhooks.addresses import NotAllowed, is_public, resolved
from lattis_app.webhooks.models import Webhook
from lattis_app.webhooks.schemas.webhooks import WebhookChanges, WebhookEntry
from lattis_app.webhooks.services import webhooks
from tests.loopback import Receiver, receiving

PRIVATE = [
    "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f000001/", "https://0177.0.0.1/",
    "https://localhost/", "https://LOCALHOST./", "https://0.0.0.0/", "https://10.0.0.5/", "https://172.16.0.1/",
    "https://192.168.1.1/", "https://169.254.169.254/latest/meta-data/", "https://100.64.0.1/", "https://[::1]/",
    "https://[::]/", "https://[fe80::1]/", "https://[fc00::1]/", "https://[fec0::1]/", "https://[::ffff:127.0.0.1]/", "https://[::ffff:a00:1]/",
    "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/", "https://224.0.0.1/", "https://255.255.255.255/",
    "https://240.0.0.1/",
]  # fmt: skip
MALFORMED = [
    "http://example.com/", "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/", "javascript:alert(1)",
    "https://", "https:///x", "example.com", "https://user:secret@example.com/", "https://user@example.com/",
    "https://example.com/#top", "https://[::1", "https://example.com:99999/", "https://example.com:port/",
]  # fmt: skip


def named(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Let every name mean these addresses, one answer after the other; returns the names asked for."""
    asked, left = [], list(answers)

    def getaddrinfo(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        asked.append(host)
        found = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(addresses.socket, "getaddrinfo", getaddrinfo)
    return asked


@pytest.mark.parametrize("url", PRIVATE)
def test_no_webhook_leads_into_our_own_network(session, admin, url: str) -> None:
    with pytest.raises(Invalid) as refused:
        webhooks.create(session, admin, WebhookEntry(url=url, event_types=[EventName.DO_ISSUED]))
    assert refused.value.details["field"] == "url"
    assert session.query(Webhook).all() == []
    assert client.post(url, b"{}", {}).status_code is None


@pytest.mark.parametrize("url", MALFORMED)
def test_what_is_no_https_address_is_refused(url: str) -> None:
    with pytest.raises(NotAllowed):
        resolved(url)


def test_an_address_can_not_be_changed_to_a_private_one(session, admin, monkeypatch) -> None:
    named(monkeypatch, ["93.184.216.34"])
    webhook = webhooks.create(
        session, admin, WebhookEntry(url="https://example.com/", event_types=[EventName.DO_ISSUED])
    )
    session.flush()
    named(monkeypatch, ["10.0.0.1"])
    with pytest.raises(Invalid):
        webhooks.update(session, admin, webhook.id, WebhookChanges(url="https://intranet.example/"))
    assert webhook.url == "https://example.com/"


def test_business_goes_on_while_the_name_of_a_new_address_is_looked_up(
    committed_database: str, monkeypatch
) -> None:
    """An event that a webhook hears of refers to the webhook, so nobody may hold it while a name server thinks."""
    named(monkeypatch, ["93.184.216.34"])
    entry = WebhookEntry(url="https://example.com/", event_types=[EventName.DO_ISSUED])
    with db.unit_of_work() as session:
        webhook_id = webhooks.create(session, SYSTEM, entry).id
    held: list[bool] = []

    def getaddrinfo(*_: Any, **__: Any) -> list[Any]:
        with db.unit_of_work() as session:
            free = text("SELECT id FROM webhooks FOR KEY SHARE SKIP LOCKED")
            held.append(session.scalar(free) != webhook_id)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.35", 443))]

    monkeypatch.setattr(addresses.socket, "getaddrinfo", getaddrinfo)
    with db.unit_of_work() as session:
        webhooks.update(session, SYSTEM, webhook_id, WebhookChanges(url="https://slow.example/"))
    assert held == [False]


def test_a_name_with_one_private_address_among_public_ones_is_refused(monkeypatch) -> None:
    named(monkeypatch, ["93.184.216.34", "10.0.0.1"])
    with pytest.raises(NotAllowed, match="private"):
        resolved("https://mixed.example/")


def test_a_name_that_turned_private_after_it_was_saved_is_refused_at_sending(monkeypatch) -> None:
    named(monkeypatch, ["127.0.0.1"])
    answer = client.post("https://rebound.example/", b"{}", {})
    assert (answer.status_code, answer.error) == (None, "The address leads to a private address")


def test_the_address_that_was_checked_is_the_one_connected_to(
    configure, monkeypatch, receiver: Receiver
) -> None:
    """A second answer of the name server, which httpx would have asked for, is never sought."""
    asked = named(monkeypatch, ["127.0.0.1"], ["203.0.113.9"])
    port = receiver.url.rpartition(":")[2]
    answer = client.post(f"http://hooks.example:{port}/x", b"{}", {"webhook-id": "1"})
    assert (answer.status_code, asked) == (200, ["hooks.example"])
    assert receiver.requests[0].headers["Host"] == f"hooks.example:{port}"


def test_the_host_is_asked_for_its_own_certificate(configure, monkeypatch) -> None:
    """The name goes along to the encrypted connection, although an address is connected to."""
    configure(webhook_private_addresses=True)
    named(monkeypatch, ["127.0.0.1"])
    greetings: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet() -> None:
            peer, _ = server.accept()
            with peer:
                greetings.append(peer.recv(4096))

        thread = threading.Thread(target=greet)
        thread.start()
        answer = client.post(f"https://hooks.example:{server.getsockname()[1]}/", b"secret", {})
        thread.join()
    assert b"hooks.example" in greetings[0]
    assert b"secret" not in greetings[0]
    assert answer.status_code is None


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_a_failure_and_not_followed(receiver: Receiver, status: int) -> None:
    with receiving() as inside:
        receiver.answers, receiver.headers = [(status, b"")], {"Location": inside.url}
        answer = client.post(receiver.url, b"{}", {})
        assert (answer.status_code, answer.error, answer.is_success) == (status, f"HTTP {status}", False)
        assert inside.requests == []


def test_a_proxy_of_the_environment_is_not_asked(receiver: Receiver, monkeypatch) -> None:
    with receiving() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        assert client.post(receiver.url, b"{}", {}).status_code == 200
        assert proxy.requests == []


def test_a_huge_answer_is_read_a_little(receiver: Receiver) -> None:
    receiver.answers = [(200, b"x" * 50_000_000)]
    answer = client.post(receiver.url, b"{}", {})
    assert (answer.status_code, answer.response) == (200, "x" * 1000)


def test_an_answer_that_claims_to_be_compressed_is_not_unpacked(receiver: Receiver) -> None:
    receiver.answers, receiver.headers = [(200, b"no gzip at all")], {"Content-Encoding": "gzip"}
    assert client.post(receiver.url, b"{}", {}).response == "no gzip at all"


@pytest.mark.parametrize("drip", [b"", b"HTTP/1.1 200 OK\r\nX: "], ids=["silent", "dripping"])
def test_a_receiver_that_never_ends_is_left_after_the_time_set(configure, drip: bytes) -> None:
    configure(webhook_private_addresses=True, webhook_timeout_seconds=1)
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            peer, _ = server.accept()
            with peer:
                peer.sendall(drip)
                while drip and not done.wait(0.2):
                    try:
                        peer.sendall(b"x")
                    except OSError:
                        return
                done.wait()

        thread = threading.Thread(target=serve)
        thread.start()
        started = time.monotonic()
        answer = client.post(f"http://127.0.0.1:{server.getsockname()[1]}/", b"{}", {})
        took = time.monotonic() - started
        done.set()
        thread.join()
    assert (answer.status_code, answer.error) == (None, "No answer within 1 seconds")
    assert took < 3


def test_a_host_that_nobody_knows_is_said_so() -> None:
    answer = client.post("https://nowhere.invalid/", b"{}", {})
    assert answer.error == "The address its host can't be found"


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946"])
def test_the_public_internet_is_public(address: str) -> None:
    assert is_public(address)
