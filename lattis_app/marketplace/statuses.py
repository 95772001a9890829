"""Statuses and lifecycles of the marketplace domain (contract: marketplace.md; seed 003, "Invoice Statuses")."""

from __future__ import annotations

from enum import StrEnum

from lattis_app.core.lifecycle import Lifecycle


class InvoiceStatus(StrEnum):
    """How far a weekly invoice is."""

    PENDING = "pending"
    PAID = "paid"
    OVERDUE = "overdue"
    CANCELLED = "cancelled"


class OrderStatus(StrEnum):
    """How far a buyer's order is."""

    PENDING = "pending"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    RETURNED = "returned"
    CANCELLED = "cancelled"


class PaymentType(StrEnum):
    """How the buyer pays; the seller collects `COD` and owes its fees."""

    COD = "COD"
    CARD = "CARD"


class ClaimStatus(StrEnum):
    """How far a seller's word is that an invoice is paid."""

    CLAIMED = "claimed"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class SellerMarkPaid(StrEnum):
    """What a seller's own "mark as paid" does: pays, or asks an admin to confirm it."""

    TRUSTED = "trusted"
    VERIFY = "verify"


class Currency(StrEnum):
    """What buyers pay in, and sellers count in."""

    MKD = "MKD"
    EUR = "EUR"


I, O, C = InvoiceStatus, OrderStatus, ClaimStatus  # noqa: E741 — one letter per type

INVOICE_LIFECYCLE = Lifecycle(
    "Seller invoice",
    {
        I.PENDING: {I.PAID, I.OVERDUE, I.CANCELLED},
        I.OVERDUE: {I.PAID, I.CANCELLED},
        I.PAID: set(),
        I.CANCELLED: set(),
    },
    happy_path=(I.PENDING, I.PAID),
)

ORDER_LIFECYCLE = Lifecycle(
    "Order",
    {
        O.PENDING: {O.SHIPPED, O.DELIVERED, O.CANCELLED},
        O.SHIPPED: {O.DELIVERED, O.RETURNED},
        O.DELIVERED: set(),
        O.RETURNED: set(),
        O.CANCELLED: set(),
    },
    happy_path=(O.PENDING, O.SHIPPED, O.DELIVERED),
)

CLAIM_LIFECYCLE = Lifecycle(
    "Payment claim",
    {C.CLAIMED: {C.CONFIRMED, C.REJECTED}, C.CONFIRMED: set(), C.REJECTED: set()},
    happy_path=(C.CLAIMED, C.CONFIRMED),
)

LIFECYCLES: tuple[Lifecycle[StrEnum], ...] = (
    INVOICE_LIFECYCLE,
    ORDER_LIFECYCLE,
    CLAIM_LIFECYCLE,
)  # type: ignore[assignment]  # each is a Lifecycle of its own status type
