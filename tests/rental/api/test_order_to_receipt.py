"""The seed's workflows, call by call, with its own payloads ("Complete Workflow Examples")."""

import pytest
from sqlalchemy import func, select

from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import columns
from lattis_app.identity.permissions import Role
from lattis_app.ledger.models import LedgerEntry
from lattis_app.rental.services import commissions
from tests.factories.rental import SEED_CUSTOMER
from tests.factories.rental_delivery_orders import SEED_ORDER, add_photos
from tests.factories.rental_operations import SEED_DRIVER, SEED_SIZE


@pytest.fixture
def office(api):
    """The administrator's calls."""
    client = api.as_(Role.ADMIN)

    def call(method, path, expected=None, /, **body):
        answer = client.request(method, path, json=body or None)
        assert answer.status_code in ((expected,) if expected else (200, 201)), answer.text
        return answer.json()["data"]

    return call


@pytest.fixture
def masters(office):
    """The seed's customer, driver, a lorry and a bin."""
    return {
        "customer": office("POST", "/v1/customers", **SEED_CUSTOMER),
        "driver": office("POST", "/v1/drivers", **SEED_DRIVER),
        "lorry": office("POST", "/v1/lorries", registration_no="WXY 4521", type="Arm roll", capacity_kg=8000),
        "bin": office("POST", "/v1/bins", serial_number="ASR100", size=SEED_SIZE),
    }


def order_of(masters, **more):
    return (
        SEED_ORDER
        | {
            "customer_id": masters["customer"]["id"],
            "driver_id": masters["driver"]["id"],
            "lorry_id": masters["lorry"]["id"],
            "inventory_bin_id": masters["bin"]["id"],
        }
        | more
    )


def test_the_complete_order_lifecycle(clock, office, masters, session):
    booking = office(
        "POST",
        "/v1/bookings",
        customer_id=masters["customer"]["id"],
        requested_bin_size=SEED_SIZE,
        area="Klang Valley",
        state="Selangor",
        scheduled_at="2026-03-17T01:00:00Z",
        notes="Construction site delivery",
    )
    assigned = office(
        "POST",
        f"/v1/orders/{booking['id']}/assign",
        200,
        driver_id=masters["driver"]["id"],
        lorry_id=masters["lorry"]["id"],
    )
    order = office(
        "POST",
        "/v1/delivery-orders",
        **order_of(masters, booking_id=booking["id"], introducer_name="John Referrer"),
    )
    draft = office("POST", f"/v1/invoices/from-do/{order['id']}", 201, issue=False)
    invoice = office("POST", f"/v1/invoices/{draft['id']}/issue", 200)
    payment = office(
        "POST",
        f"/v1/invoices/{invoice['id']}/payments",
        201,
        method="ONLINE",
        amount=350.00,
        reference="TXN123456",
    )
    receipts = office("GET", f"/v1/invoices/{invoice['id']}/receipts")
    commissions.mark_eligible(session, SYSTEM, order["id"])
    commission = office(
        "POST", f"/v1/commissions/{order['id']}/approve", 200, amount=50.00, introducer_name="John Referrer"
    )
    paid = office(
        "POST",
        f"/v1/commissions/{commission['id']}/pay",
        200,
        payment_method="BANK_TRANSFER",
        reference="For DO",
    )

    assert (booking["number"], booking["status"], assigned["status"]) == (
        "BK-2026-00001",
        "pending",
        "assigned",
    )
    assert (order["system_do_number"], order["status"], order["amount"]) == ("DO-2026-00001", "issued", 350.0)
    assert office("GET", f"/v1/bookings/{booking['id']}")["status"] == "fulfilled"
    assert (draft["status"], draft["invoice_number"]) == ("draft", None)
    assert (invoice["invoice_number"], invoice["status"], invoice["total"]) == (
        "INV-2026-00001",
        "issued",
        350.0,
    )
    assert (payment["receipt_number"], payment["amount"]) == ("RCPT-2026-00001", 350.0)
    assert [receipt["receipt_number"] for receipt in receipts] == ["RCPT-2026-00001"]
    assert office("GET", f"/v1/invoices/{invoice['id']}")["status"] == "paid"
    assert office("GET", f"/v1/delivery-orders/{order['id']}")["status"] == "invoiced_linked"
    assert (commission["status"], commission["amount"], paid["status"]) == ("approved", 50.0, "paid")
    assert session.scalar(select(func.sum(columns(LedgerEntry).amount_minor))) == 0


