"""Orders as rows and facts, the same for the seller and for the administrator."""

from __future__ import annotations

from typing import Any

from lattis_app.core.language import say
from lattis_app.core.normal import spaced_phone
from lattis_app.marketplace.pages.looks import ORDER_TONES, PAYMENT_TYPES, percent
from lattis_app.marketplace.rules.amounts import amount
from lattis_app.marketplace.rules.weeks import ZONE
from lattis_app.marketplace.schemas.orders import OrderOut
from lattis_app.marketplace.statuses import OrderStatus, PaymentType
from lattis_app.ui import moments
from lattis_app.ui.badges import words
from lattis_app.ui.values import dash


def row(order: OrderOut) -> dict[str, str]:
    """One line of the list."""
    return {
        "id": str(order.id),
        "number": order.order_number,
        "buyer": order.buyer_name,
        "store": order.store_name,
        "product": dash(order.product_name),
        "created_at": moments.day(order.created_at, ZONE),
        "delivered_on": moments.day(order.delivered_at, ZONE) if order.delivered_at else "–",
        "status": words(order.status),
        "status_tone": ORDER_TONES[order.status],
        "payment": say(dict(PAYMENT_TYPES)[order.payment_type]),
        "invoice": order.invoice_number or "–",
        "price": amount(order.price, order.currency),
    }


def facts(order: OrderOut, invoice_href: str) -> dict[str, str]:
    """The order as label and value; fees are known once it is delivered, and owed where the buyer paid the seller. `invoice_href` leads to its invoice."""

    def fee(share: Any, minor: int | None) -> str:
        is_owed = minor is not None and order.payment_type == PaymentType.COD
        return f"{amount(minor or 0, order.currency)} ({percent(share)})" if is_owed else ""

    owed = (order.platform_fee or 0) + (order.affiliate_fee or 0)
    return row(order) | {
        "buyer": dash(order.buyer_name),
        "phone": dash(spaced_phone(order.buyer_phone)),
        "phone_href": f"tel:{order.buyer_phone}" if order.buyer_phone else "",
        "address": dash(order.buyer_address),
        "affiliate": dash(order.affiliate),
        "delivered": moments.moment(order.delivered_at, ZONE),
        "platform_fee": fee(order.platform_fee_percent, order.platform_fee),
        "affiliate_fee": fee(order.affiliate_fee_percent, order.affiliate_fee) or "–",
        "owed": amount(owed, order.currency),
        "settled": moments.moment(order.payment_settled_at, ZONE) if order.seller_paid else "",
        "invoice": order.invoice_number or _no_invoice(order),
        "invoice_href": invoice_href if order.invoice_id else "",
        "seller_href": f"/marketplace/sellers?open={order.seller_id}",
    }


def _no_invoice(order: OrderOut) -> str:
    if order.payment_type != PaymentType.COD:
        return say("None: the buyer paid by card")
    if order.status != OrderStatus.DELIVERED:
        return say("None: not delivered")
    return say("With next Monday's invoice")
