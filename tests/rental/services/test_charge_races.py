"""Charges billed by many at once: each on one invoice, one draft per order."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from lattis_app.core import limits
from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import columns, find, unit_of_work
from lattis_app.rental.models import RentalCharge, RentalDeliveryOrder, RentalInvoice, RentalInvoiceLine
from lattis_app.rental.services import invoices
from tests.factories.identity import make_token, make_user
from tests.factories.rental_masters import collected_after, make_price_card, order_on

MANY = 12
C, I, L = columns(RentalCharge), columns(RentalInvoice), columns(RentalInvoiceLine)  # noqa: E741 — one letter per table


@pytest.fixture
def office(committed_database, rest_api):
    """An administrator's client on a database that really commits."""
    limits.forget()
    with unit_of_work() as session:
        token = make_token(session, make_user(session))
    return TestClient(rest_api, headers={"Authorization": f"Bearer {token}"}, raise_server_exceptions=False)


def make_waiting(*, invoiced):
    """An order that was too heavy and came back late: its id and its two charges."""
    with unit_of_work() as session:
        order = order_on(session, make_price_card(session), weight_kg=2350)
        if invoiced:
            invoices.make_from_order(session, SYSTEM, order.id)
        return order.id, [charge.id for charge in collected_after(session, order, 9)]


def all_at_once(calls):
    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(call) for call in calls]]


def bill(office, charge_ids):
    return office.post("/v1/charges/bill", json={"charge_ids": [str(each) for each in charge_ids]})


def test_a_charge_that_many_bill_at_once_is_a_line_of_its_order_once(office):
    order_id, waiting = make_waiting(invoiced=False)

    answers = all_at_once([lambda: bill(office, waiting)] * MANY)

    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: MANY - 1}
    with unit_of_work() as session:
        assert find(session, RentalDeliveryOrder, order_id).amount_minor == 35000 + 5000 + 4200


def test_charges_that_are_billed_apart_at_once_share_one_supplementary_draft(office):
    order_id, waiting = make_waiting(invoiced=True)

    answers = all_at_once([lambda each=each: bill(office, [each]) for each in waiting * (MANY // 2)])

    assert Counter(answer.status_code for answer in answers) == {200: 2, 412: MANY - 2}
    with unit_of_work() as session:
        draft = session.scalars(
            select(RentalInvoice).where(I.delivery_order_id == order_id, I.supplementary)
        ).one()
        lines = session.scalar(select(func.count()).where(L.invoice_id == draft.id))
        on_it = session.scalar(select(func.count()).where(C.invoice_id == draft.id))
        assert (draft.status, draft.total_minor, lines, on_it) == ("draft", 9200, 2, 2)


def test_billing_and_waiving_at_once_do_one_of_both(office):
    order_id, (charge_id, other_id) = make_waiting(invoiced=False)
    waive = {"reason": "Good customer"}

    answers = all_at_once(
        [
            lambda: bill(office, [charge_id]),
            lambda: office.post(f"/v1/charges/{charge_id}/waive", json=waive),
        ]
        * 4
    )

    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 7}
    with unit_of_work() as session:
        charge = find(session, RentalCharge, charge_id)
        amount = find(session, RentalDeliveryOrder, order_id).amount_minor
        assert (str(charge.status), amount) in (("billed", 40000), ("waived", 35000))
        assert find(session, RentalCharge, other_id).status == "unbilled"
