"""A customer on terms owes no more than their credit limit (docs/domains/rental.md, "Credit")."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.db import columns, unit_of_work
from lattis_app.core.money import Money
from lattis_app.identity.permissions import Role
from lattis_app.rental.models import RentalBin, RentalCustomer, RentalDeliveryOrder
from lattis_app.rental.rules.credit import CreditLimitExceeded
from lattis_app.rental.schemas.customers import CustomerChanges
from lattis_app.rental.schemas.invoices import PaymentEntry
from lattis_app.rental.services import customers, delivery_orders, invoices, payments
from lattis_app.rental.statuses import BinStatus
from tests.factories.identity import make_actor
from tests.factories.rental import make_customer
from tests.factories.rental_delivery_orders import make_delivery_order, set_business
from tests.factories.rental_operations import make_bin, make_driver, make_lorry

D, B = columns(RentalDeliveryOrder), columns(RentalBin)


@pytest.fixture
def customer(session: Session, clock) -> RentalCustomer:
    """May owe RM 1,000.00."""
    return make_customer(session, credit_limit="1000")


def on_terms(session: Session, customer: RentalCustomer, amount: int, **more: Any) -> RentalDeliveryOrder:
    return make_delivery_order(
        session, **{"customer_id": customer.id, "payment_method": "TERM", "amount": amount, "waste_items": []} | more
    )  # fmt: skip


def made(session: Session) -> tuple[int, int]:
    """How many orders there are, and how many bins are taken."""
    taken = select(func.count()).where(B.status != BinStatus.IN_WAREHOUSE)
    return session.scalar(select(func.count(D.id))) or 0, session.scalar(taken) or 0


def test_orders_on_terms_are_taken_up_to_the_limit_and_not_beyond(session, customer) -> None:
    on_terms(session, customer, 600)
    on_terms(session, customer, 400)
    with pytest.raises(CreditLimitExceeded) as refused, session.begin_nested():
        on_terms(session, customer, 1)
    assert refused.value.message == (
        "RM 1.00 on terms is too much: RM 1,000.00 of a credit limit of RM 1,000.00 is used"
    )
    assert refused.value.details == {
        "field": "payment_method",
        "reason": "goes beyond the credit limit",
        "limit": Money(100_000),
        "owed": Money(100_000),
        "amount": Money(100),
    }
    assert made(session) == (2, 2)


def test_what_is_paid_makes_room_and_tax_takes_some(session, customer) -> None:
    set_business(session, sst_rate=Decimal("0.06"))
    invoice = invoices.make_from_order(session, SYSTEM, on_terms(session, customer, 900).id)
    session.flush()
    assert invoice.total_minor == 95_400
    with pytest.raises(CreditLimitExceeded), session.begin_nested():
        on_terms(session, customer, 44)
    payments.record(session, SYSTEM, invoice.id, PaymentEntry(method="ONLINE", amount="0.64"))
    session.flush()
    assert on_terms(session, customer, 44).system_do_number


@pytest.mark.parametrize("method", ["CASH", "ONLINE", "CHEQUE"])
def test_what_is_paid_on_the_spot_needs_no_credit(session, customer, method: str) -> None:
    on_terms(session, customer, 1000)
    assert on_terms(session, customer, 500, payment_method=method).system_do_number


def test_a_draft_is_refused_only_when_it_is_issued(session, customer) -> None:
    draft = on_terms(session, customer, 1001, draft=True)
    with pytest.raises(CreditLimitExceeded), session.begin_nested():
        delivery_orders.issue(session, SYSTEM, draft.id)
    session.refresh(draft)
    assert (draft.status, draft.system_do_number, made(session)) == ("draft", None, (1, 0))
    customers.update(session, SYSTEM, customer.id, CustomerChanges(credit_limit="1001"))
    assert delivery_orders.issue(session, SYSTEM, draft.id).status == "issued"


@pytest.mark.parametrize(("limit", "refused"), [(None, False), ("0", True)])
def test_no_limit_is_no_limit_and_nothing_is_nothing(
    session, clock, limit: str | None, refused: bool
) -> None:
    customer = make_customer(session, credit_limit=limit)
    if refused:
        with pytest.raises(CreditLimitExceeded), session.begin_nested():
            on_terms(session, customer, 1)
    else:
        assert on_terms(session, customer, 99_999).system_do_number


def test_a_driver_is_refused_without_learning_what_is_owed(session, customer) -> None:
    driver = make_driver(session)
    actor: Actor = make_actor(session, Role.DRIVER, subject_id=driver.id)
    on_terms(session, customer, 900)
    with pytest.raises(CreditLimitExceeded) as refused, session.begin_nested():
        on_terms(session, customer, 200, actor=actor, driver_id=driver.id)
    assert refused.value.message == "The order goes beyond the credit limit"
    assert set(refused.value.details) == {"field", "reason"}


def test_orders_at_once_never_pass_the_limit_together(committed_database) -> None:
    with unit_of_work() as session:
        customer_id = make_customer(session, credit_limit="1000").id
        driver, lorry = make_driver(session).id, make_lorry(session).id
        bins = [make_bin(session).id for _ in range(8)]

    def order(bin_id: Any) -> bool:
        try:
            with unit_of_work() as session:
                found = session.get_one(RentalCustomer, customer_id)
                on_terms(session, found, 300, inventory_bin_id=bin_id, driver_id=driver, lorry_id=lorry)
        except CreditLimitExceeded:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(order, bins))
    with unit_of_work() as session:
        assert (sum(taken), made(session)) == (3, (3, 3))
