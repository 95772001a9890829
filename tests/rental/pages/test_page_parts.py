"""What pages are put together from: words, forms and views that carry decisions of their own."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest

from lattis_app.core import language
from lattis_app.core.actors import SYSTEM
from lattis_app.identity.permissions import Role
from lattis_app.rental.pages import (
    booking_forms,
    booking_views,
    delivery_order_views,
    dispatch_board,
    driver_job_views,
    job_words,
)
from lattis_app.rental.pages.bin_takers import row
from lattis_app.rental.pages.bookings import Bookings
from lattis_app.rental.pages.calendar import Calendar
from lattis_app.rental.pages.delivery_orders import DeliveryOrders
from lattis_app.rental.pages.driver_history import DriverHistory
from lattis_app.rental.pages.driver_job import DriverJob
from lattis_app.rental.queries import delivery_orders
from lattis_app.rental.schemas.booking_calendar import TakenBy, Taker
from lattis_app.rental.schemas.parts import BinSize
from lattis_app.rental.schemas.transfers import ExchangeEntry
from lattis_app.rental.services import transfers
from tests.factories.rental_delivery_orders import drive, make_delivery_order
from tests.factories.rental_operations import make_bin, make_booking, make_driver
from tests.ui.pipeline import pipeline
from tests.ui.visits import signed_in, stay, visit

TODAY = date(2026, 3, 16)


# ---- words ---------------------------------------------------------------------------------------------------------


def test_an_exchange_is_said_as_one(session, clock):
    order = drive(session, make_delivery_order(session), "delivered")
    empty = make_bin(session)
    entry = ExchangeEntry(
        inventory_bin_id=empty.id, amount=350, scheduled_at=datetime(2026, 3, 17, 1, tzinfo=UTC)
    )
    made = transfers.exchange(session, SYSTEM, order.id, entry)
    session.flush()
    full = delivery_orders.find(session, SYSTEM, order.id)
    assert job_words.bringing(full) == f"Deliver {full.bin_serial_number}"
    shown = delivery_orders.find(session, SYSTEM, made.id)
    assert job_words.bringing(shown) == f"Exchange {full.bin_serial_number} for {empty.serial_number}"


@pytest.mark.parametrize("code", ["en", "ms", "ar"])
def test_what_is_spoken_of_a_card_names_the_same_in_every_language(code):
    language.speak("en")
    english = dispatch_board.spoken()
    language.speak(code)
    try:
        said = dispatch_board.spoken()
    finally:
        language.speak("en")
    named = {
        key: {part for part in ("{job}", "{driver}", "{load}") if part in words}
        for key, words in said.items()
    }
    assert named == {
        key: {part for part in ("{job}", "{driver}", "{load}") if part in words}
        for key, words in english.items()
    }


# ---- forms ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "value"),
    [(("4", "12", "6"), "4x12x6"), (("5", "10", "6"), "5x10x6"), (("4.50", "20", "100"), "4.5x20x100")],
)
def test_a_size_is_written_in_plain_digits_and_read_back(size, value):
    given = BinSize(h_ft=size[0], l_ft=size[1], w_ft=size[2])
    assert booking_forms.size_value(given) == value
    assert BinSize.model_validate(booking_forms.size_from(value)) == given


@pytest.mark.parametrize("value", ["", "x", "4x12", "4x12x6x1", "'; drop", "😀" * 1000])
def test_what_is_no_size_is_left_for_the_schema_to_refuse(value):
    assert booking_forms.size_from(value) == value


def test_an_address_starts_a_booking_with_what_it_names_rightly(session, clock, admin):
    made = make_booking(session)
    make_bin(session)
    asked = {"customer": str(made.customer_id), "on": "2026-03-20", "size": "4x12x6"}
    assert booking_forms.asked_values(session, admin, asked) == {
        "customer_id": str(made.customer_id),
        "customer_id_label": "ABC Construction Sdn Bhd",
        "scheduled_at": "2026-03-20T09:00",
        "requested_bin_size": "4x12x6",
    }
    wrong = {"customer": str(made.id), "on": "2026-02-30", "size": "9x9x9"}
    assert booking_forms.asked_values(session, admin, wrong) == {}
    assert booking_forms.asked_values(session, admin, dict.fromkeys(asked, "\u202e'; DROP")) == {}


def test_a_form_changes_only_what_differs_and_empties_what_was_cleared():
    stood = {"area": "Klang", "notes": "Gate", "requested_bin_size": "4x12x6", "hire_days": "7"}
    draft = booking_forms.booking_draft(stood | {"notes": "", "requested_bin_size": "5x10x6"}, stood)
    assert draft.parse().given() == {
        "notes": "",
        "requested_bin_size": BinSize(h_ft=5, l_ft=10, w_ft=6).model_dump(),
    }


# ---- what takes a bin ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "until", "status", "words"),
    [
        (TakenBy.OUT, None, "Overdue", "Nobody knows until when"),
        (TakenBy.OUT, TODAY, "Overdue", "Due back 16 Mar"),
        (TakenBy.OUT, TODAY + timedelta(days=1), "Out", "Back on 17 Mar"),
        (TakenBy.PROMISED, TODAY, "Promised", "Back on 16 Mar"),
        (TakenBy.WANTED, TODAY, "Not assigned", "Back on 16 Mar"),
    ],
)
def test_a_bin_that_is_out_past_its_day_is_overdue(clock, by, until, status, words):
    fields = {"by": by, "until": until, "customer": "", "bin": "A-1", "number": "", "kind": "bin", "id": None}
    taker = Taker.model_construct(**fields)
    shown = row(taker)
    assert (shown["customer"], shown["status"], shown["href"]) == ("A-1", status, "/rental/bins")
    assert shown["what"] == f"A-1 · {words}"


@pytest.mark.parametrize("on", ["0001-01-01", "9999-12-31", "2026-03-16"])
def test_any_day_there_is_can_be_asked_for(session, clock, on):
    make_bin(session)
    seen = visit(Calendar, signed_in(session), ("show_takers", {"size": "4x12x6", "on": on}))
    assert (seen["takers"], seen["takers_size"], "went wrong" in seen.said) == ([], "4 × 12 × 6 ft", False)
    assert (seen["takers_book"] != "") == (on >= "2026-03-16")


@pytest.mark.parametrize(
    ("size", "on"), [("4x12x6", "soon"), ("4x12x6", ""), ("x", "2026-03-16"), ("1e999xNaNx-1", "2026-03-16")]
)
def test_what_is_no_day_or_size_is_refused_in_words(session, clock, size, on):
    seen = visit(Calendar, signed_in(session), ("show_takers", {"size": size, "on": on}))
    assert "went wrong" not in seen.said
    assert (seen.values.get("takers_size", ""), seen.values.get("takers", [])) == ("", [])


# ---- the driver's own ------------------------------------------------------------------------------------------------


def test_the_history_shows_the_latest_of_ones_own_and_more_on_request(session, clock):
    driver = make_driver(session)
    for _ in range(21):
        make_delivery_order(session, driver_id=driver.id, lorry_id=None).fulfilment_status = "done"
    make_delivery_order(session).fulfilment_status = "done"
    make_delivery_order(session, driver_id=driver.id, lorry_id=None)
    session.flush()
    cookie = signed_in(session, Role.DRIVER, subject_id=driver.id)

    async def after(*events):
        async with pipeline() as tab:
            return await stay(tab, DriverHistory, cookie, *((name, {}) for name in events))

    first = asyncio.run(after("refresh"))
    assert (len(first["jobs"]), first["total"], first["who"]) == (20, 21, str(driver.id))
    more = asyncio.run(after(*["more"] * 9))
    assert (len(more["jobs"]), more["limit"]) == (21, 100)
    assert {job["done"] for job in more["jobs"]} == {"Done"}


def test_the_delivery_names_its_receiver_before_its_step_and_needs_its_photos():
    shown = str(driver_job_views.photo_step(DriverJob))
    for said in (
        '"data-receiver":',
        '"data-needs-photos":"3"',
        '"data-photos-of":',
        '"data-pad":"true"',
        'name:"received_by"',
    ):
        assert said in shown, said
    assert shown.count('"data-do":"PATCH"') == 2 + str(driver_job_views.cant_deliver(DriverJob)).count(
        '"data-do":"PATCH"'
    )


def test_the_office_confirms_what_it_cannot_take_back():
    shown = "".join(str(part) for part in delivery_order_views.questions(DeliveryOrders))
    assert all(name in shown for name in ("cancel", "fail"))
    assert "cancel" in str(booking_views.page_parts(Bookings))
