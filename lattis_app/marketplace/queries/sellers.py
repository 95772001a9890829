"""Finding sellers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select, SQLColumnExpression, bindparam, func, or_, select, true
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.errors import Forbidden, NotFound
from lattis_app.core.pagination import Page, PageRequest, paginate, sorted_by
from lattis_app.identity.permissions import Permission, requires
from lattis_app.marketplace.models import MarketplaceInvoice, MarketplaceSeller
from lattis_app.marketplace.schemas.sellers import SellerFilters, SellerOut
from lattis_app.marketplace.statuses import InvoiceStatus
from lattis_app.parties.models import Party

S, P, I = columns(MarketplaceSeller), columns(Party), columns(MarketplaceInvoice)  # noqa: E741 — one letter per table
OPEN = (InvoiceStatus.PENDING, InvoiceStatus.OVERDUE)
SORTS: dict[str, SQLColumnExpression[Any]] = {
    "store_name": S.store_name,
    "created_at": S.created_at,
    "restricted_at": S.restricted_at,
}
OWED = (
    select(
        func.count().label("open_invoices"),
        func.count().filter(I.status == InvoiceStatus.OVERDUE).label("overdue_invoices"),
        func.coalesce(func.sum(I.platform_mkd_minor + I.affiliate_mkd_minor), 0).label("open_amount_mkd"),
        func.coalesce(func.sum(I.platform_eur_minor + I.affiliate_eur_minor), 0).label("open_amount_eur"),
    )
    .where(I.seller_id == S.id, I.status.in_(OPEN))
    .lateral("owed")
)
SHOWN: Select[Any] = (
    select(
        S.id,
        S.party_id,
        S.code,
        S.store_name,
        P.contact_name,
        P.email,
        P.phone,
        P.address,
        S.base_currency,
        S.platform_fee_percent,
        S.affiliate_fee_percent,
        S.restricted_at.is_not(None).label("restricted"),
        S.restricted_at,
        OWED.c.overdue_invoices,
        OWED.c.open_invoices,
        OWED.c.open_amount_mkd,
        OWED.c.open_amount_eur,
        S.created_at,
        S.updated_at,
    )
    .join_from(MarketplaceSeller, Party, S.party_id == P.id)
    .join(OWED, true())
)
ONE = SHOWN.where(S.id == bindparam("id"))


@requires(Permission.MARKETPLACE_SELLERS_READ)
def page(session: Session, actor: Actor, filters: SellerFilters, request: PageRequest) -> Page[SellerOut]:
    """List sellers, by the name of their store unless asked otherwise. Sorts: store_name, created_at, restricted_at."""
    statement = SHOWN
    if filters.restricted is not None:
        is_restricted = S.restricted_at.is_not(None)
        statement = statement.where(is_restricted if filters.restricted else ~is_restricted)
    if filters.q:
        statement = statement.where(S.id.in_(named(filters.q)))
    ordered = sorted_by(statement, request.sort, SORTS, "store_name", S.id)
    return paginate(session, ordered, request).map(lambda row: SellerOut(**row._mapping))


@requires(Permission.MARKETPLACE_SELLERS_READ)
def find(session: Session, actor: Actor, seller_id: UUID) -> SellerOut:
    """One seller, or NotFound."""
    return _shown(session, seller_id)


@requires(Permission.MARKETPLACE_OWN_INVOICES_READ)
def me(session: Session, actor: Actor) -> SellerOut:
    """The seller that the signed-in account stands for."""
    return _shown(session, own_id(actor.subject_id))


def _shown(session: Session, seller_id: UUID) -> SellerOut:
    row = session.execute(ONE, {"id": seller_id}).one_or_none()
    if row is None:
        raise NotFound.record("Seller", seller_id)
    return SellerOut(**row._mapping)


def own_id(subject_id: UUID | None) -> UUID:
    """The seller an account stands for. Raises Forbidden for one that stands for none."""
    if subject_id is None:
        raise Forbidden("Your account stands for no seller", field="subject_id", reason="is not set")
    return subject_id


def named(words: str) -> Select[Any]:
    """The ids of the sellers that these words name, for other lists to search by."""
    return (
        select(S.id)
        .join_from(MarketplaceSeller, Party, S.party_id == P.id)
        .where(
            or_(
                S.store_name.icontains(words, autoescape=True),
                S.code == words.upper(),
                P.contact_name.icontains(words, autoescape=True),
                P.email.startswith(words.lower(), autoescape=True),
            )
        )
    )
