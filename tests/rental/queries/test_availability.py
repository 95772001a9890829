"""How many bins of a size are free on which day, from where the bins really are."""

from datetime import UTC, date, datetime, timedelta

import pytest

from lattis_app.core.actors import SYSTEM
from lattis_app.identity.permissions import Role
from lattis_app.rental.queries.availability import fleet, forecast, hires
from lattis_app.rental.rules.availability import Hire
from lattis_app.rental.schemas.bins import BinChanges, ForecastFilters, MovementEntry
from lattis_app.rental.schemas.parts import BinSize
from lattis_app.rental.services import bins, delivery_orders
from tests.factories.rental import make_customer
from tests.factories.rental_delivery_orders import drive, make_booking_at, make_delivery_order, set_business
from tests.factories.rental_operations import make_bin

SIZE = BinSize(h_ft=4, l_ft=12, w_ft=6)
LARGER = {"h_ft": 5, "l_ft": 12, "w_ft": 6}
TODAY, TOMORROW = date(2026, 3, 16), date(2026, 3, 17)
WEEK = TODAY + timedelta(days=7)
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture(autouse=True)
def week_long_hires(session):
    set_business(session, hire_days=7)


def test_a_bin_at_home_is_free_and_one_in_repair_is_not_there(session):
    make_bin(session), make_bin(session, size=LARGER), make_bin(session, status="repair")
    assert (fleet(session, SIZE), hires(session, SIZE)) == (1, [])


@pytest.mark.parametrize("step", ["assigned", "started", "delivered"])
def test_a_taken_bin_is_away_until_its_order_brings_it_back(session, step):
    drive(session, make_delivery_order(session), step)
    assert (fleet(session, SIZE), hires(session, SIZE)) == (1, [Hire(TODAY, WEEK)])


@pytest.mark.parametrize("step", ["collected", "done"])
def test_a_fetched_bin_is_free_again(session, step):
    drive(session, make_delivery_order(session), step)
    assert (fleet(session, SIZE), hires(session, SIZE)) == (1, [])


def test_a_draft_and_a_cancelled_order_take_no_bin(session):
    make_delivery_order(session, draft=True)
    delivery_orders.cancel(session, SYSTEM, make_delivery_order(session).id, "Called off")
    session.flush()
    assert (fleet(session, SIZE), hires(session, SIZE)) == (2, [])


def test_a_bin_taken_for_next_week_is_away_already(session):
    make_delivery_order(session, scheduled_at=datetime(2026, 3, 23, 1, tzinfo=UTC))
    assert hires(session, SIZE) == [Hire(TODAY, date(2026, 3, 30))]


def test_nobody_knows_when_an_overdue_bin_comes_back(session, clock):
    drive(session, make_delivery_order(session), "delivered")
    clock.advance(days=6)
    assert hires(session, SIZE) == [Hire(TODAY + timedelta(days=6), WEEK)]
    clock.advance(days=1)
    assert hires(session, SIZE) == [Hire(WEEK, None)]


def test_a_bin_sent_out_by_hand_is_away(session):
    bins.move(session, SYSTEM, make_bin(session).id, MovementEntry(movement_type="OUT"))
    session.flush()
    assert (fleet(session, SIZE), hires(session, SIZE)) == (1, [Hire(TODAY, None)])


def test_a_bin_that_is_out_counts_for_the_size_it_has_now(session):
    order = make_delivery_order(session)
    bins.update(session, SYSTEM, order.bin_id, BinChanges(size=LARGER))
    session.flush()
    assert (fleet(session, SIZE), hires(session, SIZE)) == (0, [])
    assert (fleet(session, BinSize(**LARGER)), hires(session, BinSize(**LARGER))) == (1, [Hire(TODAY, WEEK)])


@pytest.mark.parametrize(
    ("status", "promised"),
    [("pending", 0), ("confirmed", 0), ("assigned", 1), ("fulfilled", 0), ("cancelled", 0)],
)
def test_only_an_assigned_booking_promises_a_bin(session, status, promised):
    make_booking_at(session, make_customer(session), status)
    assert hires(session, SIZE) == [Hire(TOMORROW, date(2026, 3, 24))] * promised


def test_an_order_takes_over_what_its_booking_promised(session):
    booking = make_booking_at(session, make_customer(session), "assigned")
    make_delivery_order(session, customer_id=booking.customer_id, booking_id=booking.id)
    assert hires(session, SIZE) == [Hire(TODAY, date(2026, 3, 24))]


def test_the_forecast_counts_each_day_and_names_the_next_free_one(api, session):
    drive(session, make_delivery_order(session), "delivered")
    make_booking_at(session, make_customer(session), "assigned")
    make_bin(session)
    asked = {"h_ft": 4, "l_ft": 12, "w_ft": 6, "from": "2026-03-16", "to": "2026-03-24"}

    answer = api.as_(Role.ADMIN).get("/v1/bins/availability", params=asked).json()["data"]

    assert (answer["bins"], answer["next_free_on"]) == (2, "2026-03-16")
    assert [each["free"] for each in answer["days"]] == [1, 0, 0, 0, 0, 0, 0, 1, 2]
    assert answer["days"][0]["on"] == "2026-03-16"
    later = api.as_(Role.ADMIN).get("/v1/bins/availability", params=asked | {"from": "2026-03-17"})
    assert later.json()["data"]["next_free_on"] == "2026-03-23"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"h_ft": "0"}, "h_ft"),
        ({"h_ft": "NaN"}, "h_ft"),
        ({"from": "tomorrow"}, "from"),
        ({"to": "2026-03-15"}, "to"),
        ({"to": "2026-06-16"}, "to"),
    ],
)
def test_a_forecast_of_nonsense_is_refused(api, changed, field):
    asked = {"h_ft": 4, "l_ft": 12, "w_ft": 6, "from": "2026-03-16", "to": "2026-03-24"} | changed
    answer = api.as_(Role.ADMIN).get("/v1/bins/availability", params=asked)
    assert (answer.status_code, answer.json()["error"]["details"]["field"]) == (400, field)


def test_a_forecast_costs_three_statements_however_many_bins_there_are(session, queries):
    for _ in range(5):
        drive(session, make_delivery_order(session), "started")
    wanted = ForecastFilters.model_validate(LARGER | {"h_ft": 4, "from": TODAY, "to": WEEK})
    with queries() as sent:
        assert forecast(session, SYSTEM, wanted).days[0].free == 0
    assert sent.count == 3
