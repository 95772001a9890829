"""Keeping merchants (contract: courier.md, "Endpoints")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import columns, find
from lattis_app.core.errors import PreconditionFailed
from lattis_app.core.schemas import minor_of
from lattis_app.courier.models import CourierMerchant
from lattis_app.courier.schemas.merchants import MerchantChanges, MerchantEntry
from lattis_app.identity.permissions import Permission, Role, requires
from lattis_app.identity.queries import users
from lattis_app.identity.subjects import register_subject
from lattis_app.imports.records import remove_unused
from lattis_app.parties.models import Party
from lattis_app.parties.schemas.parties import PartyDetails
from lattis_app.parties.services import merges, parties

M = columns(CourierMerchant)
PARTY_FIELDS = ("name", "contact_name", "phone", "email", "address")
CHARGES = ("delivery_charge", "return_charge")

merges.lock_in_order("courier_merchants")


class MerchantInUse(PreconditionFailed):
    """A merchant with parcels, invoices or accounts stays."""


@requires(Permission.COURIER_MERCHANTS_MANAGE)
def create(session: Session, actor: Actor, entry: MerchantEntry) -> CourierMerchant:
    """Take on a merchant. The code is nobody else's: Conflict."""
    party = parties.create(
        session,
        actor,
        PartyDetails(
            name=entry.name,
            contact_name=entry.contact_name or "",
            phone=entry.phone,
            email=entry.email,
            address=entry.address or "",
        ),
    )
    merchant = CourierMerchant(
        party_id=party.id,
        code=entry.code,
        bank_name=entry.bank_name or "",
        bank_account_number=entry.bank_account_number or "",
        bank_account_holder=entry.bank_account_holder or "",
        delivery_charge_minor=_minor(entry.delivery_charge),
        return_charge_minor=_minor(entry.return_charge),
        active=entry.active,
        notes=entry.notes or "",
    )
    session.add(merchant)
    return merchant


@requires(Permission.COURIER_MERCHANTS_MANAGE)
def update(session: Session, actor: Actor, merchant_id: UUID, changes: MerchantChanges) -> CourierMerchant:
    """Change a merchant's details, bank account or terms; invoices already generated keep what they show."""
    merchant = find(session, CourierMerchant, merchant_id, lock=True)
    given = changes.given()
    contacts = {name: given.pop(name) for name in PARTY_FIELDS if name in given}
    if contacts:
        parties.update(session, actor, merchant.party_id, contacts)
    for name in CHARGES:
        if name in given:
            setattr(merchant, f"{name}_minor", _minor(given.pop(name)))
    for name, value in given.items():
        setattr(merchant, name, value)
    return merchant


@requires(Permission.COURIER_MERCHANTS_MANAGE)
def remove(session: Session, actor: Actor, merchant_id: UUID) -> None:
    """Forget a merchant taken on by mistake, and the person or company that nothing else knows.

    Raises MerchantInUse, saying what there is, for one with parcels, invoices or accounts: that one is made inactive.
    """
    find(session, CourierMerchant, merchant_id, lock=True)
    if why := remove_unused_ones(session, actor, [merchant_id]).get(merchant_id):
        reason = f"{why}: make it inactive instead"
        raise MerchantInUse(f"The merchant {reason}", field="merchant_id", reason=reason)


@requires(Permission.COURIER_MERCHANTS_MANAGE)
def remove_unused_ones(session: Session, actor: Actor, merchant_ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """Forget those of these merchants that nothing depends on; why the others stay."""
    accounts = users.accounts_of(session, actor, merchant_ids)
    kept = {each: f"has accounts ({count})" for each, count in accounts.items()}
    whose = session.scalars(select(M.party_id).where(M.id.in_(merchant_ids))).all()
    stay = remove_unused(session, CourierMerchant, merchant_ids, kept)
    remove_unused(session, Party, whose)
    return stay


def hold(session: Session, ids: Sequence[UUID] | Select[Any]) -> None:
    """Hold merchants, always in this order and before any of their parcels: then nobody waits in a circle.

    Others may still refer to them meanwhile.
    """
    session.execute(select(M.id).where(M.id.in_(ids)).order_by(M.id).with_for_update(key_share=True)).all()


def _minor(amount: Any) -> int | None:
    return None if amount is None else minor_of(amount)


def _is_known(session: Session, merchant_id: UUID) -> bool:
    held = {"read": True, "key_share": True}
    return session.get(CourierMerchant, merchant_id, with_for_update=held) is not None


register_subject(Role.MERCHANT, _is_known)
