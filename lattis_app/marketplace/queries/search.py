"""Finding any marketplace record by an order's or invoice's number, a buyer's phone, a product, or a seller's name or code."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Date, Select, case, cast, func, or_
from sqlalchemy.orm import Session

from lattis_app.core import searching
from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.searching import FoundRecord, Kind, Typed
from lattis_app.identity.permissions import Permission, requires
from lattis_app.marketplace.models import (
    MarketplaceInvoice,
    MarketplaceOrder,
    MarketplaceProduct,
    MarketplaceSeller,
)
from lattis_app.marketplace.rules.weeks import ZONE
from lattis_app.parties.models import Party
from lattis_app.parties.queries import names

S, P, O = columns(MarketplaceSeller), columns(MarketplaceProduct), columns(MarketplaceOrder)  # noqa: E741 — one letter per table
I, N = columns(MarketplaceInvoice), columns(Party)  # noqa: E741 — one letter per table


@requires(Permission.PLATFORM_SEARCH_USE)
def find(session: Session, actor: Actor, words: str) -> list[FoundRecord]:
    """Records that fit the words, at most five of each kind and only of kinds and rows the actor may see."""
    return searching.find(session, actor, words, KINDS)


def _sellers(typed: Typed, _actor: Actor) -> Select[Any]:
    known: Any = names.known(typed)
    begins = S.store_name.istartswith(typed.words, autoescape=True)
    about = func.concat_ws(" · ", S.code, func.nullif(N.contact_name, ""), N.phone)
    found = searching.shown(S.id, S.store_name, about).join_from(MarketplaceSeller, Party)
    return found.where(
        or_(S.party_id.in_(known.select().with_only_columns(known.c.id)), begins, typed.begins(S.code))
    )


def _orders(typed: Typed, actor: Actor) -> Select[Any]:
    about = func.concat_ws(" · ", O.status, func.nullif(O.buyer_name, ""))
    day = cast(func.timezone(ZONE, O.created_at), Date)
    found = searching.shown(O.id, O.order_number, about, day)
    found = found.where(typed.begins(O.order_number))
    sees_all = actor.may(Permission.MARKETPLACE_ORDERS_READ)
    return found if sees_all else found.where(O.seller_id == actor.subject_id)


def _products(typed: Typed, actor: Actor) -> Select[Any]:
    found = searching.shown(P.id, P.name, case((P.active, "on offer"), else_="inactive"))
    return found.where(
        P.seller_id == actor.subject_id, func.lower(P.name).startswith(typed.words.lower(), autoescape=True)
    )


def _invoices(typed: Typed, actor: Actor) -> Select[Any]:
    found = searching.shown(I.id, I.invoice_number, I.bill_to["name"].astext, I.week_starts_on)
    found = found.where(or_(*typed.numbers(I.invoice_number, "INV")))
    sees_all = actor.may(Permission.MARKETPLACE_INVOICES_READ)
    return found if sees_all else found.where(I.seller_id == actor.subject_id)


KINDS = (
    Kind("seller", (Permission.MARKETPLACE_SELLERS_READ,), _sellers),
    Kind(
        "order",
        (Permission.MARKETPLACE_ORDERS_READ, Permission.MARKETPLACE_OWN_ORDERS_MANAGE),
        _orders,
        newest_first=True,
    ),
    Kind("product", (Permission.MARKETPLACE_OWN_PRODUCTS_MANAGE,), _products),
    Kind(
        "seller_invoice",
        (Permission.MARKETPLACE_INVOICES_READ, Permission.MARKETPLACE_OWN_INVOICES_READ),
        _invoices,
        newest_first=True,
    ),
)
