"""What introducers earn, step by step (contract: rental.md, "Commission")."""

import pytest
from sqlalchemy import func, select

from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import columns
from lattis_app.core.errors import Invalid, InvalidTransition
from lattis_app.core.events import EventRow
from lattis_app.ledger.models import LedgerEntry
from lattis_app.rental.models import RentalCommission
from lattis_app.rental.schemas.invoices import CommissionApproval, CommissionPayout, PaymentEntry
from lattis_app.rental.services import commissions, delivery_orders, invoices, payments
from tests.factories.rental import make_customer
from tests.factories.rental_delivery_orders import make_delivery_order

E, EV = columns(LedgerEntry), columns(EventRow)
STAGES = ("pending", "eligible", "approved", "paid")
pytestmark = pytest.mark.usefixtures("clock")


def introduced(session, **overrides):
    return make_delivery_order(session, introducer_name="John Referrer", **overrides)


def paid_for(session, order):
    invoice = invoices.make_from_order(session, SYSTEM, order.id)
    payments.record(session, SYSTEM, invoice.id, PaymentEntry(method="CASH", amount="350.00"))
    session.flush()


def of(session, order):
    statement = select(RentalCommission).where(columns(RentalCommission).delivery_order_id == order.id)
    return session.scalars(statement).one_or_none()


def approve(session, order, amount="50.00", introducer=None):
    entry = CommissionApproval(amount=amount, introducer_name=introducer)
    return commissions.approve(session, SYSTEM, order.id, entry)


def pay(session, commission, method="BANK_TRANSFER"):
    entry = CommissionPayout(payment_method=method, reference="For DO-2026-00001")
    return commissions.pay(session, SYSTEM, commission.id, entry)


def at(session, stage):
    """An order whose commission has come as far as this."""
    order = introduced(session)
    if stage == "cancelled":
        delivery_orders.cancel(session, SYSTEM, order.id, "Called off")
    if stage in STAGES[1:]:
        paid_for(session, order)
        commissions.mark_eligible(session, SYSTEM, order.id)
    if stage in STAGES[2:]:
        approve(session, order)
    if stage == "paid":
        pay(session, of(session, order))
    session.flush()
    assert of(session, order).status == stage
    return order


def balances(session):
    rows = session.execute(select(E.account, func.sum(E.amount_minor)).group_by(E.account))
    return {account: int(total) for account, total in rows if "commission" in account or account == "bank"}


def events(session):
    return set(session.scalars(select(EV.name).where(EV.name.startswith("commission."))))


def test_an_order_that_names_an_introducer_has_a_pending_commission(session):
    order = introduced(session)
    commission = of(session, order)
    assert (commission.status, commission.introducer_name, commission.amount_minor) == (
        "pending",
        "John Referrer",
        None,
    )
    assert of(session, make_delivery_order(session)) is None


def test_the_customers_introducer_is_the_orders_unless_it_names_another(session):
    customer = make_customer(session, introducer_name="Siti Binti Ali")
    assert (
        of(session, make_delivery_order(session, customer_id=customer.id)).introducer_name == "Siti Binti Ali"
    )
    named = introduced(session, customer_id=customer.id)
    assert of(session, named).introducer_name == "John Referrer"


def test_a_draft_earns_nobody_anything(session):
    assert of(session, introduced(session, draft=True)) is None


def test_a_commission_is_earned_when_the_invoice_is_paid_and_not_before(session, clock):
    order = introduced(session)
    assert commissions.mark_eligible(session, SYSTEM, order.id) is None
    paid_for(session, order)
    commission = commissions.mark_eligible(session, SYSTEM, order.id)
    assert (commission.status, commission.eligible_at) == ("eligible", clock.now())
    assert commissions.mark_eligible(session, SYSTEM, order.id) is None
    assert events(session) == {"commission.eligible"}


def test_the_whole_way_moves_fifty_ringgit_from_expense_to_the_bank(session):
    order = at(session, "eligible")
    commission = approve(session, order)
    assert (commission.status, commission.amount_minor) == ("approved", 5000)
    assert balances(session) == {"commission_expense": 5000, "commission_payable": -5000}
    pay(session, commission)
    assert (commission.status, commission.payment_method, commission.reference) == (
        "paid",
        "BANK_TRANSFER",
        "For DO-2026-00001",
    )
    assert balances(session) == {"commission_expense": 5000, "commission_payable": 0, "bank": -5000}
    assert events(session) == {"commission.eligible", "commission.approved", "commission.paid"}


def test_an_unpaid_invoice_approves_nothing(session):
    order = introduced(session)
    invoices.make_from_order(session, SYSTEM, order.id)
    with pytest.raises(commissions.InvoiceNotPaid) as refused:
        approve(session, order)
    assert refused.value.code == "PRECONDITION_FAILED"
    commission = of(session, order)
    assert (commission.status, commission.amount_minor, balances(session)) == ("pending", None, {})


def test_approving_may_name_the_introducer_and_needs_one(session):
    order = make_delivery_order(session)
    paid_for(session, order)
    with pytest.raises(Invalid) as refused:
        approve(session, order)
    assert refused.value.details["field"] == "introducer_name"
    assert of(session, order) is None
    commission = approve(session, order, introducer="Siti Binti Ali")
    session.flush()
    assert (commission.status, commission.introducer_name) == ("approved", "Siti Binti Ali")


def test_approving_does_not_wait_for_the_subscriber(session):
    order = introduced(session)
    paid_for(session, order)
    assert approve(session, order).status == "approved"
    assert events(session) == {"commission.eligible", "commission.approved"}


@pytest.mark.parametrize("stage", ["approved", "paid"])
def test_a_commission_is_approved_once(session, stage):
    order = at(session, stage)
    before = balances(session)
    with pytest.raises(InvalidTransition) as refused:
        approve(session, order, "60.00")
    assert refused.value.details["current"] == stage
    assert (of(session, order).amount_minor, balances(session)) == (5000, before)


@pytest.mark.parametrize("stage", ["pending", "eligible", "paid", "cancelled"])
def test_only_an_approved_commission_is_paid(session, stage):
    order = at(session, stage)
    before = balances(session)
    with pytest.raises(InvalidTransition) as refused:
        pay(session, of(session, order))
    assert refused.value.details["current"] == stage
    assert (of(session, order).status, balances(session)) == (stage, before)


def test_a_cancelled_order_cancels_its_pending_commission(session):
    order = at(session, "cancelled")
    with pytest.raises(commissions.InvoiceNotPaid):
        approve(session, order)
    assert (of(session, order).status, commissions.sweep(session, SYSTEM)) == ("cancelled", 0)


def test_the_sweep_finds_what_an_event_missed_and_nothing_twice(session):
    missed, unpaid = introduced(session), introduced(session)
    paid_for(session, missed)
    assert (commissions.sweep(session, SYSTEM), commissions.sweep(session, SYSTEM)) == (1, 0)
    assert (of(session, missed).status, of(session, unpaid).status) == ("eligible", "pending")
