"""Delivery orders over REST (seed: "Delivery Order Management"; contract: rental.md)."""

import io
from decimal import Decimal
from uuid import UUID, uuid4

import pypdf
import pytest
from sqlalchemy import func, select

from lattis_app.core.events import EventRow
from lattis_app.core.numbering import NumberSeries
from lattis_app.identity.permissions import Role
from lattis_app.rental.models import (
    RentalBin,
    RentalBooking,
    RentalCommission,
    RentalCustomer,
    RentalDeliveryOrder,
    RentalDeliveryOrderLine,
    RentalWasteItem,
)
from tests.factories.rental import make_customer
from tests.factories.rental_delivery_orders import (
    SEED_ORDER,
    drive,
    make_booking_at,
    make_delivery_order,
    order_payload,
    set_business,
)
from tests.factories.rental_operations import make_bin, make_driver, make_lorry

UNKNOWN = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"


def count(session, model):
    return session.execute(select(func.count()).select_from(model)).scalar_one()


def nothing_made(session):
    session.expire_all()
    series = NumberSeries.__table__.c
    numbers = session.scalar(select(func.coalesce(func.sum(series.last), 0)).where(series.series == "DO"))
    bins = set(session.scalars(select(RentalBin.__table__.c.status)))
    made = (count(session, RentalDeliveryOrder), count(session, RentalDeliveryOrderLine), numbers)
    return made == (0, 0, 0) and bins <= {"in_warehouse"} and count(session, RentalCommission) == 0


def events_of(session, order_id):
    rows = select(EventRow).where(EventRow.__table__.c.entity_id == UUID(str(order_id)))
    return [row.name for row in session.scalars(rows.order_by(EventRow.__table__.c.seq))]


# ---- making ----------------------------------------------------------------------------------------------


def test_the_seeds_order_is_issued_and_takes_its_bin(api, session, clock):
    driver, lorry = make_driver(session, name="Ahmad Rahman"), make_lorry(session)
    bin_ = make_bin(session, serial_number="ASR100")
    sent = order_payload(session, driver_id=driver.id, lorry_id=lorry.id, inventory_bin_id=bin_.id)
    sent["do_book_number"] = SEED_ORDER["do_book_number"]

    answer = api.as_(Role.ADMIN).post("/v1/delivery-orders", json=sent)

    assert answer.status_code == 201
    data = answer.json()["data"]
    same = {key: value for key, value in sent.items() if key != "waste_items"}
    assert data | same == data
    assert (data["status"], data["fulfilment_status"]) == ("issued", "assigned")
    assert data["system_do_number"] == "DO-2026-00001"
    assert (data["driver_name"], data["bin_serial_number"]) == ("Ahmad Rahman", "ASR100")
    (line,) = data["waste_items"]
    assert (line["description"], line["quantity"], line["price"], line["amount"]) == (
        "Construction debris",
        1,
        350.0,
        350.0,
    )
    assert (data["service_on"], data["scheduled_at"]) == ("2026-03-16", "2026-03-16T02:00:00Z")
    assert (data["photo_count"], data["photos_required"], data["invoice"]) == (0, 3, None)
    session.refresh(bin_)
    assert (bin_.status, str(bin_.delivery_order_id)) == ("assigned", data["id"])
    assert events_of(session, data["id"]) == ["do.issued", "do.assigned"]


def test_a_draft_has_no_number_and_takes_no_bin(api, session):
    sent = order_payload(session, draft=True)

    data = api.as_(Role.ADMIN).post("/v1/delivery-orders", json=sent).json()["data"]

    assert (data["status"], data["system_do_number"]) == ("draft", None)
    assert session.scalar(select(RentalBin.__table__.c.status)) == "in_warehouse"
    assert events_of(session, data["id"]) == []
    assert count(session, NumberSeries) == 0


def test_what_is_not_said_comes_from_the_customer(api, session):
    customer = make_customer(session, introducer_name="Siti Referrer")
    sent = order_payload(session, customer_id=customer.id, company_name=None, phone=None)

    data = api.as_(Role.ADMIN).post("/v1/delivery-orders", json=sent).json()["data"]

    assert (data["company_name"], data["phone"]) == ("ABC Construction Sdn Bhd", "+60123456789")
    assert data["site_address"] == "456 Jalan Puchong, 47100 Puchong"
    assert data["introducer_name"] == "Siti Referrer"
    commission = session.scalars(select(RentalCommission)).one()
    assert (commission.status, commission.introducer_name, commission.amount_minor) == (
        "pending",
        "Siti Referrer",
        None,
    )


