"""Collection reminders are sent when due, once (contract: rental.md, "Jobs")."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from lattis_app.core import jobs
from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import columns
from lattis_app.core.names import JobName
from lattis_app.identity.models import User
from lattis_app.identity.permissions import Role
from lattis_app.notifications.models import Notification
from lattis_app.rental.jobs import send_collection_reminders
from lattis_app.rental.models import RentalCollectionReminder
from lattis_app.rental.schemas.delivery_orders import ReminderEntry
from lattis_app.rental.services import collection_reminders
from tests.factories.identity import make_user
from tests.factories.rental_delivery_orders import drive, make_delivery_order

R = columns(RentalCollectionReminder)


@pytest.fixture
def order(session, clock):
    return make_delivery_order(session)


def remind(session, order, at, kind="term_based"):
    entry = ReminderEntry.model_validate({"reminder_type": kind, "scheduled_date": at})
    reminder = collection_reminders.schedule(session, SYSTEM, order.id, entry)
    session.flush()
    return reminder


def statuses(session):
    return list(session.scalars(select(R.status).order_by(R.scheduled_at)))


def told(session, user):
    session.execute(text("SELECT set_config('lattis.user_id', :id, true)"), {"id": str(user.id)})
    rows = select(Notification).where(columns(Notification).kind == "reminder.due").order_by(text("title"))
    return [(row.title, row.link) for row in session.scalars(rows)]


def test_what_is_due_is_sent_once_to_driver_and_office(session, order, clock):
    office = make_user(session, Role.ADMIN)
    remind(session, order, clock.now(), "same_day")
    remind(session, order, clock.now() + timedelta(minutes=1))

    assert send_collection_reminders(session, SYSTEM, clock.now()) == {"sent": 1}
    assert send_collection_reminders(session, SYSTEM, clock.now()) == {"sent": 0}

    assert statuses(session) == ["sent", "scheduled"]
    assert session.scalar(select(R.sent_at).where(R.status == "sent")) == clock.now()
    title = f"Collect the bin of {order.system_do_number}"
    assert told(session, office) == [(title, f"/rental/delivery-orders?open={order.id}")]
    driver = session.scalars(select(User).where(columns(User).subject_id == order.driver_id)).one()
    assert told(session, driver) == [(title, f"/driver/job/{order.id}")]


def test_a_missed_night_is_caught_up(session, order, clock):
    for hours in (1, 5, 30):
        remind(session, order, clock.now() + timedelta(hours=hours))
    assert send_collection_reminders(session, SYSTEM, clock.now() + timedelta(days=2)) == {"sent": 3}


def test_a_collected_bin_is_not_asked_for(session, order, clock):
    remind(session, order, clock.now() + timedelta(hours=1))
    drive(session, order, "collected")
    assert statuses(session) == ["cancelled"]
    assert send_collection_reminders(session, SYSTEM, clock.now() + timedelta(days=1)) == {"sent": 0}


def test_it_runs_every_five_minutes_and_a_preview_sends_nothing(session, order, clock, admin):
    remind(session, order, clock.now())
    name = JobName.RENTAL_SEND_COLLECTION_REMINDERS

    previewed = jobs.run_now(session, admin, name, preview=True)

    assert (jobs.JOBS[name].cron, previewed.result) == ("*/5 * * * *", {"sent": 1})
    assert statuses(session) == ["scheduled"]
