"""Billing the weeks that have ended (contract: marketplace.md, "Generation").

A run goes through the sellers in steps, each committed by itself: memory stays flat, a run that dies goes on after its
last step, and a second run finds nothing to do.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from lattis_app.core import clock, context, events
from lattis_app.core.actors import Actor
from lattis_app.core.audit import act_as
from lattis_app.core.db import advisory_lock, to_json, unit_of_work
from lattis_app.core.errors import Invalid
from lattis_app.identity.permissions import Permission, requires
from lattis_app.marketplace.models import MarketplaceRun
from lattis_app.marketplace.queries import settings
from lattis_app.marketplace.rules.numbers import invoice_number
from lattis_app.marketplace.rules.weeks import ZONE, Week, due_on, last_ended
from lattis_app.marketplace.services.billing import BILL, NEXT_SELLERS, WEEKS

LOCK = "marketplace weekly invoices"
AT_ONCE = 250
BEFORE_ALL = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Generated:
    """What a run made."""

    weeks: tuple[str, ...] = ()
    invoices: int = 0
    orders: int = 0
    total_mkd_minor: int = 0
    total_eur_minor: int = 0

    def plus(self, other: Generated) -> Generated:
        """Both together; a week is named once, if anything was billed in it."""
        named = [*self.weeks, *(other.weeks if other.invoices else ())]
        return Generated(
            tuple(dict.fromkeys(named)),
            self.invoices + other.invoices,
            self.orders + other.orders,
            self.total_mkd_minor + other.total_mkd_minor,
            self.total_eur_minor + other.total_eur_minor,
        )

    def told(self) -> dict[str, Any]:
        """For the log of jobs."""
        return {**asdict(self), "weeks": ", ".join(self.weeks)}


@dataclass(frozen=True, slots=True)
class Run:
    """One run through the sellers: for which week, by whom, and whether cancelled invoices are issued again."""

    actor: Actor
    week: Week
    generated_on: date
    reissue: bool = False
    seller_id: UUID | None = None
    id: UUID = field(default_factory=uuid4)


@requires(Permission.MARKETPLACE_INVOICES_MANAGE)
def generate_due(session: Session, actor: Actor, as_of: datetime) -> Generated:
    """Bill every week that has ended and is not done, the oldest first, one invoice a week and seller."""
    last = last_ended(as_of)
    found = {*session.scalars(WEEKS, {"week": last.starts_on}), last.starts_on}
    generated_on = clock.date_of(max(as_of, clock.now()), ZONE)
    return _through(Run(actor, week, generated_on) for week in map(Week, sorted(found)))


@requires(Permission.MARKETPLACE_INVOICES_MANAGE)
def generate_week(session: Session, actor: Actor, week: Week, seller_id: UUID | None = None) -> Generated:
    """Bill one week that has ended, also for sellers whose invoice of it was cancelled. Raises Invalid."""
    require_ended(week)
    return _through([Run(actor, week, clock.today(ZONE), reissue=True, seller_id=seller_id)])


def require_ended(week: Week) -> None:
    """Raise Invalid for a week that is not over."""
    if week > last_ended(clock.now()):
        raise Invalid.field("week", "is not over yet")


def _through(runs: Iterable[Run]) -> Generated:
    made = Generated()
    for run in runs:
        after: UUID | None = BEFORE_ALL
        while after is not None:
            with unit_of_work() as session:
                act_as(session, run.actor)
                step, after = _step(session, run, after)
            made = made.plus(step)
    return made


def _step(session: Session, run: Run, after: UUID) -> tuple[Generated, UUID | None]:
    """Bill the next sellers; the last of them, or None when there are no more."""
    advisory_lock(session, LOCK)
    found = {"week": run.week.starts_on, "after": after, "seller_id": run.seller_id, "limit": AT_ONCE}
    sellers = session.scalars(NEXT_SELLERS, found).all()
    if not sellers:
        return Generated(), None
    billed = session.execute(BILL, _values(session, run, sellers)).one()
    step = Generated((run.week.text,), billed.invoices, billed.orders, billed.mkd, billed.eur)
    if step.invoices:
        events.deliver_with_commit(session, billed.event_ids)
        session.add(_logged(session, run, step))
    return step, sellers[-1] if len(sellers) == AT_ONCE else None


def _values(session: Session, run: Run, sellers: Iterable[UUID]) -> dict[str, Any]:
    decided = settings.current(session)
    shown = ("name", "address", "email", "bank_details")
    return {
        "week": run.week.starts_on,
        "sellers": list(sellers),
        "reissue": run.reissue,
        "number": invoice_number(run.week, ""),
        "rate": decided.exchange_rate,
        "due_on": due_on(run.generated_on, decided.payment_deadline_days),
        "issuer": to_json({name: getattr(decided, name) for name in shown}),
        "now": clock.now(),
        "today": run.generated_on,
        "actor_id": run.actor.user_id,
        "actor_name": run.actor.name,
        "actor_role": run.actor.role,
        "request_id": context.request_id(),
    }


def _logged(session: Session, run: Run, step: Generated) -> MarketplaceRun:
    days = settings.current(session).payment_deadline_days
    return MarketplaceRun(
        run_id=run.id,
        week_starts_on=run.week.starts_on,
        due_on=due_on(run.generated_on, days),
        requested_by=run.actor.name,
        finished_at=clock.now(),
        invoices=step.invoices,
        orders=step.orders,
        total_mkd_minor=step.total_mkd_minor,
        total_eur_minor=step.total_eur_minor,
    )