def test_a_waste_item_says_its_name_unit_and_price(api, session):
    item = RentalWasteItem(name="Mixed waste", unit="tonne", price_minor=12345)
    session.add(item)
    session.flush()
    lines = [{"waste_item_id": str(item.id), "quantity": "2.5"}]
    sent = order_payload(session, waste_items=lines, amount="308.63")

    data = api.as_(Role.ADMIN).post("/v1/delivery-orders", json=sent).json()["data"]

    (line,) = data["waste_items"]
    assert (line["description"], line["unit"], line["price"], line["amount"]) == (
        "Mixed waste",
        "tonne",
        123.45,
        308.63,
    )


@pytest.mark.parametrize("lines", [[], [{"description": "Soil", "quantity": 2, "price": 0}]])
def test_lines_may_be_missing_or_worth_nothing(api, session, lines):
    sent = order_payload(session, waste_items=lines)
    assert api.as_(Role.ADMIN).post("/v1/delivery-orders", json=sent).status_code == 201


def test_lines_that_miss_the_amount_are_refused_naming_both_totals(api, session):
    lines = [{"description": "Soil", "quantity": 3, "price": 100}]
    sent = order_payload(session, waste_items=lines)

    answer = api.as_(Role.ADMIN).post("/v1/delivery-orders", json=sent)

    assert answer.status_code == 400
    details = answer.json()["error"]["details"]
    assert (details["field"], details["amount"], details["lines_total"]) == ("amount", 350.0, 300.0)
    assert nothing_made(session)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"customer_id": ...}, "customer_id"),
        ({"inventory_bin_id": ...}, "inventory_bin_id"),
        ({"bin_size": ...}, "bin_size"),
        ({"payment_method": ...}, "payment_method"),
        ({"amount": ...}, "amount"),
        ({"amount": 0}, "amount"),
        ({"amount": -5}, "amount"),
        ({"amount": "NaN"}, "amount"),
        ({"amount": "1e3000"}, "amount"),
        ({"amount": 350.001}, "amount"),
        ({"amount": True}, "amount"),
        ({"payment_method": "IOU"}, "payment_method"),
        ({"customer_id": "abc"}, "customer_id"),
        ({"bin_size": {"h_ft": 4, "l_ft": 12}}, "bin_size.w_ft"),
        ({"bin_size": {"h_ft": "NaN", "l_ft": 12, "w_ft": 6}}, "bin_size.h_ft"),
        ({"bin_size": {"h_ft": 5, "l_ft": 12, "w_ft": 6}}, "bin_size"),
        ({"weight_kg": -1}, "weight_kg"),
        ({"weight_kg": 1.5}, "weight_kg"),
        ({"notes": "x" * 2001}, "notes"),
        ({"notes": "bell \x07"}, "notes"),
        ({"do_by_name": "null \x00"}, "do_by_name"),
        ({"phone": "call me"}, "phone"),
        ({"scheduled_at": "2026-03-16T09:00:00"}, "scheduled_at"),
        ({"scheduled_at": "9999-12-31T23:59:59Z"}, "scheduled_at"),
        ({"waste_items": [{"quantity": 1, "price": 350}]}, "waste_items.0"),
        ({"waste_items": [{"description": "x", "quantity": 0, "price": 1}]}, "waste_items.0.quantity"),
        ({"waste_items": [{"description": "x", "quantity": "Infinity"}]}, "waste_items.0.quantity"),
        ({"waste_items": [{"description": "x", "quantity": 1, "price": -1}]}, "waste_items.0.price"),
        ({"waste_items": [{"description": "x"}] * 101}, "waste_items"),
        ({"amont": 1}, "amont"),
    ],
)
def test_a_bad_field_is_named_and_nothing_is_made(api, session, changed, field):
    sent = order_payload(session) | changed
    sent = {key: value for key, value in sent.items() if value is not ...}

    answer = api.as_(Role.ADMIN).post("/v1/delivery-orders", json=sent)

    assert answer.status_code == 400
    assert answer.json()["error"]["details"]["field"] == field
    assert nothing_made(session)


@pytest.mark.parametrize("name", ["customer_id", "inventory_bin_id", "driver_id", "lorry_id", "booking_id"])
def test_an_unknown_record_is_not_found_and_nothing_is_made(api, session, name):
    answer = api.as_(Role.ADMIN).post("/v1/delivery-orders", json=order_payload(session, **{name: UNKNOWN}))

    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "NOT_FOUND")
    assert nothing_made(session)


