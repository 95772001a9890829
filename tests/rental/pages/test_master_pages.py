"""Customers, drivers, lorries and bins, event by event: what their pages show, keep, refuse and change."""

import asyncio
from datetime import date

import pytest
from sqlalchemy import select

from lattis_app.core.actors import SYSTEM
from lattis_app.rental.models import RentalBin, RentalBinMovement, RentalCustomer, RentalDriver, RentalLorry
from lattis_app.rental.pages.bins import MOVES_IN_WORDS, Bins, moves
from lattis_app.rental.pages.customer_doubles import CustomerDoubles
from lattis_app.rental.pages.customer_merges import CustomerMerge
from lattis_app.rental.pages.customers import Customers
from lattis_app.rental.pages.drivers import Drivers
from lattis_app.rental.pages.lorries import Lorries
from lattis_app.rental.rules.movements import TARGETS
from lattis_app.rental.services import invoices
from lattis_app.rental.statuses import BinStatus
from tests.factories.rental import make_customer
from tests.factories.rental_delivery_orders import drive, make_delivery_order
from tests.factories.rental_operations import make_bin, make_booking, make_driver, make_lorry
from tests.ui.pipeline import pipeline
from tests.ui.visits import everything, signed_in, stay, visit

BIN = {
    "serial_number": "asr900",
    "size.h_ft": "4",
    "size.l_ft": "12",
    "size.w_ft": "6",
    "area": "",
    "notes": "",
}
CUSTOMER = {
    "company_name": "Setia Build",
    "phone": "012-345 6781",
    "payment_terms_days": "14",
    "on_stop": "false",
}
DRIVER = {
    "name": "Lim Wei",
    "ic_number": "880203-10-5521",
    "phone": "012-3456790",
    "jobs_per_day": "6",
    "status": "active",
}
LORRY = {"registration_no": "wxy  1", "status": "available", "capacity_kg": "8000", "road_tax__number": "RT1", "road_tax__expires_on": "2026-04-01"}  # fmt: skip


@pytest.fixture
def office(session, clock):
    return signed_in(session)


def opened(record):
    return ("open_record", {"record_id": str(record.id)})


# ---- lists -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "make", "shown"),
    [
        (
            Customers,
            lambda s: make_customer(s, payment_terms_days=14, credit_limit="15000", on_stop=True),
            {"company_name": "ABC Construction Sdn Bhd", "contact": "John Doe", "terms": "14 days", "credit": "15,000.00", "status": "On stop", "status_tone": "bad"},
        ),
        (
            Drivers,
            lambda s: make_driver(s, name="Lim Wei", ic_number="880203-10-5521", phone="012-3456790"),
            {"name": "Lim Wei", "ic_number": "••••••5521", "phone": "+60 12-345 6790", "status": "Active", "status_tone": "ok"},
        ),
        (
            Lorries,
            lambda s: make_lorry(s, registration_no="WXY 1", documents=[{"kind": "insurance", "expires_on": "2026-09-01"}, {"kind": "road_tax", "expires_on": "2026-03-15"}]),
            {"registration_no": "WXY 1", "type": "Arm roll", "capacity": "8,000 kg", "next_expiry_on": "Road tax · expired 15 Mar 2026", "next_expiry_on_tone": "bad", "status": "Papers expired", "status_tone": "warn"},
        ),
        (
            Bins,
            lambda s: make_bin(s, serial_number="ASR900"),
            {"serial_number": "ASR900", "size": "4 × 12 × 6 ft", "status": "In warehouse", "customer": "–", "area": "Klang Valley, Selangor"},
        ),
    ],
    ids=["customers", "drivers", "lorries", "bins"],
)  # fmt: skip
def test_rows_read_in_words(session, office, page, make, shown):
    record = make(session)
    seen = visit(page, office)
    (row,) = seen["rows"]
    assert {key: row[key] for key in shown} == shown
    assert (row["id"], seen["extent"]) == (str(record.id), "1–1 of 1")


