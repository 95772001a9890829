"""Documents that whoever holds the paper can check by the secret in their link; domains register which there are."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Select, SQLColumnExpression, Text, bindparam, cast, literal, select, union_all
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.errors import NotFound
from lattis_app.core.money import Money
from lattis_app.core.settings import settings

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


class Meaning(StrEnum):
    """What may be true of a document, as the check page says it."""

    DRAFT = "draft"
    VALID = "valid"
    UNPAID = "unpaid"
    PARTLY_PAID = "partly paid"
    PAID = "paid"
    SETTLED = "settled"
    RECEIVED = "received"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Standing:
    """What a status is called, and what it means to whoever holds the paper."""

    label: str
    meaning: Meaning
    tone: str = "ok"


@dataclass(frozen=True, kw_only=True)
class CheckedKind:
    """A kind of document with a check link.

    `addressee`, `amount` and `amount_below_zero` are the words before these, `written` writes an amount as the paper does;
    `zone` is the business's time zone where it is not the usual one.
    """

    label: str
    addressee: str
    amount: str
    rows: Select[Any]
    token: Column[Any]
    standings: Mapping[str, Standing]
    amount_below_zero: str = ""
    written: Callable[[Money], str] = Money.text
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class CheckedDocument:
    """A document as it stands now; whom it is for by initials only."""

    kind: CheckedKind = field(repr=False)
    number: str | None
    dated_on: date
    amount: Money
    status: str
    issuer: str
    addressee: str

    @property
    def standing(self) -> Standing:
        """What its status means."""
        return self.kind.standings[self.status]


KINDS: list[CheckedKind] = []


def register_checked(*kinds: CheckedKind) -> None:
    """Let these documents be checked."""
    KINDS.extend(kind for kind in kinds if kind not in KINDS)


def rows_of(
    source: Any,
    *,
    number: Column[Any],
    moment: SQLColumnExpression[Any],
    amount: SQLColumnExpression[Any],
    currency: Column[Any],
    status: SQLColumnExpression[Any],
    issuer: SQLColumnExpression[Any],
    addressee: SQLColumnExpression[Any],
) -> Select[Any]:
    """What a document says of itself, one row each, as every kind has to name it."""
    shown: Select[Any] = select(
        number.label("number"),
        moment.label("moment"),
        amount.label("amount"),
        currency.label("currency"),
        cast(status, Text).label("status"),
        issuer.label("issuer"),
        addressee.label("addressee"),
    )
    return shown.select_from(source)


def link(token: str) -> str:
    """The address that is printed, and drawn as a QR code, on a document."""
    return f"{settings().url}/check/{token}"


def find_by(session: Session, token: str) -> CheckedDocument:
    """The document whose check link has this secret. NotFound, in the same words, for anything else."""
    asked = [
        kind.rows.add_columns(literal(place).label("place")).where(kind.token == bindparam("token"))
        for place, kind in enumerate(KINDS)
    ]
    known = TOKEN.fullmatch(token) and session.execute(union_all(*asked), {"token": token}).one_or_none()
    if not known:
        raise NotFound("There is no such document")
    kind = KINDS[known.place]
    return CheckedDocument(
        kind,
        number=known.number,
        dated_on=clock.date_of(known.moment, kind.zone),
        amount=Money(known.amount, known.currency),
        status=known.status,
        issuer=known.issuer,
        addressee=initials(known.addressee),
    )


def initials(name: str) -> str:
    """The first letters of a name: enough to compare with the paper, too little to learn who it is."""
    return " ".join(f"{word[0].upper()}." for word in re.findall(r"[^\W_]+", name))
