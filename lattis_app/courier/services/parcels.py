"""Keeping parcels and moving them along (contract: courier.md, "Rules")."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.db import find
from lattis_app.core.errors import Invalid, PreconditionFailed
from lattis_app.core.money import Money
from lattis_app.core.schemas import minor_of
from lattis_app.core.transitions import move
from lattis_app.courier.models import CourierMerchant, CourierParcel
from lattis_app.courier.rules import settlements as rules
from lattis_app.courier.schemas.parcels import Correction, ParcelChanges, ParcelEntry, ParcelStep
from lattis_app.courier.statuses import (
    FINAL,
    PARCEL_CORRECTION,
    PARCEL_LIFECYCLE,
    FinancialStatus,
    ParcelStatus,
)
from lattis_app.identity.permissions import Permission, requires

AMOUNTS = {
    "cod_amount": "cod_amount_minor",
    "cod_collected_amount": "cod_collected_amount_minor",
    "total_charge": "total_charge_minor",
    "return_charge": "return_charge_minor",
}


class ParcelInvoiced(PreconditionFailed):
    """A parcel that is on an invoice is corrected by a clearance once it is paid."""


class MerchantNotActive(PreconditionFailed):
    """Nothing more is carried for this merchant now."""


class DeliveredLater(Invalid):
    """A parcel can't have been delivered in the future."""


@requires(Permission.COURIER_PARCELS_MANAGE)
def create(session: Session, actor: Actor, entry: ParcelEntry) -> CourierParcel:
    """Take on a parcel. The tracking number is no other's: Conflict. Raises NotFound, MerchantNotActive."""
    merchant = find(session, CourierMerchant, entry.merchant_id)
    if not merchant.active:
        raise MerchantNotActive("The merchant is not active", field="merchant_id", reason="is not active")
    parcel = CourierParcel(
        tracking_number=entry.tracking_number,
        merchant_id=merchant.id,
        currency=merchant.currency,
        order_reference=entry.order_reference or "",
        recipient_name=entry.recipient_name or "",
        recipient_phone=entry.recipient_phone or "",
        recipient_address=entry.recipient_address or "",
        partner=entry.partner or "",
        status=entry.status,
        cod_amount_minor=minor_of(entry.cod_amount),
        total_charge_minor=_charge(entry.total_charge, merchant.delivery_charge_minor),
        return_charge_minor=_charge(entry.return_charge, merchant.return_charge_minor),
    )
    if entry.status in FINAL:
        _note_delivery(parcel, ParcelStep(**entry.model_dump(include=set(ParcelStep.model_fields))))
    elif entry.cod_collected_amount:
        raise Invalid.field("cod_collected_amount", f"nothing is collected while {entry.status}")
    session.add(parcel)
    return parcel


@requires(Permission.COURIER_PARCELS_MANAGE)
def update(session: Session, actor: Actor, parcel_id: UUID, changes: ParcelChanges) -> CourierParcel:
    """Correct what is said of a parcel while it is on no invoice. Raises ParcelInvoiced."""
    parcel = find(session, CourierParcel, parcel_id, lock=True)
    given = changes.given()
    if set(given) & set(AMOUNTS) and parcel.financial_status != FinancialStatus.PENDING:
        raise ParcelInvoiced(
            f"The parcel is {parcel.financial_status}: its amounts don't change",
            field="financial_status",
            reason=f"is {parcel.financial_status}",
        )
    if "cod_collected_amount" in given and parcel.status not in FINAL:
        raise Invalid.field("cod_collected_amount", f"nothing is collected while {parcel.status}")
    for name, value in given.items():
        setattr(parcel, AMOUNTS.get(name, name), minor_of(value) if name in AMOUNTS else value)
    return parcel


@requires(Permission.COURIER_PARCELS_MANAGE)
def progress(session: Session, actor: Actor, parcel_id: UUID, step: ParcelStep) -> CourierParcel:
    """Take a parcel to its next status; the last one says which charges apply and what was collected."""
    parcel = find(session, CourierParcel, parcel_id, lock=True)
    with session.no_autoflush:
        move(session, actor, parcel, PARCEL_LIFECYCLE, step.status)
        if step.status in FINAL:
            _note_delivery(parcel, step)
        elif step.cod_collected_amount is not None:
            raise Invalid.field("cod_collected_amount", f"nothing is collected while {step.status}")
    return parcel


@requires(Permission.COURIER_PARCELS_MANAGE)
def correct(
    session: Session, actor: Actor, parcel: CourierParcel, correction: Correction, reason: str
) -> None:
    """Put right what was reported of a delivered parcel; the caller holds its lock."""
    with session.no_autoflush:
        if correction.status is not None and correction.status != parcel.status:
            move(session, actor, parcel, PARCEL_CORRECTION, correction.status, reason=reason)
        for name, amount in _amounts_of(correction).items():
            setattr(parcel, name, amount)
        apply_charges(parcel)


def corrected(parcel: CourierParcel, correction: Correction) -> rules.Breakdown:
    """What a parcel would be worth after a correction; nothing is changed. Raises Invalid."""
    if correction.status is not None and correction.status not in FINAL:
        raise Invalid.field("status", f"must be one of {', '.join(FINAL)}")
    amounts = _amounts_of(correction)
    names = ("cod_collected_amount_minor", "total_charge_minor", "return_charge_minor")
    cod, delivery, returned = (
        Money(amounts.get(name, getattr(parcel, name)), parcel.currency) for name in names
    )
    return rules.break_down(ParcelStatus(correction.status or parcel.status), cod, delivery, returned)


def _amounts_of(correction: Correction) -> dict[str, int]:
    given = {
        "cod_collected_amount_minor": correction.cod_collected_amount,
        "total_charge_minor": correction.delivery_charge,
        "return_charge_minor": correction.return_charge,
    }
    return {name: minor_of(amount) for name, amount in given.items() if amount is not None}


def apply_charges(parcel: CourierParcel) -> rules.Breakdown:
    """Note on a parcel which charges apply in its status; what it comes to."""
    found = break_down(parcel)
    parcel.delivery_charge_applicable = found.delivery_charge_applicable
    parcel.return_charge_applicable = found.return_charge_applicable
    return found


def break_down(parcel: CourierParcel) -> rules.Breakdown:
    """What a parcel is worth to its merchant."""
    amounts = (parcel.cod_collected_amount_minor, parcel.total_charge_minor, parcel.return_charge_minor)
    cod, delivery, returned = (Money(minor, parcel.currency) for minor in amounts)
    return rules.break_down(ParcelStatus(parcel.status), cod, delivery, returned)


def _note_delivery(parcel: CourierParcel, step: ParcelStep) -> None:
    if step.delivered_at is not None and step.delivered_at > clock.now():
        raise DeliveredLater(
            "delivered_at: lies in the future", field="delivered_at", reason="lies in the future"
        )
    cod = Money(parcel.cod_amount_minor, parcel.currency)
    given = None if step.cod_collected_amount is None else minor_of(step.cod_collected_amount)
    collected = rules.collected_on(step.status, cod, None if given is None else Money(given, parcel.currency))
    parcel.cod_collected_amount_minor = collected.minor
    parcel.delivered_at = step.delivered_at or clock.now()
    apply_charges(parcel)


def _charge(given: Decimal | None, usual: int | None) -> int:
    return minor_of(given) if given is not None else usual or 0