@pytest.mark.parametrize(
    ("page", "make", "query", "found", "chips"),
    [
        (Customers, lambda s: [make_customer(s, on_stop=True), make_customer(s)], "on_stop=true", 1, ["On stop"]),
        (Customers, lambda s: [make_customer(s), make_customer(s, company_name="Villa")], "q=vil&sort=-company_name", 1, []),
        (Drivers, lambda s: [make_driver(s, status="inactive"), make_driver(s)], "status=inactive", 1, ["Inactive"]),
        (Drivers, lambda s: [make_driver(s, status="inactive"), make_driver(s)], "status=active,inactive", 2, ["Active, Inactive"]),
        (Lorries, lambda s: [make_lorry(s, documents=[{"kind": "permit", "expires_on": "2026-04-15"}]), make_lorry(s)], "expires_within=30&sort=next_expiry_on", 1, ["Expired or within 30 days"]),
        (Lorries, lambda s: [make_lorry(s, documents=[{"kind": "permit", "expires_on": "2026-03-16"}])], "expires_within=-1", 0, ["Expired"]),
        (Bins, lambda s: [make_bin(s), make_bin(s, status="repair")], "status=repair,collected", 1, ["Repair, Collected"]),
        (Bins, lambda s: [make_bin(s), make_bin(s, area="Seremban")], "area=klang_valley&sort=-area", 1, ["klang_valley"]),
    ],
    ids=["on stop", "search", "one status", "both statuses", "papers to renew", "expired papers", "repair", "area"],
)  # fmt: skip
def test_the_address_narrows_and_orders(session, office, page, make, query, found, chips):
    make(session)
    seen = visit(page, office, address=f"/page?{query}")
    assert (seen["total"], [chip["text"] for chip in seen["chips"]]) == (found, chips)


def test_a_list_turns_its_pages_in_the_address(session, office):
    for _ in range(21):
        make_bin(session)
    seen = visit(Bins, office, ("go_to_page", {"number": 2}))
    assert (len(seen["rows"]), seen["extent"], "page=2" in seen.said) == (1, "21–21 of 21", True)


@pytest.mark.parametrize("page", [Customers, Drivers, Lorries, Bins])
@pytest.mark.parametrize("wanted", ["garbage", "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"])
def test_a_link_to_nothing_still_shows_the_list(session, office, page, wanted):
    seen = visit(page, office, address=f"/page?open={wanted}&customer_id={wanted}&sort=secret&page=x")
    assert (seen["open_id"], seen["loaded"], seen["page"]) == ("", True, 1)
    assert "went wrong" not in seen.said


# ---- forms -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "form", "model", "kept", "said"),
    [
        (Customers, CUSTOMER, RentalCustomer, {"payment_terms_days": 14, "on_stop": False}, "Customer saved"),
        (Drivers, DRIVER, RentalDriver, {"name": "Lim Wei", "ic_number": "880203105521"}, "Lim Wei saved"),
        (Lorries, LORRY, RentalLorry, {"registration_no": "WXY 1", "capacity_kg": 8000}, "WXY 1 saved"),
        (Bins, BIN, RentalBin, {"serial_number": "ASR900", "status": "in_warehouse"}, "Bin ASR900 saved"),
    ],
    ids=["customer", "driver", "lorry", "bin"],
)
def test_a_form_makes_a_record_and_shows_it(session, office, page, form, model, kept, said):
    seen = visit(page, office, ("begin", {}), ("save", {"form": form}))
    made = session.scalars(select(model)).one()
    assert {name: getattr(made, name) for name in kept} == kept
    assert said in seen.said
    assert (seen["open_id"], seen["record_ready"], len(seen["events"])) == (str(made.id), True, 1)


