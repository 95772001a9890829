"""Delivery partners' remittances as they are uploaded, compared and shown."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints, ValidationInfo, field_validator

from lattis_app.core.schemas import CLEAN, BusinessDate, Entry, Filters, MoneyOut, Out, any_of
from lattis_app.courier.schemas.merchants import ParcelAmount
from lattis_app.courier.statuses import RemittanceMatch, RemittanceStatus


class RemittanceEntry(Entry):
    """Whose file it is, and which days of delivery it should cover: what is missing is looked for in them."""

    partner: Annotated[str, Field(min_length=1, max_length=60), CLEAN]
    delivered_from: Annotated[BusinessDate, Field(alias="from")]
    delivered_to: Annotated[BusinessDate, Field(alias="to")]
    reference: Annotated[str, Field(max_length=120), CLEAN] = ""

    @field_validator("delivered_to")
    @classmethod
    def _runs_forward(cls, to: date, info: ValidationInfo) -> date:
        since = info.data.get("delivered_from")
        if since and to < since:
            raise ValueError("must not be before from")
        return to


class RemittedLine(Entry):
    """One line of a partner's file."""

    tracking_number: Annotated[str, StringConstraints(to_upper=True, min_length=1, max_length=40), CLEAN]
    amount: ParcelAmount


class RemittanceFilters(Filters):
    """Which remittances to list; several statuses are separated by commas. `q` is part of the partner's name."""

    q: Annotated[str, Field(max_length=60), CLEAN] = ""
    status: Annotated[tuple[RemittanceStatus, ...], any_of(RemittanceStatus)] = ()


class RemittanceLineFilters(Filters):
    """Which lines to list; several matches are separated by commas."""

    match: Annotated[tuple[RemittanceMatch, ...], any_of(RemittanceMatch)] = ()


class RemittanceOut(Out):
    """A partner's file beside what we know: how many lines match, pay too little, too much, or are missing."""

    id: UUID
    partner: str
    reference: str
    file_name: str
    delivered_from: date
    delivered_to: date
    status: RemittanceStatus
    currency: str
    matched_count: int
    short_count: int
    extra_count: int
    missing_count: int
    expected: MoneyOut
    remitted: MoneyOut
    difference: MoneyOut
    uploaded_by: str
    accepted_at: datetime | None
    accepted_by: str
    created_at: datetime
    updated_at: datetime


class RemittanceLineOut(Out):
    """One parcel: what was expected of it and what was paid over; nothing where it is missing from the file."""

    match: RemittanceMatch
    tracking_number: str
    parcel_id: UUID | None
    expected: MoneyOut
    remitted: MoneyOut | None
    note: str
    currency: str
