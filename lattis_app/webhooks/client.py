"""One request to somebody's server: to the address that was checked, no redirects, little read, little waited."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from lattis_app.core.settings import settings
from lattis_app.webhooks.addresses import NotAllowed, resolved

MOST_READ = 16_384
EXCERPT = 1000


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, or why nothing did."""

    status_code: int | None = None
    response: str = ""
    error: str = ""
    duration_ms: int = 0

    @property
    def is_success(self) -> bool:
        """Whether the receiver took it."""
        return self.status_code is not None and 200 <= self.status_code < 300


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Send a body and answer how that went; never raises for what the other side does."""
    started = time.perf_counter()
    try:
        status, said = asyncio.run(_within_the_time(url, body, headers))
    except NotAllowed as refusal:
        outcome = Answer(error=f"The address {refusal}")
    except TimeoutError:
        outcome = Answer(error=f"No answer within {settings().webhook_timeout_seconds} seconds")
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        outcome = Answer(error=f"{type(error).__name__}: {error}"[:500])
    else:
        outcome = Answer(status, said, "" if 200 <= status < 300 else f"HTTP {status}")
    took = round((time.perf_counter() - started) * 1000)
    return Answer(outcome.status_code, outcome.response, outcome.error, took)


async def _within_the_time(url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, str]:
    most = settings().webhook_timeout_seconds
    async with asyncio.timeout(most):
        addresses = await asyncio.to_thread(resolved, url)
        async with httpx.AsyncClient(trust_env=False, follow_redirects=False, timeout=most) as client:
            for address in addresses[:-1]:
                try:
                    return await _post(client, address, url, body, headers)
                except httpx.ConnectError:
                    continue
            return await _post(client, addresses[-1], url, body, headers)


async def _post(
    client: httpx.AsyncClient, address: str, url: str, body: bytes, headers: Mapping[str, str]
) -> tuple[int, str]:
    """Connect to the address itself; name and certificate stay those of the host."""
    named = httpx.URL(url)
    request = client.build_request(
        "POST",
        named.copy_with(host=address),
        content=body,
        headers={"Host": named.netloc.decode(), "Accept-Encoding": "identity", **headers},
        extensions={"sni_hostname": named.raw_host.decode()},
    )
    answer = await client.send(request, stream=True)
    try:
        said = bytearray()
        async for part in answer.aiter_raw():
            said += part
            if len(said) >= MOST_READ:
                break
        return answer.status_code, _readable(bytes(said))
    finally:
        await answer.aclose()


def _readable(said: bytes) -> str:
    return said.decode(errors="replace").replace("\0", "\ufffd")[:EXCERPT]
