"""The invoice on paper, A4 and 80 mm roll, from the values frozen when it was issued."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from lattis_app.core.money import Money
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
from lattis_app.core.pdf_blocks import (
    RollEntry,
    TotalLine,
    check_strip,
    opening,
    remarks,
    roll_entries,
    subheading,
    totals,
)
from lattis_app.core.pdf_tables import Column, table
from lattis_app.rental.documents.wording import payment_method, reckoning

WATERMARKS = {"draft": "DRAFT", "voided": "VOID"}


@dataclass(frozen=True)
class InvoiceLine:
    """One charge: what, how much of it, at which price."""

    description: str
    quantity: Decimal
    unit: str
    unit_price: Money
    amount: Money


@dataclass(frozen=True)
class InvoicePayment:
    """One payment already recorded against the invoice."""

    received_on: date
    method: str
    receipt_number: str
    reference: str
    amount: Money


@dataclass(frozen=True)
class InvoiceCredit:
    """One refund: what was taken off the invoice again, and paid back."""

    processed_on: date
    number: str
    reason: str
    amount: Money


@dataclass(frozen=True)
class InvoiceDocument:
    """Everything an invoice shows; `dated_at` is its issue, or the draft's creation."""

    business: Letterhead
    customer: Addressee
    number: str
    status: str
    dated_at: datetime
    lines: tuple[InvoiceLine, ...]
    subtotal: Money
    tax: Money
    total: Money
    paid: Money
    balance: Money
    check_url: str
    tax_rate: Decimal = Decimal(0)
    due_on: date | None = None
    payments: tuple[InvoicePayment, ...] = ()
    credits_: tuple[InvoiceCredit, ...] = ()
    supplementary: bool = False
    delivery_order_number: str = ""
    book_number: str = ""
    purchase_order_number: str = ""
    terms: str = ""
    payment_instructions: str = ""
    notes: str = ""


def render(document: InvoiceDocument, paper: Paper) -> bytes:
    """The invoice as PDF."""
    heading = Heading(
        kind="Supplementary invoice" if document.supplementary else "Invoice",
        number=document.number,
        dated_at=document.dated_at,
        letterhead=document.business,
        watermark=WATERMARKS.get(document.status, ""),
    )
    draw = _draw_page if paper is Paper.A4 else _draw_roll
    return compose(heading, paper, lambda sheet: draw(sheet, document))


def _facts(document: InvoiceDocument) -> list[tuple[str, str]]:
    zone = document.business.time_zone
    return [
        ("Invoice date", local_date(document.dated_at, zone)),
        ("Due date", local_date(document.due_on, zone) if document.due_on else ""),
        ("Terms", document.terms),
        ("Delivery order", document.delivery_order_number),
        ("Book number", document.book_number),
        ("Your PO number", document.purchase_order_number),
    ]


def _totals(document: InvoiceDocument) -> list[TotalLine]:
    tax_label = f"SST {plain_number(document.tax_rate * 100)}%" if document.tax_rate else "SST"
    lines = [
        TotalLine("Subtotal", document.subtotal.figures()),
        TotalLine(tax_label, document.tax.figures()),
        TotalLine("Total", document.total.text(), strong=True),
    ]
    if document.paid:
        lines.append(TotalLine("Paid", (-document.paid).figures()))
        lines.append(TotalLine("Balance due", document.balance.text(), strong=True))
    return lines


def _draw_page(sheet: Sheet, document: InvoiceDocument) -> None:
    currency = document.total.symbol
    opening(sheet, "Bill to", document.customer, _facts(document))
    table(
        sheet,
        (
            Column("#"),
            Column("Description", stretch=True),
            Column("Qty", numeric=True),
            Column("Unit"),
            Column(f"Unit price ({currency})", numeric=True),
            Column(f"Amount ({currency})", numeric=True),
        ),
        [
            (
                str(number),
                line.description,
                plain_number(line.quantity),
                line.unit,
                line.unit_price.figures(),
                line.amount.figures(),
            )
            for number, line in enumerate(document.lines, start=1)
        ],
        empty="No charges on this invoice",
    )
    totals(sheet, _totals(document))
    _payments_table(sheet, document, currency)
    _credits_table(sheet, document, currency)
    _closing(sheet, document)


def _payments_table(sheet: Sheet, document: InvoiceDocument, currency: str) -> None:
    if not document.payments:
        return
    subheading(sheet, "Payments received")
    table(
        sheet,
        (
            Column("Date"),
            Column("Method"),
            Column("Receipt"),
            Column("Reference", stretch=True),
            Column(f"Amount ({currency})", numeric=True),
        ),
        [
            (
                local_date(payment.received_on, document.business.time_zone),
                payment_method(payment.method),
                payment.receipt_number,
                payment.reference,
                payment.amount.figures(),
            )
            for payment in document.payments
        ],
        empty="",
    )


def _credits_table(sheet: Sheet, document: InvoiceDocument, currency: str) -> None:
    if not document.credits_:
        return
    subheading(sheet, "Credited and paid back")
    table(
        sheet,
        (
            Column("Date"),
            Column("Refund"),
            Column("Reason", stretch=True),
            Column(f"Amount ({currency})", numeric=True),
        ),
        [
            (
                local_date(refund.processed_on, document.business.time_zone),
                refund.number,
                refund.reason,
                (-refund.amount).figures(),
            )
            for refund in document.credits_
        ],
        empty="",
    )
    totals(sheet, _net(document))


def _net(document: InvoiceDocument) -> list[TotalLine]:
    back = sum((refund.amount for refund in document.credits_), document.total - document.total)
    return [
        TotalLine("Credited and paid back", (-back).figures()),
        TotalLine("Invoice after credits", (document.total - back).text(), strong=True),
    ]


def _draw_roll(sheet: Sheet, document: InvoiceDocument) -> None:
    opening(sheet, "Bill to", document.customer, _facts(document))
    charges = [
        RollEntry(
            line.description, reckoning(line.quantity, line.unit, line.unit_price), line.amount.figures()
        )
        for line in document.lines
    ]
    roll_entries(sheet, charges, empty="No charges on this invoice")
    totals(sheet, _totals(document))
    zone = document.business.time_zone
    payments = [
        RollEntry(
            f"{payment_method(payment.method)}, {payment.receipt_number}",
            f"{local_date(payment.received_on, zone)}  {payment.reference}",
            payment.amount.figures(),
        )
        for payment in document.payments
    ]
    if payments:
        roll_entries(sheet, payments)
    refunds = [
        RollEntry(
            f"Refund {refund.number}",
            f"{local_date(refund.processed_on, zone)}  {refund.reason}",
            (-refund.amount).figures(),
        )
        for refund in document.credits_
    ]
    if refunds:
        roll_entries(sheet, refunds)
        totals(sheet, _net(document))
    _closing(sheet, document)


def _closing(sheet: Sheet, document: InvoiceDocument) -> None:
    how_to_pay = document.payment_instructions if document.balance.minor else ""
    remarks(sheet, (("How to pay", how_to_pay), ("Notes", document.notes)))
    check_strip(sheet, document.check_url)
