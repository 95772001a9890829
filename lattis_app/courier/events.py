"""What happens in courier, as frozen facts; `entity_id` is the record it happened to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from lattis_app.core.names import EventName


@dataclass(frozen=True, slots=True)
class MerchantInvoiceGenerated:
    """A merchant's parcels were put on an invoice."""

    name: ClassVar = EventName.MERCHANT_INVOICE_GENERATED
    entity: ClassVar = "courier_merchant_invoices"
    entity_id: UUID
    number: str
    merchant_id: UUID
    parcels: int
    payable_minor: int


@dataclass(frozen=True, slots=True)
class MerchantInvoicePaid:
    """A merchant invoice is settled; `settled_by` says whether it was paid out, paid in, or carried into another."""

    name: ClassVar = EventName.MERCHANT_INVOICE_PAID
    entity: ClassVar = "courier_merchant_invoices"
    entity_id: UUID
    number: str
    merchant_id: UUID
    payable_minor: int
    settled_by: str
    payment_reference: str


@dataclass(frozen=True, slots=True)
class MerchantInvoiceCancelled:
    """A merchant invoice no longer counts; its parcels can be settled again."""

    name: ClassVar = EventName.MERCHANT_INVOICE_CANCELLED
    entity: ClassVar = "courier_merchant_invoices"
    entity_id: UUID
    number: str
    merchant_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class ParcelCleared:
    """A parcel that was paid turned out to be worth something else."""

    name: ClassVar = EventName.PARCEL_CLEARED
    entity: ClassVar = "courier_parcels"
    entity_id: UUID
    tracking_number: str
    merchant_id: UUID
    amount_minor: int
    reason: str


@dataclass(frozen=True, slots=True)
class ParcelDisputed:
    """A merchant objects to what is said of a parcel."""

    name: ClassVar = EventName.PARCEL_DISPUTED
    entity: ClassVar = "courier_parcels"
    entity_id: UUID
    dispute_id: UUID
    tracking_number: str
    merchant_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class ParcelDisputeResolved:
    """The office accepted or rejected a merchant's objection."""

    name: ClassVar = EventName.PARCEL_DISPUTE_RESOLVED
    entity: ClassVar = "courier_parcels"
    entity_id: UUID
    dispute_id: UUID
    tracking_number: str
    merchant_id: UUID
    outcome: str
    answer: str


@dataclass(frozen=True, slots=True)
class RemittanceAccepted:
    """What a delivery partner paid over was taken into the books."""

    name: ClassVar = EventName.REMITTANCE_ACCEPTED
    entity: ClassVar = "courier_remittances"
    entity_id: UUID
    partner: str
    remitted_minor: int


@dataclass(frozen=True, slots=True)
class SettlementRunFinished:
    """Invoices were generated for every merchant who had something to settle."""

    name: ClassVar = EventName.SETTLEMENT_RUN_FINISHED
    entity: ClassVar = "courier_settlement_runs"
    entity_id: UUID
    invoices: int
    parcels: int
    payable_minor: int
    failed: int
