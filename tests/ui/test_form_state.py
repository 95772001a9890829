from collections.abc import Mapping
from typing import Any, ClassVar

import pytest
from pydantic import BaseModel, Field, ValidationError

from lattis_app.core.errors import Invalid
from lattis_app.core.schemas import Changes
from lattis_app.ui.form_state import Corrections, Draft, nested, placed, refusal_problems, schema_problems


class Size(BaseModel):
    l_ft: int


class BinEntry(BaseModel):
    serial: str = Field(min_length=1)
    size: Size
    area: str | None = None


class OrderChanges(Changes):
    clearable: ClassVar[Mapping[str, Any]] = {"phone": ""}

    notes: str | None = None
    weight_kg: int | None = None
    phone: str | None = None


def problems_of(form: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(ValidationError) as refused:
        Draft(BinEntry, form).parse()
    return schema_problems(refused.value.errors())


def test_blanks_are_left_out_and_dotted_names_nest() -> None:
    assert nested({"serial": " A1 ", "area": "  ", "size.l_ft": "12", "who__typed": "Abc"}) == {
        "serial": "A1",
        "size": {"l_ft": "12"},
    }


def test_a_draft_becomes_the_schema() -> None:
    assert Draft(BinEntry, {"serial": "A1", "size.l_ft": "12"}).parse() == BinEntry(
        serial="A1", size=Size(l_ft=12)
    )


def test_schema_errors_are_words_for_whoever_typed() -> None:
    assert problems_of({"serial": "", "size.l_ft": "long"}) == [
        ("serial", "Fill this in"),
        ("size.l_ft", "Give a whole number"),
    ]


def test_a_refusal_names_its_fields() -> None:
    refusal = Invalid.fields([("serial", "is taken"), ("area", "is not served")])

    assert refusal_problems(refusal) == [("serial", "Is taken"), ("area", "Is not served")]


def test_a_refusal_of_one_field_is_found_as_well() -> None:
    assert refusal_problems(Invalid.field("amount", "must be more than zero")) == [
        ("amount", "Must be more than zero")
    ]


def test_a_refusal_without_fields_is_its_message() -> None:
    assert refusal_problems(Invalid("The month is closed")) == [("", "The month is closed")]


def test_problems_of_fields_that_are_not_shown_stand_above_the_form() -> None:
    beside, above = placed([("serial", "Is taken"), ("owner_id", "Fill this in"), ("", "Closed")], ["serial"])

    assert beside == {"serial": "Is taken"}
    assert above == "Owner id: fill this in. Closed"


def test_a_password_stays_as_it_was_typed() -> None:
    assert nested({"new_password": " spaced out ", "password": "  "}) == {"new_password": " spaced out "}


def test_a_length_is_said_with_its_limit() -> None:
    class Code(BaseModel):
        code: str = Field(min_length=3, max_length=4)

    def said(typed: str) -> str:
        with pytest.raises(ValidationError) as refused:
            Code(code=typed)
        return schema_problems(refused.value.errors())[0][1]

    assert [said(typed) for typed in ("", "ab", "abcde")] == [
        "Fill this in",
        "At least 3 characters",
        "At most 4 characters",
    ]


def test_corrections_hold_only_what_differs() -> None:
    stood = {"notes": "Gate 2", "weight_kg": "1200", "phone": "+60123456789"}
    form = stood | {"weight_kg": "1400", "phone": "", "driver_id__typed": "Lim"}
    assert Corrections(OrderChanges, form, stood).changed() == {"weight_kg": "1400", "phone": None}
    parsed = Corrections(OrderChanges, form, stood).parse()
    assert parsed.model_dump(exclude_unset=True) == {"weight_kg": 1400, "phone": None}
