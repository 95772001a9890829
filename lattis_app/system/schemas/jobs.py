"""Recurring jobs, their runs, and events that did not reach everybody."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from lattis_app.core.schemas import CLEAN, Entry, Filters, Moment, Out


class JobOut(Out):
    """A job, its schedule in the business's time zone, and how it went last."""

    name: str
    title: str
    schedule: str
    time_zone: str
    next_due_at: datetime | None
    last_run_at: datetime | None
    last_status: str | None
    last_duration_ms: int | None


class RunFilters(Filters):
    """Which runs to list. `q` is part of a job's name."""

    q: Annotated[str, Field(max_length=80), CLEAN] = ""
    job: Annotated[str, Field(max_length=80), CLEAN] = ""
    status: Annotated[str, Field(max_length=12), CLEAN] = ""
    preview: bool | None = None


class RunOut(Out):
    """One run of a job."""

    id: UUID
    job: str
    slot: str
    as_of: datetime
    preview: bool
    requested_by: str
    status: str
    claimed_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    duration_ms: int | None
    result: dict[str, Any] | None
    error: str


class RunEntry(Entry):
    """Run a job as if it were another time, or only look at what it would do."""

    as_of: Moment | None = None
    preview: bool = False


class DeliveryOut(Out):
    """An event that a subscriber has not taken."""

    event_id: UUID
    event: str
    entity: str
    entity_id: UUID
    occurred_at: datetime
    subscriber: str
    failed_at: datetime
    attempts: int
    error: str


class ReplayedOut(Out):
    """The event that is delivered again."""

    event_id: UUID
