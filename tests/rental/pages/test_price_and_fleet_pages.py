"""Price cards, waste items, rentable lorries, trips, charges and reminders: what their pages show, keep and refuse."""

import pytest
from sqlalchemy import select

from lattis_app.core.actors import SYSTEM
from lattis_app.rental.models import (
    RentalDeliveryOrder,
    RentalHireTerms,
    RentalLorryTrip,
    RentalPriceCard,
    RentalRentableLorry,
    RentalWasteItem,
)
from lattis_app.rental.pages.bookings import Bookings
from lattis_app.rental.pages.charges import Charges
from lattis_app.rental.pages.collection_reminders import CollectionReminders
from lattis_app.rental.pages.delivery_orders import DeliveryOrders
from lattis_app.rental.pages.lorry_trips import LorryTrips
from lattis_app.rental.pages.price_cards import PriceCards
from lattis_app.rental.pages.rentable_lorries import RentableLorries
from lattis_app.rental.pages.waste_items import WasteItems
from lattis_app.rental.schemas.bookings import AssignmentEntry
from lattis_app.rental.services import bookings, invoices
from tests.factories.rental_delivery_orders import drive, make_delivery_order
from tests.factories.rental_masters import (
    collected_after,
    make_charge,
    make_price_card,
    make_reminder,
    make_rentable_lorry,
    order_on,
)
from tests.factories.rental_operations import make_bin, make_booking, make_driver, make_lorry, make_waste_item
from tests.ui.visits import signed_in, visit

CARD = {
    "bin_size.h_ft": "4",
    "bin_size.l_ft": "12",
    "bin_size.w_ft": "6",
    "base_price": "380",
    "included_days": "10",
    "included_tonnes": "2.5",
    "overrun_per_day": "25.50",
    "per_extra_tonne": "",
    "failed_trip_fee": "",
}
LORRY = {
    "registration_no": "jkl 88",
    "owner_name": "Bakti",
    "owner_phone": "012-3334444",
    "daily_rate": "650",
}
PAGES = [PriceCards, WasteItems, RentableLorries, LorryTrips, Charges, CollectionReminders]


@pytest.fixture
def office(session, clock):
    return signed_in(session)


def opened(record):
    return ("open_record", {"record_id": str(record.id)})


@pytest.mark.parametrize(
    ("page", "make", "shown"),
    [
        (
            PriceCards,
            lambda s: make_price_card(s, waste_item_id=make_waste_item(s, name="Soil").id),
            {"size": "4 × 12 × 6 ft", "waste": "Soil", "days": "7", "tonnes": "2", "per_day": "25.00", "per_tonne": "120.00", "base_price": "350.00", "status": "Active"},
        ),
        (
            WasteItems,
            lambda s: make_waste_item(s, name="Soil", unit="t", price="80"),
            {"name": "Soil", "unit": "t", "price": "80.00", "status": "Active", "status_tone": "ok"},
        ),
        (
            RentableLorries,
            lambda s: make_rentable_lorry(s, registration_no="JKL 88"),
            {"registration_no": "JKL 88", "owner_name": "Pengangkutan Ali", "owner_phone": "+60 12-333 4444", "capacity": "12,000 kg", "daily_rate": "650.00", "trip_rate": "180.00"},
        ),
        (
            Charges,
            make_charge,
            {"customer": "ABC Construction", "what": "Days over the included 7", "quantity": "2 days × RM 25.00", "status": "Unbilled", "status_tone": "warn", "amount": "50.00", "made": "25 Mar 2026"},
        ),
        (
            CollectionReminders,
            lambda s: make_reminder(s, make_delivery_order(s)),
            {"customer": "ABC Construction", "type": "Same day", "status": "Scheduled", "scheduled_at": "17 Mar 2026, 10:00"},
        ),
    ],
    ids=["price cards", "waste items", "rentable lorries", "charges", "reminders"],
)  # fmt: skip
def test_rows_read_in_words(session, office, page, make, shown):
    record = make(session)
    seen = visit(page, office)
    (row,) = seen["rows"]
    assert {key: row[key] for key in shown} == shown
    assert row["id"] == str(record.id)


