"""The examples in docs/examples, run as they are printed, and what they leave behind."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from lattis_app.core.frontend import PROJECT
from lattis_app.registry import DEMO_PASSWORD
from tests.copies import RunningCopy


@dataclass(frozen=True)
class Told:
    """What a run of the example printed at its end, and the office that looks at it."""

    ids: dict[str, str]
    office: httpx2.Client

    def get(self, path: str) -> Any:
        """The data of one answer."""
        answer = self.office.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]


def run(copy: RunningCopy, name: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LATTIS_URL": copy.url} | settings
    command = ["sh", str(PROJECT / "docs/examples/rental.sh"), name]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def told(copy: RunningCopy) -> Iterator[Told]:
    done = run(copy, "TOLD")
    assert done.returncode == 0, done.stderr + done.stdout[-2000:]
    _, _, end = done.stdout.partition("== Done ==\n")
    account = {"email": "admin@lattis.com", "password": DEMO_PASSWORD}
    with httpx2.Client(base_url=copy.url) as office:
        token = office.post("/v1/auth/login", json=account).json()["data"]["access_token"]
        office.headers["Authorization"] = f"Bearer {token}"
        yield Told(dict(line.split("=", 1) for line in end.split()), office)


def test_the_booking_is_fulfilled_and_both_orders_are_closed(told: Told) -> None:
    assert told.get(f"/v1/bookings/{told.ids['booking']}")["status"] == "fulfilled"
    for which in ("delivery_order", "cash_delivery_order"):
        order = told.get(f"/v1/delivery-orders/{told.ids[which]}")
        assert (order["status"], order["fulfilment_status"], order["photo_count"]) == ("closed", "done", 3)
        assert order["phone"] == "+60123456789"


@pytest.mark.parametrize(
    ("which", "receipt", "method", "reference"),
    [
        ("invoice", "receipt", "ONLINE", "Bank transfer ref: TXN123456"),
        ("cash_invoice", "cash_receipt", "CASH", "Cash collected on site"),
    ],
)
def test_the_invoice_is_paid_to_the_sen(
    told: Told, which: str, receipt: str, method: str, reference: str
) -> None:
    invoice = told.get(f"/v1/invoices/{told.ids[which]}")
    amounts = {name: invoice[name] for name in ("subtotal", "tax", "total", "paid", "balance")}
    assert amounts == {"subtotal": 350.0, "tax": 0.0, "total": 350.0, "paid": 350.0, "balance": 0.0}
    assert invoice["status"] == "closed"
    [payment] = invoice["payments"]
    assert (payment["method"], payment["amount"], payment["reference"]) == (method, 350.0, reference)
    [given] = told.get(f"/v1/invoices/{told.ids[which]}/receipts")
    assert given["receipt_number"] == payment["receipt_number"] == told.ids[receipt]


def test_the_introducer_has_got_the_commission(told: Told) -> None:
    commission = told.get(f"/v1/commissions/{told.ids['commission']}")
    assert commission["delivery_order_id"] == told.ids["delivery_order"]
    assert (commission["status"], commission["amount"]) == ("paid", 50.0)
    assert (commission["introducer_name"], commission["payment_method"]) == ("John Referrer", "BANK_TRANSFER")
    assert commission["eligible_at"] < commission["approved_at"] < commission["paid_at"]


def test_only_the_money_taken_on_site_is_the_drivers_cash(told: Told) -> None:
    for which, collected in (("delivery_order", 0.0), ("cash_delivery_order", 350.0)):
        assert told.get(f"/v1/delivery-orders/{told.ids[which]}")["collected"] == collected
    payment = told.get(f"/v1/invoices/{told.ids['cash_invoice']}")["payments"][0]
    assert payment["received_by"] == "Ahmad Rahman"
    assert payment["driver_id"] is not None


def test_one_bin_is_home_and_the_other_on_its_way(told: Told) -> None:
    assert told.get(f"/v1/bins/{told.ids['bin']}")["status"] == "in_warehouse"
    assert told.get(f"/v1/bins/{told.ids['cash_bin']}")["status"] == "collected"
    moves = [
        (move["movement_type"], move["from_status"], move["to_status"])
        for move in told.get(f"/v1/bins/{told.ids['bin']}/movements")
    ]
    assert sorted(moves) == [
        ("IN", "collected", "in_warehouse"),
        ("IN", "with_customer", "collected"),
        ("OUT", "assigned", "with_customer"),
    ]


def test_it_can_be_told_again_under_another_name(copy: RunningCopy, told: Told) -> None:
    again = run(copy, "AGAIN")
    assert again.returncode == 0, again.stderr
    assert told.ids["receipt"] not in again.stdout


def test_it_stops_at_the_first_answer_that_is_not_the_expected_one(copy: RunningCopy) -> None:
    stopped = run(copy, "STOPPED", LATTIS_PASSWORD="wrong")
    assert stopped.returncode == 1
    assert stopped.stderr.splitlines() == ["Expected 200, not 401: POST /v1/auth/login"]
    assert stopped.stdout.count("\n> ") == 1
