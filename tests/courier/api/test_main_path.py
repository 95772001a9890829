"""A merchant's parcels from pick-up to the bank, over REST as its users and the office call it."""

import csv
import io

import pytest

from lattis_app.identity.permissions import Role
from tests.rental.documents.printed import text_of

MERCHANT = {
    "name": "Kedai Batik Melati",
    "code": "melati",
    "bank_name": "Maybank",
    "bank_account_number": "5140 1122 3344",
    "delivery_charge": "155.00",
    "return_charge": "60.00",
}


@pytest.fixture
def admin(api, clock):
    return api.as_(Role.ADMIN)


@pytest.fixture
def merchant(admin):
    return admin.post("/v1/merchants", json=MERCHANT).json()["data"]


@pytest.fixture
def owner(api, merchant):
    return api.as_(Role.MERCHANT, subject_id=merchant["id"])


def bring(admin, merchant, number="TRK123456", **given):
    entry = {"tracking_number": number, "merchant_id": merchant["id"], "cod_amount": 5000, **given}
    return admin.post("/v1/parcels", json=entry).json()["data"]


def deliver(admin, parcel, status="DELIVERED", **given):
    for step in ("PICKED_UP", "IN_TRANSIT", "OUT_FOR_DELIVERY"):
        admin.patch(f"/v1/parcels/{parcel['id']}/status", json={"status": step})
    answer = admin.patch(f"/v1/parcels/{parcel['id']}/status", json={"status": status, **given})
    return answer.json()["data"]


def generate(admin, merchant, **given):
    return admin.post("/v1/merchant-invoices", json={"merchant_id": merchant["id"], **given})


def test_from_pick_up_to_the_bank(admin, merchant, owner):
    parcel = deliver(admin, bring(admin, merchant))
    assert (parcel["net_payable"], parcel["delivery_charge_applicable"]) == (4845.0, True)
    waiting = owner.get("/v1/merchant-invoices/eligible-parcels").json()
    assert [each["tracking_number"] for each in waiting["data"]] == ["TRK123456"]
    sums = owner.get("/v1/merchant-invoices/eligible-parcels/totals").json()["data"]
    assert (sums["parcels"], sums["payable"]) == (1, 4845.0)
    answer = generate(admin, merchant, parcel_ids=[parcel["id"]])
    assert answer.status_code == 201
    invoice = answer.json()["data"]
    assert (invoice["invoice_no"], invoice["payable_amount"]) == ("INV-2026-03-0001", 4845.0)
    assert invoice["breakdown_meta"] == {"page": 1, "limit": 20, "total": 1}
    assert invoice["breakdown"][0]["net_payable"] == 4845.0
    address = f"/v1/merchant-invoices/{invoice['id']}"
    transfers = admin.get("/v1/merchant-invoices/bank-transfers?format=csv").text
    (row,) = csv.DictReader(io.StringIO(transfers.lstrip("\ufeff")))
    assert (row["account_number"], row["amount"], row["reference"]) == (
        "5140 1122 3344", "4845.00", "INV-2026-03-0001",
    )  # fmt: skip
    paid = admin.post(f"{address}/pay", json={"payment_reference": "TXN-9", "notes": "Friday"}).json()["data"]
    assert (paid["invoice_status"], paid["settled_by"], paid["notes"]) == ("PAID", "payout", "Friday")
    seen = owner.get(f"/v1/parcels/{parcel['id']}").json()["data"]
    assert (seen["financial_status"], seen["paid_amount"]) == ("PAID", 4845.0)
    assert [each["invoice_no"] for each in owner.get("/v1/merchant-invoices?status=PAID").json()["data"]] == [
        "INV-2026-03-0001"
    ]
    assert owner.get(f"{address}/lines").json()["meta"]["total"] == 1
    printed = text_of(owner.get(f"{address}/pdf").content)
    assert "INV-2026-03-0001" in printed
    assert "4,845.00" in printed
    assert "TRK123456" in printed


