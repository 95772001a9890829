"""Keeping sellers."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.db import advisory_lock, columns, find
from lattis_app.core.errors import Conflict
from lattis_app.identity.permissions import Permission, Role, requires
from lattis_app.identity.subjects import register_subject
from lattis_app.marketplace.models import MarketplaceSeller
from lattis_app.marketplace.rules.numbers import code_of
from lattis_app.marketplace.schemas.sellers import SellerChanges, SellerEntry
from lattis_app.parties.schemas.parties import PartyDetails
from lattis_app.parties.services import parties

S = columns(MarketplaceSeller)
PARTY_FIELDS = {"store_name": "name", "contact_name": "contact_name", "email": "email", "phone": "phone",
                "address": "address"}  # fmt: skip


@requires(Permission.MARKETPLACE_SELLERS_MANAGE)
def create(session: Session, actor: Actor, entry: SellerEntry) -> MarketplaceSeller:
    """Take on a seller. The code is nobody else's: Conflict."""
    advisory_lock(session, "marketplace seller codes")
    party = parties.create(
        session,
        SYSTEM,
        PartyDetails(
            name=entry.store_name,
            contact_name=entry.contact_name,
            phone=entry.phone,
            email=entry.email,
            address=entry.address or "",
        ),
    )
    seller = MarketplaceSeller(
        party_id=party.id,
        code=_free_code(session, entry),
        store_name=entry.store_name,
        base_currency=entry.base_currency,
        platform_fee_percent=entry.platform_fee_percent,
        affiliate_fee_percent=entry.affiliate_fee_percent,
    )
    session.add(seller)
    return seller


@requires(Permission.MARKETPLACE_SELLERS_MANAGE)
def update(session: Session, actor: Actor, seller_id: UUID, changes: SellerChanges) -> MarketplaceSeller:
    """Change a seller's details or fees; what was delivered or billed keeps what it shows."""
    seller = find(session, MarketplaceSeller, seller_id, lock=True, kind="Seller")
    given = changes.given()
    details = {PARTY_FIELDS[name]: given[name] for name in given if name in PARTY_FIELDS}
    if details:
        parties.update(session, SYSTEM, seller.party_id, details)
    for name, value in given.items():
        if name == "store_name" or name not in PARTY_FIELDS:
            setattr(seller, name, value)
    return seller


def _free_code(session: Session, entry: SellerEntry) -> str:
    start = entry.code or code_of(entry.store_name, ())
    taken = set(session.scalars(select(S.code).where(S.code.startswith(start))))
    if entry.code is None:
        return code_of(entry.store_name, taken)
    if entry.code in taken:
        raise Conflict("code already exists", field="code", reason="already exists")
    return entry.code


def _is_known(session: Session, seller_id: UUID) -> bool:
    return session.get(MarketplaceSeller, seller_id) is not None


register_subject(Role.SELLER, _is_known)
