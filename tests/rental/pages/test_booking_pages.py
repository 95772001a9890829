"""Bookings, availability and the dashboard, event by event: from taking a booking to its delivery order."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from lattis_app.core.actors import SYSTEM
from lattis_app.rental.models import RentalBooking, RentalDeliveryOrder
from lattis_app.rental.pages import booking_rows
from lattis_app.rental.pages.availability import Availability, cell
from lattis_app.rental.pages.bookings import Bookings
from lattis_app.rental.pages.dashboard import DashboardState, trends
from lattis_app.rental.queries import bookings, dashboard
from lattis_app.rental.schemas.bookings import AssignmentEntry
from lattis_app.rental.services import bookings as services
from lattis_app.rental.services import invoices
from tests.factories.rental import make_customer
from tests.factories.rental_delivery_orders import drive, make_delivery_order
from tests.factories.rental_operations import make_bin, make_booking, make_driver, make_lorry
from tests.ui.visits import everything, signed_in, visit

TODAY, TOMORROW = datetime(2026, 3, 16, 6, 0, tzinfo=UTC), datetime(2026, 3, 17, 1, 0, tzinfo=UTC)


@pytest.fixture
def office(session, clock):
    return signed_in(session)


def opened(record):
    return ("open_record", {"record_id": str(record.id)})


def crew(session, **lorry):
    return make_driver(session, name="Lim Wei"), make_lorry(session, registration_no="WXY 1", **lorry)


def assigned(session, **booking):
    driver, lorry = crew(session)
    make_bin(session, serial_number="ASR900")
    taken = make_booking(session, **booking)
    entry = AssignmentEntry(driver_id=driver.id, lorry_id=lorry.id)
    services.assign(session, SYSTEM, taken.id, entry)
    session.flush()
    return taken


def form_of(session, **typed):
    values = {
        "customer_id": str(make_customer(session).id),
        "requested_bin_size": "4x12x6",
        "scheduled_at": "2026-03-17T09:00",
        "hire_days": "5",
        "area": "Puchong",
    }
    return values | typed


# ---- bookings --------------------------------------------------------------------------------------------


def test_bookings_are_listed_in_words(session, office):
    booking = make_booking(session)
    seen = visit(Bookings, office, address="/rental/bookings?status=pending,confirmed&sort=scheduled_at")
    (row,) = seen["rows"]
    assert row == {
        "id": str(booking.id),
        "number": booking.number,
        "customer": "ABC Construction Sdn Bhd",
        "site": "Klang Valley",
        "scheduled_at": "17 Mar, 09:00",
        "size": "4 × 12 × 6 ft",
        "driver": "Not assigned",
        "status": "Pending",
        "status_tone": "warn",
    }
    assert [chip["text"] for chip in seen["chips"]] == ["Pending, Confirmed"]


@pytest.mark.parametrize(
    "query", ["status=assigned", "area=Seremban", "from=2026-03-18", "q=BK-1999", "customer_id=x"]
)
def test_the_address_narrows_the_bookings(session, office, query):
    make_booking(session)
    seen = visit(Bookings, office, address=f"/rental/bookings?{query}")
    assert seen["rows"] == []


def test_a_new_booking_starts_with_tomorrow_the_commonest_size_and_the_usual_hire(session, office):
    make_bin(session), make_bin(session), make_bin(session, size={"h_ft": 3, "l_ft": 8, "w_ft": 5})
    seen = visit(Bookings, office, ("begin", {}))
    assert seen["values"] == {
        "scheduled_at": "2026-03-17T09:00",
        "hire_days": "14",
        "requested_bin_size": "4x12x6",
    }
    assert [option["label"] for option in seen["size_options"]] == [
        "4 × 12 × 6 ft · 2 of 2 in the warehouse",
        "3 × 8 × 5 ft · 1 of 1 in the warehouse",
    ]


def test_an_address_can_ask_for_a_booking_of_somebody_on_a_day(session, office):
    make_bin(session)
    customer = make_customer(session)
    query = f"new=1&customer={customer.id}&on=2026-04-01&size=4x12x6"
    seen = visit(Bookings, office, ("begin_if_asked", {}), address=f"/rental/bookings?{query}")
    assert seen["values"]["customer_id"] == str(customer.id)
    assert (seen["values"]["scheduled_at"], "booking-sheet" in seen.said) == ("2026-04-01T09:00", True)


@pytest.mark.parametrize("query", ["new=1&customer=x&on=soon&size=9x9x9", "new=1", ""])
def test_what_an_address_asks_for_wrongly_is_ignored(session, office, query):
    make_bin(session)
    seen = visit(Bookings, office, ("begin_if_asked", {}), address=f"/rental/bookings?{query}")
    assert ("booking-sheet" in seen.said, "went wrong" in seen.said) == (bool(query), False)
    assert "customer_id" not in seen["values"]


def test_a_booking_is_taken_in_the_business_zone(session, office):
    seen = visit(Bookings, office, ("begin", {}), ("save", {"form": form_of(session)}))
    booking = session.scalars(select(RentalBooking)).one()
    assert (booking.scheduled_at, booking.expected_return_on) == (TOMORROW, date(2026, 3, 22))
    assert (booking.area, seen["open_id"], seen["allowed"][0]) == ("Puchong", str(booking.id), "assign")
    assert f"{booking.number} saved" in seen.said


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"customer_id": "", "scheduled_at": ""}, {"customer_id", "scheduled_at"}),
        ({"requested_bin_size": "large", "hire_days": "0"}, {"requested_bin_size", "hire_days"}),
        ({"scheduled_at": "soon", "area": ["x"]}, {"scheduled_at", "area"}),
    ],
    ids=["blank", "choices", "wrong types"],
)
def test_a_booking_that_does_not_fit_is_told_field_by_field(session, office, typed, errors):
    form = form_of(session, **typed)
    before = everything(session)
    seen = visit(Bookings, office, ("begin", {}), ("save", {"form": form}))
    assert (set(seen["errors"]), "booking-sheet" in seen.said, everything(session)) == (errors, False, before)


def test_only_what_was_typed_anew_is_changed(session, office):
    booking = make_booking(session, notes="Gate 2", hire_days=5)
    typed = {"requested_bin_size": "4x12x6", "scheduled_at": "2026-03-18T11:00", "hire_days": "5", "area": "Klang Valley", "state": "Selangor", "site_address": "", "notes": ""}  # fmt: skip
    seen = visit(Bookings, office, opened(booking), ("edit", {}), ("save", {"form": typed}))
    session.refresh(booking)
    assert (booking.scheduled_on, booking.expected_return_on) == (date(2026, 3, 18), date(2026, 3, 23))
    assert (booking.notes, booking.area, seen["record"]["notes"]) == ("", "Klang Valley", "–")


def test_a_booking_goes_from_pending_to_its_delivery_order(session, office):
    driver, lorry = crew(session)
    promised = make_bin(session, serial_number="ASR900")
    booking = make_booking(session)
    offer = visit(Bookings, office, opened(booking), ("begin_assignment", {"booking_id": str(booking.id)}))
    assert {key: value for key, value in offer["values"].items() if key.endswith("_id")} == {
        "driver_id": str(driver.id),
        "lorry_id": str(lorry.id),
    }

    form = {"driver_id": str(driver.id), "lorry_id": str(lorry.id)}
    seen = visit(
        Bookings,
        office,
        opened(booking),
        ("begin_assignment", {"booking_id": str(booking.id)}),
        ("assign", {"form": form}),
    )
    assert (seen["record"]["driver"], seen["allowed"]) == ("Lim Wei · WXY 1", ["order", "cancel"])

    ordered = {
        "inventory_bin_id": str(promised.id),
        "amount": "350",
        "payment_method": "CASH",
        "introducer_name": "Mdm Chew",
    }
    seen = visit(Bookings, office, opened(booking), ("begin_order", {}), ("make_order", {"form": ordered}))
    order = session.scalars(select(RentalDeliveryOrder)).one()
    assert (order.booking_id, order.customer_id, order.amount_minor) == (
        booking.id,
        booking.customer_id,
        35000,
    )
    assert order.introducer_name == "Mdm Chew"
    assert (seen["record"]["status"], seen["record"]["order"], seen["allowed"]) == (
        "Fulfilled",
        order.system_do_number,
        [],
    )


@pytest.mark.parametrize("name", ["customer_id", "booking_id", "bin_size"])
def test_an_order_is_always_the_bookings_own(session, office, name):
    booking = assigned(session)
    other = {"customer_id": str(make_customer(session).id), "booking_id": str(make_booking(session).id), "bin_size": {"h_ft": 1, "l_ft": 1, "w_ft": 1}}  # fmt: skip
    found = bookings.find(session, SYSTEM, booking.id)
    chosen = visit(Bookings, office, opened(booking), ("begin_order", {}))["values"]["inventory_bin_id"]
    form = {"inventory_bin_id": chosen, "amount": "10", "payment_method": "CASH", name: other[name]}
    visit(Bookings, office, opened(booking), ("begin_order", {}), ("make_order", {"form": form}))
    order = session.scalars(select(RentalDeliveryOrder)).one()
    assert (order.customer_id, order.booking_id, order.l_ft) == (found.customer_id, booking.id, 12)


def test_bookings_are_confirmed_together_and_those_that_can_not_be_are_named(session, office):
    first, second = make_booking(session), make_booking(session)
    services.cancel(session, SYSTEM, second.id, "Called off")
    session.flush()
    seen = visit(Bookings, office, ("toggle_page", {}), ("confirm_selected", {}))
    session.refresh(first)
    assert [first.status, second.status] == [
        "confirmed",
        "cancelled",
    ]
    assert ("1 confirmed" in seen.said, "cancelled" in seen.said, seen["selected"]) == (True, True, [])


def test_a_booking_is_cancelled_with_a_reason_only(session, office):
    booking = make_booking(session)
    refused = visit(Bookings, office, opened(booking), ("cancel", {"form": {"reason": "  "}}))
    session.refresh(booking)
    assert (booking.status, "Say why" in refused.said) == ("pending", True)
    seen = visit(Bookings, office, opened(booking), ("cancel", {"form": {"reason": "Called off"}}))
    assert (seen["record"]["cancel_reason"], seen["allowed"]) == ("Called off", [])


def test_steps_are_those_of_the_lifecycle(session, office):
    assert booking_rows.allowed(bookings.find(session, SYSTEM, make_booking(session).id)) == [
        "assign",
        "confirm",
        "edit",
        "cancel",
    ]


# ---- availability and dashboard --------------------------------------------------------------------------


def test_free_bins_are_counted_by_size_and_day(session, office):
    make_bin(session), make_bin(session, size={"h_ft": 3, "l_ft": 8, "w_ft": 5})
    make_delivery_order(session)
    seen = visit(Availability, office)
    assert [(size["size"], size["note"], len(size["days"])) for size in seen["sizes"]] == [
        ("4 × 12 × 6 ft", "1 of 2 free", 14),
        ("3 × 8 × 5 ft", "1 of 1 free", 14),
    ]
    tomorrow = seen["sizes"][0]["days"][1]
    assert (tomorrow["size"], tomorrow["on"]) == ("4x12x6", "2026-03-17")
    assert visit(Availability, office, ("turn", {"weeks": 1}))["shown"] == "30 Mar – 12 Apr 2026"
    assert visit(Availability, office, ("turn", {"weeks": -1}))["shown"] == "16 – 29 Mar 2026"


@pytest.mark.parametrize(("free", "tone"), [(0, "bad"), (2, "warn"), (3, "ok")])
def test_a_day_is_said_in_words_and_tone(free, tone):
    shown = cell("4x12x6", date(2026, 3, 16), free)
    assert (shown["tone"], shown["words"]) == (tone, f"{free} free on 16 Mar 2026")


def test_the_dashboard_says_what_needs_somebody_and_what_each_figure_is_made_of(session, office, clock):
    order = drive(session, make_delivery_order(session), "delivered")
    invoices.make_from_order(session, SYSTEM, order.id)
    make_booking(session, scheduled_at=TODAY)
    make_lorry(session, registration_no="WXY 1", documents=[{"kind": "road_tax", "expires_on": "2026-03-15"}])
    session.flush()

    seen = visit(DashboardState, office)

    assert tuple(seen["alerts"][0][name] for name in ("word", "title", "href")) == (
        "No driver",
        "1 booking",
        "/rental/assignment",
    )
    assert ("Expired", "WXY 1 · Road tax") in [(alert["word"], alert["title"]) for alert in seen["alerts"]]
    assert (seen["shown"]["sales"], seen["shown"]["bins"], seen["shown"]["bins_unit"]) == (
        "RM 350.00",
        "1",
        "of 1",
    )
    assert seen["shown"]["sales_href"].endswith("from=2026-02-15&to=2026-03-16")
    assert seen["today"] == "Monday 16 March · 2 jobs today, 1 not assigned"
    assert [(job["driver"] == "Not assigned", job["amount"]) for job in seen["jobs"]] == [
        (False, "350.00"),
        (True, "–"),
    ]


@pytest.mark.parametrize(
    ("points", "place"),
    [
        ([{"pointIndex": 7, "curveNumber": 0}], "/rental/invoices?status=issued,partially_paid,paid,closed&from=2026-03-16"),
        ([{"pointIndex": 0, "curveNumber": 1}], "/rental/payments?from=2026-01-26&to=2026-02-01"),
        ([], ""),
        ([{"pointIndex": 99}], ""),
    ],
    ids=["invoices", "payments", "nothing", "no such week"],
)  # fmt: skip
def test_a_bar_opens_what_it_is_made_of(session, office, points, place):
    seen = visit(DashboardState, office, ("open_week", {"points": points}))
    assert (place in seen.said, "went wrong" in seen.said) == (True, False)


@pytest.mark.parametrize(("days", "kept"), [("7", "7"), ("365", "365"), ("9999", "30")])
def test_the_span_is_one_of_those_offered(session, office, days, kept):
    assert visit(DashboardState, office, ("choose", {"days": days}))["days"] == kept


@pytest.mark.parametrize(
    ("sales", "before", "text", "look"),
    [(200, 100, "▲ 100.0 %", "good num"), (90, 100, "▼ 10.0 %", "poor num"), (0, 0, "No change", "num")],
)
def test_a_fall_does_not_look_like_a_rise(session, admin, clock, sales, before, text, look):
    found = dashboard.summarise(session, admin, 30)
    changed = found.figures.model_copy(update={"sales": sales, "sales_before": before})
    shown = trends(found.model_copy(update={"figures": changed}))
    assert (shown["sales_trend"], shown["sales_look"]) == (text, look)
