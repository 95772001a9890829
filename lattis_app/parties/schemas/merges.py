"""Two records of the same person or company becoming one."""

from __future__ import annotations

from uuid import UUID

from lattis_app.core.schemas import Entry, Out


class MergeEntry(Entry):
    """Which record takes the place of this one; a dry run only tells what would move."""

    into: UUID
    dry_run: bool = False


class MovedOut(Out):
    """So many records of one kind."""

    what: str
    count: int


class ObstacleOut(Out):
    """What both records have and only one may have, so that they cannot become one."""

    what: str
    reason: str


class MergeOut(Out):
    """What moves (or has moved) from one record to the other.

    With `obstacles` nothing can be moved: a dry run lists them, and a merge is refused. `stays` is what is never rewritten, and is read as the other's from now on; `fills` are details that the other lacks.
    """

    name: str
    into_name: str
    moves: list[MovedOut]
    stays: list[MovedOut]
    fills: list[str]
    obstacles: list[ObstacleOut]
    done: bool
