"""Columns that several rental tables share."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Numeric


def feet() -> Any:
    """A length in feet with up to two decimals."""
    return Column(Numeric(5, 2), nullable=False)
