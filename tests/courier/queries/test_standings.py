"""Where a merchant stands, week by week, and which tracking numbers are unknown: the contract's worked table."""

from datetime import UTC, date, datetime

import pytest

from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.errors import NotFound
from lattis_app.courier.queries import parcels, standings
from lattis_app.courier.schemas.parcels import EligibleFilters
from lattis_app.identity.permissions import ROLE_PERMISSIONS, Role
from tests.factories.courier import WORKED, make_invoice, make_merchant, make_parcel, pay_invoice


@pytest.fixture(autouse=True)
def now(clock):
    """Everything happens on 16 March 2026."""


def of(merchant):
    permissions = frozenset(str(each) for each in ROLE_PERMISSIONS[Role.MERCHANT])
    return Actor(
        user_id=None, name="Mei", role=Role.MERCHANT, permissions=permissions, subject_id=merchant.id
    )


@pytest.fixture
def merchant(session):
    found = make_merchant(session)
    for status in WORKED:
        make_parcel(session, found, status)
    return found


def test_the_worked_table_is_what_the_next_settlement_holds(session, merchant):
    make_parcel(session, merchant, "IN_TRANSIT")
    held = make_parcel(session, merchant)
    held.disputed_at = datetime(2026, 3, 15, tzinfo=UTC)
    make_parcel(session, make_merchant(session))
    session.flush()

    found = standings.find(session, of(merchant), merchant.id)

    assert (found.eligible_parcels, found.eligible_payable, found.held_parcels) == (4, 775000, 1)
    assert (found.open_invoices, found.carried, found.last_paid) == (0, 0, None)


def test_what_was_invoiced_is_open_and_then_paid(session, merchant):
    invoice = make_invoice(session, merchant)
    assert standings.find(session, SYSTEM, merchant.id).open_payable == 775000
    pay_invoice(session, invoice)

    found = standings.find(session, of(merchant), merchant.id)

    assert (found.eligible_parcels, found.open_invoices, found.open_payable) == (0, 0, 0)
    assert (found.paid_in_all, found.last_paid) == (775000, 775000)


def test_what_a_merchant_owes_waits_to_be_carried(session):
    merchant = make_merchant(session)
    make_parcel(session, merchant, "RETURNED")
    make_invoice(session, merchant)

    found = standings.find(session, of(merchant), merchant.id)

    assert (found.open_invoices, found.open_payable, found.carried) == (0, 0, -6000)


def test_cash_is_shown_by_the_week_of_delivery_and_empty_weeks_too(session, merchant):
    make_parcel(session, merchant, delivered_at=datetime(2026, 3, 8, 15, 59, tzinfo=UTC))

    found = standings.weeks(session, of(merchant), merchant.id)

    assert [week.week for week in found][::11] == [date(2025, 12, 29), date(2026, 3, 16)]
    filled = {week.week: (week.parcels, week.cod_collected, week.payable) for week in found if week.parcels}
    assert filled == {
        date(2026, 3, 2): (1, 500000, 484500),
        date(2026, 3, 16): (4, 812000, 775000),
    }


def test_another_merchants_money_is_not_found(session, merchant):
    stranger = of(make_merchant(session))
    for read in (standings.find, standings.weeks):
        with pytest.raises(NotFound):
            read(session, stranger, merchant.id)


def test_unknown_numbers_are_named_and_strangers_parcels_are_unknown(session, merchant):
    own = make_parcel(session, merchant).tracking_number
    other = make_parcel(session, make_merchant(session)).tracking_number

    assert parcels.unknown(session, of(merchant), [own, other, "NOBODYS"]) == [other, "NOBODYS"]


def test_the_ids_of_an_invoice_of_some_parcels_are_those_that_match(session, merchant):
    late = make_parcel(session, merchant, delivered_at=datetime(2026, 3, 8, 3, 0, tzinfo=UTC))
    asked = EligibleFilters(merchant_id=merchant.id, to=date(2026, 3, 8))

    assert parcels.eligible_ids(session, SYSTEM, asked) == [late.id]
