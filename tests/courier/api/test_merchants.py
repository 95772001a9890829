"""Merchants taken on by mistake are deleted; one that something depends on stays, and says what that is."""

import pytest
from sqlalchemy import func, select

from lattis_app.core.audit import AuditEntry
from lattis_app.core.db import columns
from lattis_app.courier.models import CourierMerchant, CourierParcel
from lattis_app.identity.models import User
from lattis_app.identity.permissions import Role
from lattis_app.parties.models import Party
from tests.factories.courier import make_invoice, make_merchant, make_parcel

E = columns(AuditEntry)


@pytest.fixture
def office(api, clock):
    return api.as_(Role.ADMIN)


def count(session, *models):
    session.flush()
    return [session.scalar(select(func.count()).select_from(model)) for model in models]


def test_a_merchant_without_anything_is_deleted_with_its_party_and_leaves_a_trace(office, session):
    before = count(session, CourierMerchant, Party)
    merchant = make_merchant(session, name="Typed Twice", code="TWICE")

    answer = office.delete(f"/v1/merchants/{merchant.id}")

    assert (answer.status_code, answer.json()["data"]["code"]) == (200, "TWICE")
    assert count(session, CourierMerchant, Party) == before
    assert office.get(f"/v1/merchants/{merchant.id}").status_code == 404
    assert office.delete(f"/v1/merchants/{merchant.id}").status_code == 404
    trace = select(E.action).where(E.entity_id == merchant.id).where(E.action == "deleted")
    assert session.scalars(trace).all() == ["deleted"]


def test_one_with_parcels_and_invoices_stays(office, session):
    merchant = make_merchant(session)
    make_parcel(session, merchant)
    make_invoice(session, merchant)
    before = count(session, CourierMerchant, CourierParcel, Party)

    answer = office.delete(f"/v1/merchants/{merchant.id}")

    assert (answer.status_code, answer.json()["error"]["code"]) == (412, "PRECONDITION_FAILED")
    assert answer.json()["error"]["message"] == (
        "The merchant is named in merchant invoices (1), parcels (1): make it inactive instead"
    )
    assert count(session, CourierMerchant, CourierParcel, Party) == before


def test_one_that_somebody_signs_in_for_stays(office, session):
    merchant = make_merchant(session)
    account = {"name": "Mei Ling", "email": "mei@example.com", "password": "lattis-demo-1"}
    made = office.post("/v1/users", json=account | {"role": "MERCHANT", "subject_id": str(merchant.id)})
    assert made.status_code == 201
    before = count(session, CourierMerchant, User)

    answer = office.delete(f"/v1/merchants/{merchant.id}")

    assert answer.status_code == 412
    assert answer.json()["error"]["details"]["reason"] == "has accounts (1): make it inactive instead"
    assert count(session, CourierMerchant, User) == before


@pytest.mark.parametrize(("role", "status"), [(Role.MERCHANT, 403), (Role.SELLER, 403), (None, 401)])
def test_nobody_but_the_office_deletes_one(api, session, clock, role, status):
    merchant = make_merchant(session)
    who = api.anonymous() if role is None else api.as_(role, merchant.id)
    before = count(session, CourierMerchant, Party)

    assert who.delete(f"/v1/merchants/{merchant.id}").status_code == status
    assert count(session, CourierMerchant, Party) == before


def test_merchants_come_in_by_file(office):
    text = "name,code,delivery_charge\nKedai Satu,SATU,7.50\nKedai Dua,SATU,1\nKedai Tiga,TIGA,-1\n"
    sent = {"file": ("merchants.csv", text.encode(), "text/csv")}
    batch = office.post("/v1/imports/merchants", files=sent)
    assert batch.status_code == 201, batch.text
    found = batch.json()["data"]
    assert (found["kind"], found["new_count"], found["wrong_count"]) == ("merchants", 1, 1)
    rows = office.get(f"/v1/imports/{found['id']}/rows").json()["data"]
    assert [row["problems"] for row in rows] == [
        [],
        [{"field": "code", "reason": "stands in line 2 too"}],
        [{"field": "delivery_charge", "reason": "must not be negative"}],
    ]
