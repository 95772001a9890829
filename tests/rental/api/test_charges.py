"""The queue of unbilled charges over REST (contract: rental.md, "Money")."""

import pytest

from lattis_app.core.actors import SYSTEM
from lattis_app.identity.permissions import Role
from lattis_app.rental.services import invoices
from tests.factories.rental_masters import (
    collected_after,
    make_charge,
    make_price_card,
    order_on,
)


@pytest.fixture
def office(api, clock):
    return api.as_(Role.ADMIN)


def test_the_queue_says_what_waits_and_what_it_comes_to(office, session):
    order = order_on(session, make_price_card(session), weight_kg=2350)
    collected_after(session, order, 9)
    waived = make_charge(session)
    office.post(f"/v1/charges/{waived.id}/waive", json={"reason": "Good customer"})

    listed = office.get("/v1/charges?status=unbilled&sort=-amount").json()
    total = office.get("/v1/charges/unbilled").json()["data"]

    shown = ("kind", "description", "quantity", "unit", "price", "amount", "status", "invoice_id")
    assert [[row[name] for name in shown] for row in listed["data"]] == [
        ["overrun", "Days over the included 7", 2, "days", 25.0, 50.0, "unbilled", None],
        ["overweight", "Weight over the included 2 t", 0.35, "t", 120.0, 42.0, "unbilled", None],
    ]
    assert listed["data"][0]["system_do_number"] == order.system_do_number
    assert total == {"count": 2, "total": 92.0, "currency": "MYR"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=overrun", 2),
        ("kind=overweight,failed_trip", 1),
        ("status=waived", 0),
        ("q=setia", 1),
        ("delivery_order_id={order}", 2),
        ("q={number}", 2),
        ("customer_id={customer}", 2),
    ],
)
def test_charges_are_found_by_what_is_known_of_them(office, session, query, found):
    order = order_on(session, make_price_card(session), weight_kg=2350)
    collected_after(session, order, 9)
    make_charge(session, company_name="Setia Build")
    filled = query.format(order=order.id, number=order.system_do_number, customer=order.customer_id)
    assert office.get(f"/v1/charges?{filled}").json()["meta"]["total"] == found


def test_billing_answers_each_charge_with_its_invoice(office, session):
    order = order_on(session, make_price_card(session), weight_kg=2350)
    invoices.make_from_order(session, SYSTEM, order.id)
    ids = [str(each.id) for each in collected_after(session, order, 9)]

    billed = office.post("/v1/charges/bill", json={"charge_ids": ids})
    again = office.post("/v1/charges/bill", json={"charge_ids": ids})

    assert billed.status_code == 200
    rows = billed.json()["data"]
    assert {row["status"] for row in rows} == {"billed"}
    (invoice_id,) = {row["invoice_id"] for row in rows}
    invoice = office.get(f"/v1/invoices/{invoice_id}").json()["data"]
    assert (invoice["supplementary"], invoice["status"], invoice["total"]) == (True, "draft", 92.0)
    assert (again.status_code, again.json()["error"]["code"]) == (412, "PRECONDITION_FAILED")
    assert office.get("/v1/charges/unbilled").json()["data"]["count"] == 0


def test_waiving_needs_a_reason_and_billing_at_least_one_charge(office, session):
    charge = make_charge(session)
    assert office.post(f"/v1/charges/{charge.id}/waive", json={"reason": ""}).status_code == 400
    assert office.post("/v1/charges/bill", json={"charge_ids": []}).status_code == 400
    assert office.get(f"/v1/charges/{charge.id}").json()["data"]["status"] == "unbilled"
