"""Which jobs of one driver or one lorry are too close together (contract: rental.md, "Booking")."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from lattis_app.core.errors import PreconditionFailed

APART = timedelta(minutes=60)


class DriverBusy(PreconditionFailed):
    """The driver has a job at that time, or enough for the day."""


class LorryBusy(PreconditionFailed):
    """The lorry is on another job at that time."""


@dataclass(frozen=True, slots=True)
class Job:
    """What somebody already drives: a booking or a delivery order by its number, or a move by its order's."""

    number: str
    at: datetime
    on: date
    driver_id: UUID | None
    lorry_id: UUID | None


def name_of_move(number: str) -> str:
    """What people call the move of an order's bin."""
    return f"{number} · move"


def clash(one: datetime, other: datetime) -> bool:
    """Whether two jobs begin less than an hour apart."""
    return abs(one - other) < APART


def require_driver_free(
    name: str, driver_id: UUID, jobs: Iterable[Job], at: datetime, on: date, jobs_per_day: int
) -> None:
    """Raise DriverBusy, naming the job in the way or the day's limit."""
    own = [job for job in jobs if job.driver_id == driver_id]
    for job in own:
        if clash(job.at, at):
            raise DriverBusy(
                f"{name} has {job.number} within {_minutes()} minutes of that time",
                field="driver_id",
                reason=f"has {job.number} within {_minutes()} minutes",
                job=job.number,
                minutes_apart=_minutes(),
            )
    day = sum(job.on == on for job in own)
    if day >= jobs_per_day:
        raise DriverBusy(
            f"{name} has {day} of at most {jobs_per_day} jobs that day already",
            field="driver_id",
            reason=f"has {day} of at most {jobs_per_day} jobs that day",
            jobs=day,
            jobs_per_day=jobs_per_day,
        )


def require_lorry_free(name: str, lorry_id: UUID, jobs: Iterable[Job], at: datetime) -> None:
    """Raise LorryBusy, naming the job in the way."""
    for job in jobs:
        if job.lorry_id == lorry_id and clash(job.at, at):
            raise LorryBusy(
                f"{name} drives {job.number} within {_minutes()} minutes of that time",
                field="lorry_id",
                reason=f"drives {job.number} within {_minutes()} minutes",
                job=job.number,
                minutes_apart=_minutes(),
            )


def clear_lorry(own: Collection[UUID], free: Collection[UUID]) -> UUID | None:
    """The lorry nobody needs to ask for: the only one the driver has that day, else the only one that is free."""
    for choice in (own, free):
        if len(choice) == 1:
            return next(iter(choice))
        if choice:
            return None
    return None


def _minutes() -> int:
    return int(APART.total_seconds() // 60)
