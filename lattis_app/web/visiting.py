"""How many pages people who are not signed in hold open at once.

A page holds a socket and its states for as long as it stands open, and nobody knows whose it is. So there are only so
many from one address and from all of them; whoever is signed in is not counted, and always let in.
"""

from __future__ import annotations

import asyncio
from collections import Counter

from sqlalchemy.exc import SQLAlchemyError

from lattis_app.core.db import unit_of_work
from lattis_app.core.errors import Unauthorized
from lattis_app.identity.queries import actors


class Visitors:
    """Those who are there, by address."""

    def __init__(self, most: int, most_per_address: int) -> None:
        self.most, self.most_per_address = most, most_per_address
        self.there: Counter[str] = Counter()

    def enter(self, address: str) -> bool:
        """Let one more in from an address, if there is room."""
        if self.there[address] >= self.most_per_address or self.there.total() >= self.most:
            return False
        self.there[address] += 1
        return True

    def leave(self, address: str) -> None:
        """One from an address has gone."""
        self.there[address] -= 1
        if not self.there[address]:
            del self.there[address]


async def is_signed_in(cookie: str) -> bool:
    """Whether a session cookie is somebody's; while the database can't be asked, it is nobody's."""
    if not cookie:
        return False
    try:
        await asyncio.to_thread(_look_up, cookie)
    except (Unauthorized, SQLAlchemyError):
        return False
    return True


def _look_up(cookie: str) -> None:
    with unit_of_work() as session:
        actors.by_cookie(session, cookie)
