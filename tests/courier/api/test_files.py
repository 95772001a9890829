"""Files of parcels and of a partner's remittance, sent as browsers send them."""

import pytest
from sqlalchemy import select

from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import columns
from lattis_app.courier.models import CourierParcel
from lattis_app.identity.permissions import Role
from lattis_app.ledger.models import LedgerEntry
from lattis_app.ledger.queries import checks
from tests.factories.courier import again, make_invoice, make_merchant, make_parcel

E = columns(LedgerEntry)
PERIOD = {"partner": "Ninja", "from": "2026-03-01", "to": "2026-03-16", "reference": "NV-7"}


@pytest.fixture
def admin(api, clock):
    return api.as_(Role.ADMIN)


def send(client, url, text, **params):
    return client.post(url, files={"file": ("file.csv", text.encode(), "text/csv")}, params=params)


def test_parcels_come_in_by_file_with_what_is_wrong_said_by_line(admin, session):
    make_merchant(session, code="MELATI")
    text = "tracking_number,merchant_code,cod_amount,status\nTRK1,MELATI,120.00,DELIVERED\nTRK2,NOBODY,1,\nTRK1,MELATI,5,\nTRK3,MELATI,-1,\n"
    batch = send(admin, "/v1/parcels/import", text, dry_run=True).json()["data"]
    assert (batch["kind"], batch["new_count"], batch["known_count"], batch["wrong_count"]) == (
        "parcels",
        2,
        1,
        1,
    )
    rows = admin.get(f"/v1/imports/{batch['id']}/rows").json()["data"]
    assert [row["problems"] for row in rows] == [
        [],
        [{"field": "merchant_code", "reason": "is no merchant's code: the line will be refused"}],
        [{"field": "tracking_number", "reason": "stands in line 2 too"}],
        [{"field": "cod_amount", "reason": "must not be negative"}],
    ]
    started = send(admin, "/v1/parcels/import", text)
    assert (started.status_code, started.json()["data"]["status"]) == (201, "running")


def test_a_partners_file_is_compared_first_and_taken_into_the_books_once(admin, session):
    merchant = make_merchant(session)
    right, short, more, missing, moving, elsewhere = (
        make_parcel(session, merchant, tracking_number=name, partner=partner, status=status)
        for name, partner, status in (
            ("TRKRIGHT", "Ninja", "DELIVERED"),
            ("TRKSHORT", "Ninja", "DELIVERED"),
            ("TRKMORE", "Ninja", "DELIVERED"),
            ("TRKMISSING", "Ninja", "DELIVERED"),
            ("TRKMOVING", "Ninja", "IN_TRANSIT"),
            ("TRKELSEWHERE", "Poslaju", "DELIVERED"),
        )
    )
    text = "Tracking number,Amount\ntrkright,5000.00\nTRKSHORT,4000\nTRKMORE,5001\nTRKMOVING,10\nTRKNOBODY,7.50\n"
    found = send(admin, "/v1/remittances", text, **PERIOD).json()["data"]
    assert [found[f"{match}_count"] for match in ("matched", "short", "extra", "missing")] == [1, 1, 3, 1]
    assert (found["expected"], found["remitted"], found["difference"]) == (20000.0, 14018.5, -5981.5)
    address = f"/v1/remittances/{found['id']}"
    lines = {each["tracking_number"]: each for each in admin.get(f"{address}/lines").json()["data"]}
    assert {number: (line["match"], line["note"]) for number, line in lines.items()} == {
        "TRKRIGHT": ("matched", ""),
        "TRKSHORT": ("short", "RM 1,000.00 short"),
        "TRKMORE": ("extra", "RM 1.00 more than was collected"),
        "TRKMOVING": ("extra", "is IN_TRANSIT: counts towards what will be collected"),
        "TRKNOBODY": ("extra", "is no parcel of ours"),
        "TRKMISSING": ("missing", "is not in the file"),
    }
    assert right.remittance_id is None
    again_ = send(admin, "/v1/remittances", text, **PERIOD).json()["data"]
    assert admin.post(f"{address}/accept").json()["data"]["status"] == "ACCEPTED"
    assert (str(again(session, right).remittance_id), right.remitted_amount_minor) == (found["id"], 500000)
    assert (again(session, short).remitted_amount_minor, again(session, missing).remittance_id) == (
        400000,
        None,
    )
    booked = session.execute(select(E.account, E.amount_minor).order_by(E.account)).all()
    assert [tuple(row) for row in booked] == [("bank", 1401850), ("cod_collected", -1401850)]
    assert checks.check(session, SYSTEM).status == "balanced"
    assert admin.post(f"{address}/accept").status_code == 412
    assert admin.post(f"/v1/remittances/{again_['id']}/accept").status_code == 409
    assert admin.post(f"/v1/remittances/{again_['id']}/discard").json()["data"]["status"] == "DISCARDED"
    assert admin.get("/v1/remittances?status=ACCEPTED").json()["meta"]["total"] == 1
    assert admin.get(address).json()["data"]["accepted_by"]
    assert {more.partner, moving.partner, elsewhere.partner} == {"Ninja", "Poslaju"}


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("tracking_number,amount\nTRK1,-5\n", "line 2"),
        ("tracking_number,amount\nTRK1,5\nTRK1,5\n", "line 3"),
        ("tracking_number,amount\nTRK1,much\n", "line 2"),
        ("tracking_number\nTRK1\n", "file"),
        ("tracking_number,amount\n", "file"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_whole(admin, session, text, field):
    answer = send(admin, "/v1/remittances", text, **PERIOD)
    assert (answer.status_code, answer.json()["error"]["details"]["field"]) == (400, field)
    assert admin.get("/v1/remittances").json()["meta"]["total"] == 0
    assert session.scalars(select(CourierParcel)).all() == []


def test_the_breakdown_of_an_invoice_comes_by_page_and_as_a_file(admin, session):
    merchant = make_merchant(session)
    for number in range(3):
        make_parcel(session, merchant, tracking_number=f"TRK00{number}")
    address = f"/v1/merchant-invoices/{make_invoice(session, merchant).id}/lines"
    second = admin.get(address, params={"page": 2, "limit": 2}).json()
    assert ([line["tracking_number"] for line in second["data"]], second["meta"]["total"]) == (["TRK002"], 3)
    saved = admin.get(address, params={"format": "csv"}).text.splitlines()
    assert saved[0].startswith("\ufeffkind,tracking_number")
    assert [line.split(",")[1] for line in saved[1:]] == ["TRK000", "TRK001", "TRK002"]
