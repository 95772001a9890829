"""Reminders that the office sends before their time, or forgets."""

from uuid import uuid4

import pytest
from sqlalchemy import select, text

from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import columns
from lattis_app.core.errors import Forbidden, InvalidTransition, NotFound
from lattis_app.identity.permissions import Role
from lattis_app.notifications.models import Notification
from lattis_app.rental.services import collection_reminders
from tests.factories.identity import make_actor, make_user
from tests.factories.rental_delivery_orders import make_delivery_order
from tests.factories.rental_masters import make_reminder
from tests.factories.rental_operations import make_driver


@pytest.fixture
def reminder(session, clock):
    return make_reminder(session, make_delivery_order(session))


@pytest.fixture
def titles(session):
    """What the office has been told so far; everybody reads own notifications only."""
    office = make_user(session)

    def read():
        session.execute(text("SELECT set_config('lattis.user_id', :id, true)"), {"id": str(office.id)})
        return list(
            session.scalars(select(columns(Notification).title).order_by(columns(Notification).title))
        )

    return read


def test_a_reminder_sent_now_tells_people_at_once_and_not_again(session, titles, reminder, clock):
    collection_reminders.send_now(session, SYSTEM, reminder.id)
    session.flush()
    assert (reminder.status, reminder.sent_at) == ("sent", clock.now())
    told = titles()
    assert [each.startswith("Collect the bin of DO-") for each in told] == [True]
    assert collection_reminders.send_due(session, reminder.scheduled_at) == 0
    with pytest.raises(InvalidTransition):
        collection_reminders.send_now(session, SYSTEM, reminder.id)
    assert titles() == told


def test_a_cancelled_reminder_tells_nobody(session, titles, reminder):
    collection_reminders.cancel(session, SYSTEM, reminder.id)
    session.flush()
    assert (reminder.status, reminder.sent_at) == ("cancelled", None)
    assert collection_reminders.send_due(session, reminder.scheduled_at) == 0
    with pytest.raises(InvalidTransition):
        collection_reminders.send_now(session, SYSTEM, reminder.id)
    assert titles() == []


def test_drivers_send_and_cancel_none_and_nobody_one_that_is_not(session, reminder):
    driver = make_actor(session, Role.DRIVER, make_driver(session).id)
    for act in (collection_reminders.send_now, collection_reminders.cancel):
        with pytest.raises(Forbidden):
            act(session, driver, reminder.id)
        with pytest.raises(NotFound):
            act(session, SYSTEM, uuid4())
    assert reminder.status == "scheduled"