@pytest.mark.parametrize("page", PAGES)
def test_a_link_to_nothing_says_so_and_shows_the_list(session, office, page):
    seen = visit(page, office, address="/page?open=garbage&page=x&sort=secret&lorry_id=x&customer_id=x")
    assert "not found" in seen.said
    assert (seen["open_id"], seen["loaded"]) == ("", True)


# ---- price cards -----------------------------------------------------------------------------------------


def test_a_price_card_is_typed_kept_and_changed(session, office):
    item = make_waste_item(session, name="Soil")
    form = CARD | {"waste_item_id": str(item.id)}
    seen = visit(PriceCards, office, ("begin", {}), ("save", {"form": form}))
    card = session.scalars(select(RentalPriceCard)).one()
    kept = (card.base_price_minor, card.included_days, card.included_kg, card.overrun_per_day_minor)
    assert (kept, card.extra_tonne_minor) == ((38000, 10, 2500, 2550), 0)
    assert "Price card saved" in seen.said

    values = visit(PriceCards, office, opened(card), ("edit", {}))["values"]
    assert (values["base_price"], values["included_tonnes"], values["active"]) == ("380.00", "2.5", "true")
    changed = {"base_price": "400", "active": "false", "included_days": "10"}
    visit(PriceCards, office, opened(card), ("edit", {}), ("save", {"form": changed}))
    session.refresh(card)
    assert (card.base_price_minor, card.active, card.included_kg) == (40000, False, 2500)


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"base_price": "0"}, {"base_price": "Must be greater than 0"}),
        ({"included_days": "a week"}, {"included_days": "Give a whole number"}),
        ({"waste_item_id": ""}, {"waste_item_id": "Fill this in"}),
    ],
    ids=str,
)
def test_a_price_card_that_makes_no_sense_is_refused_beside_its_field(session, office, wrong, problem):
    form = CARD | {"waste_item_id": str(make_waste_item(session).id)} | wrong
    seen = visit(PriceCards, office, ("begin", {}), ("save", {"form": form}))
    assert seen["errors"] == problem
    assert session.scalars(select(RentalPriceCard)).all() == []


# ---- waste items and rentable lorries --------------------------------------------------------------------


def test_a_kind_of_waste_is_typed_kept_and_changed(session, office):
    form = {"name": "Soil", "unit": "t", "price": "80.50"}
    visit(WasteItems, office, ("begin", {}), ("save", {"form": form}))
    item = session.scalars(select(RentalWasteItem)).one()
    assert (item.name, item.unit, item.price_minor) == ("Soil", "t", 8050)
    changed = form | {"price": "90", "active": "false"}
    visit(WasteItems, office, opened(item), ("edit", {}), ("save", {"form": changed}))
    session.refresh(item)
    assert (item.price_minor, item.active) == (9000, False)


def test_a_rentable_lorry_is_typed_kept_and_changed(session, office):
    visit(RentableLorries, office, ("begin", {}), ("save", {"form": LORRY}))
    lorry = session.scalars(select(RentalRentableLorry)).one()
    assert (lorry.registration_no, lorry.owner_phone, lorry.daily_rate_minor, lorry.trip_rate_minor) == (
        "JKL 88", "+60123334444", 65000, 0,
    )  # fmt: skip
    changed = {"registration_no": "JKL 88", "owner_phone": "", "trip_rate": "200", "active": "false"}
    visit(RentableLorries, office, opened(lorry), ("edit", {}), ("save", {"form": changed}))
    session.refresh(lorry)
    assert (lorry.owner_phone, lorry.trip_rate_minor, lorry.active) == ("", 20000, False)


# ---- trips -----------------------------------------------------------------------------------------------