def test_a_customer_on_stop_gets_nothing(api, session):
    customer = make_customer(session, on_stop=True)

    answer = api.as_(Role.ADMIN).post(
        "/v1/delivery-orders", json=order_payload(session, customer_id=customer.id)
    )

    assert (answer.status_code, answer.json()["error"]["code"]) == (412, "PRECONDITION_FAILED")
    assert nothing_made(session)


def test_a_customer_may_insist_on_its_order_number(api, session):
    customer = make_customer(session, po_required=True)
    client = api.as_(Role.ADMIN)
    sent = order_payload(session, customer_id=customer.id)

    refused = client.post("/v1/delivery-orders", json=sent)
    assert (refused.status_code, refused.json()["error"]["details"]["field"]) == (400, "po_number")
    assert nothing_made(session)

    accepted = client.post("/v1/delivery-orders", json=sent | {"po_number": "PO 4711"})
    assert accepted.json()["data"]["po_number"] == "PO 4711"


def test_a_bin_that_is_not_free_is_a_conflict(api, session):
    taken = make_delivery_order(session)
    before = count(session, RentalDeliveryOrder)

    answer = api.as_(Role.ADMIN).post(
        "/v1/delivery-orders", json=order_payload(session, inventory_bin_id=taken.bin_id)
    )

    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "CONFLICT")
    assert count(session, RentalDeliveryOrder) == before


def test_a_book_number_is_used_once(api, session):
    make_delivery_order(session, do_book_number="AS-2025-00123")
    bin_ = make_bin(session)

    answer = api.as_(Role.ADMIN).post(
        "/v1/delivery-orders",
        json=order_payload(session, inventory_bin_id=bin_.id, do_book_number="AS-2025-00123"),
    )

    assert (answer.status_code, answer.json()["error"]["details"]["field"]) == (409, "do_book_number")
    session.refresh(bin_)
    assert (bin_.status, count(session, RentalDeliveryOrder)) == ("in_warehouse", 1)


def test_one_idempotency_key_makes_one_order(api, session):
    client = api.as_(Role.ADMIN)
    sent, key = order_payload(session), {"Idempotency-Key": "order 1"}

    first = client.post("/v1/delivery-orders", json=sent, headers=key)
    second = client.post("/v1/delivery-orders", json=sent, headers=key)
    other = client.post("/v1/delivery-orders", json=sent | {"notes": "other"}, headers=key)

    assert (first.status_code, second.status_code, other.status_code) == (201, 201, 409)
    assert second.json() == first.json()
    assert second.headers["Idempotency-Replayed"] == "true"
    assert count(session, RentalDeliveryOrder) == 1


# ---- bookings --------------------------------------------------------------------------------------------


def test_an_order_fulfils_its_booking_and_takes_over_what_was_arranged(api, session):
    customer, driver, lorry = make_customer(session), make_driver(session), make_lorry(session)
    booking = make_booking_at(
        session,
        customer,
        "assigned",
        driver_id=driver.id,
        lorry_id=lorry.id,
        site_address="Lot 18, Jalan Industri",
        area="Klang Valley",
    )
    sent = order_payload(session, customer_id=customer.id, booking_id=booking.id)

    data = api.as_(Role.ADMIN).post("/v1/delivery-orders", json=sent).json()["data"]

    assert (data["booking_id"], data["driver_id"]) == (str(booking.id), str(driver.id))
    assert (data["lorry_id"], data["site_address"]) == (str(lorry.id), "Lot 18, Jalan Industri")
    session.refresh(booking)
    assert booking.status == "fulfilled"


def test_a_booking_gives_one_order_only(api, session):
    customer = make_customer(session)
    booking = make_booking_at(session, customer, "assigned")
    client = api.as_(Role.ADMIN)
    first = client.post(
        "/v1/delivery-orders", json=order_payload(session, customer_id=customer.id, booking_id=booking.id)
    )
    second = client.post(
        "/v1/delivery-orders", json=order_payload(session, customer_id=customer.id, booking_id=booking.id)
    )

    assert (first.status_code, second.status_code) == (201, 409)
    assert count(session, RentalDeliveryOrder) == 1


