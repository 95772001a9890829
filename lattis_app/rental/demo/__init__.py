"""A believable half year of a bin company, made through the services, relative to the day it is made."""

from __future__ import annotations

from sqlalchemy import text

from lattis_app.core.db import unit_of_work
from lattis_app.rental.demo.files import bring_small_bins, send_customers
from lattis_app.rental.demo.masters import make_masters, name_business
from lattis_app.rental.demo.messages import mail_latest_receipts
from lattis_app.rental.demo.money import plan_money
from lattis_app.rental.demo.story import begin, tell
from lattis_app.rental.demo.upkeep import plan_upkeep

FORGET_DONE_WORK = text(
    "DELETE FROM procrastinate_jobs WHERE status = 'todo' AND (task_name = 'imports.run' OR task_name = "
    "'lattis.deliver_events' AND EXISTS (SELECT FROM events WHERE starts_with(entity, 'rental_') "
    "AND id = CAST(args -> 'event_ids' ->> 0 AS uuid)))"
)


def introduce() -> None:
    """Name the business, which every domain's papers show."""
    name_business()


def load() -> None:
    """Make masters, then half a year of jobs, up to those of today; what is old news or done is not queued."""
    company = make_masters()
    bring_small_bins(company)
    story = begin(company)
    plan_money(story)
    plan_upkeep(story)
    tell(story)
    with unit_of_work() as session:
        session.execute(FORGET_DONE_WORK)
        mail_latest_receipts(session)
    send_customers(company)
