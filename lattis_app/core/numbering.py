"""Gapless document numbers: taken in the transaction that uses them, given back when it fails."""

from __future__ import annotations

from typing import Any

from sqlalchemy import SQLColumnExpression, func, text
from sqlalchemy.orm import Session
from sqlmodel import Field

from lattis_app.core.db import Row

_TAKE = text(
    "INSERT INTO number_series (series, period, last) VALUES (:series, :period, 1) "
    "ON CONFLICT (series, period) DO UPDATE SET last = number_series.last + 1 RETURNING last"
)


class NumberSeries(Row, table=True):
    """The last number given out per series and period."""

    __tablename__ = "number_series"

    series: str = Field(primary_key=True, max_length=40)
    period: str = Field(primary_key=True, max_length=16)
    last: int = 0


def take_number(session: Session, series: str, period: str | int, digits: int = 5) -> str:
    """The next number of a series, `INV-2026-00012`.

    Holds the series until commit, so that a rollback leaves no gap: take it late in the transaction.
    """
    with session.no_autoflush:
        last = session.execute(_TAKE, {"series": series, "period": str(period)}).scalar_one()
    return numbered(series, period, last, digits)


def in_order(number: SQLColumnExpression[Any]) -> SQLColumnExpression[Any]:
    """What lists of documents are ordered by: after 99,999 come numbers of six digits, which as text would come before.

    A function of the database, so that an index holds it (docs/decisions/0023).
    """
    return func.number_in_order(number)


def numbered(series: str, period: str | int, number: int, digits: int = 5) -> str:
    """How a number of a series is written: `INV-2026-00012`."""
    return f"{series}-{period}-{number:0{digits}d}"
