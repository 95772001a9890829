"""Statuses and lifecycles of the rental domain (contract: rental.md, "Lifecycles")."""

from __future__ import annotations

from enum import StrEnum

from lattis_app.core.lifecycle import Lifecycle


class BookingStatus(StrEnum):
    """How far a booking is."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    ASSIGNED = "assigned"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"


class DeliveryOrderStatus(StrEnum):
    """The commercial side of a delivery order."""

    DRAFT = "draft"
    ISSUED = "issued"
    PENDING_INVOICE = "pending_invoice"
    INVOICED_LINKED = "invoiced_linked"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class FulfilmentStatus(StrEnum):
    """The driver's side of a delivery order."""

    ASSIGNED = "assigned"
    STARTED = "started"
    DELIVERED = "delivered"
    COLLECTED = "collected"
    DONE = "done"
    FAILED = "failed"


class InvoiceStatus(StrEnum):
    """How far an invoice is."""

    DRAFT = "draft"
    ISSUED = "issued"
    PARTIALLY_PAID = "partially_paid"
    PAID = "paid"
    CLOSED = "closed"
    VOIDED = "voided"


class ShortMessages(StrEnum):
    """How a customer hears of a job on the way and of money that is due, besides e-mail."""

    NONE = "none"
    SMS = "sms"
    WHATSAPP = "whatsapp"


class CommissionStatus(StrEnum):
    """How far an introducer's commission is."""

    PENDING = "pending"
    ELIGIBLE = "eligible"
    APPROVED = "approved"
    PAID = "paid"
    CANCELLED = "cancelled"


class RefundStatus(StrEnum):
    """How far a refund is."""

    PENDING = "pending"
    APPROVED = "approved"
    PROCESSED = "processed"
    REJECTED = "rejected"


class RefundTarget(StrEnum):
    """What money is given back for."""

    DO = "DO"
    INVOICE = "INVOICE"


class HandOverStatus(StrEnum):
    """How far a driver's hand-over of cash is."""

    COUNTED = "counted"
    SIGNED_OFF = "signed_off"
    CANCELLED = "cancelled"


class BinStatus(StrEnum):
    """Where a bin is."""

    IN_WAREHOUSE = "in_warehouse"
    ASSIGNED = "assigned"
    WITH_CUSTOMER = "with_customer"
    COLLECTED = "collected"
    REPAIR = "repair"


class MovementType(StrEnum):
    """Which way a bin went."""

    OUT = "OUT"
    IN = "IN"
    TRANSFER = "TRANSFER"
    REPAIR = "REPAIR"


class LorryStatus(StrEnum):
    """Whether a lorry can drive."""

    AVAILABLE = "available"
    IN_USE = "in_use"
    MAINTENANCE = "maintenance"
    INACTIVE = "inactive"


class LorryDocumentKind(StrEnum):
    """Papers a lorry must carry."""

    ROAD_TAX = "road_tax"
    INSURANCE = "insurance"
    PUSPAKOM = "puspakom"
    PERMIT = "permit"


class DriverStatus(StrEnum):
    """Whether a driver works for the company now."""

    ACTIVE = "active"
    INACTIVE = "inactive"


class PaymentMethod(StrEnum):
    """How money comes."""

    CASH = "CASH"
    ONLINE = "ONLINE"
    CDM = "CDM"
    EWALLET = "EWALLET"
    CHEQUE = "CHEQUE"
    TERM = "TERM"


class PayoutMethod(StrEnum):
    """How a commission is paid out."""

    BANK_TRANSFER = "BANK_TRANSFER"
    CASH = "CASH"
    CHEQUE = "CHEQUE"
    EWALLET = "EWALLET"


class ExpenseCategory(StrEnum):
    """What money is spent on."""

    FUEL = "fuel"
    MAINTENANCE = "maintenance"
    SALARY = "salary"
    OTHER = "other"


class ExpenseStatus(StrEnum):
    """Whether an expense counts."""

    RECORDED = "recorded"
    VOIDED = "voided"


class ChargeKind(StrEnum):
    """Why more is charged than an order's own amount."""

    OVERWEIGHT = "overweight"
    OVERRUN = "overrun"
    FAILED_TRIP = "failed_trip"


