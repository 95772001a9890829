"""Finding orders: a seller's own, or everybody's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, bindparam, func, or_, select
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.errors import NotFound
from lattis_app.core.pagination import Page, PageRequest, paginate, sorted_by
from lattis_app.identity.permissions import Permission, requires
from lattis_app.marketplace.models import (
    MarketplaceInvoice,
    MarketplaceInvoiceItem,
    MarketplaceOrder,
    MarketplaceSeller,
)
from lattis_app.marketplace.queries.sellers import named, own_id
from lattis_app.marketplace.rules.weeks import ZONE
from lattis_app.marketplace.schemas.orders import OrderFilters, OrderOut

O, S, I = columns(MarketplaceOrder), columns(MarketplaceSeller), columns(MarketplaceInvoice)  # noqa: E741 — one letter per table
L, P = columns(MarketplaceInvoiceItem), Permission
SELLERS_AT_MOST = 200
"""So many sellers of a name are looked for among the orders."""
SORTS: dict[str, SQLColumnExpression[Any]] = {"created_at": O.created_at}
SHOWN: Select[Any] = (
    select(
        O.id,
        O.order_number,
        O.seller_id,
        S.store_name,
        O.product_id,
        O.product_name,
        O.buyer_name,
        O.buyer_phone,
        O.buyer_address,
        O.status,
        O.payment_type,
        O.price_minor.label("price"),
        O.currency,
        O.affiliate,
        O.delivered_at,
        O.platform_fee_percent,
        func.round(O.price_minor * O.platform_fee_percent / 100).label("platform_fee"),
        O.affiliate_fee_percent,
        func.round(O.price_minor * O.affiliate_fee_percent / 100).label("affiliate_fee"),
        O.invoice_id,
        I.invoice_number,
        O.seller_paid,
        O.payment_settled_at,
        O.created_at,
        O.updated_at,
    )
    .join_from(MarketplaceOrder, MarketplaceSeller, O.seller_id == S.id, isouter=True)
    .join(MarketplaceInvoice, O.invoice_id == I.id, isouter=True)
)
ONE = SHOWN.where(O.id == bindparam("id"))


@requires(P.MARKETPLACE_OWN_ORDERS_MANAGE, P.MARKETPLACE_ORDERS_READ)
def page(session: Session, actor: Actor, filters: OrderFilters, request: PageRequest) -> Page[OrderOut]:
    """List orders, the latest first: a seller's own, an administrator's all. Sorts: created_at."""
    statement = _filtered(SHOWN.where(*_visible(actor)), filters)
    if filters.q:
        statement = statement.where(_called(session, actor, filters.q))
    ordered = sorted_by(statement, request.sort, SORTS, "-created_at", O.order_number)
    return paginate(session, ordered, request, MarketplaceOrder).map(lambda row: OrderOut(**row._mapping))


@requires(P.MARKETPLACE_OWN_ORDERS_MANAGE, P.MARKETPLACE_ORDERS_READ)
def find(session: Session, actor: Actor, order_id: UUID) -> OrderOut:
    """One order, or NotFound; so is another seller's."""
    row = session.execute(ONE.where(*_visible(actor)), {"id": order_id}).one_or_none()
    if row is None:
        raise NotFound.record("Order", order_id)
    return OrderOut(**row._mapping)


def _visible(actor: Actor) -> list[ColumnElement[bool]]:
    return [] if actor.may(P.MARKETPLACE_ORDERS_READ) else [O.seller_id == own_id(actor.subject_id)]


def _filtered(statement: Select[Any], filters: OrderFilters) -> Select[Any]:
    if filters.status:
        statement = statement.where(O.status.in_(filters.status))
    if filters.invoice_id:
        billed = select(L.order_id).where(L.invoice_id == filters.invoice_id)
        statement = statement.where(O.id.in_(billed), O.invoice_id == filters.invoice_id)
    for name in ("seller_id", "payment_type", "seller_paid"):
        value = getattr(filters, name)
        if value is not None:
            statement = statement.where(O[name] == value)
    if filters.from_on is not None:
        statement = statement.where(O.created_at >= clock.start_of(filters.from_on, ZONE))
    if filters.to_on is not None:
        end = clock.start_of(filters.to_on + timedelta(days=1), ZONE)
        statement = statement.where(O.created_at < end)
    return statement


def _called(session: Session, actor: Actor, words: str) -> ColumnElement[bool]:
    """Whose number begins so, or, for who sees all orders, whose seller is named so: found first, for the index."""
    number = O.order_number.startswith(words.upper(), autoescape=True)
    if not actor.may(P.MARKETPLACE_ORDERS_READ):
        return number
    of = session.scalars(named(words).limit(SELLERS_AT_MOST)).all()
    return or_(number, O.seller_id.in_(of)) if of else number
