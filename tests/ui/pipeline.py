"""Reflex's own event pipeline with the guard in front, in process: what a handler test goes through."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import reflex as rx
from reflex.event import Event
from reflex.istate.manager.memory import StateManagerMemory
from reflex.state import StateUpdate
from reflex_base.event.processor import BaseStateEventProcessor
from reflex_base.registry import RegistrationContext

from lattis_app.ui.guard import Guard
from lattis_app.ui.problems import on_backend_error

HYDRATE = "reflex___state____state.hydrate"


@dataclass
class Told:
    """What one event made the server send."""

    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    orders: list[str] = field(default_factory=list)

    def of(self, state: type[rx.State]) -> dict[str, Any]:
        """The vars of one state that were sent."""
        return self.values.get(state.get_full_name(), {})

    @property
    def said(self) -> str:
        """Everything the browser was asked to do, as text."""
        return "\n".join(self.orders)


@dataclass
class Pipeline:
    """Events in, what the browser gets out."""

    processor: BaseStateEventProcessor
    manager: StateManagerMemory
    sent: list[StateUpdate] = field(default_factory=list)

    async def emit_update(self, update: StateUpdate, token: str) -> None:
        """Keep what would go to the browser."""
        self.sent.append(update)

    async def send(
        self,
        name: str,
        /,
        *,
        cookie: str = "",
        token: str = "tab",
        address: str = "/sample?q=1",
        **payload: Any,
    ) -> Told:
        """Send one event as a tab with this cookie at this address, and wait until all it caused is done."""
        self.sent.clear()
        path, _, query = address.partition("?")
        place = {"pathname": path, "asPath": address, "query": dict(parse_qsl(query))}
        headers = {"cookie": f"theme=dark; lattis_session={cookie}"}
        event = Event(
            name=name, payload=payload, router_data={**place, "headers": headers, "ip": "203.0.113.9"}
        )
        await (await self.processor.enqueue(token, event)).wait_all()
        return self._told()

    def _told(self) -> Told:
        told = Told()
        for update in self.sent:
            for state, changes in update.delta.items():
                plain = {name.removesuffix("_rx_state_"): value for name, value in changes.items()}
                told.values.setdefault(state, {}).update(plain)
            told.orders += [
                json.dumps(event.payload, ensure_ascii=False, default=str) for event in update.events
            ]
        return told


@asynccontextmanager
async def pipeline() -> AsyncIterator[Pipeline]:
    """A running pipeline with no client in it yet."""
    with RegistrationContext.ensure_context().fork():
        app = rx.App()
        app.add_middleware(Guard())
        processor = BaseStateEventProcessor(middleware=app, backend_exception_handler=on_backend_error)
        running = Pipeline(processor, StateManagerMemory())
        processor.configure(state_manager=running.manager, event_namespace=running)  # type: ignore[arg-type]  # all it calls
        async with processor:
            yield running
