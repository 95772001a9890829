"""Moving the product's clock, to show what next Friday brings (contract: api.md, "Clock")."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from lattis_app.core import clock, jobs
from lattis_app.core.actors import Actor
from lattis_app.core.errors import Invalid, PreconditionFailed
from lattis_app.identity.permissions import Permission, requires
from lattis_app.system.queries.clock import is_movable
from lattis_app.system.schemas.clock import ClockEntry

FARTHEST = timedelta(days=366)


class ClockStandsFast(PreconditionFailed):
    """Real data lives in real time; so do copies of several processes."""


@requires(Permission.PLATFORM_JOBS_MANAGE)
def move(session: Session, actor: Actor, entry: ClockEntry) -> None:
    """Jump to a moment, or back to real time; jobs that came due meanwhile run at once.

    Raises ClockStandsFast in production and where several processes work, Invalid for a moment too far away.
    """
    if not is_movable():
        raise ClockStandsFast(
            "The clock can be moved only in a demonstration that runs as one process",
            field="now",
            reason="is not movable here",
        )
    if entry.now is None and not clock.moved_by():
        return
    real = datetime.now(UTC)
    offset = entry.now - real if entry.now else timedelta(0)
    if abs(offset) > FARTHEST:
        raise Invalid.field("now", "must be within a year of real time")
    clock.move_by(offset)
    jobs.catch_up()
