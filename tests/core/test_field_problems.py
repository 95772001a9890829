"""What people and programs are told about a value that can't be read."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from pydantic import BaseModel, Field, ValidationError

from lattis_app.core.errors import field_problems


class Form(BaseModel):
    name: Annotated[str, Field(min_length=1, max_length=5)] = "x"
    secret: Annotated[str, Field(min_length=3)] = "xyz"
    days: Annotated[int, Field(ge=1, le=365)] = 1
    weight: Annotated[Decimal, Field(gt=0)] = Decimal(1)
    on: date = date(2026, 1, 31)
    at: datetime | None = None
    whose: UUID | None = None
    kind: Literal["a", "b"] = "a"
    ready: bool = True


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("name", "", "must not be empty"),
        ("name", "123456", "must have at most 5 characters"),
        ("name", 5, "must be text"),
        ("secret", "x", "must have at least 3 characters"),
        ("days", "many", "must be a whole number"),
        ("days", 1.5, "must be a whole number"),
        ("days", 0, "must be at least 1"),
        ("days", 366, "must be at most 365"),
        ("weight", "heavy", "must be a number"),
        ("weight", 0, "must be greater than 0"),
        ("on", "2026-13-01", "must be a date such as 2026-01-31"),
        ("at", "soon", "must be a time such as 2026-01-31T09:00:00Z"),
        ("whose", "nobody", "must be a UUID"),
        ("kind", "c", "must be 'a' or 'b'"),
        ("ready", "perhaps", "must be true or false"),
    ],
)
def test_a_bad_value_is_explained_in_plain_words(field: str, value: Any, reason: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Form.model_validate({field: value})

    assert field_problems(refused.value.errors()) == [(field, reason)]


def test_a_body_that_is_no_json_is_named_as_a_whole() -> None:
    error = {"type": "json_invalid", "loc": ("body", 1), "msg": "JSON decode error", "ctx": {"error": "…"}}

    assert field_problems([error]) == [("body", "is not valid JSON")]
