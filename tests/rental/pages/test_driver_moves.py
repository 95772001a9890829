"""What a driver reads of a bin to be moved, and the price that a form of an order suggests."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from lattis_app.rental.pages import price_suggestions
from lattis_app.rental.pages.driver_moves import move_facts
from lattis_app.rental.schemas.price_cards import PriceCardOut
from lattis_app.rental.schemas.transfers import RelocationOut

TODAY = date(2026, 3, 16)
MOVE = UUID("6f9619ff-8b86-4d01-b42d-00cf4fc964ff")


def move(on: date) -> RelocationOut:
    return RelocationOut.model_construct(
        id=MOVE,
        company_name="ABC Construction",
        bin_serial_number="ASR100",
        bin_size="4 × 12 × 6 ft",
        from_address="Jalan Satu",
        site_address="Jalan Dua",
        area="Klang",
        scheduled_at=datetime(on.year, on.month, on.day, 1, 30, tzinfo=UTC),
        scheduled_on=on,
        lorry_registration_no="WXY 1234",
        reason="The site is full",
        phone="+60123456789",
    )


@pytest.mark.parametrize(
    ("on", "when", "tone"),
    [
        (date(2026, 3, 16), "09:30", "info"),
        (date(2026, 3, 15), "15 Mar 2026, 09:30", "warn"),
        (date(2026, 3, 17), "17 Mar 2026, 09:30", "neutral"),
    ],
)
def test_a_move_says_when_and_how_late_it_is(on: date, when: str, tone: str) -> None:
    facts = move_facts(move(on), TODAY)
    assert (facts["when"], facts["tone"]) == (when, tone)


def test_a_move_says_from_where_to_where_and_how_it_is_done() -> None:
    facts = move_facts(move(TODAY), TODAY)
    assert {name: facts[name] for name in ("from", "to", "note", "path", "map", "tel")} == {
        "from": "From Jalan Satu",
        "to": "To Jalan Dua, Klang",
        "note": "WXY 1234 · The site is full",
        "path": f"/v1/relocations/{MOVE}/finish",
        "map": "geo:0,0?q=Jalan%20Dua%2C%20Klang",
        "tel": "tel:+60123456789",
    }


def test_a_price_is_suggested_with_what_it_includes() -> None:
    card = PriceCardOut.model_construct(
        base_price=35_000, currency="MYR", included_days=7, included_tonnes=Decimal("2.50")
    )
    fill, told = price_suggestions.suggestion(card)
    assert '"350.00"' in str(fill.args[0][1]).replace("\\", "")
    assert "RM 350.00" in str(told)
    assert "7 days and 2.5 t are included" in str(told)


def test_nothing_is_suggested_where_nothing_is_chosen(session, admin) -> None:
    assert price_suggestions.suggestion(None) == []
    assert price_suggestions.for_bin(session, admin, "-", "-") is None
    assert price_suggestions.for_booking(session, admin, str(MOVE), "-") is None
