"""Two generators, two payers, a cancellation against a payment: no parcel twice, none lost, each in real threads."""

import pytest
from sqlalchemy import func, select

from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import columns, reading, unit_of_work
from lattis_app.courier.models import CourierInvoiceLine, CourierMerchant, CourierParcel
from lattis_app.ledger.queries import checks
from tests.factories.courier import make_invoice, make_merchant, make_parcel
from tests.races import at_once, caller, statuses

C, L = columns(CourierParcel), columns(CourierInvoiceLine)
PARCELS = 12


@pytest.fixture
def world(committed_database, rest_api, clock):
    with unit_of_work() as session:
        merchant = make_merchant(session)
        parcels = [make_parcel(session, merchant) for _ in range(PARCELS)]
        ids = merchant.id, [str(parcel.id) for parcel in parcels]
    return caller(rest_api), caller(rest_api), *ids


def found():
    """How many parcels are in which state, live lines and distinct parcels on them, and whether the books agree."""
    with reading() as session:
        states = session.execute(select(C.financial_status, func.count()).group_by(C.financial_status))
        lines = session.execute(select(func.count(), func.count(L.parcel_id.distinct())).where(L.live)).one()
        return dict(states.all()), tuple(lines), checks.check(session, SYSTEM).status


def post(path, **body):
    return lambda client: client.post(path, json=body)


def test_two_generators_put_every_parcel_on_one_invoice(world):
    one, other, merchant_id, _ids = world
    everything = post("/v1/merchant-invoices", merchant_id=str(merchant_id))
    answers = at_once([(one, everything), (other, everything)])
    assert statuses(answers) == [201, 412]
    assert found() == ({"INVOICED": PARCELS}, (PARCELS, PARCELS), "balanced")


def test_two_generators_of_named_parcels_never_share_one(world):
    one, other, merchant_id, ids = world
    first = post("/v1/merchant-invoices", merchant_id=str(merchant_id), parcel_ids=ids[:8])
    second = post("/v1/merchant-invoices", merchant_id=str(merchant_id), parcel_ids=ids[4:])
    answers = at_once([(one, first), (other, second)])
    assert statuses(answers) == [201, 409]
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert len(refused.json()["error"]["details"]["parcels"]) == 4
    assert found() == ({"INVOICED": 8, "PENDING": 4}, (8, 8), "balanced")


def test_runs_and_a_generator_at_once_leave_nothing_twice(world):
    one, other, merchant_id, _ids = world
    run = post("/v1/merchant-invoices/runs")
    answers = at_once(
        [(one, run), (other, run), (one, post("/v1/merchant-invoices", merchant_id=str(merchant_id)))]
    )
    assert {answer.status_code for answer in answers} <= {200, 201, 412}
    assert found() == ({"INVOICED": PARCELS}, (PARCELS, PARCELS), "balanced")


@pytest.fixture
def invoice(world):
    with unit_of_work() as session:
        return make_invoice(session, session.get_one(CourierMerchant, world[2])).id


def test_two_payers_pay_once(world, invoice):
    one, other, *_ = world
    pay = post(f"/v1/merchant-invoices/{invoice}/pay", payment_reference="TXN")
    assert statuses(at_once([(one, pay), (other, pay)])) == [200, 412]
    assert found() == ({"PAID": PARCELS}, (PARCELS, PARCELS), "balanced")


def test_a_cancellation_and_a_payment_at_once_are_one_or_the_other(world, invoice):
    one, other, *_ = world
    pay = post(f"/v1/merchant-invoices/{invoice}/pay")
    cancel = post(f"/v1/merchant-invoices/{invoice}/cancel", reason="Wrong account")
    answers = at_once([(one, pay), (other, cancel)])
    assert statuses(answers) == [200, 412]
    states, lines, books = found()
    expected = {"PAID": PARCELS} if answers[0].status_code == 200 else {"PENDING": PARCELS}
    assert (states, lines[0], books) == (expected, PARCELS if "PAID" in states else 0, "balanced")


def test_a_dispute_and_a_generation_at_once_agree(world):
    one, other, merchant_id, ids = world
    dispute = post(f"/v1/parcels/{ids[0]}/disputes", reason="Never delivered")
    answers = at_once([(one, post("/v1/merchant-invoices", merchant_id=str(merchant_id))), (other, dispute)])
    assert statuses(answers) == [201, 201]
    states, lines, books = found()
    assert states["INVOICED"] == lines[0] == answers[0].json()["data"]["total_parcels"]
    assert (sum(states.values()), books) == (PARCELS, "balanced")


def test_one_key_makes_one_invoice(world):
    one, _, merchant_id, _ = world

    def asked(client):
        return client.post(
            "/v1/merchant-invoices", json={"merchant_id": str(merchant_id)}, headers={"Idempotency-Key": "k1"}
        )

    answers = at_once([(one, asked), (one, asked)])
    assert statuses(answers)[0] == 201
    assert set(statuses(answers)) <= {201, 409}
    assert found() == ({"INVOICED": PARCELS}, (PARCELS, PARCELS), "balanced")
