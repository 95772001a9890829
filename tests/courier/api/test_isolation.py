"""Every endpoint called as another merchant with real ids: nothing is shown and nothing changes."""

import re

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from lattis_app.core.actors import SYSTEM
from lattis_app.courier.models import CourierDispute, CourierMerchant, CourierMerchantInvoice, CourierParcel
from lattis_app.courier.schemas.disputes import DisputeEntry
from lattis_app.courier.schemas.runs import RunEntry
from lattis_app.courier.services import disputes, settlement_runs
from lattis_app.identity.permissions import Role
from tests.factories.courier import make_invoice, make_merchant, make_parcel, pay_invoice

OURS = re.compile(r"^/v1/(merchant-invoices|merchants|parcels|parcel-disputes|remittances)\b")
BODIES = {
    "/v1/parcels/{parcel_id}/disputes": {"reason": "Not mine at all"},
    "/v1/merchant-invoices": {"merchant_id": "{merchant_id}"},
    "/v1/merchant-invoices/{invoice_id}/cancel": {"reason": "Because"},
    "/v1/parcels/{parcel_id}/clearance": {"reason": "Because", "cod_collected_amount": 1},
    "/v1/parcels/{parcel_id}/status": {"status": "PICKED_UP"},
    "/v1/parcel-disputes/{dispute_id}/accept": {"answer": "Yes", "cod_collected_amount": 1},
    "/v1/parcel-disputes/{dispute_id}/reject": {"answer": "No, no"},
    "/v1/merchants": {"name": "A", "code": "AB"},
    "/v1/parcels": {"tracking_number": "TRK", "merchant_id": "{merchant_id}"},
}
SECRETS = ("Secretive", "TRKSECRET", "SECRETIVE")


@pytest.fixture
def world(session, clock):
    """One merchant with a paid, an open and a disputed parcel, and the ids of everything."""
    merchant = make_merchant(session, name="Secretive", code="SECRETIVE")
    make_parcel(session, merchant, tracking_number="TRKSECRET0")
    paid = pay_invoice(session, make_invoice(session, merchant))
    parcel = make_parcel(session, merchant, tracking_number="TRKSECRET1")
    dispute = disputes.open_(session, SYSTEM, parcel.id, DisputeEntry(reason="Of my own"))
    run = settlement_runs.run(session, SYSTEM, RunEntry())
    session.flush()
    return {"merchant_id": merchant.id, "invoice_id": paid.id, "parcel_id": parcel.id,
            "dispute_id": dispute.id, "run_id": run.id, "remittance_id": run.id}  # fmt: skip


def everything(session):
    """Every row that belongs to merchants."""
    session.flush()
    session.expire_all()
    models = (CourierMerchant, CourierMerchantInvoice, CourierParcel, CourierDispute)
    return [sorted(str(row) for row in session.execute(select(model.__table__))) for model in models]


def operations(rest_api: FastAPI):
    return [
        (method.upper(), path)
        for path, methods in rest_api.openapi()["paths"].items()
        for method in methods
        if OURS.match(path)
    ]


def body_of(path, world):
    given = BODIES.get(path, {})
    return {
        name: str(value).format_map(world) if "{" in str(value) else value for name, value in given.items()
    }


def test_another_merchant_sees_and_changes_nothing(api, rest_api, session, world):
    stranger = api.as_(Role.MERCHANT, subject_id=make_merchant(session, name="Stranger").id)
    before = everything(session)
    asked = operations(rest_api)
    assert len(asked) >= 28
    for method, path in asked:
        url = path.format_map(world)
        if method == "GET":
            url += f"?merchant_id={world['merchant_id']}"
        answer = stranger.request(method, url, json=None if method == "GET" else body_of(path, world))
        is_list = method == "GET" and answer.status_code == 200
        assert is_list or answer.status_code in (400, 403, 404, 415), f"{method} {path}: {answer.status_code}"
        if is_list:
            assert "{" not in path, f"{method} {path} shows somebody else's record"
        assert not any(secret in answer.text for secret in SECRETS), f"{method} {path}"
    assert everything(session) == before


def test_a_merchant_may_not_do_what_the_office_does(api, session, world):
    owner = api.as_(Role.MERCHANT, subject_id=world["merchant_id"])
    before = everything(session)
    for url, body in (
        ("/v1/merchant-invoices", {"merchant_id": str(world["merchant_id"])}),
        ("/v1/merchant-invoices/runs", {}),
        (f"/v1/merchant-invoices/{world['invoice_id']}/pay", {}),
        (f"/v1/merchant-invoices/{world['invoice_id']}/cancel", {"reason": "Because"}),
        (f"/v1/parcels/{world['parcel_id']}/clearance", {"reason": "Because"}),
        (f"/v1/parcel-disputes/{world['dispute_id']}/accept", {"answer": "Yes"}),
    ):
        assert owner.post(url, json=body).status_code == 403, url
    assert everything(session) == before


@pytest.mark.parametrize("role", [Role.DRIVER, Role.SELLER, Role.SALES_REP, Role.CASHIER])
def test_other_roles_get_nothing(api, rest_api, session, world, role):
    nobody = api.as_(role)
    for method, path in operations(rest_api):
        answer = nobody.request(method, path.format_map(world), json=None if method == "GET" else {})
        assert answer.status_code in (403, 415), f"{method} {path}: {answer.status_code}"


def test_an_account_that_stands_for_no_merchant_sees_nothing(api, world):
    lost = api.as_(Role.MERCHANT)
    for url in ("/v1/parcels", "/v1/merchants", "/v1/merchant-invoices", "/v1/parcel-disputes"):
        assert lost.get(url).json()["meta"]["total"] == 0
    assert lost.get("/v1/merchant-invoices/eligible-parcels").status_code == 404
