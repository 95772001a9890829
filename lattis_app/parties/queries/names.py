"""Finding people and companies by the beginnings of their names' words, or by their phone."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Subquery, func, literal_column, or_, select

from lattis_app.core.db import columns
from lattis_app.core.searching import CANDIDATES, Typed
from lattis_app.parties.models import Party
from lattis_app.parties.models.parties import NAME_WORDS

P = columns(Party)


def known(typed: Typed) -> Subquery:
    """Parties that fit what was typed, with name, contact and phone; a part of a domain's search."""
    words: ColumnElement[Any] = literal_column(NAME_WORDS)
    signs = [
        words.op("@@")(func.to_tsquery(literal_column("'simple'"), typed.name_words)),
        *typed.phones(P.phone),
    ]
    return select(P.id, P.name, P.contact_name, P.phone).where(or_(*signs)).limit(CANDIDATES).subquery()