def test_a_cancelled_orders_booking_may_be_served_by_another(api, session):
    customer = make_customer(session)
    booking = make_booking_at(session, customer, "assigned")
    first = make_delivery_order(session, customer_id=customer.id, booking_id=booking.id)
    client = api.as_(Role.ADMIN)
    client.post(f"/v1/delivery-orders/{first.id}/cancel", json={"reason": "Wrong bin"})

    second = client.post(
        "/v1/delivery-orders", json=order_payload(session, customer_id=customer.id, booking_id=booking.id)
    )

    assert second.status_code == 201


@pytest.mark.parametrize("status", ["pending", "confirmed", "cancelled"])
def test_a_booking_that_is_not_assigned_cannot_be_fulfilled(api, session, status):
    customer = make_customer(session)
    booking = make_booking_at(session, customer, status)

    answer = api.as_(Role.ADMIN).post(
        "/v1/delivery-orders", json=order_payload(session, customer_id=customer.id, booking_id=booking.id)
    )

    assert answer.status_code == 412
    assert nothing_made(session)


def test_another_customers_booking_is_refused(api, session):
    other = make_customer(session, company_name="Setia Build", phone="012-2223333")
    booking = make_booking_at(session, other, "assigned")

    answer = api.as_(Role.ADMIN).post(
        "/v1/delivery-orders", json=order_payload(session, booking_id=booking.id)
    )

    assert (answer.status_code, answer.json()["error"]["details"]["field"]) == (400, "booking_id")
    assert nothing_made(session)


# ---- issuing and changing --------------------------------------------------------------------------------


def test_a_draft_is_issued(api, session):
    draft = make_delivery_order(session, draft=True)

    answer = api.as_(Role.ADMIN).post(f"/v1/delivery-orders/{draft.id}/issue")

    data = answer.json()["data"]
    assert (answer.status_code, data["status"]) == (200, "issued")
    assert data["system_do_number"].endswith("-00001")
    assert session.scalar(select(RentalBin.__table__.c.status)) == "assigned"
    assert events_of(session, draft.id) == ["do.issued", "do.assigned"]


def test_an_issued_order_is_not_issued_again(api, session):
    order = make_delivery_order(session)

    answer = api.as_(Role.ADMIN).post(f"/v1/delivery-orders/{order.id}/issue")

    assert answer.status_code == 412
    assert answer.json()["error"]["details"]["current"] == "issued"
    assert answer.json()["error"]["details"]["allowed"] == ["cancelled", "pending_invoice"]


def test_a_draft_whose_bin_was_taken_meanwhile_stays_a_draft(api, session):
    draft = make_delivery_order(session, draft=True)
    make_delivery_order(session, inventory_bin_id=draft.bin_id)

    answer = api.as_(Role.ADMIN).post(f"/v1/delivery-orders/{draft.id}/issue")

    session.expire_all()
    assert (answer.status_code, draft.status, draft.system_do_number) == (409, "draft", None)


def test_a_draft_is_changed_in_everything(api, session):
    draft = make_delivery_order(session, draft=True)
    other, bigger = (
        make_customer(session, company_name="Setia Build"),
        make_bin(session, size={"h_ft": 6, "l_ft": 12, "w_ft": 6}),
    )

    answer = api.as_(Role.ADMIN).patch(
        f"/v1/delivery-orders/{draft.id}",
        json={
            "customer_id": str(other.id),
            "inventory_bin_id": str(bigger.id),
            "bin_size": {"h_ft": 6, "l_ft": 12, "w_ft": 6},
            "amount": "500.00",
            "waste_items": [
                {"description": "Soil", "quantity": 2, "price": 200},
                {"description": "Wood", "price": 100},
            ],
            "payment_method": "TERM",
            "scheduled_at": "2026-04-01T20:00:00Z",
            "driver_id": None,
        },
    )

    data = answer.json()["data"]
    assert answer.status_code == 200
    assert (data["company_name"], data["amount"], data["payment_method"]) == ("Setia Build", 500.0, "TERM")
    assert [line["amount"] for line in data["waste_items"]] == [400.0, 100.0]
    assert (data["service_on"], data["expected_return_on"]) == ("2026-04-02", "2026-04-16")
    assert (data["bin_size"]["h_ft"], data["driver_id"]) == (6, None)


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"amount": 400}, 400, "amount"),
        ({"bin_size": {"h_ft": 6, "l_ft": 12, "w_ft": 6}}, 400, "bin_size"),
        ({"amount": None}, 400, "amount"),
        ({"customer_id": UNKNOWN}, 404, None),
        ({"driver_id": UNKNOWN}, 404, None),
        ({"inventory_bin_id": UNKNOWN}, 404, None),
    ],
)
def test_a_refused_change_of_a_draft_changes_nothing(api, session, changes, status, field):
    draft = make_delivery_order(session, draft=True)

    answer = api.as_(Role.ADMIN).patch(
        f"/v1/delivery-orders/{draft.id}", json=changes | {"notes": "Must not stay"}
    )

    assert answer.status_code == status
    assert answer.json()["error"]["details"].get("field") == field
    session.expire_all()
    assert (draft.amount_minor, draft.h_ft, draft.notes) == (35000, Decimal(4), "")


