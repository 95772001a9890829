"""What a hostile stranger sends to courier: refused by the name of its field, and nothing is changed."""

import pytest
from sqlalchemy import func, select

from lattis_app.courier.models import CourierParcel, CourierRemittance
from lattis_app.identity.permissions import Role
from lattis_app.imports.models import ImportBatch
from tests.factories.courier import again, make_invoice, make_merchant, make_parcel, pay_invoice

TOP, OVER = "10000000.00", "10000000.01"
PERIOD = {"partner": "Ninja", "from": "2026-03-01", "to": "2026-03-16"}
REASON = "must be at most 10000000"


@pytest.fixture
def admin(api, clock):
    return api.as_(Role.ADMIN)


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


def refused(answer):
    """The field and the reason of a refusal."""
    details = answer.json()["error"]["details"]
    return answer.status_code, details["field"], details["reason"]


def upload(client, url, text, key=None, **params):
    headers = {"Idempotency-Key": key} if key else {}
    files = {"file": ("file.csv", text.encode(), "text/csv")}
    return client.post(url, files=files, params=params, headers=headers)


def test_no_parcel_is_worth_so_much_that_an_invoice_could_not_hold_many(admin, session):
    merchant = make_merchant(session)
    parcel = {"merchant_id": str(merchant.id), "tracking_number": "TRK001", "status": "DELIVERED"}
    for field in ("cod_amount", "cod_collected_amount", "total_charge", "return_charge"):
        answer = admin.post("/v1/parcels", json=parcel | {field: OVER})
        assert refused(answer) == (400, field, REASON)
    for field in ("delivery_charge", "return_charge"):
        answer = admin.patch(f"/v1/merchants/{merchant.id}", json={field: OVER})
        assert refused(answer) == (400, field, REASON)
    assert count(session, CourierParcel) == 0
    for number in ("TRK001", "TRK002"):
        answer = admin.post("/v1/parcels", json=parcel | {"tracking_number": number, "cod_amount": TOP})
        assert answer.status_code == 201
    made = admin.post("/v1/merchant-invoices", json={"merchant_id": str(merchant.id)}).json()["data"]
    assert made["payable_amount"] == 20_000_000.0


def test_a_correction_and_a_partners_line_are_bounded_too(admin, session):
    merchant = make_merchant(session)
    parcel = make_parcel(session, merchant)
    pay_invoice(session, make_invoice(session, merchant))
    answer = admin.post(
        f"/v1/parcels/{parcel.id}/clearance", json={"reason": "Counted", "cod_collected_amount": OVER}
    )
    assert refused(answer) == (400, "cod_collected_amount", REASON)
    assert again(session, parcel).financial_status == "PAID"
    answer = upload(admin, "/v1/remittances", f"tracking_number,amount\nTRK1,{OVER}\n", **PERIOD)
    assert refused(answer) == (400, "line 2", f"amount {REASON}")
    assert count(session, CourierRemittance) == 0


def test_a_character_that_cannot_be_stored_is_refused_by_name_in_a_pasted_list(admin):
    answer = admin.get("/v1/parcels", params={"tracking": "TRK1,TR\x00K"})
    assert refused(answer) == (400, "tracking.1", "must not contain control characters")


def test_a_key_is_of_what_the_address_asks_for_too(admin, session):
    make_merchant(session, code="MELATI")
    file = "tracking_number,merchant_code\nTRK001,MELATI\n"
    looked = upload(admin, "/v1/parcels/import", file, "k1", dry_run=True)
    assert (looked.status_code, looked.json()["data"]["status"]) == (201, "checked")
    again_ = upload(admin, "/v1/parcels/import", file, "k1", dry_run=True)
    assert (again_.json(), again_.headers["Idempotency-Replayed"]) == (looked.json(), "true")
    other = upload(admin, "/v1/parcels/import", file, "k1", dry_run=False)
    assert refused(other) == (409, "Idempotency-Key", "used for another request")
    assert count(session, ImportBatch) == 1

    paid = "tracking_number,amount\nTRK001,5\n"
    assert upload(admin, "/v1/remittances", paid, "k2", **PERIOD).status_code == 201
    other = upload(admin, "/v1/remittances", paid, "k2", **PERIOD | {"partner": "Poslaju"})
    assert refused(other) == (409, "Idempotency-Key", "used for another request")
    assert count(session, CourierRemittance) == 1


def test_a_line_that_pays_nothing_leaves_its_parcel_to_be_asked_for(admin, session):
    merchant = make_merchant(session)
    moving = make_parcel(session, merchant, "IN_TRANSIT", tracking_number="TRKMOVING", partner="Ninja")
    unpaid = make_parcel(session, merchant, tracking_number="TRKUNPAID", partner="Ninja")
    make_parcel(session, merchant, tracking_number="TRKPAID", partner="Ninja")
    file = "tracking_number,amount\nTRKMOVING,0\nTRKUNPAID,0\nTRKPAID,5000\n"
    found = upload(admin, "/v1/remittances", file, **PERIOD).json()["data"]
    assert admin.post(f"/v1/remittances/{found['id']}/accept").status_code == 200
    assert (again(session, moving).remittance_id, again(session, unpaid).remittance_id) == (None, None)
    admin.patch(f"/v1/parcels/{moving.id}/status", json={"status": "OUT_FOR_DELIVERY"})
    collected = {"status": "DELIVERED", "cod_collected_amount": "100.00"}
    assert admin.patch(f"/v1/parcels/{moving.id}/status", json=collected).status_code == 200
    later = upload(admin, "/v1/remittances", "tracking_number,amount\nTRKPAID,5000\n", **PERIOD)
    lines = admin.get(f"/v1/remittances/{later.json()['data']['id']}/lines").json()["data"]
    assert {line["tracking_number"]: (line["match"], line["expected"]) for line in lines} == {
        "TRKMOVING": ("missing", 100.0),
        "TRKUNPAID": ("missing", 5000.0),
        "TRKPAID": ("extra", 0.0),
    }


def test_what_one_file_paid_too_much_for_is_not_taken_from_another_as_well(admin, session):
    make_parcel(session, make_merchant(session), tracking_number="TRKMORE", partner="Ninja")
    file = "tracking_number,amount\nTRKMORE,5001\n"
    first, second = (upload(admin, "/v1/remittances", file, **PERIOD).json()["data"]["id"] for _ in range(2))
    assert admin.post(f"/v1/remittances/{first}/accept").status_code == 200
    answer = admin.post(f"/v1/remittances/{second}/accept")
    reason = "parcels were paid for by another file or delivered meanwhile: upload it again"
    assert refused(answer) == (409, "status", reason)
    assert admin.get(f"/v1/remittances/{second}").json()["data"]["status"] == "MATCHED"


@pytest.mark.parametrize("letter", ["\U0001d160", "\u0958", "ﷺ", "ß", "İ"])
def test_a_name_as_long_as_may_be_is_kept_whatever_its_letters_become(admin, letter):
    """Normal forms of these are longer than the letters themselves."""
    answer = admin.post("/v1/merchants", json={"name": letter * 200, "code": "LONG"})
    assert (answer.status_code, answer.json()["data"]["name"]) == (201, letter * 200)
    assert admin.get("/v1/merchants", params={"q": letter * 3}).json()["meta"]["total"] == 1