@pytest.mark.parametrize(
    ("page", "form", "errors"),
    [
        (Customers, CUSTOMER | {"company_name": " ", "phone": ""}, {"company_name", "phone"}),
        (Customers, CUSTOMER | {"credit_limit": "-1", "payment_terms_days": "many"}, {"credit_limit", "payment_terms_days"}),
        (Drivers, DRIVER | {"ic_number": "12"}, {"ic_number"}),
        (Drivers, DRIVER | {"jobs_per_day": "0", "status": "away"}, {"jobs_per_day", "status"}),
        (Lorries, LORRY | {"road_tax__expires_on": "", "permit__expires_on": "soon"}, {"road_tax__expires_on", "permit__expires_on"}),
        (Lorries, LORRY | {"capacity_kg": "heavy"}, {"capacity_kg"}),
        (Bins, BIN | {"serial_number": "", "size.l_ft": "-2"}, {"serial_number", "size.l_ft"}),
        (Bins, BIN | {"serial_number": ["x"], "area": {"a": 1}}, {"serial_number", "area"}),
    ],
    ids=["blank", "numbers", "identity card", "choices", "papers", "capacity", "size", "wrong types"],
)  # fmt: skip
def test_a_form_that_does_not_fit_is_told_field_by_field_and_keeps_what_was_typed(
    session, office, page, form, errors
):
    before = everything(session)
    seen = visit(page, office, ("begin", {}), ("save", {"form": form}))
    assert set(seen["errors"]) == errors
    assert (seen["form_key"], "-sheet" in seen.said, everything(session)) == (1, False, before)


@pytest.mark.parametrize(
    ("page", "make", "form", "said"),
    [
        (Drivers, lambda s: make_driver(s, phone="012-3456790"), DRIVER, "phone"),
        (Lorries, lambda s: make_lorry(s, registration_no="WXY 1"), LORRY, "registration no"),
        (Bins, lambda s: make_bin(s, serial_number="ASR900"), BIN, "serial number"),
    ],
    ids=["driver", "lorry", "bin"],
)
def test_what_is_somebody_elses_is_refused_above_the_form(session, office, page, make, form, said):
    make(session)
    before = everything(session)
    seen = visit(page, office, ("begin", {}), ("save", {"form": form}))
    told = (seen["form_error"] + " ".join(seen["errors"].values()) + " ".join(seen["errors"])).lower()
    assert said in told.replace("_", " ")
    assert everything(session) == before


def test_a_lorry_is_edited_by_what_differs_and_an_emptied_field_is_cleared(session, office):
    paper = {"kind": "road_tax", "number": "RT1", "expires_on": "2026-04-01"}
    lorry = make_lorry(session, documents=[paper], notes="Slow", capacity_kg=8000)
    form = {
        "registration_no": lorry.registration_no, "type": "Arm roll", "capacity_kg": "", "status": "available",
        "notes": " ", "road_tax__number": "RT2", "road_tax__expires_on": "2027-04-01",
    }  # fmt: skip

    seen = visit(Lorries, office, opened(lorry), ("edit", {}), ("save", {"form": form}))

    session.refresh(lorry)
    assert (lorry.capacity_kg, lorry.notes, lorry.type) == (None, "", "Arm roll")
    assert seen["documents"] == [
        {
            "id": "road_tax",
            "kind": "Road tax",
            "number": "RT2",
            "state": "Until 1 Apr 2027",
            "state_tone": "ok",
        }
    ]


def test_a_driver_keeps_the_identity_card_that_is_not_typed_again(session, office):
    driver = make_driver(session)
    form = {"name": "Siva", "ic_number": "", "phone": driver.phone, "jobs_per_day": "4", "status": "active"}
    seen = visit(Drivers, office, opened(driver), ("edit", {}), ("save", {"form": form}))
    before = driver.ic_number
    session.refresh(driver)
    assert (driver.name, driver.jobs_per_day, driver.ic_number) == ("Siva", 4, before)
    assert seen["known_ic"] == f"••••••{before[-4:]}"


def test_a_customers_double_is_named_while_the_name_is_typed(session, office):
    known = make_customer(session, company_name="Setia Build Sdn Bhd", phone="012-3456781", email=None)
    looks = [
        ("look", {"field": "name", "words": "setia b"}),
        ("look", {"field": "phone", "words": "012-345 6781"}),
    ]
    seen = asyncio.run(_typed(office, *looks))
    assert seen["found"] == [
        {
            "id": str(known.id),
            "name": "Setia Build Sdn Bhd",
            "why": "similar name, same phone",
            "href": f"/rental/customers?open={known.id}",
        }
    ]
    assert asyncio.run(_typed(office, ("look", {"field": "name", "words": "se"})))["found"] == []
    assert asyncio.run(_typed(office, *looks, ("forget", {})))["found"] == []


