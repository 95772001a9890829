"""The clients, in a process of their own: reads what to do as JSON, prints what it took as JSON."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any
from uuid import uuid4

from benchmarks.tabs import filter_in_tabs
from benchmarks.wire import Wire

Work = Callable[[int], Awaitable[float]]


async def read(port: int, path: str, token: str, clients: int, seconds: float) -> list[float]:
    """Ask for one path again and again; how long each answer took."""
    async with AsyncExitStack() as open_wires:
        wires = [await open_wires.enter_async_context(Wire(port, token)) for _ in range(clients)]

        async def once(client: int) -> float:
            started = time.perf_counter()
            await wires[client].get(path)
            return time.perf_counter() - started

        return await _for(seconds, clients, once)


async def rounds(
    port: int, tokens: list[str], bins: list[dict[str, Any]], driver_id: str, seconds: float
) -> list[float]:
    """A new customer, their delivery order, its invoice and the payment, again and again; how long each round took."""
    async with AsyncExitStack() as open_wires:
        wires = [await open_wires.enter_async_context(Wire(port, token)) for token in tokens]
        free = iter(bins)

        async def once(client: int) -> float:
            started = time.perf_counter()
            await _round(wires[client], next(free), driver_id)
            return time.perf_counter() - started

        return await _for(seconds, len(tokens), once)


async def _round(wire: Wire, chosen: dict[str, Any], driver_id: str) -> None:
    key = uuid4().hex
    customer = await wire.post(
        "/v1/customers",
        f"{key}-1",
        {
            "company_name": f"Round {key[:12]}",
            "phone": "+60312345678",
            "email": f"{key[:12]}@example.com",
            "address": "1 Jalan Satu, 40150 Shah Alam",
        },
    )
    order = await wire.post(
        "/v1/delivery-orders",
        f"{key}-2",
        {
            "customer_id": customer["id"],
            "inventory_bin_id": chosen["id"],
            "bin_size": chosen["size"],
            "driver_id": driver_id,
            "payment_method": "CASH",
            "amount": "350.00",
        },
    )
    invoice = await wire.post(f"/v1/invoices/from-do/{order['id']}", f"{key}-3", {})
    await wire.post(
        f"/v1/invoices/{invoice['id']}/payments", f"{key}-4", {"method": "CASH", "amount": "350.00"}
    )


async def _for(seconds: float, clients: int, once: Work) -> list[float]:
    """Every client repeats its work until the time is over."""
    took: list[float] = []
    end = time.perf_counter() + seconds

    async def repeat(client: int) -> None:
        while time.perf_counter() < end:
            took.append(await once(client))

    await asyncio.gather(*(repeat(client) for client in range(clients)))
    return took


TASKS: dict[str, Callable[..., Awaitable[list[float]]]] = {
    "read": read,
    "rounds": rounds,
    "filter": filter_in_tabs,
}


def main() -> None:
    """Do the one task that standard input describes."""
    asked = json.load(sys.stdin)
    task = TASKS[asked.pop("task")]
    started, cpu = time.perf_counter(), time.process_time()
    took = asyncio.run(task(**asked))  # type: ignore[arg-type]  # each is a coroutine
    elapsed = time.perf_counter() - started
    json.dump({"took": took, "elapsed": elapsed, "cpu": time.process_time() - cpu}, sys.stdout)


if __name__ == "__main__":
    main()
