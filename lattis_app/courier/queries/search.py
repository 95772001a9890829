"""Finding any courier record by a tracking number, an invoice's number, or a merchant's name, code or phone."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Date, Select, cast, func, or_
from sqlalchemy.orm import Session

from lattis_app.core import clock, searching
from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.searching import FoundRecord, Kind, Typed
from lattis_app.courier.models import CourierMerchant, CourierMerchantInvoice, CourierParcel
from lattis_app.courier.queries.scopes import scoped
from lattis_app.identity.permissions import Permission, requires
from lattis_app.parties.queries import names

M, I, P = columns(CourierMerchant), columns(CourierMerchantInvoice), columns(CourierParcel)  # noqa: E741 — one letter per table


@requires(Permission.PLATFORM_SEARCH_USE)
def find(session: Session, actor: Actor, words: str) -> list[FoundRecord]:
    """Records that fit the words, at most five of each kind and only of kinds and rows the actor may see."""
    return searching.find(session, actor, words, KINDS)


def _merchants(typed: Typed, actor: Actor) -> Select[Any]:
    known: Any = names.known(typed)
    about = func.concat_ws(" · ", M.code, known.c.phone)
    found = searching.shown(M.id, known.c.name, about)
    return scoped(found.join_from(known, CourierMerchant, M.party_id == known.c.id), actor, M.id)


def _parcels(typed: Typed, actor: Actor) -> Select[Any]:
    about = func.concat_ws(
        " · ", func.lower(func.replace(P.status, "_", " ")), func.nullif(P.recipient_name, "")
    )
    day = cast(func.timezone(clock.business_zone().key, P.delivered_at), Date)
    found = searching.shown(P.id, P.tracking_number, about, day)
    return scoped(found.where(typed.begins(P.tracking_number)), actor, P.merchant_id)


def _invoices(typed: Typed, actor: Actor) -> Select[Any]:
    found = searching.shown(I.id, I.invoice_no, I.bill_to["name"].astext, I.generated_on)
    return scoped(found.where(or_(*typed.numbers(I.invoice_no, "INV"))), actor, I.merchant_id)


KINDS = (
    Kind("merchant", (Permission.COURIER_INVOICES_MANAGE,), _merchants),
    Kind("parcel", (Permission.COURIER_PARCELS_READ,), _parcels),
    Kind("merchant_invoice", (Permission.COURIER_INVOICES_READ,), _invoices, newest_first=True),
)
