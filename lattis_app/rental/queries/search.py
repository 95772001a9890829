"""Finding any rental record by what people remember of it: a number, a name, a phone, a serial, a registration.

Drivers and lorries are few and are looked through; the rest is found from indexes (`core.searching`).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from lattis_app.core import searching
from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.searching import CANDIDATES, FoundRecord, Kind, Typed
from lattis_app.identity.permissions import Permission, Role, requires
from lattis_app.parties.models import Party
from lattis_app.parties.queries import names
from lattis_app.rental.models import (
    RentalBin,
    RentalBooking,
    RentalCustomer,
    RentalDeliveryOrder,
    RentalDriver,
    RentalInvoice,
    RentalLorry,
    RentalPayment,
)
from lattis_app.rental.queries import delivery_orders

C, P, B, D = columns(RentalCustomer), columns(Party), columns(RentalBooking), columns(RentalDeliveryOrder)
I, Y, N = columns(RentalInvoice), columns(RentalPayment), columns(RentalBin)  # noqa: E741 — one letter per table
R, L = columns(RentalDriver), columns(RentalLorry)


@requires(Permission.PLATFORM_SEARCH_USE)
def find(session: Session, actor: Actor, words: str) -> list[FoundRecord]:
    """Records that fit the words, at most five of each kind and only of kinds and rows the actor may see."""
    return searching.find(session, actor, words, KINDS)


def _customers(typed: Typed, _actor: Actor) -> Select[Any]:
    known: Any = names.known(typed)
    about = func.concat_ws(" · ", known.c.contact_name, known.c.phone)
    found = searching.shown(C.id, known.c.name, about)
    return found.join_from(known, RentalCustomer, C.party_id == known.c.id).where(C.merged_into_id.is_(None))


def _bookings(typed: Typed, actor: Actor) -> Select[Any]:
    found = searching.shown(B.id, B.number, P.name, B.scheduled_on)
    found = found.join_from(RentalBooking, RentalCustomer).join(Party, C.party_id == P.id)
    if actor.role == Role.DRIVER:
        found = found.where(or_(B.created_by_id == actor.user_id, B.driver_id == actor.subject_id))
    return found.where(or_(*typed.numbers(B.number, "BK")))


def _delivery_orders(typed: Typed, actor: Actor) -> Select[Any]:
    signs = [
        *typed.numbers(D.system_do_number, "DO"),
        *typed.phones(D.phone),
        D.do_book_number.startswith(typed.words, autoescape=True),
        func.lower(D.company_name).startswith(typed.words.lower(), autoescape=True),
    ]
    known = (
        select(D.id, D.system_do_number, D.company_name, D.service_on).where(or_(*signs)).limit(CANDIDATES)
    )
    own = delivery_orders.mine(actor)
    fits: Any = (known if own is None else known.where(own)).subquery().c
    return searching.shown(fits.id, fits.system_do_number, fits.company_name, fits.service_on)


def _invoices(typed: Typed, _actor: Actor) -> Select[Any]:
    found = searching.shown(I.id, I.invoice_number, I.bill_to["name"].astext, I.issued_on)
    return found.where(or_(*typed.numbers(I.invoice_number, "INV")))


def _payments(typed: Typed, _actor: Actor) -> Select[Any]:
    found = searching.shown(Y.id, Y.receipt_number, P.name, Y.received_on)
    found = found.join_from(RentalPayment, RentalCustomer, Y.customer_id == C.id).join(
        Party, C.party_id == P.id
    )
    return found.where(or_(*typed.numbers(Y.receipt_number, "RCPT")))


def _bins(typed: Typed, _actor: Actor) -> Select[Any]:
    about = func.concat_ws(" · ", func.replace(N.status, "_", " "), func.nullif(N.area, ""))
    return searching.shown(N.id, N.serial_number, about).where(typed.begins(N.serial_number))


def _drivers(typed: Typed, _actor: Actor) -> Select[Any]:
    signs = [R.name.icontains(typed.words, autoescape=True), *typed.phones(R.phone)]
    return searching.shown(R.id, R.name, R.phone).where(or_(*signs))


def _lorries(typed: Typed, _actor: Actor) -> Select[Any]:
    bare = func.replace(L.registration_no, " ", "")
    is_it = bare.icontains(typed.words.replace(" ", ""), autoescape=True)
    return searching.shown(L.id, L.registration_no, L.type).where(is_it)


KINDS = (
    Kind("customer", (Permission.RENTAL_CUSTOMERS_READ,), _customers),
    Kind("booking", (Permission.RENTAL_BOOKINGS_READ,), _bookings, newest_first=True),
    Kind("delivery_order", (Permission.RENTAL_DELIVERY_ORDERS_READ,), _delivery_orders, newest_first=True),
    Kind("invoice", (Permission.RENTAL_INVOICES_READ,), _invoices, newest_first=True),
    Kind("payment", (Permission.RENTAL_PAYMENTS_READ,), _payments, newest_first=True),
    Kind("bin", (Permission.RENTAL_BINS_READ,), _bins),
    Kind("driver", (Permission.RENTAL_DRIVERS_READ,), _drivers),
    Kind("lorry", (Permission.RENTAL_LORRIES_READ,), _lorries),
)
