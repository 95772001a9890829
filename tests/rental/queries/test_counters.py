"""The numbers beside the navigation say what waits."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.errors import Forbidden
from lattis_app.identity.permissions import Role
from lattis_app.rental.models import RentalLorryDocument
from lattis_app.rental.queries import counters
from lattis_app.rental.schemas.transfers import RelocationPlan
from lattis_app.rental.services import invoices, relocations
from lattis_app.ui.frame_facts import collect
from lattis_app.ui.navigation import groups
from tests.factories.identity import make_actor
from tests.factories.rental import make_customer
from tests.factories.rental_delivery_orders import drive, make_booking_at, make_delivery_order
from tests.factories.rental_operations import make_lorry

COUNTERS = (
    counters.pending_bookings,
    counters.unassigned_jobs,
    counters.orders_to_invoice,
    counters.overdue_invoices,
    counters.commissions_to_approve,
    counters.expiring_papers,
)


@pytest.fixture
def waiting(session: Session, clock) -> Session:
    """Two bookings to confirm, one booking and one move to assign, one order to invoice, one invoice overdue, two papers to renew."""
    customer = make_customer(session)
    for status in ("pending", "pending", "confirmed", "assigned", "cancelled"):
        make_booking_at(session, customer, status)
    make_delivery_order(session).status = "pending_invoice"
    moved = drive(session, make_delivery_order(session), "delivered")
    plan = RelocationPlan(site_address="9 Jalan Dua", scheduled_at=clock.now())
    relocations.plan(session, SYSTEM, moved.id, plan)
    overdue = make_delivery_order(session)
    invoices.make_from_order(session, SYSTEM, overdue.id, True)
    session.flush()
    lorry = make_lorry(session)
    for kind, day in (("road_tax", 15), ("insurance", 29), ("permit", 30)):
        session.add(RentalLorryDocument(lorry_id=lorry.id, kind=kind, expires_on=date(2026, 3, day)))
    session.flush()
    clock.advance(days=1)
    return session


def test_every_place_says_what_waits_there(waiting: Session, admin: Actor) -> None:
    shown = {
        key: value for key, value in collect(waiting, admin).counters.items() if key.startswith("rental.")
    }

    assert shown == {
        "rental.pending_bookings": "2",
        "rental.unassigned": "2",
        "rental.orders_to_invoice": "1",
        "rental.overdue_invoices": "1",
        "rental.expiring_documents": "3",
    }


def test_every_number_has_its_place_and_says_what_it_counts() -> None:
    others = ("courier.", "marketplace.")
    items = [item for group in groups() for item in group.items if item.counter]
    counting = {item.counter: item.counts for item in items if not item.counter.startswith(others)}
    assert counting == {
        "rental.unassigned": "to assign",
        "rental.pending_bookings": "to confirm",
        "rental.orders_to_invoice": "to invoice",
        "rental.expiring_documents": "papers to renew",
        "rental.overdue_invoices": "overdue",
        "rental.unbilled_charges": "to bill",
        "rental.commissions_to_approve": "to approve",
        "rental.refunds_to_decide": "to decide",
        "rental.counts_to_sign": "to sign",
        "system.failed_jobs": "failed",
        "notifications.failed_messages": "not sent",
        "webhooks.failing": "failing",
    }


@pytest.mark.parametrize("count", COUNTERS, ids=lambda count: count.__name__)
def test_a_number_costs_one_statement_and_is_the_offices(
    session: Session, admin: Actor, queries: Callable[[], Any], count: Callable[[Session, Actor], int | str]
) -> None:
    with queries() as sent:
        assert count(session, admin) == 0
    assert sent.count == 1
    with pytest.raises(Forbidden):
        count(session, make_actor(session, Role.DRIVER))


def test_more_than_ninety_nine_are_not_counted(session: Session, admin: Actor, monkeypatch) -> None:
    monkeypatch.setattr(counters, "MOST", 2)
    customer = make_customer(session)
    for _ in range(3):
        make_booking_at(session, customer, "pending")

    assert counters.pending_bookings(session, admin) == "2+"