async def _typed(cookie, *events):
    async with pipeline() as tab:
        return await stay(tab, CustomerDoubles, cookie, *events)


def test_a_customer_is_merged_after_a_look_at_what_moves(session, office):
    old = make_customer(session, company_name="Setia", phone="012-3456781")
    new = make_customer(session, company_name="Setia Build Sdn Bhd", email=None)
    make_booking(session, customer_id=old.id)
    begin = ("begin", {"customer_id": str(old.id), "name": "Setia"})
    merge = ("merge", {"form": {"into": str(new.id)}})
    before = everything(session)

    seen = asyncio.run(_merged(office, begin, merge))
    assert [option["label"] for option in seen["options"]] == ["Setia Build Sdn Bhd"]
    assert (seen["into"], seen["into_name"], seen["fills"]) == (str(new.id), "Setia Build Sdn Bhd", "email")
    assert seen["moves"] == [{"what": "Bookings", "count": "1"}, {"what": "Customers", "count": "1"}]
    assert everything(session) == before

    refused = asyncio.run(_merged(office, begin, ("merge", {"form": {"into": str(old.id)}})))
    assert refused["errors"] == {"into": "Is the same record"}
    assert everything(session) == before

    seen = asyncio.run(_merged(office, begin, merge, merge))
    assert "Setia is now Setia Build Sdn Bhd" in seen.said
    assert "lattis.close('customer-merge')" in seen.said
    session.refresh(old)
    assert old.merged_into_id == new.id


async def _merged(cookie, *events):
    async with pipeline() as tab:
        return await stay(tab, CustomerMerge, cookie, *events)


# ---- records and their steps -----------------------------------------------------------------------------


def test_a_customer_shows_what_is_owed_and_what_is_on_site(session, office, clock):
    customer = make_customer(session, credit_limit="15000")
    order = drive(session, make_delivery_order(session, customer_id=customer.id), "delivered")
    invoices.make_from_order(session, SYSTEM, order.id)
    make_booking(session, customer_id=customer.id)
    session.flush()
    clock.advance(days=1)

    record = visit(Customers, office, opened(customer))["record"]

    shown = {name: record[name] for name in ("owed", "overdue", "bins", "bookings", "credit")}
    assert shown == {
        "owed": "RM 350.00", "overdue": "RM 350.00 overdue", "bins": "1", "bookings": "1", "credit": "RM 15,000.00",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("limit", "words", "left", "used_up"),
    [
        ("15000", "RM 15,000.00", "RM 14,300.00 left", ""),
        ("700", "RM 700.00", "Nothing left", "true"),
        (None, "No limit", "", ""),
    ],
)
def test_a_customer_shows_debt_by_age_and_what_is_left_of_the_credit(
    session, office, clock, limit, words, left, used_up
):
    customer = make_customer(session, credit_limit=limit)
    order = make_delivery_order(session, customer_id=customer.id)
    invoices.make_from_order(session, SYSTEM, order.id).due_on = date(2026, 2, 4)
    make_delivery_order(session, customer_id=customer.id, payment_method="TERM")
    session.flush()

    record = visit(Customers, office, opened(customer))["record"]

    ages = ("current", "days_1_30", "days_31_60", "days_61_90", "over_90")
    assert [record[name] for name in ages] == ["0.00", "0.00", "350.00", "0.00", "0.00"]
    assert record["days_31_60_href"] == (
        f"/rental/invoices?customer_id={customer.id}&status=issued,partially_paid"
        "&due_from=2026-01-15&due_to=2026-02-13"
    )
    shown = ("on_order", "credit", "credit_left", "credit_used_up")
    assert tuple(record[name] for name in shown) == ("RM 350.00", words, left, used_up)
    assert record["statement"] == f"/v1/parties/{customer.party_id}/statement?format="


