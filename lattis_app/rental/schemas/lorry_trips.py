"""Lorry trips as they are recorded, changed, filtered and shown (seed: "Lorry Trip Tracking")."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from lattis_app.core.schemas import CLEAN, Changes, Entry, LongText, Out, ServiceMoment, Span

Location = Annotated[str, Field(max_length=300), CLEAN]


class LorryTripEntry(Entry):
    """A drive that starts now or started at a time."""

    lorry_id: UUID
    driver_id: UUID | None = None
    from_location: Location = ""
    to_location: Location = ""
    inventory_bin_id: UUID | None = None
    related_do_id: UUID | None = None
    departed_at: ServiceMoment | None = None
    arrived_at: ServiceMoment | None = None
    notes: LongText | None = None


class LorryTripChanges(Changes):
    """What to change about a drive; its arrival ends it."""

    clearable = {"from_location": "", "to_location": "", "notes": ""}

    from_location: Location | None = None
    to_location: Location | None = None
    departed_at: ServiceMoment | None = None
    arrived_at: ServiceMoment | None = None
    notes: LongText | None = None


class LorryTripFilters(Span):
    """Which drives to list, by the business date they started on. `q` is part of a lorry, a driver or a place."""

    q: Annotated[str, Field(max_length=120), CLEAN] = ""
    lorry_id: UUID | None = None
    driver_id: UUID | None = None
    related_do_id: UUID | None = None


class LorryTripOut(Out):
    """A drive of a lorry; `status` says whether it has ended."""

    id: UUID
    status: str
    lorry_id: UUID
    lorry_registration_no: str
    driver_id: UUID
    driver_name: str
    from_location: str
    to_location: str
    inventory_bin_id: UUID | None
    related_do_id: UUID | None
    departed_at: datetime
    arrived_at: datetime | None
    notes: str
    created_at: datetime
    updated_at: datetime
