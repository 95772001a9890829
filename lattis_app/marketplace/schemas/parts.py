"""Values that several marketplace schemas share."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field, PlainSerializer, WithJsonSchema

from lattis_app.core.schemas import CLEAN, NUMBER

Percent = Annotated[Decimal, Field(ge=0, le=100, decimal_places=2), *NUMBER]
PercentOut = Annotated[Decimal, *NUMBER]
Rate = Annotated[Decimal, Field(gt=0, le=100_000, decimal_places=4), *NUMBER]
Search = Annotated[str, Field(max_length=120), CLEAN]
Notes = Annotated[str, Field(max_length=2000), CLEAN]


def _major(minor: int | None) -> float | None:
    return None if minor is None else float(Decimal(minor).scaleb(-2))


MoneyOrNone = Annotated[
    int | None,
    PlainSerializer(_major, return_type=float | None),
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "null"}]}, mode="serialization"),
]
"""Minor units inside, a number in major units outside; null where the other currency was used."""
