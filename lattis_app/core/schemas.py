"""Building blocks of input and output schemas: amounts, text, phone numbers, and the entry base class.

The same entry serves REST and forms, so both refuse the same things with the same words.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)

from lattis_app.core.errors import Invalid, field_problems
from lattis_app.core.money import DECIMALS, DEFAULT_CURRENCY, InvalidAmount, Money, decimals, parse_money
from lattis_app.core.normal import normal_email, normal_phone

CURRENCIES = frozenset(code.lower() for code in DECIMALS)


class Entry(BaseModel):
    """What somebody typed or sent; unknown fields are refused so that a typo is not silently lost."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Filters(Entry):
    """Which records to list; page, order and other query parameters stand beside it in the same query."""

    model_config = ConfigDict(extra="ignore")


class Changes(Entry):
    """What to change about a record. A field not given stays; null clears those in `clearable`."""

    clearable: ClassVar[Mapping[str, Any]] = {}

    @field_validator("*", mode="before")
    @classmethod
    def _keeps_what_it_needs(cls, value: Any, info: ValidationInfo) -> Any:
        if value is None and info.field_name not in cls.clearable:
            raise ValueError("must not be empty")
        return value

    def given(self) -> dict[str, Any]:
        """The fields to change and their new values; a cleared one has its empty value."""
        values = self.model_dump(exclude_unset=True)
        return {name: self.clearable[name] if value is None else value for name, value in values.items()}


class Out(BaseModel):
    """What the API answers; a list saved as a file leaves out the fields in `not_in_files`."""

    model_config = ConfigDict(frozen=True, from_attributes=True)
    not_in_files: ClassVar[frozenset[str]] = frozenset()


def camel(name: str) -> str:
    """A field as programs of the `/api` dialect name it: `weekStartDate`, `totalAmountMKD`."""
    first, *others = name.split("_")
    return first + "".join(part.upper() if part in CURRENCIES else part.capitalize() for part in others)


CAMEL = ConfigDict(alias_generator=camel, validate_by_name=True, validate_by_alias=True)


class CamelEntry(Entry):
    """What a program of the `/api` dialect sent, or what somebody typed."""

    model_config = CAMEL


class CamelFilters(Filters):
    """Which records to list, as the `/api` dialect names it."""

    model_config = CAMEL


class CamelChanges(Changes):
    """What to change about a record, as the `/api` dialect names it."""

    model_config = CAMEL


class CamelOut(Out):
    """What the API answers in the `/api` dialect."""

    model_config = CAMEL | ConfigDict(serialize_by_alias=True)


EntryType = TypeVar("EntryType", bound=BaseModel)


def parse(schema: type[EntryType], values: Mapping[str, Any]) -> EntryType:
    """Read a form or an event's payload with its schema; every bad field comes back in one Invalid.

    Browsers send empty text for an empty field: it means "not given", or in Changes "cleared".
    """
    changing = issubclass(schema, Changes)
    given = {key: None if value == "" else value for key, value in values.items() if changing or value != ""}
    try:
        return schema.model_validate(given)
    except ValidationError as error:
        raise Invalid.fields(field_problems(error.errors(include_url=False))) from error


def _amount(value: object) -> object:
    if isinstance(value, Money):
        return value.decimal
    try:
        return parse_money(value, DEFAULT_CURRENCY).decimal
    except InvalidAmount as error:
        raise ValueError(str(error)) from error


def _positive(value: Decimal) -> Decimal:
    if value <= 0:
        raise ValueError("must be greater than 0")
    return value


def _not_negative(value: Decimal) -> Decimal:
    if value < 0:
        raise ValueError("must not be negative")
    return value


_AMOUNT_SCHEMA = WithJsonSchema(
    {"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^-?\d+(\.\d{1,2})?$"}]}, mode="validation"
)
Amount = Annotated[Decimal, BeforeValidator(_amount), AfterValidator(_positive), _AMOUNT_SCHEMA]
"""More than nothing, in major units; JSON number or decimal string."""
AmountOrZero = Annotated[Decimal, BeforeValidator(_amount), AfterValidator(_not_negative), _AMOUNT_SCHEMA]
"""Nothing or more, in major units."""


def money_of(amount: Decimal, currency: str = DEFAULT_CURRENCY) -> Money:
    """A validated amount as Money."""
    return parse_money(amount, currency)


def minor_of(amount: Decimal, currency: str = DEFAULT_CURRENCY) -> int:
    """A validated amount in minor units."""
    return parse_money(amount, currency).minor


def _json_number(minor: int) -> float:
    return float(Decimal(minor).scaleb(-decimals(DEFAULT_CURRENCY)))


MoneyOut = Annotated[
    int,
    PlainSerializer(_json_number, return_type=float),
    WithJsonSchema({"type": "number"}, mode="serialization"),
]
"""Minor units inside, a JSON number in major units outside."""


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("must carry a time zone, such as 2026-01-15T09:00:00Z")
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("is out of range") from error


Moment = Annotated[datetime, AfterValidator(_utc)]
"""A point in time with its zone."""
ServiceMoment = Annotated[
    Moment,
    Field(ge=datetime(2000, 1, 1, tzinfo=UTC), le=datetime(2199, 12, 31, tzinfo=UTC)),
]
"""A point in time that business can be done at."""


FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)
BusinessDate = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]
"""A day that business can be done on; its neighbours and its hours are dates too."""


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


def short_number(value: Decimal) -> int | float:
    """A quantity or length as people and JSON write it: without decimals where there are none."""
    return int(value) if value == value.to_integral_value() else float(value)


NUMBER = (
    PlainSerializer(short_number, return_type=int | float, when_used="json"),
    WithJsonSchema({"type": "number"}, mode="serialization"),
)
Quantity = Annotated[Decimal, Field(gt=0, le=1_000_000, decimal_places=3), *NUMBER]


def _clean(value: str) -> str:
    """Text in its composed form; the few letters that this takes apart stay as they are, so that what fits still does."""
    text = min(unicodedata.normalize("NFC", value), value, key=len).strip()
    if any(unicodedata.category(letter) == "Cc" and letter not in "\n\t" for letter in text):
        raise ValueError("must not contain control characters")
    return text


CLEAN = AfterValidator(_clean)
Name = Annotated[str, Field(min_length=1, max_length=200), CLEAN]
ShortText = Annotated[str, Field(max_length=120), CLEAN]
LongText = Annotated[str, Field(max_length=2000), CLEAN]
Reason = Annotated[str, Field(min_length=3, max_length=500), CLEAN]
"""Why something is done, typed by a person."""


def _refused_as_value(check: Any) -> Any:
    def convert(value: str) -> str:
        try:
            return str(check(value))
        except Invalid as error:
            raise ValueError(error.details["reason"]) from error

    return AfterValidator(convert)


Phone = Annotated[str, _refused_as_value(normal_phone)]
Email = Annotated[str, _refused_as_value(normal_email)]
