"""The books against zero, and against what rental's own records say."""

from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from lattis_app.core.actors import SYSTEM
from lattis_app.identity.permissions import Role
from lattis_app.ledger.queries import checks
from lattis_app.notifications.models import Notification
from lattis_app.rental.models import RentalDeliveryOrder, RentalInvoice
from lattis_app.rental.schemas.invoices import CollectionEntry, CommissionApproval, PaymentEntry
from lattis_app.rental.services import commissions, invoices, payments
from tests.factories.identity import make_user
from tests.factories.rental_delivery_orders import make_delivery_order, set_business

PATH = "/v1/ledger/check"
RUN = "/v1/jobs/ledger.check_balances/run"


def accounts(session: Session) -> dict[str, tuple[int, int]]:
    """What the books hold per account, and by how much the records differ."""
    found = checks.check(session, SYSTEM).accounts
    return {each.account: (each.ledger, each.difference) for each in found}


@pytest.fixture
def order(session: Session, clock) -> RentalDeliveryOrder:
    """An order over RM 350.00 plus 6 % tax, introduced by Lim."""
    set_business(session, sst_rate=Decimal("0.06"))
    return make_delivery_order(session, introducer_name="Lim")


@pytest.fixture
def invoice(session: Session, order: RentalDeliveryOrder) -> RentalInvoice:
    """RM 371.00, of which the driver took 100.00 before the invoice and the office 171.00 by transfer after."""
    collected = CollectionEntry(payment_method="CASH", amount="100.00")
    payments.collect(session, SYSTEM, order.id, collected)
    made = invoices.make_from_order(session, SYSTEM, order.id)
    session.flush()
    payments.record(session, SYSTEM, made.id, PaymentEntry(method="ONLINE", amount="171.00"))
    session.flush()
    return made


def test_every_account_is_what_the_records_say(session: Session, invoice: RentalInvoice) -> None:
    payments.record(session, SYSTEM, invoice.id, PaymentEntry(method="CHEQUE", amount="100.00"))
    approval = CommissionApproval(amount="35.00")
    session.flush()
    commissions.approve(session, SYSTEM, invoice.delivery_order_id, approval)
    session.flush()
    assert accounts(session) == {
        "receivable": (0, 0),
        "customer_credit": (0, 0),
        "driver_cash": (10_000, 0),
        "bank": (17_100, 0),
        "cheques": (10_000, 0),
        "sales": (-35_000, 0),
        "tax_payable": (-2_100, 0),
        "commission_expense": (3_500, 0),
        "commission_payable": (-3_500, 0),
    }
    result = checks.check(session, SYSTEM)
    assert (result.status, result.unbalanced, result.uncompared) == ("balanced", [], [])
    assert [(each.currency, each.sum) for each in result.sums] == [("MYR", 0)]


def test_money_before_the_invoice_is_the_customers_credit(
    session: Session, order: RentalDeliveryOrder
) -> None:
    payments.collect(session, SYSTEM, order.id, CollectionEntry(payment_method="EWALLET", amount="50.00"))
    session.flush()
    assert accounts(session) == {"customer_credit": (-5_000, 0), "ewallet": (5_000, 0)}


def test_a_record_that_was_tampered_with_is_named_with_its_owner(
    api, session: Session, invoice: RentalInvoice
) -> None:
    session.execute(text("UPDATE rental_invoices SET paid_minor = paid_minor - 50"))
    data = api.as_(Role.ADMIN).get(PATH).json()["data"]
    party_id = session.scalar(text("SELECT party_id FROM rental_customers"))
    (differing,) = [each for each in data["accounts"] if each["difference"]]
    assert data["status"] == "differs"
    assert differing == {
        "account": "receivable",
        "currency": "MYR",
        "ledger": 100.0,
        "modules": [{"name": "rental: balances of invoices", "balance": 100.5}],
        "difference": -0.5,
        "owners_differing": 1,
        "differences": [
            {"owner_id": str(party_id), "ledger": 100.0, "modules": 100.5, "difference": -0.5},
        ],
    }


def test_two_errors_that_cancel_out_are_both_found(session: Session, invoice: RentalInvoice) -> None:
    other = invoices.make_from_order(session, SYSTEM, make_delivery_order(session).id)
    session.flush()
    for changed, by in ((invoice, 50), (other, -50)):
        session.execute(
            text("UPDATE rental_invoices SET total_minor = total_minor + :by, tax_minor = tax_minor + :by "
                 "WHERE id = :id"), {"by": by, "id": changed.id},
        )  # fmt: skip
    receivable = next(each for each in checks.check(session, SYSTEM).accounts if each.account == "receivable")
    assert (receivable.difference, receivable.owners_differing) == (0, 2)
    assert sorted(each.difference for each in receivable.differences) == [-50, 50]


def test_an_account_that_nobody_speaks_for_is_named(session: Session, invoice: RentalInvoice) -> None:
    transaction = session.scalar(text("SELECT id FROM ledger_transactions LIMIT 1"))
    session.execute(
        text("INSERT INTO ledger_entries (id, transaction_id, business_on, account, amount_minor, currency) "
             "VALUES (:one, :id, '2026-03-16', 'suspense', 5, 'MYR'), (:two, :id, '2026-03-16', 'suspense', -5, 'MYR')"),
        {"one": uuid4(), "two": uuid4(), "id": transaction},
    )  # fmt: skip
    assert checks.check(session, SYSTEM).uncompared == ["suspense"]


def test_the_nightly_check_counts_and_tells_nobody_when_all_is_well(
    api, session: Session, invoice: RentalInvoice
) -> None:
    run = api.as_(Role.ADMIN).post(RUN).json()["data"]
    assert (run["status"], run["result"]) == (
        "done", {"status": "balanced", "transactions": 4, "entries": 9, "accounts": 6},
    )  # fmt: skip
    assert session.query(Notification).count() == 0


def test_the_nightly_check_tells_administrators_once_a_day(
    api, session: Session, invoice: RentalInvoice, clock
) -> None:
    office = make_user(session)
    client = api.as_(office)
    session.execute(text("UPDATE rental_invoices SET paid_minor = paid_minor - 50"))
    for _ in range(2):
        run = client.post(RUN).json()["data"]
    assert run["result"]["findings"] == "receivable differs for 1 by −RM 0.50 in all"
    session.execute(text("SELECT set_config('lattis.user_id', :id, true)"), {"id": str(office.id)})

    def told() -> list[tuple[str, str, str]]:
        return [(each.title, each.body, each.link) for each in session.query(Notification)]

    expected = (
        "The books do not agree with the records", "receivable differs for 1 by −RM 0.50 in all", "/system/jobs",
    )  # fmt: skip
    assert told() == [expected]
    clock.advance(days=1)
    api.as_(office).post(RUN)
    assert told() == [expected, expected]


def test_the_check_costs_the_same_however_much_is_in_the_books(
    session: Session, invoice: RentalInvoice, queries
) -> None:
    with queries() as sent:
        checks.check(session, SYSTEM)
    assert sent.count == 4


def test_who_may_check_the_books(api) -> None:
    assert api.anonymous().get(PATH).status_code == 401
    assert api.as_(Role.DRIVER).get(PATH).status_code == 403
    assert api.as_(Role.SUPER_ADMIN).get(PATH).json()["data"]["status"] == "balanced"
