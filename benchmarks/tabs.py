"""Browser tabs without browsers: the sockets that pages talk through, each signed in."""

from __future__ import annotations

import asyncio
import json
import random
import time
from typing import Any, Self
from uuid import uuid4

from websockets.asyncio.client import ClientConnection, connect

ROOT = "reflex___state____state"
PAGE = f"{ROOT}.lattis_app___rental___pages___delivery_orders____delivery_orders"
PATH = "/rental/delivery-orders"
MESSAGE = "42/_event,"


class Tab:
    """One tab that shows the delivery orders."""

    def __init__(self, port: int, cookie: str) -> None:
        self._connecting = connect(
            f"ws://127.0.0.1:{port}/_event/?EIO=4&transport=websocket&token={uuid4()}",
            additional_headers={"Cookie": f"lattis_session={cookie}"},
            max_size=None,
            open_timeout=60,
        )

    async def __aenter__(self) -> Self:
        self.socket: ClientConnection = await self._connecting
        self._frames: asyncio.Queue[str] = asyncio.Queue()
        self._reading = asyncio.create_task(self._read())
        await self._await("0")
        await self.socket.send("40/_event,")
        await self._await("40/_event,")
        await self._send(f"{ROOT}.hydrate", {})
        await self._await(MESSAGE, "is_hydrated")
        await self._send(f"{PAGE}.load", {})
        await self._await(MESSAGE, '"total_rx_state_"')
        return self

    async def __aexit__(self, *_how: object) -> None:
        self._reading.cancel()
        await self.socket.close()

    async def filter(self, form: dict[str, str]) -> float:
        """Filter the table; how long until the rows were there."""
        while not self._frames.empty():
            self._frames.get_nowait()
        started = time.perf_counter()
        await self._send(f"{PAGE}.apply_filter", {"form": form})
        await self._await(MESSAGE, '"rows_rx_state_"')
        return time.perf_counter() - started

    async def _send(self, name: str, payload: dict[str, Any]) -> None:
        router_data = {"pathname": PATH, "query": {}, "asPath": PATH}
        event = {"name": name, "payload": payload, "router_data": router_data}
        await self.socket.send(MESSAGE + json.dumps(["event", event]))

    async def _read(self) -> None:
        """Answer the server's heartbeat, also while this tab waits for nothing."""
        async for frame in self.socket:
            text = frame if isinstance(frame, str) else frame.decode()
            if text == "2":
                await self.socket.send("3")
            else:
                self._frames.put_nowait(text)

    async def _await(self, prefix: str, part: str = "") -> None:
        async with asyncio.timeout(60):
            while True:
                frame = await self._frames.get()
                if frame.startswith(prefix) and part in frame:
                    return


async def filter_in_tabs(
    port: int,
    cookies: list[str],
    driver_ids: list[str],
    months: list[list[str]],
    seconds: float,
    pause: float,
) -> list[float]:
    """Every tab filters by a driver and a month, then thinks for a while; how long each filtering took."""
    tabs: list[Tab] = []
    for cookie in cookies:
        tabs.append(await Tab(port, cookie).__aenter__())
    took: list[float] = []
    end = time.perf_counter() + seconds
    drawn = random.Random(1)

    async def work(tab: Tab) -> None:
        await asyncio.sleep(drawn.uniform(0, pause))
        while time.perf_counter() < end:
            first, last = drawn.choice(months)
            form = {f"driver_id:{drawn.choice(driver_ids)}": "on", "from": first, "to": last}
            took.append(await tab.filter(form))
            await asyncio.sleep(drawn.uniform(0.5 * pause, 1.5 * pause))

    await asyncio.gather(*(work(tab) for tab in tabs))
    await asyncio.gather(*(tab.__aexit__() for tab in tabs))
    return took
