"""Phone numbers as far as they are typed, and e-mail addresses that look alike."""

import pytest

from lattis_app.core.errors import Invalid
from lattis_app.core.normal import normal_email, phone_start, spaced_phone


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


@pytest.mark.parametrize(
    "written", ["admin@lattis.com", " ADMIN@Lattis.com ", "\uff41dmin@lattis.com", "admin@lattis\uff0ecom"]
)
def test_an_address_is_one_however_it_is_written(written: str) -> None:
    assert normal_email(written) == "admin@lattis.com"


@pytest.mark.parametrize("hidden", ["\u200b", "\u202e", "\u00ad", "\x00", "\ue000"])
def test_an_address_hides_nothing(hidden: str) -> None:
    with pytest.raises(Invalid):
        normal_email(f"admin@lattis.com{hidden}")


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ("+60123000000", "+60 12-300 0000"),
        ("+60327118899", "+60 3-2711 8899"),
        ("+6591234567", "+65 9123 4567"),
        ("front desk", "front desk"),
        ("", ""),
        (None, ""),
    ],
)
def test_people_read_phones_in_groups(stored: str | None, read: str) -> None:
    assert spaced_phone(stored) == read