def test_a_clearance_and_a_dispute_over_rest(admin, merchant, owner):
    parcel = deliver(admin, bring(admin, merchant))
    invoice = generate(admin, merchant).json()["data"]
    admin.post(f"/v1/merchant-invoices/{invoice['id']}/pay", json={})
    dispute = owner.post(f"/v1/parcels/{parcel['id']}/disputes", json={"reason": "We were charged twice"})
    assert dispute.status_code == 201
    found = dispute.json()["data"]
    assert owner.get("/v1/parcel-disputes?status=OPEN").json()["meta"]["total"] == 1
    accepted = admin.post(
        f"/v1/parcel-disputes/{found['id']}/accept", json={"answer": "Indeed", "delivery_charge": 100}
    )
    assert accepted.json()["data"]["financial_status"] == "CLEARANCE_PENDING"
    assert owner.get(f"/v1/parcel-disputes/{found['id']}").json()["data"]["answer"] == "Indeed"
    other = deliver(admin, bring(admin, merchant, "TRK2"), "PARTIAL_DELIVERY", cod_collected_amount="3000.00")
    second = generate(admin, merchant).json()["data"]
    assert (second["clearance"], second["payable_amount"]) == (55.0, 2900.0)
    admin.post(f"/v1/merchant-invoices/{second['id']}/pay", json={})
    assert owner.get(f"/v1/parcels/{parcel['id']}").json()["data"]["financial_status"] == "SETTLED"
    cleared = admin.post(
        f"/v1/parcels/{other['id']}/clearance", json={"reason": "Miscounted", "cod_collected_amount": 3100}
    )
    assert cleared.json()["data"]["clearance_amount"] == 100.0
    third = owner.post(f"/v1/parcels/{other['id']}/disputes", json={"reason": "Still too little"}).json()[
        "data"
    ]
    rejected = admin.post(f"/v1/parcel-disputes/{third['id']}/reject", json={"answer": "It was counted"})
    assert rejected.json()["data"]["status"] == "REJECTED"


def test_a_run_a_negative_invoice_and_a_cancellation_over_rest(admin, merchant, owner):
    deliver(admin, bring(admin, merchant), "RETURNED")
    preview = admin.post("/v1/merchant-invoices/runs", json={"preview": True}).json()["data"]
    assert (preview["id"], preview["payable"], preview["lines"][0]["outcome"]) == (None, -60.0, "ready")
    run = admin.post("/v1/merchant-invoices/runs", json={}).json()["data"]
    invoice_id = run["lines"][0]["invoice_id"]
    assert admin.get("/v1/merchant-invoices/runs").json()["data"][0]["id"] == run["id"]
    assert admin.get(f"/v1/merchant-invoices/runs/{run['id']}").json()["data"]["invoices"] == 1
    refused = admin.post(f"/v1/merchant-invoices/{invoice_id}/pay", json={})
    assert (refused.status_code, refused.json()["error"]["code"]) == (412, "PRECONDITION_FAILED")
    cancelled = admin.post(f"/v1/merchant-invoices/{invoice_id}/cancel", json={"reason": "Wrong charge"})
    assert cancelled.json()["data"]["invoice_status"] == "CANCELLED"
    again = generate(admin, merchant).json()["data"]
    settled = admin.post(
        f"/v1/merchant-invoices/{again['id']}/merchant-payment", json={"payment_reference": "CDM-1"}
    )
    assert settled.json()["data"]["settled_by"] == "merchant_payment"
    assert owner.get(f"/v1/merchants/{merchant['id']}/standing").json()["data"]["carried"] == 0


def test_where_a_merchant_stands(admin, merchant, owner):
    deliver(admin, bring(admin, merchant))
    generate(admin, merchant)
    deliver(admin, bring(admin, merchant, "TRK2"), "RETURNED")
    address = f"/v1/merchants/{merchant['id']}"
    standing = owner.get(f"{address}/standing").json()["data"]
    assert (standing["eligible_parcels"], standing["eligible_payable"]) == (1, -60.0)
    assert (standing["open_invoices"], standing["open_payable"], standing["last_paid"]) == (1, 4845.0, None)
    weeks = owner.get(f"{address}/weeks").json()["data"]
    assert len(weeks) == 12
    assert weeks[-1] == {"week": "2026-03-16", "parcels": 2, "cod_collected": 5000.0, "payable": 4785.0}
    statement = owner.get(f"{address}/statement").json()["data"]
    assert (statement["closing"], statement["lines"][0]["document"]) == (-4845.0, "INV-2026-03-0001")
    assert "INV-2026-03-0001" in owner.get(f"{address}/statement?format=csv").text
    assert "Kedai Batik Melati" in text_of(owner.get(f"{address}/statement?format=pdf").content)


def test_merchants_and_parcels_are_kept(admin, merchant, owner):
    address = f"/v1/merchants/{merchant['id']}"
    assert (merchant["code"], merchant["return_charge"]) == ("MELATI", 60.0)
    changed = admin.patch(address, json={"bank_name": "CIMB", "email": "pay@melati.example"}).json()["data"]
    assert (changed["bank_name"], changed["email"]) == ("CIMB", "pay@melati.example")
    assert admin.patch(address, json={"notes": "Pays late"}).json()["data"]["notes"] == "Pays late"
    assert owner.get(address).json()["data"]["notes"] == ""
    assert admin.get("/v1/merchants?q=batik").json()["meta"]["total"] == 1
    assert admin.get(address).json()["data"]["name"] == "Kedai Batik Melati"
    assert admin.post("/v1/merchants", json=MERCHANT).status_code == 409
    parcel = bring(admin, merchant)
    assert admin.post("/v1/parcels", json={"tracking_number": "trk123456", "merchant_id": merchant["id"]}).status_code == 409  # fmt: skip
    moved = admin.patch(f"/v1/parcels/{parcel['id']}", json={"cod_amount": "80.50"}).json()["data"]
    assert (moved["cod_amount"], moved["total_charge"]) == (80.5, 155.0)
    assert admin.get("/v1/parcels?tracking=TRK123456,NONE").json()["meta"]["total"] == 1
    assert admin.patch(f"/v1/parcels/{parcel['id']}/status", json={"status": "DELIVERED"}).status_code == 412


