"""Many at once: one effect per key, never overpaid, gapless numbers, books that add up to zero."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from lattis_app.core import limits
from lattis_app.core.db import columns, unit_of_work
from lattis_app.ledger.models import LedgerEntry
from lattis_app.rental.models import RentalInvoice, RentalPayment
from tests.factories.identity import make_token, make_user
from tests.factories.rental import make_customer
from tests.factories.rental_delivery_orders import make_delivery_order
from tests.factories.rental_operations import make_driver, make_lorry

MANY = 50
I, P, E = columns(RentalInvoice), columns(RentalPayment), columns(LedgerEntry)  # noqa: E741 — one letter per table


@pytest.fixture
def office(committed_database, rest_api, monkeypatch):
    """An administrator's client on a database that really commits."""
    limits.forget()
    with unit_of_work() as session:
        token = make_token(session, make_user(session))
    return TestClient(rest_api, headers={"Authorization": f"Bearer {token}"}, raise_server_exceptions=False)


@pytest.fixture
def orders(committed_database):
    """Make issued delivery orders and say their ids."""

    def make(number):
        with unit_of_work() as session:
            common = {
                "customer_id": make_customer(session).id,
                "driver_id": make_driver(session).id,
                "lorry_id": make_lorry(session).id,
            }
            return [make_delivery_order(session, **common).id for _ in range(number)]

    return make


def all_at_once(calls):
    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(call) for call in calls]]


def books():
    with unit_of_work() as session:
        return session.scalar(select(func.sum(E.amount_minor)))


def test_parallel_payments_never_overpay_an_invoice(office, orders):
    (order_id,) = orders(1)
    invoice = office.post(f"/v1/invoices/from-do/{order_id}").json()["data"]
    path, body = f"/v1/invoices/{invoice['id']}/payments", {"method": "CASH", "amount": "10.00"}

    answers = all_at_once([lambda: office.post(path, json=body)] * MANY)

    assert Counter(answer.status_code for answer in answers) == {201: 35, 400: 15}
    numbers = sorted(
        answer.json()["data"]["receipt_number"] for answer in answers if answer.status_code == 201
    )
    assert numbers == [f"RCPT-{numbers[0][5:9]}-{n:05}" for n in range(1, 36)]
    paid = office.get(f"/v1/invoices/{invoice['id']}").json()["data"]
    assert (paid["status"], paid["paid"], paid["balance"], books()) == ("paid", 350.0, 0.0, 0)


def test_parallel_requests_with_one_key_have_one_effect(office, orders):
    (order_id,) = orders(1)
    invoice = office.post(f"/v1/invoices/from-do/{order_id}").json()["data"]
    path, key = f"/v1/invoices/{invoice['id']}/payments", {"Idempotency-Key": "one tap"}
    body = {"method": "ONLINE", "amount": "350.00", "reference": "TXN123456"}

    answers = all_at_once([lambda: office.post(path, json=body, headers=key)] * MANY)
    afterwards = office.post(path, json=body, headers=key)

    assert {answer.status_code for answer in answers} <= {201, 409}
    receipts = {
        answer.json()["data"]["receipt_number"]
        for answer in [*answers, afterwards]
        if answer.status_code == 201
    }
    assert len(receipts) == 1
    assert (afterwards.status_code, afterwards.headers["Idempotency-Replayed"]) == (201, "true")
    with unit_of_work() as session:
        assert session.scalar(select(func.count()).select_from(RentalPayment)) == 1
    assert books() == 0


def test_parallel_issues_take_distinct_gapless_numbers(office, orders):
    ids = orders(MANY)

    answers = all_at_once(
        [lambda order_id=order_id: office.post(f"/v1/invoices/from-do/{order_id}") for order_id in ids]
    )

    numbers = sorted(answer.json()["data"]["invoice_number"] for answer in answers)
    assert numbers == [f"INV-{numbers[0][4:8]}-{n:05}" for n in range(1, MANY + 1)]
    assert books() == 0


def test_parallel_requests_for_one_invoice_make_one(office, orders):
    (order_id,) = orders(1)

    answers = all_at_once([lambda: office.post(f"/v1/invoices/from-do/{order_id}")] * 20)

    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 19}
    with unit_of_work() as session:
        assert session.scalar(select(func.count()).select_from(RentalInvoice)) == 1
