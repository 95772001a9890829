"""The merchant invoice on paper: totals first, then the breakdown per parcel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lattis_app.core.money import SYMBOLS, Money
from lattis_app.core.pdf import Addressee, Heading, Letterhead, Paper, Sheet, compose, local_date
from lattis_app.core.pdf_blocks import TotalLine, checked_totals, opening, remarks, subheading
from lattis_app.core.pdf_tables import Column, table

WATERMARKS = {"CANCELLED": "CANCELLED"}
KINDS = {"clearance": "Correction", "opening": "Carried forward"}
STATUSES = {
    "DELIVERED": "Delivered",
    "PARTIAL_DELIVERY": "Partly delivered",
    "RETURNED": "Returned",
    "PAID_RETURN": "Paid return",
}


@dataclass(frozen=True)
class ParcelLine:
    """One parcel, correction or amount carried forward."""

    kind: str
    number: str
    status: str
    collected: Money
    delivery: Money
    returned: Money
    net: Money


@dataclass(frozen=True)
class MerchantInvoiceDocument:
    """Everything a merchant invoice shows; `left_out` lines stand in the list on screen only."""

    business: Letterhead
    merchant: Addressee
    number: str
    status: str
    dated_at: datetime
    parcels: int
    collected: Money
    delivery: Money
    returned: Money
    clearance: Money
    carried: Money
    payable: Money
    lines: tuple[ParcelLine, ...]
    check_url: str
    left_out: int = 0
    merchant_code: str = ""
    bank_account: str = ""
    paid_at: datetime | None = None
    payment_reference: str = ""
    notes: str = ""


def render(document: MerchantInvoiceDocument) -> bytes:
    """The merchant invoice as PDF."""
    heading = Heading(
        kind="Merchant invoice",
        number=document.number,
        dated_at=document.dated_at,
        letterhead=document.business,
        watermark=WATERMARKS.get(document.status, ""),
    )
    return compose(heading, Paper.A4, lambda sheet: _draw(sheet, document))


def _draw(sheet: Sheet, document: MerchantInvoiceDocument) -> None:
    zone, symbol = (
        document.business.time_zone,
        SYMBOLS.get(document.payable.currency, document.payable.currency),
    )
    facts = [
        ("Date", local_date(document.dated_at, zone)),
        ("Merchant code", document.merchant_code),
        ("Parcels", f"{document.parcels:,}"),
        ("Status", document.status.capitalize()),
        ("Paid on", local_date(document.paid_at, zone) if document.paid_at else ""),
        ("Reference", document.payment_reference),
    ]
    opening(sheet, "Settlement for", document.merchant, facts)
    checked_totals(sheet, _totals(document), document.check_url)
    subheading(sheet, "Breakdown per parcel")
    columns = (
        Column("Tracking number", stretch=True),
        Column("Status"),
        Column(f"Collected ({symbol})", numeric=True),
        Column(f"Delivery ({symbol})", numeric=True),
        Column(f"Return ({symbol})", numeric=True),
        Column(f"Net ({symbol})", numeric=True),
    )
    table(sheet, columns, [_row(line) for line in document.lines], empty="No parcels on this invoice")
    left_out = (
        f"{document.left_out:,} more lines are in the list that can be downloaded."
        if document.left_out
        else ""
    )
    remarks(
        sheet,
        (("Not printed", left_out), ("Paid to" if document.paid_at else "To be paid to", _account(document)), ("Notes", document.notes)),
    )  # fmt: skip


def _account(document: MerchantInvoiceDocument) -> str:
    due = document.payable.minor > 0 and document.status != "CANCELLED"
    return document.bank_account if due else ""


def _totals(document: MerchantInvoiceDocument) -> list[TotalLine]:
    lines = [
        TotalLine("Cash collected", document.collected.figures()),
        TotalLine("Delivery charges", (-document.delivery).figures()),
        TotalLine("Return charges", (-document.returned).figures()),
    ]
    if document.clearance:
        lines.append(TotalLine("Corrections", document.clearance.figures()))
    if document.carried:
        lines.append(TotalLine("Carried forward", document.carried.figures()))
    owes = document.payable.minor < 0
    label = "Merchant owes" if owes else "Payable to merchant"
    lines.append(TotalLine(label, (-document.payable if owes else document.payable).text(), strong=True))
    return lines


def _row(line: ParcelLine) -> tuple[str, ...]:
    amounts = (line.collected, -line.delivery, -line.returned)
    shown = [amount.figures() if amount else "" for amount in amounts]
    return (
        line.number,
        KINDS.get(line.kind) or STATUSES.get(line.status, line.status),
        *shown,
        line.net.figures(),
    )
