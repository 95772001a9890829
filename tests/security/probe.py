"""The product with one more State, which the tests try to misuse. Served by a real server: see conftest."""

import asyncio
from typing import Any
from uuid import UUID

import reflex as rx
from sqlalchemy import select
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.errors import Invalid
from lattis_app.identity.models import User
from lattis_app.identity.permissions import Permission, requires
from lattis_app.lattis_app import app
from lattis_app.ui.handlers import handler, public_handler, run

__all__ = ["app"]


@requires(Permission.IDENTITY_USERS_READ)
def names(session: Session, actor: Actor) -> list[str]:
    """The names of all users."""
    return sorted(session.scalars(select(User.name)))


@requires(Permission.IDENTITY_PROFILE_MANAGE)
def rename(session: Session, actor: Actor, name: str) -> None:
    """Rename the actor."""
    if not name.strip():
        raise Invalid.field("name", "must not be empty")
    session.get_one(User, actor.user_id).name = name


class ProbeState(rx.State):
    """What a page of the product might look like."""

    total: int = 0
    rows: list[str] = []
    errors: dict[str, str] = {}
    opened: str = ""

    @handler
    async def add(self, by: int) -> None:
        """Add a number."""
        self.total += by

    @handler
    async def load(self) -> None:
        """Show the users."""
        self.rows = await run(self, names)

    @handler
    async def rename(self, name: str) -> None:
        """Rename oneself."""
        await run(self, rename, name)

    @handler
    async def submit(self, form: dict[str, Any]) -> None:
        """Rename oneself by a form."""
        await run(self, rename, str(form.get("name", "")))

    @handler
    async def open_record(self, record_id: UUID) -> None:
        """Open a record."""
        self.opened = str(record_id)

    @handler
    async def count_up(self):
        """Two steps, then a crash."""
        self.total += 1
        yield
        self.total += 1
        yield
        raise RuntimeError("the pump in the cellar broke")

    @handler(background=True)
    async def follow(self) -> None:
        """Show the users after a while, as long work does."""
        await asyncio.sleep(0.5)
        rows = await run(self, names)
        async with self:
            self.rows = rows

    @public_handler
    async def greet(self) -> None:
        """Say hello to anybody."""
        self.opened = "hello"

    async def unmarked(self) -> None:
        """A method somebody forgot to mark."""
        self.total = 999
