"""What another merchant or seller gets with real ids, over every endpoint and every page: nothing shown, nothing changed."""

import re
from dataclasses import dataclass
from typing import Any

import pytest

from lattis_app.core import limits
from lattis_app.identity.permissions import Role
from lattis_app.registry import Domain
from tests.factories import courier_world, marketplace_world
from tests.security.pages import events_of, states
from tests.security.test_every_page import plausible, told
from tests.ui.visits import everything, signed_in

REASON = "Because it is so"


@dataclass(frozen=True)
class Tenants:
    """A domain whose customers see only their own."""

    domain: str
    role: Role
    make: Any
    secrets: tuple[str, ...]
    bodies: dict[str, dict[str, Any]]

    def __str__(self) -> str:
        return self.domain


COURIER = Tenants(
    "courier",
    Role.MERCHANT,
    courier_world.make_courier_world,
    courier_world.SECRETS,
    {
        "POST /v1/merchant-invoices": {"merchant_id": "{merchant_id}"},
        "POST /v1/merchant-invoices/{invoice_id}/cancel": {"reason": REASON},
        "POST /v1/merchants": {"name": "New", "code": "NEW"},
        "POST /v1/parcels": {"tracking_number": "TRK99", "merchant_id": "{merchant_id}", "cod_amount": "1"},
        "PATCH /v1/parcels/{parcel_id}": {"recipient_name": "Changed"},
        "PATCH /v1/parcels/{parcel_id}/status": {"status": "PICKED_UP"},
        "POST /v1/parcels/{parcel_id}/clearance": {"reason": REASON, "cod_collected_amount": "1"},
        "POST /v1/parcels/{parcel_id}/disputes": {"reason": REASON},
        "POST /v1/parcel-disputes/{dispute_id}/accept": {"answer": REASON, "cod_collected_amount": "1"},
        "POST /v1/parcel-disputes/{dispute_id}/reject": {"answer": REASON},
    },
)
MARKETPLACE = Tenants(
    "marketplace",
    Role.SELLER,
    marketplace_world.make_marketplace_world,
    marketplace_world.SECRETS,
    {
        "POST /api/invoices/seller/{invoice_id}/claim-payment": {"proof": "TXN-1"},
        "POST /api/invoices/admin/{invoice_id}/reject-claim": {"reason": REASON},
        "POST /api/invoices/admin/{invoice_id}/cancel": {"reason": REASON},
        "POST /api/orders": {"productId": "{product_id}"},
        "PATCH /api/orders/{order_id}/status": {"status": "shipped"},
        "POST /api/sellers": {"storeName": "New", "code": "NEW"},
        "PATCH /api/sellers/{seller_id}": {"storeName": "Changed"},
        "PATCH /api/marketplace/settings": {"paymentDeadlineDays": 3},
    },
)
OWN = {
    ("POST", "/api/orders"): {400},
    ("POST", "/api/seller/products"): {400},
    ("POST", "/api/seller/products/reactivate"): {200},
}
"""What sellers do to their own: another's product is no value of theirs, and none of theirs was hidden."""
TENANTS = (COURIER, MARKETPLACE)


@pytest.fixture
def world(session, clock, request):
    limits.forget()
    return request.getfixturevalue("tenants").make(session)


def filled(template: Any, ids: dict[str, Any]) -> Any:
    """A path or body that names the first tenant's records."""
    if isinstance(template, dict):
        return {name: filled(value, ids) for name, value in template.items()}
    if not isinstance(template, str):
        return template
    return re.sub(r"{(\w+)}", lambda found: str(ids[found[1]]), template)


def operations(api, domain: str):
    """Every endpoint of a domain."""
    tags = {
        tag
        for module in Domain(domain).modules("api")
        if hasattr(module, "routes")
        for tag in module.routes.tags
    }
    for path, methods in api.anonymous().get("/openapi.json").json()["paths"].items():
        for method, operation in methods.items():
            if tags & set(operation["tags"]):
                yield method.upper(), path, operation


def queries_of(operation, ids):
    """Nothing asked for, and each filter that can name a record of the first tenant."""
    names = [each["name"] for each in operation.get("parameters", ()) if each["in"] == "query"]
    known = {re.sub(r"_(\w)", lambda found: found[1].upper(), name): name for name in ids}
    named = [{name: str(ids[known.get(name, name)])} for name in names if known.get(name, name) in ids]
    return [{}, *named]


def sent_with(operation, body):
    """A body of the kind that an endpoint takes; a file that names a record of the first tenant."""
    if "requestBody" not in operation:
        return {}
    if "multipart/form-data" in operation["requestBody"]["content"]:
        return {"files": {"file": ("parcels.csv", b"tracking_number,amount\nTRK770006,1\n", "text/csv")}}
    return {"json": body}


@pytest.mark.parametrize("tenants", TENANTS, ids=str)
def test_every_endpoint_hides_another_tenants_records(session, api, world, tenants):
    client = api.as_(tenants.role, subject_id=world["other_id"])
    before, faults = everything(session), {}
    for method, path, operation in operations(api, tenants.domain):
        sent = sent_with(operation, filled(tenants.bodies.get(f"{method} {path}", {}), world))
        for asked in queries_of(operation, world):
            answer = client.request(method, filled(path, world), params=asked, **sent)
            is_list = method == "GET" and "{" not in path
            allowed = {403, 404} | ({200} if is_list else set()) | OWN.get((method, path), set())
            shown = [secret for secret in tenants.secrets if secret in answer.text]
            if answer.status_code not in allowed or shown:
                faults[method, path, str(asked)] = (answer.status_code, shown, answer.text[:200])
    session.expire_all()
    after = everything(session)
    assert faults == {}
    assert {name for name in before if before[name] != after[name]} == set()


@pytest.mark.parametrize("tenants", TENANTS, ids=str)
def test_every_page_hides_another_tenants_records(session, world, tenants):
    cookie = signed_in(session, tenants.role, subject_id=world["other_id"])
    before, faults = everything(session), {}
    for page in (each for each in states() if f".{tenants.domain}." in each.__module__):
        for name, record_id in world.items():
            if name == "other_id":
                continue
            events = [(event, plausible(types, str(record_id))) for event, types in events_of(page)]
            answers = told(page, cookie, events, f"/page?open={record_id}&id={record_id}")
            shown = "".join(f"{answer.values} {answer.said}" for answer in answers)
            if found := [secret for secret in tenants.secrets if secret in shown]:
                faults[page.__name__, name] = found
    session.expire_all()
    after = everything(session)
    assert faults == {}
    assert {name for name in before if before[name] != after[name]} == set()
