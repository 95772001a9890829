"""Settlement runs as they are asked for and shown."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from lattis_app.core.schemas import BusinessDate, Entry, Filters, MoneyOut, Out
from lattis_app.courier.statuses import RunOutcome


class RunEntry(Entry):
    """Whether to show only what would happen, and the last day of delivery that counts (today if not given)."""

    preview: bool = False
    as_of: BusinessDate | None = None


class RunFilters(Filters):
    """All runs."""


class RunLineOut(Out):
    """What a run did, or would do, for one merchant; parcels held are disputed."""

    merchant_id: UUID
    merchant_name: str
    merchant_code: str
    outcome: RunOutcome
    parcels: int
    held: int
    cod_collected: MoneyOut
    charges: MoneyOut
    clearance: MoneyOut
    opening: MoneyOut
    payable: MoneyOut
    invoice_id: UUID | None
    invoice_no: str | None
    reason: str
    currency: str


class RunRow(Out):
    """A run in the log."""

    id: UUID
    as_of: date
    started_by: str
    merchants: int
    invoices: int
    parcels: int
    payable: MoneyOut
    currency: str
    created_at: datetime


class RunOut(Out):
    """A run with what it did for every merchant; a preview has no id and left nothing behind."""

    id: UUID | None
    preview: bool
    as_of: date
    started_by: str
    merchants: int
    invoices: int
    parcels: int
    payable: MoneyOut
    currency: str
    created_at: datetime | None
    lines: list[RunLineOut]
