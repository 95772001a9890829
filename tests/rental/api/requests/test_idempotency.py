"""One key, one effect, on every POST of rental (contract: api.md, "Idempotency-Key")."""

import pytest
from sqlalchemy import func, select

from lattis_app.core.db import metadata
from lattis_app.identity.permissions import Role
from lattis_app.registry import Domain
from tests.factories.identity import make_user
from tests.factories.rental_delivery_orders import photo
from tests.factories.rental_world import REQUESTS, filled

KEYED = [request for request in REQUESTS if request.method == "POST" or request.path.endswith("/status")]
UPLOADS = {
    "POST /v1/delivery-orders/{delivery_order_id}/attach",
    "POST /v1/delivery-orders/{delivery_order_id}/receiver",
}


def shape(path):
    """A path without the names of what its parameters stand for."""
    return "/".join("{}" if part.startswith("{") else part for part in path.split("/"))


def rental_routes():
    modules = [module for module in Domain("rental").modules("api") if hasattr(module, "routes")]
    return [
        (method, route.path, route)
        for module in modules
        for route in module.routes.routes
        for method in route.methods
        if method in ("POST", "PUT", "PATCH", "DELETE")
    ]


def counts(session):
    return {
        table.name: session.scalar(select(func.count()).select_from(table))
        for table in metadata.sorted_tables
        if table.name.startswith(("rental_", "ledger_", "events", "number_", "audit_"))
    }


def test_every_route_that_changes_something_is_in_the_table():
    known = {(request.method, shape(request.path)) for request in REQUESTS}
    missing = [
        f"{method} {path}"
        for method, path, _ in rental_routes()
        if (method, shape(path)) not in known and f"{method} {path}" not in UPLOADS
    ]
    assert missing == [], "add these to tests/factories/rental_world.py"


def test_every_post_honours_a_key():
    without = [
        path
        for method, path, route in rental_routes()
        if method == "POST" and "parameters" not in (route.openapi_extra or {})
    ]
    assert without == []


@pytest.mark.parametrize("request_", KEYED, ids=str)
def test_a_repeated_request_answers_as_the_first_did_and_does_nothing(session, world, caller, request_):
    client = caller(request_)
    path, body = filled(request_.path, world), filled(request_.body, world) or None
    key = {"Idempotency-Key": "one tap"}

    first = client.request(request_.method, path, json=body, headers=key)
    after = counts(session)
    again = client.request(request_.method, path, json=body, headers=key)
    other = client.request(request_.method, path, json={"reason": "Something else"}, headers=key)

    assert first.status_code in (200, 201), first.text
    assert "Idempotency-Replayed" not in first.headers
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert other.status_code in (400, 409)
    assert counts(session) == after


def test_a_repeated_upload_keeps_its_photos_once(api, world):
    driver = api.as_(Role.DRIVER, subject_id=world["driver"])
    path, key = f"/v1/delivery-orders/{world['order']}/attach", {"Idempotency-Key": "one tap"}
    sent = {"files[]": ("a.jpg", photo().data, "image/jpeg")}

    first = driver.post(path, files=sent, headers=key)
    again = driver.post(path, files=sent, headers=key)

    assert (first.status_code, first.json()["data"]["photo_count"]) == (201, 1)
    assert (again.json(), again.headers["Idempotency-Replayed"]) == (first.json(), "true")


def test_a_key_is_its_owners(api, world):
    path, body = f"/v1/invoices/{world['invoice']}/payments", {"method": "CASH", "amount": 100}
    key = {"Idempotency-Key": "one tap"}
    answers = [api.as_(Role.ADMIN).post(path, json=body, headers=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert len({answer.json()["data"]["receipt_number"] for answer in answers}) == 2


def test_a_kept_answer_is_not_for_who_may_not_do_it_any_more(api, session):
    user = make_user(session, Role.ADMIN)
    client, key = api.as_(user), {"Idempotency-Key": "one customer"}
    customer = {"company_name": "ABC Construction", "phone": "012-3456789"}
    assert client.post("/v1/customers", json=customer, headers=key).status_code == 201

    user.role = Role.VIEWER
    session.flush()
    answer = client.post("/v1/customers", json=customer, headers=key)

    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "FORBIDDEN")
