"""Every morning the office hears of delivery orders without an invoice, once (contract: rental.md, "Jobs")."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from lattis_app.core import jobs
from lattis_app.core.actors import SYSTEM
from lattis_app.core.names import JobName
from lattis_app.identity.permissions import Role
from lattis_app.notifications.models import Notification
from lattis_app.rental.jobs import send_order_digest
from lattis_app.rental.services import invoices
from tests.factories.identity import make_user
from tests.factories.rental_delivery_orders import make_delivery_order


@pytest.fixture
def office(session: Session, clock):
    return make_user(session, Role.ADMIN)


def run(session: Session, clock) -> int:
    return send_order_digest(session, SYSTEM, clock.now())["orders"]


def told(session: Session, user) -> list[Notification]:
    session.execute(text("SELECT set_config('lattis.user_id', :id, true)"), {"id": str(user.id)})
    return list(session.scalars(select(Notification).order_by(text("created_at"))))


def test_the_digest_counts_what_is_not_invoiced(session, clock, office) -> None:
    make_delivery_order(session)
    make_delivery_order(session)
    invoices.make_from_order(session, SYSTEM, make_delivery_order(session).id)
    make_delivery_order(session, draft=True)
    session.flush()

    assert run(session, clock) == 2

    (digest,) = told(session, office)
    assert (digest.kind, digest.title, digest.body, digest.link) == (
        "do.digest",
        "2 delivery orders wait for an invoice",
        "RM 700.00 in all; the oldest is of 16 Mar 2026.",
        "/rental/delivery-orders?status=issued,pending_invoice",
    )


def test_a_day_is_told_once_and_a_missed_one_is_not_made_up_for(session, clock, office) -> None:
    make_delivery_order(session)
    assert (run(session, clock), run(session, clock)) == (1, 1)
    assert len(told(session, office)) == 1
    clock.advance(days=3)
    run(session, clock)
    assert [note.title for note in told(session, office)] == ["1 delivery order waits for an invoice"] * 2


def test_the_night_that_was_missed_is_the_one_that_is_caught_up(clock) -> None:
    spec = jobs.JOBS[JobName.RENTAL_SEND_ORDER_DIGEST]
    seven = jobs.last_due(spec, clock.now())
    assert spec.cron == "0 7 * * *"
    assert jobs.last_due(spec, seven + timedelta(days=3, hours=1)) == seven + timedelta(days=3)


def test_nothing_is_said_of_no_orders(session, clock, office) -> None:
    assert (run(session, clock), told(session, office)) == (0, [])


def test_a_look_at_the_digest_tells_nobody(session, clock, office, admin) -> None:
    make_delivery_order(session)
    looked = jobs.run_now(session, admin, JobName.RENTAL_SEND_ORDER_DIGEST, preview=True)
    assert (looked.result, told(session, office)) == ({"orders": 1}, [])
