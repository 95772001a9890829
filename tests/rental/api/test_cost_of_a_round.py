"""What a business round costs the database: statements are counted, seconds belong to `make bench`."""

from uuid import uuid4

from lattis_app.core import events
from lattis_app.identity.permissions import Role
from lattis_app.rental.models import RentalBusiness
from tests.factories.rental_operations import make_bin, make_driver

SAVEPOINTS = ("SAVEPOINT", "RELEASE")


def test_customer_order_invoice_and_payment_cost_few_statements(api, session, queries, monkeypatch):
    deferred: list[list[str]] = []
    monkeypatch.setattr(
        events.queue, "defer_with_commit", lambda _session, _name, *, event_ids: deferred.append(event_ids)
    )
    session.add(RentalBusiness(name="Gema Bins"))
    chosen, driver = make_bin(session), make_driver(session)
    session.flush()
    client, costs = api.as_(Role.ADMIN), {}

    def counted(what, does):
        with queries() as sent:
            answer = does()
        costs[what] = len([one for one in sent.sent if not one.startswith(SAVEPOINTS)])
        return answer

    def post(what, path, body):
        headers = {"Idempotency-Key": uuid4().hex}
        answer = counted(what, lambda: client.post(path, json=body, headers=headers))
        assert answer.status_code == 201, answer.text
        return answer.json()["data"]

    def deliver():
        for event_ids in deferred:
            events.deliver(event_ids)
        deferred.clear()

    customer = post("customer", "/v1/customers", {"company_name": "Gema Jaya", "phone": "+60312345678"})
    order = post(
        "order",
        "/v1/delivery-orders",
        {
            "customer_id": customer["id"],
            "inventory_bin_id": str(chosen.id),
            "bin_size": {side: float(getattr(chosen, side)) for side in ("h_ft", "l_ft", "w_ft")},
            "driver_id": str(driver.id),
            "payment_method": "CASH",
            "amount": "350.00",
        },
    )
    counted("draft, and the driver is told", deliver)
    invoice = post("invoice", f"/v1/invoices/from-do/{order['id']}", {})
    post("payment", f"/v1/invoices/{invoice['id']}/payments", {"method": "CASH", "amount": "350.00"})
    counted("commission, the office is told, invoice and receipt are mailed", deliver)

    assert costs == {
        "customer": 4,
        "order": 10,
        "draft, and the driver is told": 7,
        "invoice": 10,
        "payment": 9,
        "commission, the office is told, invoice and receipt are mailed": 6,
    }
