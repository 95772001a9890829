"""Finding any rental record by what people remember of it: a number, a name, a phone, a serial, a registration.

One statement asks for every kind that the actor may see, a few of each. Numbers, phones and serials are found by their
beginning and names of customers by the beginning of any word, all from indexes; drivers and lorries are few and are
looked through. A short number alone (`45`) means this year's document of that number.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    CompoundSelect,
    Date,
    Select,
    SQLColumnExpression,
    Text,
    cast,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.normal import phone_start
from lattis_app.core.numbering import numbered
from lattis_app.identity.permissions import Permission, Role, requires
from lattis_app.parties.models import Party
from lattis_app.parties.models.parties import NAME_WORDS
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
from lattis_app.rental.schemas.search import FoundKind, FoundRecord

MOST_OF_A_KIND = 5
CANDIDATES = 200
"""So many that fit are chosen before they are ordered; else PostgreSQL reads all in order until five of them fit."""
LONGEST = 100
NO_DAY: SQLColumnExpression[Any] = cast(null(), Date)
LONGEST_SHORT_NUMBER = 5
AFTER_THE_SERIES = re.compile(r"\d{4}-\d*")
NEWEST_FIRST = frozenset({FoundKind.BOOKING, FoundKind.DELIVERY_ORDER, FoundKind.INVOICE, FoundKind.PAYMENT})
C, P, B, D = columns(RentalCustomer), columns(Party), columns(RentalBooking), columns(RentalDeliveryOrder)
I, Y, N = columns(RentalInvoice), columns(RentalPayment), columns(RentalBin)  # noqa: E741 — one letter per table
R, L = columns(RentalDriver), columns(RentalLorry)


@dataclass(frozen=True)
class Typed:
    """What somebody typed, as each kind of record is searched by it."""

    words: str

    @cached_property
    def name_words(self) -> str:
        """A text query for names that have words beginning with each of these."""
        return " & ".join(f"{word}:*" for word in re.findall(r"[^\W_]+", self.words))

    def begins(self, column: Column[Any]) -> ColumnElement[bool]:
        """Whether a number or serial begins so."""
        return column.startswith(self.words.upper(), autoescape=True)

    def numbers(self, column: Column[Any], series: str) -> list[ColumnElement[bool]]:
        """Whether a document's number begins so, with its series or without, or is this year's of this short number."""
        signs = [self.begins(column)]
        if AFTER_THE_SERIES.fullmatch(self.words):
            signs.append(column.startswith(f"{series}-{self.words}", autoescape=True))
        if self.words.isdecimal() and len(self.words) <= LONGEST_SHORT_NUMBER:
            signs.append(column == numbered(series, str(clock.today().year), int(self.words)))
        return signs

    def phones(self, column: Column[Any]) -> list[ColumnElement[bool]]:
        """Whether a phone number begins so, if this is one."""
        start = phone_start(self.words)
        return [column.startswith(start, autoescape=True)] if start else []


Finder = Callable[[Typed, Actor], Select[Any]]


@requires(Permission.PLATFORM_SEARCH_USE)
def find(session: Session, actor: Actor, words: str) -> list[FoundRecord]:
    """Records that fit the words, at most five of each kind and only of kinds and rows the actor may see."""
    statement = _statement_for(actor, words)
    if statement is None:
        return []
    rows = session.execute(statement)
    found = [FoundRecord.model_validate(row) for row in rows]
    return [
        record
        for kind in FoundKind
        for record in sorted(
            (each for each in found if each.kind is kind),
            key=lambda each: each.title,
            reverse=kind in NEWEST_FIRST,
        )
    ]


def _statement_for(actor: Actor, words: str) -> CompoundSelect[Any] | None:
    """The one statement that answers these words for this actor, or None where there is nothing to ask."""
    typed = Typed(words.strip()[:LONGEST])
    asked = [finder(typed, actor) for permission, finder in FINDERS if actor.may(permission)]
    if not typed.name_words or not asked:
        return None
    return union_all(*(select(part.subquery()) for part in asked))


def _found(
    kind: FoundKind,
    record_id: SQLColumnExpression[Any],
    title: SQLColumnExpression[Any],
    about: SQLColumnExpression[Any],
    day: SQLColumnExpression[Any] = NO_DAY,
) -> Select[Any]:
    shown: list[SQLColumnExpression[Any]] = [
        cast(literal(str(kind)), Text).label("kind"),
        record_id.label("id"),
        func.coalesce(title, "Draft").label("title"),
        func.coalesce(cast(about, Text), "").label("text"),
        day.label("day"),
    ]
    order = title.desc() if kind in NEWEST_FIRST else title.asc()
    return select(*shown).order_by(order).limit(MOST_OF_A_KIND)


def _customers(typed: Typed, _actor: Actor) -> Select[Any]:
    words: ColumnElement[Any] = literal_column(NAME_WORDS)
    signs = [
        words.op("@@")(func.to_tsquery(literal_column("'simple'"), typed.name_words)),
        *typed.phones(P.phone),
    ]
    known = select(P.id, P.name, P.contact_name, P.phone).where(or_(*signs)).limit(CANDIDATES).subquery()
    shown: Any = known.c
    found = _found(
        FoundKind.CUSTOMER, C.id, shown.name, func.concat_ws(" · ", shown.contact_name, shown.phone)
    )
    return found.join_from(known, RentalCustomer, C.party_id == shown.id).where(C.merged_into_id.is_(None))


def _bookings(typed: Typed, actor: Actor) -> Select[Any]:
    found = _found(FoundKind.BOOKING, B.id, B.number, P.name, B.scheduled_on)
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
    shown: Any = (known if own is None else known.where(own)).subquery().c
    number, name = shown.system_do_number, shown.company_name
    return _found(FoundKind.DELIVERY_ORDER, shown.id, number, name, shown.service_on)


def _invoices(typed: Typed, _actor: Actor) -> Select[Any]:
    found = _found(FoundKind.INVOICE, I.id, I.invoice_number, I.bill_to["name"].astext, I.issued_on)
    return found.where(or_(*typed.numbers(I.invoice_number, "INV")))


def _payments(typed: Typed, _actor: Actor) -> Select[Any]:
    found = _found(FoundKind.PAYMENT, Y.id, Y.receipt_number, P.name, Y.received_on)
    found = found.join_from(RentalPayment, RentalCustomer, Y.customer_id == C.id).join(
        Party, C.party_id == P.id
    )
    return found.where(or_(*typed.numbers(Y.receipt_number, "RCPT")))


def _bins(typed: Typed, _actor: Actor) -> Select[Any]:
    about = func.concat_ws(" · ", func.replace(N.status, "_", " "), func.nullif(N.area, ""))
    return _found(FoundKind.BIN, N.id, N.serial_number, about).where(typed.begins(N.serial_number))


def _drivers(typed: Typed, _actor: Actor) -> Select[Any]:
    signs = [R.name.icontains(typed.words, autoescape=True), *typed.phones(R.phone)]
    return _found(FoundKind.DRIVER, R.id, R.name, R.phone).where(or_(*signs))


def _lorries(typed: Typed, _actor: Actor) -> Select[Any]:
    bare = func.replace(L.registration_no, " ", "")
    is_it = bare.icontains(typed.words.replace(" ", ""), autoescape=True)
    return _found(FoundKind.LORRY, L.id, L.registration_no, L.type).where(is_it)


FINDERS: tuple[tuple[Permission, Finder], ...] = (
    (Permission.RENTAL_CUSTOMERS_READ, _customers),
    (Permission.RENTAL_BOOKINGS_READ, _bookings),
    (Permission.RENTAL_DELIVERY_ORDERS_READ, _delivery_orders),
    (Permission.RENTAL_INVOICES_READ, _invoices),
    (Permission.RENTAL_PAYMENTS_READ, _payments),
    (Permission.RENTAL_BINS_READ, _bins),
    (Permission.RENTAL_DRIVERS_READ, _drivers),
    (Permission.RENTAL_LORRIES_READ, _lorries),
)
