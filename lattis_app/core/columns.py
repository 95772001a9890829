"""Columns and constraints that tables of several packages share."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, Numeric

STATUS = frozenset({"status"})
"""Fields whose changes `move()` writes to the history itself."""


def one_of(column: str, values: Iterable[StrEnum]) -> CheckConstraint:
    """A column holds one of an enum's values, in the database too."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def quantity() -> Any:
    """A counted or weighed amount with up to three decimals."""
    return Column(Numeric(12, 3), nullable=False)


def minor() -> Any:
    """An amount of money in minor units."""
    return Column(BigInteger, nullable=False, default=0)


def percent(*, nullable: bool = False) -> Any:
    """A percentage with up to two decimals."""
    return Column(Numeric(5, 2), nullable=nullable)


def new_check_token() -> str:
    """The secret in a document's check link: 256 random bits."""
    return secrets.token_urlsafe(32)
