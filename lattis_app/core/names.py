"""The product's vocabulary of events and jobs. Permissions are in `identity.permissions`."""

from enum import StrEnum


class EventName(StrEnum):
    """What can happen, in the past tense; the names that programs subscribe to."""

    BOOKING_CREATED = "booking.created"
    BOOKING_CONFIRMED = "booking.confirmed"
    BOOKING_CANCELLED = "booking.cancelled"
    DO_ASSIGNED = "do.assigned"
    DO_UNASSIGNED = "do.unassigned"
    DO_ISSUED = "do.issued"
    DO_CANCELLED = "do.cancelled"
    DO_PROGRESSED = "do.progressed"
    DO_RELOCATED = "do.relocated"
    INVOICE_ISSUED = "invoice.issued"
    INVOICE_PAID = "invoice.paid"
    INVOICE_VOIDED = "invoice.voided"
    PAYMENT_RECEIVED = "payment.received"
    COMMISSION_ELIGIBLE = "commission.eligible"
    COMMISSION_APPROVED = "commission.approved"
    COMMISSION_PAID = "commission.paid"
    REFUND_REQUESTED = "refund.requested"
    REFUND_APPROVED = "refund.approved"
    REFUND_REJECTED = "refund.rejected"
    REFUND_PROCESSED = "refund.processed"
    CASH_COUNTED = "cash.counted"
    CASH_SIGNED_OFF = "cash.signed_off"
    CASH_COUNT_CANCELLED = "cash.count_cancelled"
    REMINDER_SCHEDULED = "reminder.scheduled"
    LORRY_ALERT = "lorry.alert"
    IMPORT_PROGRESSED = "import.progressed"


class JobName(StrEnum):
    """Recurring work, `domain.verb_object`."""

    RENTAL_SWEEP_COMMISSION_ELIGIBILITY = "rental.sweep_commission_eligibility"
    RENTAL_SEND_COLLECTION_REMINDERS = "rental.send_collection_reminders"
    RENTAL_SCAN_DOCUMENT_EXPIRY = "rental.scan_document_expiry"
    RENTAL_SEND_ORDER_DIGEST = "rental.send_order_digest"
    RENTAL_SEND_SCHEDULED_REPORTS = "rental.send_scheduled_reports"
    RENTAL_SEND_PAYMENT_REMINDERS = "rental.send_payment_reminders"
    LEDGER_CHECK_BALANCES = "ledger.check_balances"
    ATTACHMENTS_SWEEP_ORPHANS = "attachments.sweep_orphans"
    CORE_FORGET_EXPIRED = "core.forget_expired"
