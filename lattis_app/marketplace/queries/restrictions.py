"""Whether a seller is restricted, and what clears it (contract: marketplace.md, "Restricted")."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.errors import NotFound
from lattis_app.core.money import Money
from lattis_app.identity.permissions import Permission, requires
from lattis_app.marketplace.models import (
    MarketplaceInvoice,
    MarketplacePaymentClaim,
    MarketplaceProduct,
    MarketplaceSeller,
)
from lattis_app.marketplace.queries.sellers import own_id
from lattis_app.marketplace.rules.fees import totals_of
from lattis_app.marketplace.rules.links import invoice_link
from lattis_app.marketplace.rules.weeks import ZONE, days_overdue
from lattis_app.marketplace.schemas.restrictions import OverdueInvoiceOut, RestrictionOut
from lattis_app.marketplace.statuses import ClaimStatus, Currency, InvoiceStatus

S, I, G = columns(MarketplaceSeller), columns(MarketplaceInvoice), columns(MarketplaceProduct)  # noqa: E741 — one letter per table
C = columns(MarketplacePaymentClaim)
WHY = "You cannot create new orders until overdue invoices are paid"
SELLER = select(
    S.restricted_at,
    S.base_currency,
    select(func.count())
    .where(G.seller_id == S.id, G.hidden_at.is_not(None))
    .scalar_subquery()
    .label("hidden_products"),
).where(S.id == bindparam("id"))
OVERDUE = (
    select(
        I.id,
        I.invoice_number,
        I.exchange_rate,
        (I.platform_mkd_minor + I.affiliate_mkd_minor).label("total_amount_mkd"),
        (I.platform_eur_minor + I.affiliate_eur_minor).label("total_amount_eur"),
        I.due_on.label("due_date"),
        exists().where(C.invoice_id == I.id, C.status == ClaimStatus.CLAIMED).label("payment_claimed"),
    )
    .where(I.seller_id == bindparam("id"), I.status == InvoiceStatus.OVERDUE)
    .order_by(I.due_on, I.invoice_number)
)


@requires(Permission.MARKETPLACE_OWN_INVOICES_READ)
def mine(session: Session, actor: Actor) -> RestrictionOut:
    """Whether the signed-in seller is restricted, why, and exactly what clears it."""
    return of_seller(session, own_id(actor.subject_id))


@requires(Permission.MARKETPLACE_SELLERS_READ)
def find(session: Session, actor: Actor, seller_id: UUID) -> RestrictionOut:
    """Whether a seller is restricted, why, and exactly what clears it. NotFound."""
    return of_seller(session, seller_id)


def of_seller(session: Session, seller_id: UUID) -> RestrictionOut:
    """The restriction of one seller, for services that have asked already. NotFound."""
    seller = session.execute(SELLER, {"id": seller_id}).one_or_none()
    if seller is None:
        raise NotFound.record("Seller", seller_id)
    today = clock.today(ZONE)
    rows = session.execute(OVERDUE, {"id": seller_id}).all()
    invoices = [_overdue(row, seller.base_currency, days_overdue(row.due_date, today)) for row in rows]
    is_restricted = seller.restricted_at is not None
    return RestrictionOut(
        restricted=is_restricted,
        restricted_at=seller.restricted_at,
        reason=WHY if is_restricted else "",
        base_currency=seller.base_currency,
        amount_to_clear=sum(each.total_amount for each in invoices),
        amount_to_clear_mkd=sum(each.total_amount_mkd for each in invoices),
        amount_to_clear_eur=sum(each.total_amount_eur for each in invoices),
        invoices=invoices,
        hidden_products=seller.hidden_products,
    )


def _overdue(row: Any, currency: str, days: int) -> OverdueInvoiceOut:
    """An overdue invoice in the seller's currency of today, at the rate frozen on it: the seller may have had another."""
    values = dict(row._mapping)
    owed = (Money(row.total_amount_mkd, Currency.MKD), Money(row.total_amount_eur, Currency.EUR))
    total = totals_of(owed, currency, values.pop("exchange_rate")).base
    return OverdueInvoiceOut(
        **values, total_amount=total.minor, days_overdue=days, link=invoice_link(values["id"])
    )
