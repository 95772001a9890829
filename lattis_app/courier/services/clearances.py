"""Correcting parcels that were paid already (contract: courier.md, "Clearance")."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import find
from lattis_app.core.money import Money
from lattis_app.core.transitions import move
from lattis_app.courier.events import ParcelCleared
from lattis_app.courier.models import CourierParcel
from lattis_app.courier.rules.settlements import NotPaidYet, clearance_amount
from lattis_app.courier.schemas.parcels import ClearanceEntry, Correction
from lattis_app.courier.services import parcels
from lattis_app.courier.statuses import FINANCIAL_LIFECYCLE, FinancialStatus
from lattis_app.identity.permissions import Permission, requires


@requires(Permission.COURIER_PARCELS_MANAGE)
def record(session: Session, actor: Actor, parcel_id: UUID, entry: ClearanceEntry) -> CourierParcel:
    """Correct a paid parcel; the difference rides on the merchant's next invoice.

    Raises NotPaidYet unless it is PAID, NothingToCorrect when the merchant was paid rightly.
    """
    parcel = find(session, CourierParcel, parcel_id, lock=True)
    return clear(session, actor, parcel, entry, entry.reason)


@requires(Permission.COURIER_PARCELS_MANAGE)
def clear(
    session: Session, actor: Actor, parcel: CourierParcel, correction: Correction, reason: str
) -> CourierParcel:
    """Correct a paid parcel whose lock the caller holds."""
    pending = FinancialStatus.CLEARANCE_PENDING
    if parcel.financial_status != FinancialStatus.PAID:
        raise NotPaidYet(
            f"The parcel is {parcel.financial_status}: only one that is PAID gets a clearance",
            field="financial_status",
            reason=f"is {parcel.financial_status}",
        )
    amount = _due(parcel, correction)
    happened = ParcelCleared(parcel.id, parcel.tracking_number, parcel.merchant_id, amount.minor, reason)
    with session.no_autoflush:
        parcels.correct(session, actor, parcel, correction, reason)
        move(session, actor, parcel, FINANCIAL_LIFECYCLE, pending, reason=reason, event=happened)
        parcel.clearance_required, parcel.clearance_reason = True, reason
        parcel.clearance_amount_minor = amount.minor
    return parcel


@requires(Permission.COURIER_PARCELS_MANAGE)
def correct_again(
    session: Session, actor: Actor, parcel: CourierParcel, correction: Correction, reason: str
) -> CourierParcel:
    """Correct a parcel whose clearance waits for the next invoice; the caller holds its lock.

    A clearance that was wrong altogether comes to nothing, and is settled as a line of nothing.
    """
    amount = parcels.corrected(parcel, correction).net_payable - _paid(parcel)
    parcels.correct(session, actor, parcel, correction, reason)
    parcel.clearance_reason, parcel.clearance_amount_minor = reason, amount.minor
    return parcel


def _due(parcel: CourierParcel, correction: Correction) -> Money:
    return clearance_amount(parcels.corrected(parcel, correction).net_payable, _paid(parcel))


def _paid(parcel: CourierParcel) -> Money:
    return Money(parcel.paid_amount_minor or 0, parcel.currency)
