"""Reading the product's clock."""

from __future__ import annotations

from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.settings import WorkerMode, settings
from lattis_app.identity.permissions import Permission, requires
from lattis_app.system.schemas.clock import ClockOut


@requires(Permission.PLATFORM_JOBS_READ)
def find(session: Session, actor: Actor) -> ClockOut:
    """What time it is for the product, and whether it can be moved."""
    return ClockOut(
        now=clock.now(), moved_by_seconds=round(clock.moved_by().total_seconds()), movable=is_movable()
    )


def is_movable() -> bool:
    """Whether this copy is for demonstrations, and one process does all its work."""
    one_process = settings().web_processes == 1 and settings().worker is WorkerMode.INTERNAL
    return one_process and not settings().is_production