@pytest.mark.parametrize(
    ("field", "value"),
    [("cod_amount", -1), ("cod_amount", "1e999"), ("cod_amount", "NaN"), ("total_charge", "0.001"),
     ("tracking_number", "'; drop"), ("tracking_number", "😀😀😀"), ("status", "LOST"), ("merchant_id", "x"),
     ("delivered_at", "2026-03-17T00:00:00Z"), ("cod_collected_amount", 5)],
)  # fmt: skip
def test_nonsense_is_refused_by_the_name_of_its_field(admin, merchant, field, value):
    entry = {"tracking_number": "TRK9", "merchant_id": merchant["id"], "cod_amount": 1}
    if field == "delivered_at":
        entry["status"] = "DELIVERED"
    answer = admin.post("/v1/parcels", json=entry | {field: value})
    assert (answer.status_code, answer.json()["error"]["details"]["field"]) == (400, field)
    assert admin.get("/v1/parcels").json()["meta"]["total"] == 0


def test_the_critical_metrics_are_shown_and_measured(admin, merchant, api, configure):
    deliver(admin, bring(admin, merchant))
    generate(admin, merchant)
    health = admin.get("/v1/merchant-invoices/health").json()["data"]
    assert (health["invoices_today"], health["pending_invoices"], health["payable"]) == (1, 1, 4845.0)
    assert (health["checked_invoices"], health["wrong_invoices"], health["charge_accuracy"]) == (1, 0, 1)
    assert any(each["endpoint"] == "POST /v1/merchant-invoices" for each in health["endpoints"])
    assert {"courier_parcels", "courier_merchant_invoices"} <= {each["table"] for each in health["tables"]}
    configure(metrics_token="t" * 40)
    metrics = api.anonymous().get("/metrics", headers={"Authorization": f"Bearer {'t' * 40}"}).text
    assert 'lattis_merchant_invoices{status="GENERATED"} 1.0' in metrics
    assert 'lattis_merchant_payable_minor{owed_to="merchant"} 484500.0' in metrics


@pytest.mark.parametrize(
    "what", ["generate", "pay", "merchant-payment", "cancel", "clearance", "disputes", "runs"]
)
def test_a_key_makes_one_effect(admin, merchant, what):
    parcel = deliver(admin, bring(admin, merchant), "RETURNED" if what == "merchant-payment" else "DELIVERED")
    invoice = None if what in ("generate", "runs") else generate(admin, merchant).json()["data"]
    if what == "clearance":
        admin.post(f"/v1/merchant-invoices/{invoice['id']}/pay", json={})
    url, body = {
        "generate": ("/v1/merchant-invoices", {"merchant_id": merchant["id"]}),
        "runs": ("/v1/merchant-invoices/runs", {}),
        "clearance": (
            f"/v1/parcels/{parcel['id']}/clearance",
            {"reason": "Counted", "cod_collected_amount": 1},
        ),
        "disputes": (f"/v1/parcels/{parcel['id']}/disputes", {"reason": "Never came"}),
        "cancel": (f"/v1/merchant-invoices/{(invoice or {}).get('id')}/cancel", {"reason": "Wrong"}),
    }.get(what, (f"/v1/merchant-invoices/{(invoice or {}).get('id')}/{what}", {"payment_reference": "T"}))
    first, again, other = (
        admin.post(url, json=given, headers={"Idempotency-Key": "once"})
        for given in (body, body, body | {"notes": "x", "reason": "Another"})
    )
    assert first.status_code in (200, 201)
    assert (again.content, again.headers["Idempotency-Replayed"]) == (first.content, "true")
    assert other.status_code in (400, 409)


def test_a_merchant_is_taken_on_and_its_invoice_is_read_with_its_breakdown(admin):
    made = admin.post("/v1/merchants", json=MERCHANT)
    assert made.status_code == 201
    merchant = made.json()["data"]
    assert (merchant["code"], merchant["delivery_charge"], merchant["return_charge"]) == (
        "MELATI",
        155.0,
        60.0,
    )
    deliver(admin, bring(admin, merchant), cod_collected_amount=5000)
    invoice_id = generate(admin, merchant).json()["data"]["id"]

    found = admin.get(f"/v1/merchant-invoices/{invoice_id}").json()["data"]

    assert (found["payable_amount"], found["total_parcels"]) == (4845.0, 1)
    assert [(line["tracking_number"], line["net_payable"]) for line in found["breakdown"]] == [
        ("TRK123456", 4845.0)
    ]
