"""Searching all records of a domain by one statement: what somebody typed, and a few records of each kind that fit it.

Numbers, phones and serials are found by their beginning and names of parties by the beginning of any word, all from
indexes. A short number alone (`45`) means this year's document of that number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    CompoundSelect,
    Date,
    Select,
    SQLColumnExpression,
    Text,
    UnaryExpression,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql.operators import custom_op

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.normal import phone_start
from lattis_app.core.numbering import numbered
from lattis_app.core.schemas import Out

MOST_OF_A_KIND = 5
CANDIDATES = 200
"""So many that fit are chosen before they are ordered; else PostgreSQL reads all in order until five of them fit."""
LONGEST = 100
NO_DAY: SQLColumnExpression[Any] = cast(null(), Date)
LONGEST_SHORT_NUMBER = 7
AFTER_THE_SERIES = re.compile(r"\d{4}-\d*")


class FoundRecord(Out):
    """One record: what it is called, and a few words to tell it from others."""

    kind: str
    id: UUID
    title: str
    text: str
    day: date | None


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


@dataclass(frozen=True)
class Kind:
    """One kind of record: the permissions of which one lets it be found, and how. Those of the newest number come first, or of the first name."""

    name: str
    permissions: tuple[str, ...]
    finder: Finder
    newest_first: bool = False


def find(session: Session, actor: Actor, words: str, kinds: Sequence[Kind]) -> list[FoundRecord]:
    """Records that fit the words, at most five of each kind the actor may see, in the order of the kinds."""
    asking = statement(actor, words, kinds)
    if asking is None:
        return []
    found = [FoundRecord.model_validate(row) for row in session.execute(asking)]
    return [record for kind in kinds for record in _in_order(kind, found)]


def statement(actor: Actor, words: str, kinds: Sequence[Kind]) -> CompoundSelect[Any] | None:
    """The one statement that answers these words for this actor, or None where there is nothing to ask."""
    typed = Typed(words.strip()[:LONGEST])
    asked = (kind for kind in kinds if any(map(actor.may, kind.permissions)))
    parts = [_first_of(kind, kind.finder(typed, actor)) for kind in asked]
    if not typed.name_words or not parts:
        return None
    return union_all(*parts)


def shown(
    record_id: SQLColumnExpression[Any],
    title: SQLColumnExpression[Any],
    about: SQLColumnExpression[Any],
    day: SQLColumnExpression[Any] = NO_DAY,
) -> Select[Any]:
    """What is read of a record that was found."""
    read: tuple[SQLColumnExpression[Any], ...] = (
        record_id.label("id"),
        title.label("title"),
        cast(about, Text).label("text"),
        day.label("day"),
    )
    return select(*read)


def _first_of(kind: Kind, found: Select[Any]) -> Select[Any]:
    title = found.selected_columns.title
    ordered = found.order_by(_last_first(title) if kind.newest_first else title.asc())
    first: Any = ordered.limit(MOST_OF_A_KIND).subquery().c
    return select(
        cast(literal(kind.name), Text).label("kind"),
        first.id,
        func.coalesce(first.title, "Draft").label("title"),
        func.coalesce(first.text, "").label("text"),
        first.day,
    )


def _last_first(number: ColumnElement[Any]) -> ColumnElement[Any]:
    """The order of the index that finds numbers by their beginning, backwards: it is read no further than need be."""
    return UnaryExpression(number, modifier=custom_op("USING ~>~"))


def _in_order(kind: Kind, found: Sequence[FoundRecord]) -> list[FoundRecord]:
    own = (record for record in found if record.kind == kind.name)
    return sorted(own, key=lambda record: record.title, reverse=kind.newest_first)