def test_cash_a_driver_collects_pays_the_invoice_when_it_is_issued(clock, api, office, masters, session):
    order = office("POST", "/v1/delivery-orders", **order_of(masters))
    driver = api.as_(Role.DRIVER, subject_id=masters["driver"]["id"])

    taken = driver.post(
        f"/v1/delivery-orders/{order['id']}/receipt",
        json={"payment_method": "CASH", "amount": 350.00, "reference": "Cash collected on site"},
    )
    again = driver.post(
        f"/v1/delivery-orders/{order['id']}/receipt", json={"payment_method": "CASH", "amount": 0.01}
    )
    cash = driver.get("/v1/me/cash").json()["data"]
    invoice = office("POST", f"/v1/invoices/from-do/{order['id']}", 201)
    receipts = office("GET", f"/v1/invoices/{invoice['id']}/receipts")

    assert (taken.status_code, taken.json()["data"]["receipt_number"]) == (201, "RCPT-2026-00001")
    assert (again.status_code, again.json()["error"]["details"]["balance"]) == (400, 0.0)
    assert b'"balance": 0.0' in again.content
    assert (cash["held"], cash["collected_today"], cash["by_method"]) == (350.0, 350.0, {"CASH": 350.0})
    assert (invoice["status"], invoice["paid"], invoice["balance"]) == ("paid", 350.0, 0.0)
    assert [receipt["receipt_number"] for receipt in receipts] == ["RCPT-2026-00001"]
    balances = dict(
        session.execute(
            select(columns(LedgerEntry).account, func.sum(columns(LedgerEntry).amount_minor)).group_by(
                columns(LedgerEntry).account
            )
        ).all()
    )
    assert balances == {"receivable": 0, "customer_credit": 0, "driver_cash": 35000, "sales": -35000}


def test_the_bin_comes_back(clock, api, office, masters, session):
    order = office("POST", "/v1/delivery-orders", **order_of(masters))
    driver = api.as_(Role.DRIVER, subject_id=masters["driver"]["id"])

    def step(status):
        return driver.patch(f"/v1/delivery-orders/{order['id']}/status", json={"status": status})

    def whereabouts():
        return office("GET", f"/v1/bins/{masters['bin']['id']}")["status"]

    seen = [whereabouts()]
    assert step("started").status_code == 200
    assert step("delivered").json()["error"]["details"]["required"] == 3
    add_photos(session, type("Order", (), {"id": order["id"]}))
    assert step("delivered").status_code == 200
    seen.append(whereabouts())
    reminder = office(
        "POST",
        f"/v1/delivery-orders/{order['id']}/collection-reminder",
        201,
        reminder_type="same_day",
        scheduled_date="2026-03-20T10:00:00Z",
    )
    assert step("collected").status_code == 200
    seen.append(whereabouts())
    office(
        "POST",
        f"/v1/bins/{masters['bin']['id']}/movements",
        201,
        movement_type="IN",
        related_do_id=order["id"],
        area="Klang Valley",
        state="Selangor",
        notes="Back home",
    )
    seen.append(whereabouts())
    done = step("done").json()["data"]
    moves = office("GET", f"/v1/bins/{masters['bin']['id']}/movements")

    assert seen == ["assigned", "with_customer", "collected", "in_warehouse"]
    assert reminder["status"] == "scheduled"
    assert done["fulfilment_status"] == "done"
    assert sorted((move["from_status"], move["to_status"]) for move in moves) == [
        ("assigned", "with_customer"),
        ("collected", "in_warehouse"),
        ("with_customer", "collected"),
    ]


def test_a_paid_invoice_and_its_order_close_when_the_driver_is_done(clock, api, office, masters, session):
    order = office("POST", "/v1/delivery-orders", **order_of(masters))
    invoice = office("POST", f"/v1/invoices/from-do/{order['id']}", 201)
    office("POST", f"/v1/invoices/{invoice['id']}/payments", 201, method="CASH", amount="350.00")
    driver = api.as_(Role.DRIVER, subject_id=masters["driver"]["id"])
    driver.patch(f"/v1/delivery-orders/{order['id']}/status", json={"status": "started"})
    add_photos(session, type("Order", (), {"id": order["id"]}))
    for status in ("delivered", "collected", "done"):
        assert (
            driver.patch(f"/v1/delivery-orders/{order['id']}/status", json={"status": status}).status_code
            == 200
        )

    assert office("GET", f"/v1/invoices/{invoice['id']}")["status"] == "closed"
    assert office("GET", f"/v1/delivery-orders/{order['id']}")["status"] == "closed"