@pytest.mark.parametrize("on_stop", [True, False])
def test_a_customer_is_put_on_stop_and_back(session, office, on_stop):
    customer = make_customer(session, on_stop=not on_stop)
    seen = visit(Customers, office, opened(customer), ("stop", {"on_stop": on_stop}))
    session.refresh(customer)
    assert (customer.on_stop, seen["record"]["on_stop"]) == (on_stop, "true" if on_stop else "")
    assert "Undo" in seen.said


def test_a_driver_shows_todays_jobs_and_can_be_deactivated_and_back(session, office):
    driver = make_driver(session)
    make_delivery_order(session, driver_id=driver.id, scheduled_at="2026-03-16T06:00:00Z")
    make_delivery_order(session, driver_id=driver.id, scheduled_at="2026-03-17T06:00:00Z")

    seen = visit(Drivers, office, opened(driver), ("employ", {"active": False}))
    assert [(each["time"], each["road"]) for each in seen["jobs"]] == [("14:00", "Not started")]
    assert (seen["record"]["status"], "Undo" in seen.said) == ("Inactive", True)

    visit(Drivers, office, opened(driver), ("employ", {"active": True}))
    session.refresh(driver)
    assert driver.status == "active"


def test_a_lorry_goes_to_the_workshop_and_comes_back(session, office):
    lorry = make_lorry(session)
    there = visit(Lorries, office, opened(lorry), ("send", {"status": "maintenance"}))
    assert [there["record"][name] for name in ("status", "in_workshop", "blocked")] == [
        "Maintenance",
        "true",
        "true",
    ]
    back = visit(Lorries, office, opened(lorry), ("send", {"status": "available"}))
    assert [back["record"][name] for name in ("status", "in_workshop", "blocked")] == ["Available", "", ""]


def test_a_step_a_lorry_can_not_take_changes_nothing(session, office):
    lorry = make_lorry(session, status="inactive")
    before = everything(session)
    seen = visit(Lorries, office, opened(lorry), ("send", {"status": "maintenance"}))
    assert ("inactive" in seen.said, everything(session)) == (True, before)


def test_every_movement_that_is_possible_is_offered_and_no_other():
    for status in BinStatus:
        possible = [str(kind) for kind, steps in TARGETS.items() if status in steps]
        assert sorted(option["value"] for option in moves(status)) == sorted(possible)
    assert len(MOVES_IN_WORDS) == sum(len(steps) for steps in TARGETS.values())


def test_a_bins_way_is_told_with_customer_and_order(session, office):
    order = drive(session, make_delivery_order(session), "delivered")
    seen = visit(Bins, office, ("open_record", {"record_id": str(order.bin_id)}), ("begin_movement", {}))

    (out,) = seen["movements"]
    assert (out["what"], out["order"]) == ("Out to the customer of its order", order.system_do_number)
    assert out["where"].startswith("ABC Construction")
    assert seen["values"] == {"movement_type": "IN"}
    assert not any(event["field"] in ("Customer", "Delivery order") for event in seen["events"])


def test_a_promised_bin_goes_out_for_its_own_order(session, office):
    order = make_delivery_order(session)
    seen = visit(
        Bins,
        office,
        ("open_record", {"record_id": str(order.bin_id)}),
        ("begin_movement", {}),
        ("move", {"form": {"movement_type": "OUT", "notes": "By hand"}}),
    )
    movement = session.scalars(select(RentalBinMovement)).one()
    assert (movement.related_do_id, movement.notes) == (order.id, "By hand")
    assert (seen["record"]["status"], "Movement recorded" in seen.said) == ("With customer", True)


@pytest.mark.parametrize(
    ("form", "problem"),
    [({"movement_type": "TRANSFER"}, "moved TRANSFER"), ({"movement_type": "FLY"}, "Choose one"), ({}, "Movement type: fill this in")],
)  # fmt: skip
def test_a_movement_that_is_not_possible_is_refused(session, office, form, problem):
    home = make_bin(session)
    before = everything(session)
    seen = visit(Bins, office, opened(home), ("begin_movement", {}), ("move", {"form": form}))
    assert problem in seen["form_error"] + " ".join(seen["errors"].values())
    assert everything(session) == before
