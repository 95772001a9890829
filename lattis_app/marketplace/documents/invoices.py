"""The weekly invoice on paper, from the values frozen when it was generated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from lattis_app.core.pdf import (
    Addressee,
    Heading,
    Letterhead,
    Paper,
    Sheet,
    compose,
    local_date,
    plain_number,
)
from lattis_app.core.pdf_blocks import TotalLine, checked_totals, opening, remarks
from lattis_app.core.pdf_tables import Column, table
from lattis_app.marketplace.rules.amounts import amount, figures
from lattis_app.marketplace.rules.weeks import ZONE
from lattis_app.marketplace.schemas.invoices import InvoiceItemOut, InvoiceOut

WATERMARKS = {"cancelled": "CANCELLED", "paid": "PAID"}


def render(invoice: InvoiceOut, check_url: str) -> bytes:
    """The invoice as PDF, A4."""
    issuer = {name: invoice.issuer.get(name) or "" for name in ("name", "address", "email")}
    heading = Heading(
        kind="Weekly invoice",
        number=invoice.invoice_number,
        dated_at=invoice.created_at,
        letterhead=Letterhead(**issuer, time_zone=ZONE),
        watermark=WATERMARKS.get(invoice.status, ""),
    )
    return compose(heading, Paper.A4, lambda sheet: _draw(sheet, invoice, check_url))


def _draw(sheet: Sheet, invoice: InvoiceOut, check_url: str) -> None:
    bill_to = invoice.bill_to
    seller = Addressee(
        name=bill_to.get("name") or invoice.store_name,
        attention=bill_to.get("contact_name") or "",
        address=bill_to.get("address") or "",
        phone=bill_to.get("phone") or "",
        email=bill_to.get("email") or "",
    )
    opening(sheet, "Bill to", seller, _facts(invoice))
    _table(sheet, invoice.items)
    checked_totals(sheet, _totals(invoice), check_url)
    how_to_pay = invoice.issuer.get("bank_details") or "" if invoice.paid_at is None else ""
    remarks(sheet, (("How to pay", how_to_pay), ("Notes", invoice.payment_notes)))


def _facts(invoice: InvoiceOut) -> list[tuple[str, str]]:
    first, last = _day(invoice.week_start_date), _day(invoice.week_end_date)
    return [
        ("Invoice date", _day(invoice.created_at)),
        ("Week", f"{first} – {last}"),
        ("Due date", _day(invoice.due_date)),
        ("Orders", str(invoice.order_count)),
        ("Paid", _day(invoice.paid_at) if invoice.paid_at else ""),
    ]


def _table(sheet: Sheet, items: Sequence[InvoiceItemOut]) -> None:
    table(
        sheet,
        (
            Column("Order", stretch=True),
            Column("Delivered"),
            Column("Currency"),
            Column("Price", numeric=True),
            Column("Platform fee", numeric=True),
            Column("Affiliate fee", numeric=True),
            Column("Owed", numeric=True),
        ),
        [
            (
                item.order_number,
                _day(item.delivery_date),
                item.currency,
                figures(item.product_price, item.currency),
                _fee(item.platform_fee, item.platform_fee_percent, item.currency),
                "–"
                if item.affiliate_fee_percent is None
                else _fee(item.affiliate_fee, item.affiliate_fee_percent, item.currency),
                figures(item.total_owed, item.currency),
            )
            for item in items
        ],
        empty="No orders",
    )


def _totals(invoice: InvoiceOut) -> list[TotalLine]:
    lines = [
        TotalLine(f"Total {currency}", amount(minor, currency))
        for currency, minor in (("MKD", invoice.total_amount_mkd), ("EUR", invoice.total_amount_eur))
        if minor
    ]
    if len(lines) > 1:
        lines.append(TotalLine("Rate", f"1 EUR = {plain_number(invoice.exchange_rate)} MKD"))
    owed = amount(invoice.total_amount, invoice.base_currency)
    return [*lines, TotalLine("Total to pay", owed, strong=True)]


def _fee(minor: int, percent: Decimal, currency: str) -> str:
    return f"{plain_number(percent)}%  {figures(minor, currency)}"


def _day(moment: date | datetime) -> str:
    return local_date(moment, ZONE)