def test_a_voided_invoice_sends_its_order_back_and_leaves_no_debt(clock, office, masters, session):
    order = office("POST", "/v1/delivery-orders", **order_of(masters))
    first = office("POST", f"/v1/invoices/from-do/{order['id']}", 201)
    voided = office("POST", f"/v1/invoices/{first['id']}/void", 200, reason="Wrong bin size")
    waiting = office("GET", f"/v1/delivery-orders/{order['id']}")["status"]
    second = office("POST", f"/v1/invoices/from-do/{order['id']}", 201)

    assert (voided["status"], waiting) == ("voided", "pending_invoice")
    assert second["invoice_number"] == "INV-2026-00002"
    entries = columns(LedgerEntry)
    assert (
        session.scalar(select(func.sum(entries.amount_minor)).where(entries.account == "receivable")) == 35000
    )


def test_asking_twice_never_makes_a_second_invoice(clock, api, office, masters):
    order = office("POST", "/v1/delivery-orders", **order_of(masters))
    first = office("POST", f"/v1/invoices/from-do/{order['id']}", 201)

    answer = api.as_(Role.ADMIN).post(f"/v1/invoices/from-do/{order['id']}")

    assert answer.status_code == 409
    assert answer.json()["error"]["details"]["invoice_id"] == first["id"]
    assert len(office("GET", "/v1/invoices")) == 1


@pytest.mark.parametrize(
    "amount", [350.01, "350.001", -1, 0, "NaN", "1e999", "💰", "'; drop table rental_payments; --"]
)
def test_an_amount_that_cannot_be_paid_changes_nothing(clock, api, office, masters, amount):
    order = office("POST", "/v1/delivery-orders", **order_of(masters))
    invoice = office("POST", f"/v1/invoices/from-do/{order['id']}", 201)

    answer = api.as_(Role.ADMIN).post(
        f"/v1/invoices/{invoice['id']}/payments", json={"method": "CASH", "amount": amount}
    )

    assert (answer.status_code, answer.json()["error"]["details"]["field"]) == (400, "amount")
    unchanged = office("GET", f"/v1/invoices/{invoice['id']}")
    assert (unchanged["status"], unchanged["paid"], unchanged["payments"]) == ("issued", 0.0, [])


def test_a_term_order_is_due_after_the_customers_terms(clock, office, masters):
    order = office("POST", "/v1/delivery-orders", **order_of(masters, payment_method="TERM"))
    invoice = office("POST", f"/v1/invoices/from-do/{order['id']}", 201)

    assert (invoice["issued_on"], invoice["due_on"]) == ("2026-03-16", "2026-04-15")


def test_an_invoice_keeps_the_customers_own_number_and_the_terms(clock, office, masters):
    other = office("POST", "/v1/bins", serial_number="ASR101", size=SEED_SIZE)
    numbers = {"po_number": "PO-77812", "do_book_number": "AS-2025-00777"}
    plain = {"inventory_bin_id": other["id"], "do_book_number": None}
    terms, cash = (
        office("POST", "/v1/delivery-orders", **order_of(masters, payment_method=method, **more))
        for method, more in (("TERM", numbers), ("CASH", plain))
    )
    kept = [office("POST", f"/v1/invoices/from-do/{each['id']}", 201)["bill_to"] for each in (terms, cash)]
    assert [(each["po_number"], each["book_number"], each["terms_days"]) for each in kept] == [
        ("PO-77812", "AS-2025-00777", 30), ("", "", None),
    ]  # fmt: skip


def test_what_an_invoice_shows_is_frozen_when_it_is_issued(clock, office, masters):
    office("PATCH", "/v1/business", name="Lattis Bin Services Sdn Bhd", sst_rate=0.06)
    order = office("POST", "/v1/delivery-orders", **order_of(masters))
    invoice = office("POST", f"/v1/invoices/from-do/{order['id']}", 201)
    office("PATCH", "/v1/business", name="Another Name", sst_rate=0.08)
    office("PATCH", f"/v1/customers/{masters['customer']['id']}", company_name="Renamed Sdn Bhd")

    later = office("GET", f"/v1/invoices/{invoice['id']}")

    assert (later["subtotal"], later["tax"], later["total"]) == (350.0, 21.0, 371.0)
    assert (later["issuer"]["name"], later["bill_to"]["name"]) == (
        "Lattis Bin Services Sdn Bhd",
        "ABC Construction Sdn Bhd",
    )
