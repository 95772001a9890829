"""What a parcel is worth to its merchant (seed: "Financial Calculation Engine")."""

from __future__ import annotations

from dataclasses import dataclass

from lattis_app.core.errors import Invalid, PreconditionFailed
from lattis_app.core.money import Money
from lattis_app.courier.statuses import FINAL, FinancialStatus, ParcelStatus

DELIVERY_CHARGED = frozenset({ParcelStatus.DELIVERED, ParcelStatus.PARTIAL_DELIVERY})
RETURN_CHARGED = frozenset({ParcelStatus.RETURNED})


class CollectedUnknown(Invalid):
    """How much was collected has to be said."""


class NothingToCorrect(Invalid):
    """A correction that changes no amount."""


class NotPaidYet(PreconditionFailed):
    """Only what was paid, and has no clearance yet, is corrected by a clearance."""


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The financial breakdown of one parcel; what is payable may be negative, then the merchant owes."""

    cod_collected: Money
    delivery_charge: Money
    return_charge: Money
    delivery_charge_applicable: bool
    return_charge_applicable: bool
    net_payable: Money


def break_down(
    status: ParcelStatus, cod_collected: Money, total_charge: Money, return_charge: Money
) -> Breakdown:
    """The seed's three steps: which charges apply, what they come to, and what is left for the merchant."""
    delivery, returned = status in DELIVERY_CHARGED, status in RETURN_CHARGED
    delivery_charge = total_charge if delivery else Money(0, total_charge.currency)
    returned_charge = return_charge if returned else Money(0, return_charge.currency)
    net = cod_collected - delivery_charge - returned_charge
    return Breakdown(cod_collected, delivery_charge, returned_charge, delivery, returned, net)


def collected_on(status: ParcelStatus, cod_amount: Money, given: Money | None) -> Money:
    """What was collected when a parcel reached its last status: all of it, or what is said. Raises CollectedUnknown."""
    if given is not None:
        return given
    if status is ParcelStatus.DELIVERED:
        return cod_amount
    if status is ParcelStatus.PARTIAL_DELIVERY:
        reason = "is required for a partial delivery"
        raise CollectedUnknown(f"cod_collected_amount: {reason}", field="cod_collected_amount", reason=reason)
    return Money(0, cod_amount.currency)


def clearance_amount(correct_net: Money, paid: Money) -> Money:
    """What is still to be paid, or with a minus given back, after a correction. Raises NothingToCorrect."""
    difference = correct_net - paid
    if not difference:
        reason = "changes nothing of what was paid"
        raise NothingToCorrect(f"correction: {reason}", field="correction", reason=reason)
    return difference


def why_not_settled(
    status: ParcelStatus,
    financial_status: FinancialStatus,
    disputed_on: str | None,
    invoice_no: str | None,
) -> str | None:
    """Why a parcel can't be settled now; None when it can."""
    if financial_status in (FinancialStatus.INVOICED, FinancialStatus.CLEARANCE_INVOICED):
        return f"is on invoice {invoice_no} already"
    if financial_status in (FinancialStatus.PAID, FinancialStatus.SETTLED):
        return f"was paid with invoice {invoice_no} already"
    if status not in FINAL:
        return f"is {status}: only {', '.join(FINAL)} are settled"
    if disputed_on:
        return f"is held: disputed on {disputed_on}"
    return None
