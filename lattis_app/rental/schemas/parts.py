"""Values that several rental schemas share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import (
    BeforeValidator,
    Field,
    PlainSerializer,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)

from lattis_app.core.schemas import BusinessDate, Entry, Filters, Moment

ServiceMoment = Annotated[
    Moment,
    Field(ge=datetime(2000, 1, 1, tzinfo=UTC), le=datetime(2199, 12, 31, tzinfo=UTC)),
]
"""A point in time that business can be done at."""


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


NUMBER = (
    PlainSerializer(_number, return_type=int | float, when_used="json"),
    WithJsonSchema({"type": "number"}, mode="serialization"),
)
Feet = Annotated[Decimal, Field(gt=0, le=100, decimal_places=2), *NUMBER]
Quantity = Annotated[Decimal, Field(gt=0, le=1_000_000, decimal_places=3), *NUMBER]


def any_of(kind: Callable[[str], object]) -> BeforeValidator:
    """Several values of one filter, repeated or separated by commas: `status=issued,closed`."""

    def read(given: object) -> list[object]:
        parts = given if isinstance(given, (list, tuple)) else [given]
        try:
            return [kind(each) for part in parts for each in str(part).split(",") if each]
        except ValueError as error:
            if isinstance(kind, type) and issubclass(kind, StrEnum):
                raise ValueError(f"must be one of {', '.join(kind)}") from error
            raise ValueError("must be ids separated by commas") from error

    return BeforeValidator(read)


class BinSize(Entry):
    """Height, length and width of a bin in feet."""

    h_ft: Feet
    l_ft: Feet
    w_ft: Feet

    @property
    def text(self) -> str:
        """For people: `4 × 12 × 6 ft`."""
        return f"{_number(self.h_ft)} × {_number(self.l_ft)} × {_number(self.w_ft)} ft"

    @property
    def short_text(self) -> str:
        """Where there is little room: `4×12×6`."""
        return f"{_number(self.h_ft)}×{_number(self.l_ft)}×{_number(self.w_ft)}"


class Span(Filters):
    """From one business date to another, both included."""

    from_on: Annotated[BusinessDate | None, Field(alias="from")] = None
    to_on: Annotated[BusinessDate | None, Field(alias="to")] = None

    @field_validator("to_on")
    @classmethod
    def _runs_forward(cls, to: date | None, info: ValidationInfo) -> date | None:
        since = info.data.get("from_on")
        if to and since and to < since:
            raise ValueError("must not be before from")
        return to
