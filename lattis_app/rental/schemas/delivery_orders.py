"""Delivery orders as they are typed, changed, filtered and shown (seed: "Delivery Order Management")."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from lattis_app.core.schemas import (
    CLEAN,
    Amount,
    AmountOrZero,
    Changes,
    Entry,
    LongText,
    MoneyOut,
    Name,
    Out,
    Phone,
    Quantity,
    Reason,
    ServiceMoment,
    Span,
    any_of,
)
from lattis_app.rental.schemas.parts import BinSize
from lattis_app.rental.statuses import (
    DeliveryOrderStatus,
    FulfilmentStatus,
    PaymentMethod,
    ReminderStatus,
    ReminderType,
)

MOST_LINES = 100
BookNumber = Annotated[str, Field(min_length=1, max_length=40), CLEAN]
OrderNumber = Annotated[str, Field(max_length=40), CLEAN]
Place = Annotated[str, Field(max_length=60), CLEAN]
Weight = Annotated[int, Field(ge=0, le=1_000_000)]


class LineEntry(Entry):
    """One kind of waste; what is not said comes from the waste item."""

    waste_item_id: UUID | None = None
    description: Annotated[str, Field(min_length=1, max_length=300), CLEAN] | None = None
    quantity: Quantity = Decimal(1)
    unit: Annotated[str, Field(max_length=20), CLEAN] | None = None
    price: AmountOrZero | None = None

    @model_validator(mode="after")
    def _says_what_it_is(self) -> Self:
        if self.waste_item_id is None and self.description is None:
            raise ValueError("needs a waste item or a description")
        return self


Lines = Annotated[list[LineEntry], Field(max_length=MOST_LINES)]


class DeliveryOrderEntry(Entry):
    """A new delivery order; `draft` keeps it unofficial: no number, no bin taken."""

    customer_id: UUID
    inventory_bin_id: UUID
    bin_size: BinSize
    payment_method: PaymentMethod
    amount: Amount
    driver_id: UUID | None = None
    lorry_id: UUID | None = None
    booking_id: UUID | None = None
    company_name: Name | None = None
    phone: Phone | None = None
    do_by_name: Name | None = None
    do_book_number: BookNumber | None = None
    po_number: OrderNumber | None = None
    introducer_name: Name | None = None
    weight_kg: Weight | None = None
    waste_items: Lines = []
    scheduled_at: ServiceMoment | None = None
    site_address: LongText | None = None
    area: Place | None = None
    state: Place | None = None
    notes: LongText | None = None
    draft: bool = False


class DeliveryOrderChanges(Changes):
    """What to change; which fields depends on how far the order is. `reason` is asked for after completion."""

    clearable = {
        "driver_id": None,
        "lorry_id": None,
        "phone": "",
        "do_by_name": "",
        "do_book_number": None,
        "po_number": "",
        "introducer_name": "",
        "weight_kg": None,
        "site_address": "",
        "area": "",
        "state": "",
        "notes": "",
        "reason": None,
    }

    customer_id: UUID | None = None
    inventory_bin_id: UUID | None = None
    bin_size: BinSize | None = None
    payment_method: PaymentMethod | None = None
    amount: Amount | None = None
    driver_id: UUID | None = None
    lorry_id: UUID | None = None
    company_name: Name | None = None
    phone: Phone | None = None
    do_by_name: Name | None = None
    do_book_number: BookNumber | None = None
    po_number: OrderNumber | None = None
    introducer_name: Name | None = None
    weight_kg: Weight | None = None
    waste_items: Lines | None = None
    scheduled_at: ServiceMoment | None = None
    site_address: LongText | None = None
    area: Place | None = None
    state: Place | None = None
    notes: LongText | None = None
    reason: Reason | None = None


class CancelEntry(Entry):
    """Why an order will not happen."""

    reason: Reason


class StepEntry(Entry):
    """The driver's next step; a failed trip needs a reason."""

    status: FulfilmentStatus
    reason: Reason | None = None
    notes: LongText | None = None


class ReceiverEntry(Entry):
    """Who received the bin."""

    received_by: Name


class LorryChoice(Entry):
    """The lorry a job is driven with."""

    lorry_id: UUID


class ReminderEntry(Entry):
    """When somebody should be told to fetch the bin."""

    reminder_type: ReminderType
    scheduled_date: ServiceMoment


