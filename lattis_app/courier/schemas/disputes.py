"""Disputes as they are raised, answered, filtered and shown."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from lattis_app.core.schemas import CLEAN, Entry, Filters, MoneyOut, Out, Reason, any_of
from lattis_app.courier.schemas.parcels import Correction
from lattis_app.courier.statuses import DisputeStatus, FinancialStatus, ParcelStatus


class DisputeEntry(Entry):
    """What a merchant objects to."""

    reason: Reason


class AcceptEntry(Correction):
    """What was really collected, charged and reported, and the answer to the merchant."""

    answer: Reason


class RejectEntry(Entry):
    """Why nothing changes."""

    answer: Reason


class DisputeFilters(Filters):
    """Which disputes to list. `q` begins a tracking number; several statuses are separated by commas."""

    q: Annotated[str, Field(max_length=60), CLEAN] = ""
    merchant_id: UUID | None = None
    parcel_id: UUID | None = None
    status: Annotated[tuple[DisputeStatus, ...], any_of(DisputeStatus)] = ()


class DisputeOut(Out):
    """A merchant's objection with the parcel it is about."""

    id: UUID
    parcel_id: UUID
    tracking_number: str
    merchant_id: UUID
    merchant_name: str
    status: DisputeStatus
    reason: str
    raised_by: str
    answer: str
    resolved_at: datetime | None
    resolved_by: str
    parcel_status: ParcelStatus
    financial_status: FinancialStatus
    cod_amount: MoneyOut
    cod_collected_amount: MoneyOut
    net_payable: MoneyOut
    currency: str
    created_at: datetime
    updated_at: datetime
