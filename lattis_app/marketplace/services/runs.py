"""Billing a past week by hand, or looking at it first."""

from __future__ import annotations

from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.identity.permissions import Permission, requires
from lattis_app.marketplace.queries import runs as queries
from lattis_app.marketplace.rules.weeks import last_ended, parse_week
from lattis_app.marketplace.schemas.runs import RunEntry, RunOut
from lattis_app.marketplace.services import generation


@requires(Permission.MARKETPLACE_INVOICES_MANAGE)
def run(session: Session, actor: Actor, entry: RunEntry) -> RunOut:
    """Bill a week that has ended, the last one by default, also where its invoice was cancelled; or only look at it.

    Raises Invalid for a week that is not over.
    """
    if entry.preview:
        return queries.summarise(session, actor, entry.week, entry.seller_id)
    week = parse_week(entry.week) if entry.week else last_ended(clock.now())
    made = generation.generate_week(session, actor, week, entry.seller_id)
    return queries.run_out(
        week, False, made.invoices, made.orders, made.total_mkd_minor, made.total_eur_minor
    )
