"""What the dashboard shows."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from lattis_app.core.schemas import Out


class Figures(Out):
    """The sums of a span, in minor units, beside those of the span before."""

    sales: int
    sales_before: int
    collected: int
    collected_before: int
    collected_cash: int
    outstanding: int
    outstanding_old: int
    old_customers: int
    bins: int
    bins_out: int
    bins_late: int


class Week(Out):
    """One week's invoiced and collected, in minor units."""

    monday: date
    invoiced: int
    collected: int


class Alert(Out):
    """Something that needs somebody."""

    kind: str
    title: str
    text: str
    href: str


class TodaysJob(Out):
    """One of today's jobs: a delivery order, or a booking that has none yet and so no amount."""

    id: UUID
    is_booking: bool
    scheduled_at: datetime
    company_name: str
    bin: str
    driver: str | None
    lorry: str | None
    status: str
    amount: int | None


class Dashboard(Out):
    """Everything on one page."""

    since: date
    figures: Figures
    weeks: list[Week]
    alerts: list[Alert]
    jobs: list[TodaysJob]
    jobs_today: int
    unassigned: int
