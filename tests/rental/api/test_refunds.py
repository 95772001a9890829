"""Refunds over REST: the seed's request, who may, the filters, and twenty at once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from lattis_app.core import limits
from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import columns, unit_of_work
from lattis_app.identity.permissions import Role
from lattis_app.ledger.queries import checks
from lattis_app.rental.models import RentalInvoice, RentalRefund
from lattis_app.rental.schemas.invoices import PaymentEntry
from lattis_app.rental.services import invoices, payments
from tests.factories.identity import make_token, make_user
from tests.factories.rental_delivery_orders import make_delivery_order

MANY = 20
R = columns(RentalRefund)


def paid_invoice(session, amount="350.00"):
    """The seed's order, invoiced and paid by transfer."""
    invoice = invoices.make_from_order(session, SYSTEM, make_delivery_order(session).id)
    session.flush()
    payments.record(session, SYSTEM, invoice.id, PaymentEntry(method="ONLINE", amount=amount))
    session.flush()
    return invoice


def body_for(target, amount=50.00, kind="INVOICE"):
    reason = "Overcharge due to incorrect bin size"
    return {"target_type": kind, "target_id": str(target), "reason": reason, "amount": amount}


@pytest.fixture
def invoice(session, clock):
    return paid_invoice(session)


def test_the_seeds_request_becomes_a_pending_refund_and_is_paid_out(api, invoice):
    office = api.as_(Role.ADMIN)
    made = office.post("/v1/refunds", json=body_for(invoice.id))
    data = made.json()["data"]
    assert made.status_code == 201
    assert {
        name: data[name] for name in ("refund_number", "status", "target_type", "target_id", "amount")
    } == {
        "refund_number": "RFND-2026-00001",
        "status": "pending",
        "target_type": "INVOICE",
        "target_id": str(invoice.id),
        "amount": 50.0,
    }
    path = f"/v1/refunds/{data['id']}"
    assert office.post(f"{path}/process").status_code == 412
    assert office.post(f"{path}/approve").json()["data"]["status"] == "approved"
    done = office.post(f"{path}/process", json={"payment_method": "CASH", "reference": "R-1"}).json()["data"]
    assert (done["status"], done["payment_method"], done["invoice_number"]) == (
        "processed",
        "CASH",
        "INV-2026-00001",
    )
    assert [(part["account"], part["amount"]) for part in done["parts"]] == [("office_cash", 50.0)]
    shown = office.get(f"/v1/invoices/{invoice.id}").json()["data"]
    assert [shown[name] for name in ("status", "total", "paid", "refunded", "balance")] == [
        "paid",
        350.0,
        350.0,
        50.0,
        0.0,
    ]
    assert shown["payments"][0]["refunded"] == 50.0


def test_too_much_is_refused_with_what_can_be_refunded(api, session, invoice):
    answer = api.as_(Role.ADMIN).post("/v1/refunds", json=body_for(invoice.id, 350.01))
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["details"]["field"]) == (
        400,
        "VALIDATION_ERROR",
        "amount",
    )
    assert session.scalar(select(func.count()).select_from(RentalRefund)) == 0


def test_a_rejected_refund_says_why_and_can_be_asked_for_again(api, invoice):
    office = api.as_(Role.ADMIN)
    refund_id = office.post("/v1/refunds", json=body_for(invoice.id, 350)).json()["data"]["id"]
    assert office.post("/v1/refunds", json=body_for(invoice.id, 0.01)).status_code == 400
    assert office.post(f"/v1/refunds/{refund_id}/reject", json={}).status_code == 400
    rejected = office.post(f"/v1/refunds/{refund_id}/reject", json={"reason": "The bin was right"})
    assert rejected.json()["data"]["rejection"] == "The bin was right"
    assert office.post("/v1/refunds", json=body_for(invoice.delivery_order_id, 350, "DO")).status_code == 201


def test_the_list_is_filtered_by_status_day_and_words(api, invoice):
    office = api.as_(Role.ADMIN)
    first, second = (
        office.post("/v1/refunds", json=body_for(invoice.id, amount)).json()["data"] for amount in (10, 20)
    )
    office.post(f"/v1/refunds/{second['id']}/approve")

    def found(query):
        return [row["amount"] for row in office.get(f"/v1/refunds?{query}").json()["data"]]

    day = first["requested_on"]
    assert found("") == [20.0, 10.0]
    assert found("status=pending") == [10.0]
    assert found("status=pending,approved&sort=amount") == [10.0, 20.0]
    assert found(f"from={day}&to={day}") == [20.0, 10.0]
    assert found("to=2026-01-01") == []
    assert found(f"q={first['refund_number'].lower()}") == [10.0]
    assert found(f"q={first['customer_name'][:4]}") == [20.0, 10.0]
    assert found(f"invoice_id={invoice.id}&customer_id={first['customer_id']}") == [20.0, 10.0]


@pytest.mark.parametrize(("role", "status"), [(None, 401), (Role.DRIVER, 403), (Role.ADMIN, 201)])
def test_only_the_office_asks_for_refunds(api, invoice, role, status):
    client = api.as_(role) if role else api.anonymous()
    assert client.post("/v1/refunds", json=body_for(invoice.id)).status_code == status
    assert client.get("/v1/refunds").status_code == (200 if status == 201 else status)


@pytest.fixture
def office(committed_database, rest_api, monkeypatch):
    """An administrator's client on a database that really commits."""
    limits.forget()
    with unit_of_work() as session:
        token = make_token(session, make_user(session))
    return TestClient(rest_api, headers={"Authorization": f"Bearer {token}"}, raise_server_exceptions=False)


def all_at_once(calls):
    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(call) for call in calls]]


def test_twenty_at_once_never_promise_more_than_was_paid(office):
    with unit_of_work() as session:
        invoice_id = paid_invoice(session).id

    answers = all_at_once([lambda: office.post("/v1/refunds", json=body_for(invoice_id, 40))] * MANY)

    assert Counter(answer.status_code for answer in answers) == {201: 8, 400: 12}
    numbers = sorted(
        answer.json()["data"]["refund_number"] for answer in answers if answer.status_code == 201
    )
    assert [number[10:] for number in numbers] == [f"{n:05}" for n in range(1, 9)]


def test_twenty_who_process_one_refund_pay_it_once(office):
    with unit_of_work() as session:
        invoice_id = paid_invoice(session).id
    refund_id = office.post("/v1/refunds", json=body_for(invoice_id, 350)).json()["data"]["id"]
    office.post(f"/v1/refunds/{refund_id}/approve")

    answers = all_at_once([lambda: office.post(f"/v1/refunds/{refund_id}/process")] * MANY)

    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 19}
    with unit_of_work() as session:
        refunded = session.get(RentalInvoice, invoice_id).refunded_minor
        assert (refunded, checks.check(session, SYSTEM).status) == (35000, "balanced")
