"""The beginning of a phone number, as far as it is typed."""

import pytest

from lattis_app.core.normal import phone_start


@pytest.mark.parametrize(
    ("typed", "start"),
    [
        ("012-34", "+601234"),
        ("(012) 345", "+6012345"),
        ("+65 91", "+6591"),
        ("6012345", "+6012345"),
        ("12345", "+6012345"),
        ("01", None),
        ("12 Jalan", None),
        ("+", None),
        ("", None),
        ("1" * 16, None),
    ],
)
def test_the_beginning_of_a_phone_number(typed: str, start: str | None) -> None:
    assert phone_start(typed) == start
