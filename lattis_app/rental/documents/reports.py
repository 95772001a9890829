"""A report on paper: its totals, then its rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from lattis_app.core.exports import Column, columns_of
from lattis_app.core.money import DEFAULT_CURRENCY, SYMBOLS, Money
from lattis_app.core.pdf import Addressee, Heading, Letterhead, Paper, Sheet, compose, local_date, local_time
from lattis_app.core.pdf_blocks import opening, subheading
from lattis_app.core.pdf_tables import Column as PdfColumn
from lattis_app.core.pdf_tables import table
from lattis_app.core.schemas import Out
from lattis_app.rental.documents.wording import in_words
from lattis_app.rental.schemas.reports.parts import ReportOut

MOST_UPRIGHT = 7
HIDDEN = {"currency", "from_on", "to_on"}
NUMBERS = (int, Decimal, Money)


def render(
    title: str, about: str, report: ReportOut[Out, Out], row: type[Out], letterhead: Letterhead, at: datetime
) -> bytes:
    """The report as PDF."""
    heading = Heading(kind="Report", number=title, dated_at=at, letterhead=letterhead)
    wide = len(readable(row)) > MOST_UPRIGHT
    return compose(heading, Paper.A4, lambda sheet: _draw(sheet, about, report, row), wide=wide)


def readable(schema: type[Out]) -> list[Column]:
    """The columns people read: no ids; the currency stands in the headings, and a period's days in its name."""
    ids = {name for name in schema.model_fields if name.endswith("_id")}
    return [column for column in columns_of(schema) if column.path[0] not in ids | HIDDEN]


def heading_of(column: Column) -> str:
    """A column's name for people, with its currency: `total` → `Total (RM)`."""
    return f"{name_of(column)} ({SYMBOLS[DEFAULT_CURRENCY]})" if column.is_money else name_of(column)


def name_of(column: Column) -> str:
    """A column's name for people: `total` → `Total`."""
    name = column.path[-1]
    return HEADINGS.get(name) or name.replace("_", " ").capitalize()


HEADINGS = {
    "arrived_at": "Arrived",
    "back": "In",
    "commissions_total": "Commissions",
    "count": "Number",
    "current": "Not due yet",
    "date": "Day",
    "departed_at": "Left",
    "due_on": "Due",
    "days_1_30": "1–30 days",
    "days_31_60": "31–60 days",
    "days_61_90": "61–90 days",
    "done_share": "Done (%)",
    "drive_hours": "Hours driven",
    "driver_name": "Driver",
    "expenses_total": "Expenses",
    "from_location": "From",
    "from_status": "From",
    "fulfilled_share": "Fulfilled (%)",
    "fulfilment_status": "Delivery",
    "introducer_name": "Introducer",
    "invoice_number": "Invoice",
    "invoices_issued": "Invoices",
    "issued_on": "Issued",
    "last_order_on": "Last order",
    "late": "Should be back",
    "moved_at": "Moved",
    "movement_type": "Movement",
    "outstanding_total": "Outstanding",
    "over_90": "Over 90 days",
    "owner_name": "Owner",
    "payments_total": "Payments",
    "received_on": "Day received",
    "refunds_total": "Refunds",
    "registration_no": "Lorry",
    "receipt_number": "Receipt",
    "sales_total": "Sales",
    "serial_number": "Bin",
    "share": "Share (%)",
    "system_do_number": "Order",
    "to_location": "To",
    "to_status": "To",
    "utilisation": "In use (%)",
    "weight_kg": "Weight (kg)",
}


def totals_of(report: ReportOut[Out, Out], zone: str) -> list[tuple[str, str]]:
    """The totals as label and value."""
    return [
        (heading_of(column), _words(column.value(report.totals), zone))
        for column in readable(type(report.totals))
    ]


def _draw(sheet: Sheet, about: str, report: ReportOut[Out, Out], row: type[Out]) -> None:
    zone = sheet.heading.letterhead.time_zone
    days = [("From", report.from_on), ("To", report.to_on)]
    facts = [(name, local_date(day, zone)) for name, day in days if day is not None]
    made = ("Made", local_time(sheet.heading.dated_at, zone))
    opening(sheet, "What it says", Addressee(about), [*facts, made])
    totals = (PdfColumn("Totals", stretch=True), PdfColumn("", numeric=True))
    table(sheet, totals, totals_of(report, zone), empty="")
    if report.rows_in_all > len(report.rows):
        subheading(sheet, f"The first {len(report.rows):,} of {report.rows_in_all:,} rows")
    columns = readable(row)
    rows = [[_words(column.value(each), zone) for column in columns] for each in report.rows]
    table(sheet, _columns(columns, report.rows), rows, empty="Nothing in this span.")


def _columns(columns: Sequence[Column], rows: Sequence[Out]) -> list[PdfColumn]:
    first = rows[0] if rows else None
    numeric = [first is not None and isinstance(column.value(first), NUMBERS) for column in columns]
    stretch = next((place for place, is_number in enumerate(numeric) if not is_number), 0)
    return [
        PdfColumn(heading_of(column), numeric=numeric[place], stretch=place == stretch)
        for place, column in enumerate(columns)
    ]


def _words(value: object, zone: str) -> str:
    match value:
        case None:
            return ""
        case Money():
            return value.figures()
        case int() | Decimal():
            return f"{value:,}"
        case datetime():
            return local_time(value, zone)
        case date():
            return local_date(value, zone)
        case StrEnum():
            return in_words(value)
        case _:
            return str(value)