class ChargeStatus(StrEnum):
    """Whether a charge is on an invoice yet."""

    UNBILLED = "unbilled"
    BILLED = "billed"
    WAIVED = "waived"


class ReminderType(StrEnum):
    """When a bin is to be collected."""

    SAME_DAY = "same_day"
    TERM_BASED = "term_based"


class ReminderStatus(StrEnum):
    """Whether a collection reminder has been sent."""

    SCHEDULED = "scheduled"
    SENT = "sent"
    CANCELLED = "cancelled"


class RelocationStatus(StrEnum):
    """Whether a bin has been taken to its other site."""

    PLANNED = "planned"
    DONE = "done"
    CANCELLED = "cancelled"


B, D, F, N = BookingStatus, DeliveryOrderStatus, FulfilmentStatus, BinStatus
I, C, R, L = InvoiceStatus, CommissionStatus, ReminderStatus, LorryStatus  # noqa: E741 — one letter per table below

BOOKING_LIFECYCLE = Lifecycle(
    "Booking",
    {
        B.PENDING: {B.CONFIRMED, B.CANCELLED},
        B.CONFIRMED: {B.ASSIGNED, B.CANCELLED},
        B.ASSIGNED: {B.FULFILLED, B.CANCELLED},
        B.FULFILLED: set(),
        B.CANCELLED: set(),
    },
    happy_path=(B.PENDING, B.CONFIRMED, B.ASSIGNED, B.FULFILLED),
)

DELIVERY_ORDER_LIFECYCLE = Lifecycle(
    "Delivery order",
    {
        D.DRAFT: {D.ISSUED, D.CANCELLED},
        D.ISSUED: {D.PENDING_INVOICE, D.CANCELLED},
        D.PENDING_INVOICE: {D.INVOICED_LINKED, D.CANCELLED},
        D.INVOICED_LINKED: {D.CLOSED, D.PENDING_INVOICE},
        D.CLOSED: set(),
        D.CANCELLED: set(),
    },
    happy_path=(D.ISSUED, D.PENDING_INVOICE, D.INVOICED_LINKED, D.CLOSED),
)
"""`invoiced_linked → pending_invoice` is the way back when the invoice is voided."""

FULFILMENT_LIFECYCLE = Lifecycle(
    "Delivery",
    {
        F.ASSIGNED: {F.STARTED, F.FAILED},
        F.STARTED: {F.DELIVERED, F.FAILED},
        F.DELIVERED: {F.COLLECTED},
        F.COLLECTED: {F.DONE},
        F.DONE: set(),
        F.FAILED: set(),
    },
    field="fulfilment_status",
    happy_path=(F.ASSIGNED, F.STARTED, F.DELIVERED, F.COLLECTED, F.DONE),
)

INVOICE_LIFECYCLE = Lifecycle(
    "Invoice",
    {
        I.DRAFT: {I.ISSUED, I.VOIDED},
        I.ISSUED: {I.PARTIALLY_PAID, I.PAID, I.VOIDED},
        I.PARTIALLY_PAID: {I.PAID},
        I.PAID: {I.CLOSED},
        I.CLOSED: set(),
        I.VOIDED: set(),
    },
    happy_path=(I.DRAFT, I.ISSUED, I.PARTIALLY_PAID, I.PAID, I.CLOSED),
)

COMMISSION_LIFECYCLE = Lifecycle(
    "Commission",
    {
        C.PENDING: {C.ELIGIBLE, C.CANCELLED},
        C.ELIGIBLE: {C.APPROVED, C.CANCELLED},
        C.APPROVED: {C.PAID, C.CANCELLED},
        C.PAID: set(),
        C.CANCELLED: set(),
    },
    happy_path=(C.PENDING, C.ELIGIBLE, C.APPROVED, C.PAID),
)
"""`pending → cancelled` follows the cancellation of its delivery order, the others a refund of the whole invoice."""

REFUND_LIFECYCLE = Lifecycle(
    "Refund",
    {
        RefundStatus.PENDING: {RefundStatus.APPROVED, RefundStatus.REJECTED},
        RefundStatus.APPROVED: {RefundStatus.PROCESSED},
        RefundStatus.PROCESSED: set(),
        RefundStatus.REJECTED: set(),
    },
    happy_path=(RefundStatus.PENDING, RefundStatus.APPROVED, RefundStatus.PROCESSED),
)

