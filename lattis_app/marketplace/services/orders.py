"""Buyers' orders: made, sent, delivered; what is owed for them is frozen at delivery."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lattis_app.core import clock, events
from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.errors import Invalid, NotFound
from lattis_app.core.numbering import take_number
from lattis_app.core.schemas import minor_of
from lattis_app.core.transitions import move
from lattis_app.identity.permissions import Permission, requires
from lattis_app.marketplace.events import OrderCreated, OrderDelivered
from lattis_app.marketplace.models import MarketplaceOrder, MarketplaceProduct, MarketplaceSeller
from lattis_app.marketplace.queries import settings
from lattis_app.marketplace.queries.sellers import own_id
from lattis_app.marketplace.rules.weeks import ZONE, week_at
from lattis_app.marketplace.schemas.orders import OrderEntry, StepEntry
from lattis_app.marketplace.services import restrictions
from lattis_app.marketplace.statuses import ORDER_LIFECYCLE, Currency, OrderStatus

O, G = columns(MarketplaceOrder), columns(MarketplaceProduct)  # noqa: E741 — one letter per table
P = Permission
SERIES, DIGITS = "ORD", 7


@requires(P.MARKETPLACE_OWN_ORDERS_MANAGE)
def create(session: Session, actor: Actor, entry: OrderEntry) -> MarketplaceOrder:
    """Take a buyer's order. Raises SellerRestricted with the invoices and the amount to clear, Invalid."""
    seller = restrictions.require_free(session, own_id(actor.subject_id))
    product = _product(session, seller.id, entry.product_id)
    price, currency = _price(entry, product)
    order = MarketplaceOrder(
        seller_id=seller.id,
        product_id=product.id if product else None,
        product_name=entry.product_name or (product.name if product else ""),
        buyer_name=entry.buyer_name,
        buyer_phone=entry.buyer_phone,
        buyer_address=entry.buyer_address,
        payment_type=entry.payment_type,
        price_minor=price,
        currency=currency,
        affiliate=entry.affiliate,
        order_number=take_number(session, SERIES, clock.today(ZONE).year, DIGITS),
    )
    session.add(order)
    events.record(session, OrderCreated(order.id, order.order_number, seller.id))
    return order


@requires(P.MARKETPLACE_OWN_ORDERS_MANAGE, P.MARKETPLACE_ORDERS_MANAGE)
def step(session: Session, actor: Actor, order_id: UUID, entry: StepEntry) -> MarketplaceOrder:
    """Take an order to its next status; a delivery freezes its week and fees. Raises InvalidTransition, NotFound."""
    order = _lock(session, actor, order_id)
    ORDER_LIFECYCLE.check(OrderStatus(order.status), entry.status)
    event = None
    if entry.status is OrderStatus.DELIVERED:
        _deliver(session, order, entry.delivered_at or clock.now())
        event = OrderDelivered(order.id, order.order_number, order.seller_id)
    return move(session, actor, order, ORDER_LIFECYCLE, entry.status, event=event)


def _deliver(session: Session, order: MarketplaceOrder, at: datetime) -> None:
    if at > clock.now():
        raise Invalid.field("deliveredAt", "must not be in the future")
    if at < order.created_at:
        raise Invalid.field("deliveredAt", "must not be before the order was made")
    usual, seller = settings.current(session), session.get_one(MarketplaceSeller, order.seller_id)
    own, affiliate = seller.platform_fee_percent, seller.affiliate_fee_percent
    order.delivered_at, order.delivered_week = at, week_at(at).starts_on
    order.platform_fee_percent = usual.platform_fee_percent if own is None else own
    if order.affiliate is not None:
        order.affiliate_fee_percent = usual.affiliate_fee_percent if affiliate is None else affiliate


def _price(entry: OrderEntry, product: MarketplaceProduct | None) -> tuple[int, str]:
    """What the buyer pays, in minor units, and in which currency: what is said, else as the product has it."""
    usual = product.currency if product else Currency.MKD
    if entry.price is not None:
        return minor_of(entry.price), entry.currency or usual
    return (product.price_minor if product else 0), usual


def _product(session: Session, seller_id: UUID, product_id: UUID | None) -> MarketplaceProduct | None:
    if product_id is None:
        return None
    own = select(MarketplaceProduct).where(G.id == product_id, G.seller_id == seller_id, G.active)
    product = session.scalars(own).one_or_none()
    if product is None:
        raise Invalid.field("productId", "is no active product of yours")
    return product


def _lock(session: Session, actor: Actor, order_id: UUID) -> MarketplaceOrder:
    statement = select(MarketplaceOrder).where(O.id == order_id)
    if not actor.may(P.MARKETPLACE_ORDERS_MANAGE):
        statement = statement.where(O.seller_id == own_id(actor.subject_id))
    locked = statement.with_for_update().execution_options(populate_existing=True)
    order = session.scalars(locked).one_or_none()
    if order is None:
        raise NotFound.record("Order", order_id)
    return order
