"""The seed's critical metrics as the health page shows them."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from lattis_app.core.schemas import NUMBER, MoneyOut, Out

Number = Annotated[Decimal, *NUMBER]


class TableUse(Out):
    """How a table is read: by its indexes, or from end to end."""

    table: str
    rows: int
    index_reads: int
    whole_reads: int
    index_share: Number | None


class EndpointTimes(Out):
    """How fast and how reliably an endpoint has answered since this process started."""

    endpoint: str
    requests: int
    average_ms: int
    p95_ms: int
    error_rate: Number


class HealthOut(Out):
    """Invoice generation, payment times, accuracy of amounts, database and answers of the API.

    Amounts are of open invoices. `wrong_invoices` are those whose sums differ from their lines, or that have a charge
    which a parcel's status does not allow: there must be none.
    """

    invoices_today: int
    invoices_this_week: int
    invoices_this_month: int
    parcels_per_invoice: Number
    hours_to_payment: Number | None
    pending_invoices: int
    oldest_pending_days: int | None
    payable: MoneyOut
    owed_by_merchants: MoneyOut
    checked_invoices: int
    wrong_invoices: int
    charge_accuracy: Number
    discrepancy_rate: Number
    open_disputes: int
    open_clearances: int
    currency: str
    tables: list[TableUse]
    connections_in_use: int
    connections_idle: int
    statement_ms: Number | None
    endpoints: list[EndpointTimes]
