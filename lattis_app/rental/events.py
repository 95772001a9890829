"""What happens in rental, as frozen facts. Names are the seed's; `entity_id` is the record it happened to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from lattis_app.core.names import EventName


@dataclass(frozen=True, slots=True)
class BookingCreated:
    """A customer wants a bin."""

    name: ClassVar = EventName.BOOKING_CREATED
    entity: ClassVar = "rental_bookings"
    entity_id: UUID
    number: str


@dataclass(frozen=True, slots=True)
class BookingConfirmed:
    """The office accepted a booking."""

    name: ClassVar = EventName.BOOKING_CONFIRMED
    entity: ClassVar = "rental_bookings"
    entity_id: UUID
    number: str


@dataclass(frozen=True, slots=True)
class BookingCancelled:
    """A booking will not happen."""

    name: ClassVar = EventName.BOOKING_CANCELLED
    entity: ClassVar = "rental_bookings"
    entity_id: UUID
    number: str
    reason: str


@dataclass(frozen=True, slots=True)
class DoAssigned:
    """A driver got a job: a booking was assigned, or a delivery order issued to them."""

    name: ClassVar = EventName.DO_ASSIGNED
    entity: ClassVar = "rental_delivery_orders"
    entity_id: UUID
    driver_id: UUID
    number: str
    customer: str


@dataclass(frozen=True, slots=True)
class DoUnassigned:
    """A job was taken back from a driver, or given to another."""

    name: ClassVar = EventName.DO_UNASSIGNED
    entity: ClassVar = "rental_delivery_orders"
    entity_id: UUID
    driver_id: UUID
    number: str
    customer: str


@dataclass(frozen=True, slots=True)
class DoIssued:
    """A delivery order became official."""

    name: ClassVar = EventName.DO_ISSUED
    entity: ClassVar = "rental_delivery_orders"
    entity_id: UUID
    number: str
    driver_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class DoCancelled:
    """A delivery order will not happen."""

    name: ClassVar = EventName.DO_CANCELLED
    entity: ClassVar = "rental_delivery_orders"
    entity_id: UUID
    number: str
    reason: str
    driver_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class DoProgressed:
    """The driver took a step."""

    name: ClassVar = EventName.DO_PROGRESSED
    entity: ClassVar = "rental_delivery_orders"
    entity_id: UUID
    number: str
    fulfilment_status: str
    driver_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class DoRelocated:
    """A bin's move to another site was planned, done or called off; `relocation` says which."""

    name: ClassVar = EventName.DO_RELOCATED
    entity: ClassVar = "rental_delivery_orders"
    entity_id: UUID
    number: str
    relocation: str
    driver_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class InvoiceIssued:
    """An invoice went to its customer."""

    name: ClassVar = EventName.INVOICE_ISSUED
    entity: ClassVar = "rental_invoices"
    entity_id: UUID
    number: str
    delivery_order_id: UUID
    total_minor: int


@dataclass(frozen=True, slots=True)
class InvoicePaid:
    """Nothing is owed on an invoice any more."""

    name: ClassVar = EventName.INVOICE_PAID
    entity: ClassVar = "rental_invoices"
    entity_id: UUID
    number: str
    delivery_order_id: UUID


@dataclass(frozen=True, slots=True)
class InvoiceVoided:
    """An invoice no longer counts."""

    name: ClassVar = EventName.INVOICE_VOIDED
    entity: ClassVar = "rental_invoices"
    entity_id: UUID
    number: str
    delivery_order_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class PaymentReceived:
    """Money came in."""

    name: ClassVar = EventName.PAYMENT_RECEIVED
    entity: ClassVar = "rental_payments"
    entity_id: UUID
    receipt_number: str
    amount_minor: int
    method: str
    invoice_id: UUID | None = None
    delivery_order_id: UUID | None = None
    driver_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class CommissionBecameEligible:
    """An introducer has earned a commission."""

    name: ClassVar = EventName.COMMISSION_ELIGIBLE
    entity: ClassVar = "rental_commissions"
    entity_id: UUID
    introducer_name: str


@dataclass(frozen=True, slots=True)
class CommissionApproved:
    """The office agreed to a commission's amount."""

    name: ClassVar = EventName.COMMISSION_APPROVED
    entity: ClassVar = "rental_commissions"
    entity_id: UUID
    introducer_name: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class CommissionPaid:
    """An introducer got their money."""

    name: ClassVar = EventName.COMMISSION_PAID
    entity: ClassVar = "rental_commissions"
    entity_id: UUID
    introducer_name: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class RefundRequested:
    """Somebody asked for money to be given back."""

    name: ClassVar = EventName.REFUND_REQUESTED
    entity: ClassVar = "rental_refunds"
    entity_id: UUID
    number: str
    amount_minor: int
    reason: str


@dataclass(frozen=True, slots=True)
class RefundApproved:
    """The office agreed to a refund."""

    name: ClassVar = EventName.REFUND_APPROVED
    entity: ClassVar = "rental_refunds"
    entity_id: UUID
    number: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class RefundRejected:
    """The office refused a refund."""

    name: ClassVar = EventName.REFUND_REJECTED
    entity: ClassVar = "rental_refunds"
    entity_id: UUID
    number: str
    reason: str


@dataclass(frozen=True, slots=True)
class RefundProcessed:
    """Money went back to a customer; `driver_ids` gave it from their cash."""

    name: ClassVar = EventName.REFUND_PROCESSED
    entity: ClassVar = "rental_refunds"
    entity_id: UUID
    number: str
    amount_minor: int
    delivery_order_id: UUID
    invoice_id: UUID | None = None
    driver_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class CashCounted:
    """The office counted what a driver handed over; `difference_minor` is negative when it was short."""

    name: ClassVar = EventName.CASH_COUNTED
    entity: ClassVar = "rental_hand_overs"
    entity_id: UUID
    number: str
    driver_id: UUID
    counted_minor: int
    difference_minor: int


@dataclass(frozen=True, slots=True)
class CashSignedOff:
    """The driver or the office agreed to a count."""

    name: ClassVar = EventName.CASH_SIGNED_OFF
    entity: ClassVar = "rental_hand_overs"
    entity_id: UUID
    number: str
    driver_id: UUID
    signed_by: str


@dataclass(frozen=True, slots=True)
class CashCountCancelled:
    """A count was taken back: the driver holds the cash again."""

    name: ClassVar = EventName.CASH_COUNT_CANCELLED
    entity: ClassVar = "rental_hand_overs"
    entity_id: UUID
    number: str
    driver_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class ReminderScheduled:
    """A bin is to be collected at a time."""

    name: ClassVar = EventName.REMINDER_SCHEDULED
    entity: ClassVar = "rental_collection_reminders"
    entity_id: UUID
    delivery_order_id: UUID
    number: str
    scheduled_at: str
    driver_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class LorryAlert:
    """A paper of a lorry runs out in `days_before` days or less; -1 when it has run out."""

    name: ClassVar = EventName.LORRY_ALERT
    entity: ClassVar = "rental_lorries"
    entity_id: UUID
    registration_no: str
    document: str
    expires_on: str
    days_before: int
    alert: str = "expiring_document"
