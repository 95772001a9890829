"""The delivery order on paper, A4 and 80 mm roll: which bin goes where, by whom, with what in it."""

from dataclasses import dataclass
from datetime import datetime
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
    local_time,
    plain_number,
)
from lattis_app.core.pdf_blocks import (
    RollEntry,
    TotalLine,
    check_strip,
    opening,
    panel,
    remarks,
    roll_entries,
    signature_boxes,
    totals,
)
from lattis_app.core.pdf_tables import Column, table
from lattis_app.rental.documents.wording import payment_method, reckoning

WATERMARKS = {"draft": "DRAFT", "cancelled": "VOID"}


@dataclass(frozen=True)
class WasteLine:
    """One kind of waste in the bin and its price."""

    description: str
    quantity: Decimal
    unit: str
    price: Money
    amount: Money


@dataclass(frozen=True)
class DeliveryOrderDocument:
    """Everything a delivery order shows; `dated_at` is its issue, or the draft's creation."""

    business: Letterhead
    customer: Addressee
    number: str
    status: str
    dated_at: datetime
    bin_serial: str
    bin_size: str
    driver_name: str
    lorry_registration: str
    lines: tuple[WasteLine, ...]
    total: Money
    payment_method: str
    check_url: str
    book_number: str = ""
    site_address: str = ""
    ordered_by: str = ""
    scheduled_at: datetime | None = None
    delivered_at: datetime | None = None
    collected_at: datetime | None = None
    weight_kg: Decimal | None = None
    gross_weight_kg: Decimal | None = None
    tare_weight_kg: Decimal | None = None
    photo_count: int = 0
    collected: Money | None = None
    to_collect: Money | None = None
    notes: str = ""


def render(document: DeliveryOrderDocument, paper: Paper) -> bytes:
    """The delivery order as PDF."""
    heading = Heading(
        kind="Delivery order",
        number=document.number,
        dated_at=document.dated_at,
        letterhead=document.business,
        watermark=WATERMARKS.get(document.status, ""),
        closing="Please check the bin and its contents before signing.",
    )
    return compose(heading, paper, lambda sheet: _draw(sheet, document))


def _draw(sheet: Sheet, document: DeliveryOrderDocument) -> None:
    opening(sheet, "Deliver to", document.customer, _facts(document), aside=_site(document))
    panel(sheet, _job(document), columns=3)
    if sheet.paper is Paper.A4:
        _waste_table(sheet, document)
    else:
        entries = [
            RollEntry(
                line.description, reckoning(line.quantity, line.unit, line.price), line.amount.figures()
            )
            for line in document.lines
        ]
        roll_entries(sheet, entries, empty="No waste recorded yet")
    totals(sheet, _totals(document))
    remarks(sheet, (("Notes", document.notes),))
    signature_boxes(
        sheet,
        (("Delivered by", document.driver_name), ("Received by, with company stamp", document.ordered_by)),
    )
    check_strip(sheet, document.check_url)


def _facts(document: DeliveryOrderDocument) -> list[tuple[str, str]]:
    zone = document.business.time_zone
    return [
        ("Date", local_date(document.dated_at, zone)),
        ("Book number", document.book_number),
        ("Ordered by", document.ordered_by),
        ("Payment", payment_method(document.payment_method)),
        ("Scheduled", local_time(document.scheduled_at, zone) if document.scheduled_at else ""),
        ("Delivered", local_time(document.delivered_at, zone) if document.delivered_at else ""),
        ("Collected", local_time(document.collected_at, zone) if document.collected_at else ""),
    ]


def _site(document: DeliveryOrderDocument) -> str:
    if not document.site_address or document.site_address == document.customer.address:
        return ""
    return f"Site: {document.site_address}"


def _job(document: DeliveryOrderDocument) -> list[tuple[str, str]]:
    cells = [
        ("Bin", document.bin_serial or "Not assigned"),
        ("Size", document.bin_size),
        ("Photos", str(document.photo_count)),
        ("Driver", document.driver_name or "Not assigned"),
        ("Lorry", document.lorry_registration or "Not assigned"),
        ("Weight", _kilograms(document.weight_kg) or "Not weighed"),
    ]
    scale = (("Gross", document.gross_weight_kg), ("Tare", document.tare_weight_kg))
    return cells + [(label, _kilograms(weight)) for label, weight in scale if weight is not None]


def _kilograms(weight: Decimal | None) -> str:
    return "" if weight is None else f"{plain_number(weight)} kg"


def _waste_table(sheet: Sheet, document: DeliveryOrderDocument) -> None:
    currency = document.total.symbol
    table(
        sheet,
        (
            Column("#"),
            Column("Waste", stretch=True),
            Column("Qty", numeric=True),
            Column("Unit"),
            Column(f"Price ({currency})", numeric=True),
            Column(f"Amount ({currency})", numeric=True),
        ),
        [
            (
                str(number),
                line.description,
                plain_number(line.quantity),
                line.unit,
                line.price.figures(),
                line.amount.figures(),
            )
            for number, line in enumerate(document.lines, start=1)
        ],
        empty="No waste recorded yet",
    )


def _totals(document: DeliveryOrderDocument) -> list[TotalLine]:
    lines = [TotalLine("Total", document.total.text(), strong=True)]
    if document.collected:
        lines.append(TotalLine("Collected by driver", (-document.collected).figures()))
    if document.to_collect is not None:
        lines.append(TotalLine("To collect", document.to_collect.text(), strong=True))
    return lines
