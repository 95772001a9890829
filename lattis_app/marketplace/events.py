"""What happens in marketplace, as frozen facts; `entity_id` is the record it happened to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from lattis_app.core.names import EventName


@dataclass(frozen=True, slots=True)
class InvoiceGenerated:
    """A seller's week was billed."""

    name: ClassVar = EventName.SELLER_INVOICE_GENERATED
    entity: ClassVar = "marketplace_invoices"
    entity_id: UUID
    number: str
    seller_id: UUID
    total_minor: int
    currency: str
    due_on: str


@dataclass(frozen=True, slots=True)
class InvoiceOverdue:
    """An invoice was not paid in time."""

    name: ClassVar = EventName.SELLER_INVOICE_OVERDUE
    entity: ClassVar = "marketplace_invoices"
    entity_id: UUID
    number: str
    seller_id: UUID
    total_minor: int
    currency: str
    due_on: str


@dataclass(frozen=True, slots=True)
class PaymentClaimed:
    """A seller says that an invoice is paid; an admin has to confirm it."""

    name: ClassVar = EventName.SELLER_INVOICE_PAYMENT_CLAIMED
    entity: ClassVar = "marketplace_invoices"
    entity_id: UUID
    number: str
    seller_id: UUID
    seller: str


@dataclass(frozen=True, slots=True)
class ClaimRejected:
    """An admin found no payment for what a seller claimed."""

    name: ClassVar = EventName.SELLER_INVOICE_CLAIM_REJECTED
    entity: ClassVar = "marketplace_invoices"
    entity_id: UUID
    number: str
    seller_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class InvoicePaid:
    """Nothing is owed on an invoice any more."""

    name: ClassVar = EventName.SELLER_INVOICE_PAID
    entity: ClassVar = "marketplace_invoices"
    entity_id: UUID
    number: str
    seller_id: UUID
    total_minor: int
    currency: str
    paid_by: str


@dataclass(frozen=True, slots=True)
class InvoiceCancelled:
    """An invoice no longer counts; its orders can be billed again."""

    name: ClassVar = EventName.SELLER_INVOICE_CANCELLED
    entity: ClassVar = "marketplace_invoices"
    entity_id: UUID
    number: str
    seller_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class SellerRestricted:
    """A seller takes no new orders, and the products are hidden, until overdue invoices are paid."""

    name: ClassVar = EventName.SELLER_RESTRICTED
    entity: ClassVar = "marketplace_sellers"
    entity_id: UUID
    hidden_products: int


@dataclass(frozen=True, slots=True)
class SellerUnrestricted:
    """A seller has no overdue invoice left; the products wait for being reactivated."""

    name: ClassVar = EventName.SELLER_UNRESTRICTED
    entity: ClassVar = "marketplace_sellers"
    entity_id: UUID
    number: str
    hidden_products: int


@dataclass(frozen=True, slots=True)
class OrderCreated:
    """A buyer ordered."""

    name: ClassVar = EventName.SELLER_ORDER_CREATED
    entity: ClassVar = "marketplace_orders"
    entity_id: UUID
    number: str
    seller_id: UUID


@dataclass(frozen=True, slots=True)
class OrderDelivered:
    """A buyer has the goods, and the seller, where it is COD, the money."""

    name: ClassVar = EventName.SELLER_ORDER_DELIVERED
    entity: ClassVar = "marketplace_orders"
    entity_id: UUID
    number: str
    seller_id: UUID
