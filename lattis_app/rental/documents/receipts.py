"""The receipt for one payment, on an 80 mm roll from the driver's hand or on A4."""

from dataclasses import dataclass
from datetime import datetime

from lattis_app.core.money import Money
from lattis_app.core.pdf import (
    ACCENT,
    BAND,
    Addressee,
    Heading,
    Letterhead,
    Paper,
    Sheet,
    compose,
    local_time,
)
from lattis_app.core.pdf_blocks import TotalLine, check_strip, opening, remarks, totals
from lattis_app.rental.documents.wording import payment_method


@dataclass(frozen=True)
class ReceiptDocument:
    """Everything a receipt shows; `balance` is what the invoice still asks for after this payment."""

    business: Letterhead
    customer: Addressee
    number: str
    received_at: datetime
    method: str
    amount: Money
    check_url: str
    reference: str = ""
    invoice_number: str = ""
    invoice_total: Money | None = None
    delivery_order_number: str = ""
    balance: Money | None = None
    received_by: str = ""
    notes: str = ""
    voided: bool = False


def render(document: ReceiptDocument, paper: Paper) -> bytes:
    """The receipt as PDF."""
    heading = Heading(
        kind="Official receipt",
        number=document.number,
        dated_at=document.received_at,
        letterhead=document.business,
        watermark="VOID" if document.voided else "",
        closing="Computer-generated receipt. No signature is required. Cheques are subject to clearance.",
    )
    return compose(heading, paper, lambda sheet: _draw(sheet, document))


def _draw(sheet: Sheet, document: ReceiptDocument) -> None:
    opening(
        sheet,
        "Received from",
        document.customer,
        [
            ("Received", local_time(document.received_at, document.business.time_zone)),
            ("Paid by", payment_method(document.method)),
            ("Reference", document.reference),
            ("Invoice", document.invoice_number),
            ("Delivery order", document.delivery_order_number),
            ("Received by", document.received_by),
        ],
    )
    _amount(sheet, document)
    _standing(sheet, document)
    remarks(sheet, (("Notes", document.notes),))
    check_strip(sheet, document.check_url)


def _amount(sheet: Sheet, document: ReceiptDocument) -> None:
    page = sheet.paper is Paper.A4
    height = 20.0 if page else 17.0
    sheet.need(height)
    top = sheet.y
    sheet.set_fill_color(*BAND)
    sheet.line_pen()
    style = "F" if page else "D"
    sheet.rect(sheet.l_margin, top, sheet.epw, height, style=style, round_corners=True, corner_radius=2)
    sheet.set_y(top + 3)
    sheet.pen(8)
    align = "L" if page else "C"
    inset = 5.0 if page else 2.0
    sheet.paragraph("Amount received", x=sheet.l_margin + inset, width=sheet.epw - 2 * inset, align=align)
    sheet.pen(18 if page else 15, bold=True, colour=ACCENT)
    sheet.paragraph(
        document.amount.text(), x=sheet.l_margin + inset, width=sheet.epw - 2 * inset, align=align
    )
    sheet.set_y(top + height + 4)


def _standing(sheet: Sheet, document: ReceiptDocument) -> None:
    lines = []
    if document.invoice_total is not None:
        lines.append(TotalLine(f"Total of {document.invoice_number}", document.invoice_total.figures()))
    if document.balance is not None:
        lines.append(TotalLine("Still to pay", document.balance.text(), strong=True))
    if lines:
        totals(sheet, lines)