def test_an_issued_order_takes_what_the_site_needs(api, session):
    order, relief = make_delivery_order(session), make_driver(session, name="Lim Wei")

    answer = api.as_(Role.ADMIN).patch(
        f"/v1/delivery-orders/{order.id}",
        json={"weight_kg": 1400, "notes": "Gate 2", "do_book_number": "B1", "driver_id": str(relief.id)},
    )

    data = answer.json()["data"]
    assert (data["weight_kg"], data["notes"], data["do_book_number"]) == (1400, "Gate 2", "B1")
    assert data["driver_name"] == "Lim Wei"
    assert events_of(session, order.id) == ["do.issued", "do.assigned", "do.assigned"]


def test_an_issued_orders_terms_are_fixed(api, session):
    order = make_delivery_order(session)

    answer = api.as_(Role.ADMIN).patch(
        f"/v1/delivery-orders/{order.id}", json={"amount": 400, "notes": "Must not stay"}
    )

    session.expire_all()
    assert (answer.status_code, answer.json()["error"]["details"]["field"]) == (412, "amount")
    assert (order.amount_minor, order.notes) == (35000, "")


def test_the_weight_is_corrected_after_completion_with_a_reason(api, session):
    order = drive(session, make_delivery_order(session), "done")
    client = api.as_(Role.ADMIN)
    path = f"/v1/delivery-orders/{order.id}"

    without = client.patch(path, json={"weight_kg": 1400})
    assert (without.status_code, without.json()["error"]["details"]["field"]) == (400, "reason")
    session.expire_all()
    assert order.weight_kg == 1200

    corrected = client.patch(path, json={"weight_kg": 1400, "reason": "Scale ticket 77"})
    assert corrected.json()["data"]["weight_kg"] == 1400


# ---- cancelling ------------------------------------------------------------------------------------------


def test_a_cancelled_order_frees_its_bin_and_its_commission(api, session):
    order = make_delivery_order(session, introducer_name="Siti")

    answer = api.as_(Role.ADMIN).post(
        f"/v1/delivery-orders/{order.id}/cancel", json={"reason": "Customer called it off"}
    )

    data = answer.json()["data"]
    assert (data["status"], data["cancel_reason"]) == ("cancelled", "Customer called it off")
    bin_ = session.get(RentalBin, order.bin_id, populate_existing=True)
    assert (bin_.status, bin_.delivery_order_id, bin_.customer_id) == ("in_warehouse", None, None)
    assert session.scalar(select(RentalCommission.__table__.c.status)) == "cancelled"
    assert events_of(session, order.id)[-1] == "do.cancelled"


def test_a_draft_is_cancelled_without_a_sound(api, session):
    draft = make_delivery_order(session, draft=True)

    answer = api.as_(Role.ADMIN).post(f"/v1/delivery-orders/{draft.id}/cancel", json={"reason": "Typo"})

    assert answer.json()["data"]["status"] == "cancelled"
    assert events_of(session, draft.id) == []


def test_an_order_on_the_way_is_called_back(api, session):
    order = drive(session, make_delivery_order(session), "started")

    api.as_(Role.ADMIN).post(f"/v1/delivery-orders/{order.id}/cancel", json={"reason": "Site closed"})

    session.expire_all()
    trips = api.as_(Role.ADMIN).get("/v1/lorry-trips", params={"related_do_id": str(order.id)}).json()["data"]
    assert (order.status, [trip["status"] for trip in trips]) == ("cancelled", ["closed"])


def test_an_order_whose_bin_is_out_is_not_cancelled(api, session):
    order = drive(session, make_delivery_order(session), "delivered")

    answer = api.as_(Role.ADMIN).post(f"/v1/delivery-orders/{order.id}/cancel", json={"reason": "Too late"})

    session.expire_all()
    assert (answer.status_code, order.status) == (412, "issued")
    assert session.get(RentalBin, order.bin_id).status == "with_customer"


