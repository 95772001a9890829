"""Corrections, disputes and partners' files at the same moment, each in real threads: one effect, and books that agree."""

import pytest
from sqlalchemy import func, select

from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import columns, reading, unit_of_work
from lattis_app.courier.models import CourierDispute, CourierParcel, CourierRemittance
from lattis_app.ledger.queries import checks
from tests.factories.courier import make_invoice, make_merchant, make_parcel, pay_invoice
from tests.races import at_once, caller, statuses

C, R, D = columns(CourierParcel), columns(CourierRemittance), columns(CourierDispute)
TIMES = 4


@pytest.fixture
def world(committed_database, rest_api, clock):
    """Clients, and a parcel that was paid out."""
    with unit_of_work() as session:
        merchant = make_merchant(session)
        parcel = make_parcel(session, merchant, tracking_number="TRK900001", partner="Ninja Van")
        pay_invoice(session, make_invoice(session, merchant, parcel))
        parcel_id = parcel.id
    return [caller(rest_api) for _ in range(TIMES)], parcel_id


def compared(client):
    """A partner's file that pays for the parcel."""
    answer = client.post(
        "/v1/remittances",
        params={"partner": "Ninja Van", "from": "2026-03-01", "to": "2026-03-16"},
        files={"file": ("paid.csv", b"tracking_number,amount\nTRK900001,5000.00\n", "text/csv")},
    )
    assert answer.status_code == 201, answer.text
    return answer.json()["data"]["id"]


def post(path, **body):
    return lambda client: client.post(path, json=body)


def books():
    with reading() as session:
        return checks.check(session, SYSTEM).status


def count(model, *where):
    with reading() as session:
        return session.execute(select(func.count()).select_from(model).where(*where)).scalar_one()


def test_one_file_accepted_by_many_is_taken_in_once(world):
    clients, parcel_id = world
    accept = post(f"/v1/remittances/{compared(clients[0])}/accept")
    answers = at_once([(client, accept) for client in clients])
    assert statuses(answers) == [200] + [412] * (TIMES - 1)
    with reading() as session:
        assert session.get_one(CourierParcel, parcel_id).remitted_amount_minor == 500_000
    assert books() == "balanced"


def test_two_files_that_pay_for_one_parcel_are_not_both_taken_in(world):
    clients, _ = world
    files = [compared(client) for client in clients]
    answers = at_once(
        [
            (client, post(f"/v1/remittances/{each}/accept"))
            for client, each in zip(clients, files, strict=True)
        ]
    )
    assert statuses(answers) == [200] + [409] * (TIMES - 1)
    assert (count(CourierRemittance, R.status == "ACCEPTED"), books()) == (1, "balanced")


def test_one_parcel_is_disputed_and_answered_once(world):
    clients, parcel_id = world
    dispute = post(f"/v1/parcels/{parcel_id}/disputes", reason="Only half was collected")
    answers = at_once([(client, dispute) for client in clients])
    assert statuses(answers) == [201] + [409] * (TIMES - 1)
    (dispute_id,) = [answer.json()["data"]["id"] for answer in answers if answer.status_code == 201]

    accept = post(f"/v1/parcel-disputes/{dispute_id}/accept", answer="It was", cod_collected_amount=2500)
    reject = post(f"/v1/parcel-disputes/{dispute_id}/reject", answer="It was not")
    answers = at_once(
        [(clients[0], accept), (clients[1], reject), (clients[2], accept), (clients[3], reject)]
    )
    assert statuses(answers) == [200] + [412] * (TIMES - 1)
    assert (count(CourierDispute), count(CourierDispute, D.status == "OPEN"), books()) == (1, 0, "balanced")


def test_one_parcel_is_cleared_once(world):
    clients, parcel_id = world
    clear = post(f"/v1/parcels/{parcel_id}/clearance", reason="Counted again", cod_collected_amount=4900)
    answers = at_once([(client, clear) for client in clients])
    assert statuses(answers) == [200] + [412] * (TIMES - 1)
    with reading() as session:
        parcel = session.get_one(CourierParcel, parcel_id)
        assert (parcel.financial_status, parcel.clearance_amount_minor) == ("CLEARANCE_PENDING", -10_000)
    assert books() == "balanced"
