"""Two people who change one record at the same moment: neither change is lost, and both are in the history."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient

from lattis_app.core import limits
from lattis_app.core.db import unit_of_work
from tests.factories.identity import make_token, make_user
from tests.factories.rental import make_customer
from tests.factories.rental_delivery_orders import make_delivery_order
from tests.factories.rental_operations import make_bin, make_booking, make_driver, make_lorry, make_waste_item

MAKE = {
    "customers": (make_customer, {"notes": "First"}, {"address": "Second"}),
    "drivers": (make_driver, {"address": "First"}, {"jobs_per_day": 2}),
    "lorries": (make_lorry, {"notes": "First"}, {"type": "Second"}),
    "bins": (make_bin, {"notes": "First"}, {"area": "Second"}),
    "waste-items": (make_waste_item, {"unit": "First"}, {"active": False}),
    "bookings": (make_booking, {"notes": "First"}, {"area": "Second"}),
    "delivery-orders": (make_delivery_order, {"notes": "First"}, {"phone": "+60133334444"}),
}


@pytest.mark.parametrize("kind", MAKE)
def test_two_changes_of_one_record_at_once_are_both_kept(committed_database, rest_api, kind):
    limits.forget()
    make, *changes = MAKE[kind]
    with unit_of_work() as session:
        path = f"/v1/{kind}/{make(session).id}"
        tokens = [make_token(session, make_user(session)) for _ in changes]
    clients = [TestClient(rest_api, headers={"Authorization": f"Bearer {token}"}) for token in tokens]
    ready = threading.Barrier(len(changes))

    def change(client, values):
        ready.wait()
        return client.patch(path, json=values)

    with ThreadPoolExecutor(len(changes)) as threads:
        answers = list(threads.map(change, clients, changes))

    assert [answer.status_code for answer in answers] == [200, 200]
    kept = clients[0].get(path).json()["data"]
    wanted = changes[0] | changes[1]
    assert {name: kept[name] for name in wanted} == wanted