def test_trips_say_how_long_they_took_and_are_found_by_lorry(session, office, clock):
    order = drive(session, make_delivery_order(session), "started")
    make_lorry(session)
    running = visit(LorryTrips, office, address=f"/rental/trips?lorry_id={order.lorry_id}")
    (row,) = running["rows"]
    assert (row["status"], row["took"], row["arrived_at"], row["from"]) == (
        "On the road",
        "–",
        "–",
        "Warehouse",
    )
    drive(session, order, "delivered")
    ended = visit(LorryTrips, office, address=f"/rental/trips?q={order.company_name[:3]}x")
    assert ended["rows"] == []


def test_a_trip_is_recorded_and_ended(session, office):
    lorry, driver = make_lorry(session), make_driver(session)
    form = {
        "lorry_id": str(lorry.id),
        "driver_id": str(driver.id),
        "from_location": "Warehouse",
        "to_location": "Workshop",
        "departed_at": "2026-03-16T09:00",
        "arrived_at": "",
        "notes": "",
    }
    seen = visit(LorryTrips, office, ("begin", {}), ("save", {"form": form}))
    assert "Trip recorded" in seen.said
    trip = session.scalars(select(RentalLorryTrip)).one()
    early = visit(
        LorryTrips,
        office,
        opened(trip),
        ("begin_arrival", {}),
        ("arrive", {"form": {"arrived_at": "2026-03-16T08:00"}}),
    )
    assert early["errors"] == {"arrived_at": "Must not be before the departure"}
    seen = visit(LorryTrips, office, opened(trip), ("arrive", {"form": {"arrived_at": "2026-03-16T10:05"}}))
    assert (seen["record"]["status"], seen["record"]["took"]) == ("Arrived", "1:05 h")


# ---- charges ---------------------------------------------------------------------------------------------


def test_the_queue_shows_what_waits_and_bills_it_with_one_click(session, office):
    charge = make_charge(session)
    before = visit(Charges, office)
    assert (before["total"], before["note"]) == (1, "RM 50.00")
    seen = visit(Charges, office, opened(charge), ("bill", {}))
    session.refresh(charge)
    assert (charge.status, seen["rows"], seen["note"]) == ("billed", [], "RM 0.00")
    assert "RM 50.00 put on the next invoice" in seen.said
    assert (seen["record"]["on_order"], seen["record"]["invoice"]) == ("true", "")


def test_selected_charges_are_billed_together(session, office):
    order = order_on(session, make_price_card(session), weight_kg=2350)
    invoices.make_from_order(session, SYSTEM, order.id)
    waiting = collected_after(session, order, 9)
    picks = [("toggle_row", {"record_id": str(each.id)}) for each in waiting]
    seen = visit(Charges, office, *picks, ("bill_selected", {}))
    for each in waiting:
        session.refresh(each)
    assert {each.status for each in waiting} == {"billed"}
    assert "2 charges, RM 92.00, put on the next invoices" in seen.said
    shown = visit(Charges, office, address="/rental/charges?status=billed")
    assert [row["invoice"] for row in shown["rows"]] == ["Draft", "Draft"]


def test_waiving_needs_a_reason(session, office):
    charge = make_charge(session)
    visit(Charges, office, opened(charge), ("waive", {"form": {"reason": ""}}))
    session.refresh(charge)
    assert charge.status == "unbilled"
    seen = visit(Charges, office, opened(charge), ("waive", {"form": {"reason": "Good customer"}}))
    session.refresh(charge)
    assert (charge.status, seen["record"]["waive_reason"]) == ("waived", "Good customer")


# ---- reminders -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("event", "status"), [("send", "sent"), ("cancel", "cancelled")])
def test_a_reminder_is_sent_or_cancelled_by_the_office(session, office, event, status):
    reminder = make_reminder(session, make_delivery_order(session))
    seen = visit(CollectionReminders, office, opened(reminder), (event, {}))
    session.refresh(reminder)
    assert (reminder.status, seen["record"]["waits"]) == (status, "")
    again = visit(CollectionReminders, office, opened(reminder), (event, {}))
    assert "Collection reminder" in again.said


# ---- suggesting a card's price ---------------------------------------------------------------------------


