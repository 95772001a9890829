"""A person on a page: what a test of a page's handlers does, sees, and finds unchanged."""

import asyncio
import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_type_hints

import reflex as rx
from reflex_base.registry import RegistrationContext
from sqlalchemy import text
from sqlalchemy.orm import Session

from lattis_app.core import db
from lattis_app.identity.permissions import Role
from lattis_app.identity.services.sessions import _open
from tests.factories.identity import make_user
from tests.ui.pipeline import Pipeline, pipeline

Events = tuple[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Seen:
    """What a tab shows after its events, and what the browser was asked to do by the last of them."""

    values: dict[str, Any]
    said: str

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


def signed_in(session: Session, role: Role = Role.ADMIN, **person: Any) -> str:
    """The cookie of somebody of this role who has just signed in."""
    cookie = _open(session, make_user(session, role, **person), "tests").cookie
    session.flush()
    return cookie


def visit(state: type[rx.State], cookie: str, *events: Events, address: str = "/page") -> Seen:
    """Open the page at an address, then do one thing after the other."""

    async def perform() -> Seen:
        async with pipeline() as tab:
            return await stay(tab, state, cookie, ("load", {}), *events, address=address)

    return asyncio.run(perform())


async def stay(
    tab: Pipeline,
    state: type[rx.State],
    cookie: str,
    *events: Events,
    address: str = "/page",
    token: str = "tab",
) -> Seen:
    """Do one thing after the other on a page that stands open."""
    values: dict[str, Any] = {}
    said = ""
    for name, payload in events:
        told = await tab.send(
            f"{state.get_full_name()}.{name}", cookie=cookie, token=token, address=address, **payload
        )
        values |= told.of(state)
        said = told.said
    return Seen(values, said)


def handlers_of(state: type[rx.State]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every event a browser may send to a page's state, with the types of its arguments."""
    start = f"{state.get_full_name()}."
    for name, registered in RegistrationContext.get().event_handlers.items():
        if name.startswith(start) and hasattr(registered.handler.fn, "__wrapped__"):
            method = inspect.unwrap(registered.handler.fn)
            hints = get_type_hints(method)
            hints.pop("return", None)
            yield name.removeprefix(start), hints


def everything(session: Session) -> dict[str, tuple[int, int]]:
    """How many rows every table has and what they hold, as numbers to compare; sessions note when they were seen."""
    session.flush()
    tables = sorted(name for name in db.metadata.tables if name != "user_sessions")
    one = "SELECT '{0}', count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) FROM {0} t"
    found = session.execute(text(" UNION ALL ".join(one.format(name) for name in tables)))
    return {name: (count, int(sum_)) for name, count, sum_ in found}
