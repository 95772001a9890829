"""Drivers as they are typed, changed, filtered and shown."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from lattis_app.core.errors import Invalid
from lattis_app.core.normal import normal_ic
from lattis_app.core.schemas import CLEAN, Changes, Email, Entry, Filters, LongText, Name, Out, Phone, any_of
from lattis_app.rental.statuses import DriverStatus


def _identity_card(value: str) -> str:
    try:
        normal_ic(value)
    except Invalid as error:
        raise ValueError(error.details["reason"]) from error
    return value


IdentityCard = Annotated[str, Field(max_length=20), CLEAN, AfterValidator(_identity_card)]
JobsPerDay = Annotated[int, Field(ge=1, le=50)]


class DriverEntry(Entry):
    """A new driver, who may sign in with name, identity card and phone."""

    name: Name
    ic_number: IdentityCard
    phone: Phone
    email: Email | None = None
    address: LongText | None = None
    status: DriverStatus = DriverStatus.ACTIVE
    jobs_per_day: JobsPerDay = 6


class DriverChanges(Changes):
    """What to change about a driver."""

    clearable = {"email": None, "address": ""}

    name: Name | None = None
    ic_number: IdentityCard | None = None
    phone: Phone | None = None
    email: Email | None = None
    address: LongText | None = None
    status: DriverStatus | None = None
    jobs_per_day: JobsPerDay | None = None


class DriverFilters(Filters):
    """Which drivers to list. `q` is part of a name, or a phone number; several statuses are separated by commas."""

    q: Annotated[str, Field(max_length=120), CLEAN] = ""
    status: Annotated[tuple[DriverStatus, ...], any_of(DriverStatus)] = ()


class DriverOut(Out):
    """A driver; of the identity card only the last four characters are shown."""

    id: UUID
    name: str
    ic_number: str
    phone: str
    email: str | None
    address: str
    status: DriverStatus
    jobs_per_day: int
    created_at: datetime
    updated_at: datetime
