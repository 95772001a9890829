"""What a restricted seller is told."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from lattis_app.core.schemas import CamelOut, MoneyOut
from lattis_app.marketplace.statuses import Currency


class OverdueInvoiceOut(CamelOut):
    """An invoice that has to be paid first."""

    id: UUID
    invoice_number: str
    total_amount: MoneyOut
    total_amount_mkd: MoneyOut
    total_amount_eur: MoneyOut
    due_date: date
    days_overdue: int
    payment_claimed: bool
    link: str


class RestrictionOut(CamelOut):
    """Whether a seller is restricted, why, and exactly what clears it."""

    restricted: bool
    restricted_at: datetime | None
    reason: str
    base_currency: Currency
    amount_to_clear: MoneyOut
    amount_to_clear_mkd: MoneyOut
    amount_to_clear_eur: MoneyOut
    invoices: list[OverdueInvoiceOut]
    hidden_products: int