def test_the_order_form_suggests_the_price_of_the_card(session, office):
    card, the_bin = make_price_card(session, base_price="380.50", included_tonnes="2.5"), make_bin(session)
    seen = visit(DeliveryOrders, office, ("suggest_price", {"chosen": f"{the_bin.id} {card.waste_item_id}"}))
    assert "Price card: RM 380.50" in seen.said
    assert "7 days and 2.5 t are included" in seen.said
    assert "order-amount" in seen.said


@pytest.mark.parametrize("chosen", ["- -", "", "{bin} -", "{bin} {bin}", "garbage"])
def test_without_a_card_nothing_is_suggested(session, office, chosen):
    make_price_card(session)
    filled = chosen.format(bin=make_bin(session).id)
    seen = visit(DeliveryOrders, office, ("suggest_price", {"chosen": filled}))
    assert "Price card" not in seen.said
    assert "order-amount" not in seen.said


def test_the_order_of_a_booking_suggests_and_keeps_the_kind_of_waste(session, office):
    card, the_bin = make_price_card(session), make_bin(session)
    booking = make_booking(session)
    bookings.assign(
        session,
        SYSTEM,
        booking.id,
        AssignmentEntry(driver_id=make_driver(session).id, lorry_id=make_lorry(session).id),
    )
    session.flush()
    form = {
        "inventory_bin_id": str(the_bin.id),
        "waste_item_id": str(card.waste_item_id),
        "amount": "340",
        "payment_method": "CASH",
    }
    asked = ("suggest_price", {"waste_item_id": str(card.waste_item_id)})
    seen = visit(Bookings, office, opened(booking), ("begin_order", {}), asked)
    assert "Price card: RM 350.00" in seen.said
    assert [option["value"] for option in seen["waste_options"]] == [str(card.waste_item_id)]
    visit(Bookings, office, opened(booking), ("begin_order", {}), ("make_order", {"form": form}))
    order = session.scalars(select(RentalDeliveryOrder)).one()
    terms = session.scalars(select(RentalHireTerms)).one()
    assert (order.amount_minor, terms.delivery_order_id, terms.price_card_id) == (34000, order.id, card.id)


# ---- moving and exchanging bins --------------------------------------------------------------------------


def test_a_bin_is_moved_to_another_site_beside_its_order(session, office):
    order = drive(session, make_delivery_order(session, area="Klang Valley"), "delivered")
    seen = visit(DeliveryOrders, office, opened(order), ("begin_move", {}))
    assert ("transfer" in seen["allowed"], seen["values"]["area"]) == (True, "Klang Valley")
    form = {"site_address": "9 Jalan Dua", "area": "Seremban", "state": "", "reason": ""}
    seen = visit(DeliveryOrders, office, opened(order), ("move_bin", {"form": form}))
    session.refresh(order)
    assert (order.site_address, order.area) == ("9 Jalan Dua", "Seremban")
    assert "Bin moved" in seen.said
    empty = visit(DeliveryOrders, office, opened(order), ("move_bin", {"form": form | {"site_address": ""}}))
    assert empty["errors"] == {"site_address": "Fill this in"}


def test_a_full_bin_is_exchanged_for_an_empty_one_beside_its_order(session, office):
    order, the_bin = drive(session, make_delivery_order(session), "delivered"), make_bin(session)
    form = {
        "inventory_bin_id": str(the_bin.id),
        "amount": "350",
        "scheduled_at": "2026-03-17T09:00",
        "driver_id": "",
    }
    seen = visit(DeliveryOrders, office, opened(order), ("begin_exchange", {}), ("exchange", {"form": form}))
    made = session.scalars(select(RentalDeliveryOrder).where(RentalDeliveryOrder.bin_id == the_bin.id)).one()
    assert (made.amount_minor, made.driver_id) == (35000, order.driver_id)
    assert f"{made.system_do_number} brings the empty bin" in seen.said
    assert seen["open_id"] == str(made.id)
    assert "transfer" not in seen["allowed"]