def test_an_order_that_money_was_taken_for_is_not_cancelled(api, session):
    order = make_delivery_order(session)
    order.collected_minor = 10000
    session.flush()

    answer = api.as_(Role.ADMIN).post(f"/v1/delivery-orders/{order.id}/cancel", json={"reason": "Refund?"})

    session.expire_all()
    assert (answer.status_code, order.status) == (412, "issued")
    assert "RM 100.00 was taken" in answer.json()["error"]["message"]
    assert session.get(RentalBin, order.bin_id).status == "assigned"


@pytest.mark.parametrize("status", ["invoiced_linked", "closed", "cancelled"])
def test_a_settled_order_is_not_cancelled(api, session, status):
    order = make_delivery_order(session)
    order.status = status
    session.flush()

    answer = api.as_(Role.ADMIN).post(f"/v1/delivery-orders/{order.id}/cancel", json={"reason": "Not now"})
    session.expire_all()
    assert (answer.status_code, order.status) == (412, status)


def test_a_cancellation_needs_a_reason(api, session):
    order = make_delivery_order(session)
    answer = api.as_(Role.ADMIN).post(f"/v1/delivery-orders/{order.id}/cancel", json={"reason": "  "})
    session.expire_all()
    assert (answer.status_code, order.status) == (400, "issued")


# ---- finding ---------------------------------------------------------------------------------------------


def test_orders_are_filtered_searched_and_sorted(api, session):
    first = make_delivery_order(session, company_name="ABC Construction", amount=100, waste_items=[])
    second = make_delivery_order(
        session,
        company_name="Setia Build",
        amount=200,
        waste_items=[],
        scheduled_at="2026-03-20T00:00:00Z",
        do_book_number="AS-77",
        payment_method="TERM",
    )
    third = drive(
        session,
        make_delivery_order(
            session, company_name="abc Tiles", amount=300, waste_items=[], scheduled_at="2026-03-18T16:00:00Z"
        ),
        "started",
    )
    client = api.as_(Role.ADMIN)

    def ids(**params):
        answer = client.get("/v1/delivery-orders", params=params)
        assert answer.status_code == 200, answer.text
        return [row["id"] for row in answer.json()["data"]]

    one, two, three = str(first.id), str(second.id), str(third.id)
    assert ids(**{"from": "2026-03-19", "to": "2026-03-20"}) == [two, three]
    assert ids(q="abc", sort="amount") == [one, three]
    assert ids(q="AS-7") == [two]
    assert ids(q=first.system_do_number.lower()) == [one]
    assert ids(q="100%") == []
    assert ids(status="issued", sort="-amount") == [three, two, one]
    assert ids(fulfilment_status="started") == [three]
    assert ids(status="issued,closed", sort="amount") == [one, two, three]
    assert ids(payment_method=["TERM", "ONLINE"]) == [two]
    assert ids(driver_id=f"{first.driver_id},{third.driver_id}", sort="amount") == [one, three]
    assert ids(payment_method="TERM") == [two]
    assert ids(driver_id=str(third.driver_id)) == [three]
    assert ids(lorry_id=str(second.lorry_id)) == [two]
    assert ids(bin_id=str(first.bin_id)) == [one]
    assert ids(customer_id=str(first.customer_id)) == [one]
    assert ids(sort="number") == [one, two, three]
    assert ids(sort="company_name", limit=1, page=2) == [two]


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"status": "lost"}, "status"),
        ({"sort": "phone"}, "sort"),
        ({"from": "yesterday"}, "from"),
        ({"to": "9999-12-31"}, "to"),
        ({"driver_id": "x"}, "driver_id"),
        ({"limit": 101}, "limit"),
        ({"page": 0}, "page"),
        ({"from": "2026-03-02", "to": "2026-03-01"}, "to"),
    ],
)
def test_a_bad_filter_is_named(api, params, field):
    answer = api.as_(Role.ADMIN).get("/v1/delivery-orders", params=params)
    assert (answer.status_code, answer.json()["error"]["details"]["field"]) == (400, field)


def test_a_list_costs_one_query_and_one_count(api, session, queries):
    customer = make_customer(session)
    for _ in range(21):
        make_delivery_order(session, customer_id=customer.id)
    client = api.as_(Role.ADMIN)

    with queries() as sent:
        client.get("/v1/delivery-orders")

    assert sent.count == 3, "one for who asks, one for the rows, one for the total"


