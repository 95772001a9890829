"""Statuses and lifecycles of the courier domain (contract: courier.md, "Rules")."""

from __future__ import annotations

from enum import StrEnum

from lattis_app.core.lifecycle import Lifecycle


class ParcelStatus(StrEnum):
    """Where a parcel is."""

    PENDING = "PENDING"
    PICKED_UP = "PICKED_UP"
    IN_TRANSIT = "IN_TRANSIT"
    OUT_FOR_DELIVERY = "OUT_FOR_DELIVERY"
    DELIVERED = "DELIVERED"
    PARTIAL_DELIVERY = "PARTIAL_DELIVERY"
    RETURNED = "RETURNED"
    PAID_RETURN = "PAID_RETURN"


class FinancialStatus(StrEnum):
    """How far the money of a parcel is."""

    PENDING = "PENDING"
    INVOICED = "INVOICED"
    PAID = "PAID"
    CLEARANCE_PENDING = "CLEARANCE_PENDING"
    CLEARANCE_INVOICED = "CLEARANCE_INVOICED"
    SETTLED = "SETTLED"


class MerchantInvoiceStatus(StrEnum):
    """How far a merchant invoice is."""

    GENERATED = "GENERATED"
    PAID = "PAID"
    CANCELLED = "CANCELLED"


class SettledBy(StrEnum):
    """How an invoice was settled: paid to the merchant, paid by the merchant, or with a later invoice."""

    PAYOUT = "payout"
    MERCHANT_PAYMENT = "merchant_payment"
    CARRIED = "carried"


class LineKind(StrEnum):
    """What a line of a merchant invoice stands for."""

    PARCEL = "parcel"
    CLEARANCE = "clearance"
    OPENING = "opening"


class DisputeStatus(StrEnum):
    """How far a merchant's dispute is."""

    OPEN = "OPEN"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"


class RemittanceStatus(StrEnum):
    """How far a delivery partner's remittance is."""

    MATCHED = "MATCHED"
    ACCEPTED = "ACCEPTED"
    DISCARDED = "DISCARDED"


class RemittanceMatch(StrEnum):
    """How a line of a remittance compares with what we know."""

    MATCHED = "matched"
    SHORT = "short"
    EXTRA = "extra"
    MISSING = "missing"


class RunOutcome(StrEnum):
    """What a settlement run did, or would do, for one merchant."""

    GENERATED = "generated"
    READY = "ready"
    HELD = "held"
    FAILED = "failed"


P, F, I = ParcelStatus, FinancialStatus, MerchantInvoiceStatus  # noqa: E741 — one letter per table below
FINAL = (P.DELIVERED, P.PARTIAL_DELIVERY, P.RETURNED, P.PAID_RETURN)
"""The statuses in which a parcel can be settled."""

PARCEL_LIFECYCLE = Lifecycle(
    "Parcel",
    {
        P.PENDING: {P.PICKED_UP},
        P.PICKED_UP: {P.IN_TRANSIT},
        P.IN_TRANSIT: {P.OUT_FOR_DELIVERY},
        P.OUT_FOR_DELIVERY: set(FINAL),
        **{status: set() for status in FINAL},
    },
    happy_path=(P.PENDING, P.PICKED_UP, P.IN_TRANSIT, P.OUT_FOR_DELIVERY, P.DELIVERED),
)

PARCEL_CORRECTION = Lifecycle("Parcel correction", {status: set(FINAL) - {status} for status in FINAL})
"""How a delivery was reported wrongly: only a clearance or an accepted dispute takes these steps."""

FINANCIAL_LIFECYCLE = Lifecycle(
    "Parcel settlement",
    {
        F.PENDING: {F.INVOICED},
        F.INVOICED: {F.PAID, F.PENDING},
        F.PAID: {F.CLEARANCE_PENDING},
        F.CLEARANCE_PENDING: {F.CLEARANCE_INVOICED},
        F.CLEARANCE_INVOICED: {F.SETTLED, F.CLEARANCE_PENDING},
        F.SETTLED: set(),
    },
    field="financial_status",
    happy_path=(F.PENDING, F.INVOICED, F.PAID),
)
"""`INVOICED → PENDING` and `CLEARANCE_INVOICED → CLEARANCE_PENDING` are the ways back when an invoice is cancelled."""

INVOICE_LIFECYCLE = Lifecycle(
    "Merchant invoice",
    {I.GENERATED: {I.PAID, I.CANCELLED}, I.PAID: set(), I.CANCELLED: set()},
    field="invoice_status",
    happy_path=(I.GENERATED, I.PAID),
)

DISPUTE_LIFECYCLE = Lifecycle(
    "Dispute",
    {
        DisputeStatus.OPEN: {DisputeStatus.ACCEPTED, DisputeStatus.REJECTED},
        DisputeStatus.ACCEPTED: set(),
        DisputeStatus.REJECTED: set(),
    },
    happy_path=(DisputeStatus.OPEN, DisputeStatus.ACCEPTED),
)

REMITTANCE_LIFECYCLE = Lifecycle(
    "Remittance",
    {
        RemittanceStatus.MATCHED: {RemittanceStatus.ACCEPTED, RemittanceStatus.DISCARDED},
        RemittanceStatus.ACCEPTED: set(),
        RemittanceStatus.DISCARDED: set(),
    },
    happy_path=(RemittanceStatus.MATCHED, RemittanceStatus.ACCEPTED),
)

LIFECYCLES: tuple[Lifecycle[StrEnum], ...] = (
    PARCEL_LIFECYCLE,
    PARCEL_CORRECTION,
    FINANCIAL_LIFECYCLE,
    INVOICE_LIFECYCLE,
    DISPUTE_LIFECYCLE,
    REMITTANCE_LIFECYCLE,
)  # type: ignore[assignment]  # each is a Lifecycle of its own status type