HAND_OVER_LIFECYCLE = Lifecycle(
    "Hand-over",
    {
        HandOverStatus.COUNTED: {HandOverStatus.SIGNED_OFF, HandOverStatus.CANCELLED},
        HandOverStatus.SIGNED_OFF: set(),
        HandOverStatus.CANCELLED: set(),
    },
    happy_path=(HandOverStatus.COUNTED, HandOverStatus.SIGNED_OFF),
)

BIN_LIFECYCLE = Lifecycle(
    "Bin",
    {
        N.IN_WAREHOUSE: {N.ASSIGNED, N.WITH_CUSTOMER, N.REPAIR},
        N.ASSIGNED: {N.WITH_CUSTOMER, N.IN_WAREHOUSE},
        N.WITH_CUSTOMER: {N.COLLECTED, N.WITH_CUSTOMER},
        N.COLLECTED: {N.IN_WAREHOUSE, N.REPAIR},
        N.REPAIR: {N.IN_WAREHOUSE},
    },
    happy_path=(N.IN_WAREHOUSE, N.ASSIGNED, N.WITH_CUSTOMER, N.COLLECTED),
)
"""`assigned → in_warehouse` frees a bin whose order was cancelled."""

REMINDER_LIFECYCLE = Lifecycle(
    "Collection reminder",
    {R.SCHEDULED: {R.SENT, R.CANCELLED}, R.SENT: set(), R.CANCELLED: set()},
)

RELOCATION_LIFECYCLE = Lifecycle(
    "Relocation",
    {
        RelocationStatus.PLANNED: {RelocationStatus.DONE, RelocationStatus.CANCELLED},
        RelocationStatus.DONE: set(),
        RelocationStatus.CANCELLED: set(),
    },
    happy_path=(RelocationStatus.PLANNED, RelocationStatus.DONE),
)

EXPENSE_LIFECYCLE = Lifecycle(
    "Expense",
    {ExpenseStatus.RECORDED: {ExpenseStatus.VOIDED}, ExpenseStatus.VOIDED: set()},
)

CHARGE_LIFECYCLE = Lifecycle(
    "Charge",
    {
        ChargeStatus.UNBILLED: {ChargeStatus.BILLED, ChargeStatus.WAIVED},
        ChargeStatus.BILLED: {ChargeStatus.UNBILLED},
        ChargeStatus.WAIVED: set(),
    },
    happy_path=(ChargeStatus.UNBILLED, ChargeStatus.BILLED),
)
"""`billed → unbilled` is the way back when its supplementary invoice is voided."""

LORRY_LIFECYCLE = Lifecycle(
    "Lorry",
    {
        L.AVAILABLE: {L.IN_USE, L.MAINTENANCE, L.INACTIVE},
        L.IN_USE: {L.AVAILABLE, L.MAINTENANCE},
        L.MAINTENANCE: {L.AVAILABLE, L.INACTIVE},
        L.INACTIVE: {L.AVAILABLE},
    },
)

DRIVER_LIFECYCLE = Lifecycle(
    "Driver",
    {
        DriverStatus.ACTIVE: {DriverStatus.INACTIVE},
        DriverStatus.INACTIVE: {DriverStatus.ACTIVE},
    },
)

LIFECYCLES: tuple[Lifecycle[StrEnum], ...] = (
    BOOKING_LIFECYCLE,
    DELIVERY_ORDER_LIFECYCLE,
    FULFILMENT_LIFECYCLE,
    INVOICE_LIFECYCLE,
    COMMISSION_LIFECYCLE,
    REFUND_LIFECYCLE,
    HAND_OVER_LIFECYCLE,
    BIN_LIFECYCLE,
    REMINDER_LIFECYCLE,
    RELOCATION_LIFECYCLE,
    EXPENSE_LIFECYCLE,
    CHARGE_LIFECYCLE,
    LORRY_LIFECYCLE,
    DRIVER_LIFECYCLE,
)  # type: ignore[assignment]  # each is a Lifecycle of its own status type