class DeliveryOrderFilters(Span):
    """Which delivery orders to list. `q` is the beginning of a number, a book number or a company's name.

    Several values of one filter are separated by commas. `late` orders are those whose bin should be back by now.
    """

    q: Annotated[str, Field(max_length=120), CLEAN] = ""
    status: Annotated[tuple[DeliveryOrderStatus, ...], any_of(DeliveryOrderStatus)] = ()
    fulfilment_status: Annotated[tuple[FulfilmentStatus, ...], any_of(FulfilmentStatus)] = ()
    payment_method: Annotated[tuple[PaymentMethod, ...], any_of(PaymentMethod)] = ()
    customer_id: Annotated[tuple[UUID, ...], any_of(UUID)] = ()
    driver_id: Annotated[tuple[UUID, ...], any_of(UUID)] = ()
    lorry_id: Annotated[tuple[UUID, ...], any_of(UUID)] = ()
    bin_id: Annotated[tuple[UUID, ...], any_of(UUID)] = ()
    late: bool | None = None


class OwnFilters(Span):
    """Which of a driver's own orders to list."""

    status: Annotated[tuple[FulfilmentStatus, ...], any_of(FulfilmentStatus)] = ()


class DeliveryOrderRow(Out):
    """A delivery order in a list; `to_pay` is what is still owed for it, tax included.

    An exchange names the order whose full bin it takes back, and that bin.
    """

    id: UUID
    system_do_number: str | None
    do_book_number: str | None
    status: DeliveryOrderStatus
    fulfilment_status: FulfilmentStatus
    customer_id: UUID
    company_name: str
    driver_id: UUID | None
    driver_name: str | None
    lorry_id: UUID | None
    lorry_registration_no: str | None
    inventory_bin_id: UUID
    bin_serial_number: str
    bin_size: BinSize
    exchange_of_id: UUID | None
    exchanged_serial_number: str | None
    payment_method: PaymentMethod
    amount: MoneyOut
    collected: MoneyOut
    to_pay: MoneyOut
    currency: str
    site_address: str
    area: str
    phone: str
    scheduled_at: datetime
    service_on: date
    expected_return_on: date
    created_at: datetime
    updated_at: datetime


class LineOut(Out):
    """One line of a delivery order."""

    id: UUID
    position: int
    waste_item_id: UUID | None
    description: str
    quantity: Quantity
    unit: str
    price: MoneyOut
    amount: MoneyOut


class InvoiceLink(Out):
    """The invoice of a delivery order."""

    id: UUID
    invoice_number: str | None
    status: str
    total: MoneyOut
    paid: MoneyOut


class DeliveryOrderOut(DeliveryOrderRow):
    """A delivery order with everything that belongs to it."""

    booking_id: UUID | None
    do_by_name: str
    po_number: str
    state: str
    weight_kg: int | None
    introducer_name: str
    notes: str
    issued_at: datetime | None
    started_at: datetime | None
    delivered_at: datetime | None
    received_by: str
    signature_id: UUID | None
    collected_at: datetime | None
    done_at: datetime | None
    failed_at: datetime | None
    failure_reason: str
    cancelled_at: datetime | None
    cancel_reason: str
    waste_items: list[LineOut]
    photo_count: int
    photos_required: int
    invoice: InvoiceLink | None
    history_url: str


class ReminderOut(Out):
    """A reminder to collect a bin."""

    id: UUID
    delivery_order_id: UUID
    reminder_type: ReminderType
    scheduled_at: datetime
    status: ReminderStatus
    sent_at: datetime | None
    created_at: datetime
    updated_at: datetime


class ReminderFilters(Span):
    """Which reminders to list, by the day they are for. `q` begins an order's number or is part of its customer's name."""

    q: Annotated[str, Field(max_length=120), CLEAN] = ""
    status: Annotated[tuple[ReminderStatus, ...], any_of(ReminderStatus)] = ()
    reminder_type: Annotated[tuple[ReminderType, ...], any_of(ReminderType)] = ()


class ReminderRow(ReminderOut):
    """A reminder in a list, with the job it is about."""

    system_do_number: str | None
    company_name: str
    site_address: str
    bin_serial_number: str
    driver_name: str | None


class ReceiptSlip(Out):
    """A receipt as it is handed over; its check link says that it is real."""

    payment_id: UUID
    receipt_number: str
    method: PaymentMethod
    amount: MoneyOut
    currency: str
    received_at: datetime
    check_url: str


class FileResult(Out):
    """What became of one uploaded file."""

    file_name: str
    accepted: bool
    id: UUID | None = None
    url: str | None = None
    reason: str | None = None


class AttachResult(Out):
    """What became of every uploaded file, and how many photos the order has now."""

    files: list[FileResult]
    photo_count: int
    photos_required: int
