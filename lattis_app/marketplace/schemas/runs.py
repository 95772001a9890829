"""Runs of the weekly billing: what is asked for, what they would make, and what they made."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, Field

from lattis_app.core.schemas import FIRST_DAY, LAST_DAY, CamelEntry, CamelFilters, CamelOut, MoneyOut
from lattis_app.marketplace.rules.weeks import parse_week


def _week(value: object) -> object:
    try:
        week = parse_week(str(value))
    except (ValueError, OverflowError) as error:
        raise ValueError("must be a week such as 2026-47, or a date in it") from error
    if not FIRST_DAY <= week.starts_on <= LAST_DAY:
        raise ValueError(f"must be a week of the years {FIRST_DAY.year} to {LAST_DAY.year}")
    return week.text


WeekText = Annotated[str, Field(max_length=10), BeforeValidator(_week)]
"""A week by its ISO year and number."""


class RunEntry(CamelEntry):
    """Which past week to bill, or to look at. Without a week a preview shows the one that is under way."""

    week: WeekText | None = None
    seller_id: UUID | None = None
    preview: bool = False


class PreviewFilters(CamelFilters):
    """Which week to look at; none means the one under way."""

    week: WeekText | None = None


class PreviewRow(CamelOut):
    """What one seller would be billed, beside what the week before was."""

    seller_id: UUID
    store_name: str
    invoice_number: str
    base_currency: str
    order_count: int
    total_amount: MoneyOut
    total_amount_mkd: MoneyOut
    total_amount_eur: MoneyOut
    last_week_total_amount: MoneyOut
    difference: MoneyOut


class DueOut(CamelOut):
    """How much a run of all weeks that have ended would bill."""

    weeks: list[str]
    invoices: int
    orders: int


class RunOut(CamelOut):
    """What a run made, or would make."""

    week: str
    week_start_date: date
    week_end_date: date
    preview: bool
    invoices: int
    orders: int
    total_amount_mkd: MoneyOut
    total_amount_eur: MoneyOut


class LoggedRunOut(CamelOut):
    """A run in the log: all its steps together."""

    id: UUID
    week: str
    week_start_date: date
    due_date: date
    requested_by: str
    started_at: datetime
    finished_at: datetime
    steps: int
    invoices: int
    orders: int
    total_amount_mkd: MoneyOut
    total_amount_eur: MoneyOut