def test_a_record_costs_two_statements(api, session, queries):
    order = make_delivery_order(session)
    client = api.as_(Role.ADMIN)

    with queries() as sent:
        client.get(f"/v1/delivery-orders/{order.id}")

    assert sent.count == 3, "who asks, the order with its photos and its invoice, its lines"


def test_an_unknown_order_is_not_found(api):
    client = api.as_(Role.ADMIN)
    for answer in (
        client.get(f"/v1/delivery-orders/{UNKNOWN}"),
        client.patch(f"/v1/delivery-orders/{UNKNOWN}", json={"notes": "x"}),
        client.post(f"/v1/delivery-orders/{UNKNOWN}/issue"),
        client.post(f"/v1/delivery-orders/{UNKNOWN}/cancel", json={"reason": "gone"}),
        client.get(f"/v1/print/do/{UNKNOWN}"),
    ):
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "NOT_FOUND")


# ---- who may ---------------------------------------------------------------------------------------------


def test_who_may_make_and_manage_orders(api, session):
    order = make_delivery_order(session)
    driver = api.as_(Role.DRIVER, subject_id=order.driver_id)
    path = f"/v1/delivery-orders/{order.id}"

    assert api.anonymous().get("/v1/delivery-orders").status_code == 401
    assert api.as_(Role.CASHIER).get("/v1/delivery-orders").status_code == 403
    assert api.as_(Role.ADMIN).get("/v1/me/delivery-orders").status_code == 403
    for answer in (
        driver.patch(path, json={"notes": "x"}),
        driver.post(f"{path}/issue"),
        driver.post(f"{path}/cancel", json={"reason": "No time"}),
        driver.post(
            f"{path}/collection-reminder",
            json={"reminder_type": "same_day", "scheduled_date": "2026-03-20T10:00:00Z"},
        ),
    ):
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "FORBIDDEN")
    session.expire_all()
    assert (order.status, order.notes) == ("issued", "")


def test_a_driver_makes_orders_only_for_themselves(api, session):
    own, other = make_driver(session), make_driver(session)
    client = api.as_(Role.DRIVER, subject_id=own.id)

    refused = client.post("/v1/delivery-orders", json=order_payload(session, driver_id=other.id))
    assert (refused.status_code, refused.json()["error"]["details"]["field"]) == (403, "driver_id")
    assert nothing_made(session)

    made = client.post("/v1/delivery-orders", json=order_payload(session))
    assert made.json()["data"]["driver_id"] == str(own.id)


def test_another_drivers_order_does_not_exist(api, session):
    order = make_delivery_order(session, draft=False)
    unassigned = make_delivery_order(session, driver_id=None)
    for client in (
        api.as_(Role.DRIVER, subject_id=make_driver(session).id),
        api.as_(Role.DRIVER, subject_id=None),
    ):
        for hidden in (order, unassigned):
            path = f"/v1/delivery-orders/{hidden.id}"
            answers = [
                client.get(path),
                client.patch(f"{path}/status", json={"status": "started"}),
                client.patch(f"{path}/assign-lorry", json={"lorry_id": str(hidden.lorry_id)}),
                client.post(f"{path}/attach", files={"files": ("a.jpg", b"x")}),
                client.get("/v1/attachments", params={"target_type": "DO", "target_id": str(hidden.id)}),
                client.post(
                    "/v1/attachments",
                    data={"target_type": "DO", "target_id": str(hidden.id)},
                    files={"files": ("a.jpg", b"x")},
                ),
                client.get(f"/v1/print/do/{hidden.id}"),
            ]
            assert [answer.status_code for answer in answers] == [404] * len(answers)
        assert client.get("/v1/delivery-orders").json()["meta"]["total"] == 0
        assert client.get("/v1/me/delivery-orders").json()["meta"]["total"] == 0
    session.expire_all()
    assert order.fulfilment_status == "assigned"


def test_a_driver_sees_own_official_jobs_by_step(api, session):
    driver = make_driver(session)
    later = make_delivery_order(session, driver_id=driver.id, scheduled_at="2026-03-18T01:00:00Z")
    sooner = make_delivery_order(session, driver_id=driver.id, scheduled_at="2026-03-17T01:00:00Z")
    started = drive(session, make_delivery_order(session, driver_id=driver.id), "started")
    make_delivery_order(session, driver_id=driver.id, draft=True)
    make_delivery_order(session)
    client = api.as_(Role.DRIVER, subject_id=driver.id)

    assigned = client.get("/v1/me/delivery-orders", params={"status": "assigned"}).json()["data"]
    under_way = client.get("/v1/me/delivery-orders", params={"status": "started"}).json()["data"]

    assert [row["id"] for row in assigned] == [str(sooner.id), str(later.id)]
    assert [row["id"] for row in under_way] == [str(started.id)]
    assert client.get("/v1/me/delivery-orders").json()["meta"]["total"] == 3


# ---- paper and reminders ---------------------------------------------------------------------------------


@pytest.mark.parametrize("a4", ["true", "false"])
def test_an_order_is_printed(api, session, a4):
    set_business(session)
    order = make_delivery_order(session)

    answer = api.as_(Role.ADMIN).get(f"/v1/print/do/{order.id}", params={"a4": a4})

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF")
    assert order.system_do_number in answer.headers["content-disposition"]


def test_a_delivery_is_proved_with_its_photographs_once_it_has_happened(api, session, clock):
    set_business(session)
    driver, other = make_driver(session), make_driver(session)
    order = drive(session, make_delivery_order(session, driver_id=driver.id), "started")
    office, path = api.as_(Role.ADMIN), f"/v1/print/do/{order.id}/proof"

    early = office.get(path)
    drive(session, order, "delivered")
    proof = office.get(path)

    assert (early.status_code, early.json()["error"]["details"]["reason"]) == (412, "is started")
    assert (proof.status_code, proof.headers["content-type"]) == (200, "application/pdf")
    assert f"{order.system_do_number}-proof.pdf" in proof.headers["content-disposition"]
    (page,) = pypdf.PdfReader(io.BytesIO(proof.content)).pages
    assert order.system_do_number in page.extract_text()
    assert "Photographs (3)" in page.extract_text()
    assert api.as_(Role.DRIVER, subject_id=driver.id).get(path).status_code == 200
    assert api.as_(Role.DRIVER, subject_id=other.id).get(path).status_code == 404
    assert api.anonymous().get(path).status_code == 401


def test_a_collection_is_remembered_and_said(api, session):
    order = make_delivery_order(session)

    answer = api.as_(Role.ADMIN).post(
        f"/v1/delivery-orders/{order.id}/collection-reminder",
        json={"reminder_type": "term_based", "scheduled_date": "2026-03-20T10:00:00Z"},
    )

    data = answer.json()["data"]
    assert answer.status_code == 201
    assert (data["status"], data["reminder_type"], data["scheduled_at"]) == (
        "scheduled",
        "term_based",
        "2026-03-20T10:00:00Z",
    )
    assert events_of(session, data["id"]) == ["reminder.scheduled"]


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"reminder_type": "weekly", "scheduled_date": "2026-03-20T10:00:00Z"},
        {"reminder_type": "same_day", "scheduled_date": "2026-03-20"},
        {"reminder_type": "same_day", "scheduled_date": "2026-03-20T10:00:00"},
    ],
)
def test_a_reminder_needs_a_kind_and_a_moment(api, session, sent):
    order = make_delivery_order(session)
    answer = api.as_(Role.ADMIN).post(f"/v1/delivery-orders/{order.id}/collection-reminder", json=sent)
    assert answer.status_code == 400


def test_nothing_is_collected_for_a_draft_or_a_collected_bin(api, session):
    sent = {"reminder_type": "same_day", "scheduled_date": "2026-03-20T10:00:00Z"}
    for order in (
        make_delivery_order(session, draft=True),
        drive(session, make_delivery_order(session), "collected"),
    ):
        answer = api.as_(Role.ADMIN).post(f"/v1/delivery-orders/{order.id}/collection-reminder", json=sent)
        assert answer.status_code == 412


def test_malformed_requests_are_refused(api, session):
    client = api.as_(Role.ADMIN)
    json = {"Content-Type": "application/json"}
    for body in (b"{", b"[]", b"null", b'{"amount": 1e999}', b"\xff\xfe"):
        answer = client.post("/v1/delivery-orders", content=body, headers=json)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "VALIDATION_ERROR")
    assert client.get(f"/v1/delivery-orders/{uuid4()}x").status_code == 400
    assert count(session, RentalDeliveryOrder) == 0 == count(session, RentalCustomer)
    assert count(session, RentalBooking) == 0
