"""The driver's day: the job that is next, the ones after it, and the bins that wait to be fetched."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reflex as rx

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.language import say
from lattis_app.core.pagination import PageRequest
from lattis_app.identity.permissions import Permission
from lattis_app.rental.pages.driver_moves import move_card, move_facts
from lattis_app.rental.pages.driver_parts import (
    driver_frame,
    install_hint,
    job_card,
    job_facts,
    step,
    ways,
)
from lattis_app.rental.queries import delivery_orders, relocations
from lattis_app.rental.schemas.delivery_orders import DeliveryOrderRow, OwnFilters
from lattis_app.rental.schemas.transfers import RelocationOut
from lattis_app.rental.statuses import FulfilmentStatus
from lattis_app.ui import moments
from lattis_app.ui.badges import badge
from lattis_app.ui.buttons import button
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import card
from lattis_app.ui.pages import page
from lattis_app.ui.states import empty, skeleton_block

F = FulfilmentStatus
OPEN = (F.ASSIGNED, F.STARTED, F.DELIVERED, F.COLLECTED)
FIRST = {F.STARTED: 0, F.COLLECTED: 1, F.ASSIGNED: 2, F.DELIVERED: 3}


def my_jobs(session: Any, actor: Actor) -> tuple[str, list[DeliveryOrderRow], list[RelocationOut]]:
    """Who drives, the open jobs (what is under way first, then by time, bins to fetch by their day), and bins to move."""
    found = delivery_orders.own(session, actor, OwnFilters(status=OPEN), PageRequest(limit=100))
    return str(actor.subject_id), sorted(found.rows, key=_urgency), relocations.own(session, actor)


def _urgency(order: DeliveryOrderRow) -> tuple[int, str]:
    when = order.expected_return_on if order.fulfilment_status is F.DELIVERED else order.scheduled_at
    return FIRST[order.fulfilment_status], when.isoformat()


class DriverDay(rx.State):
    """Open jobs by when they are due."""

    who: str = ""
    turn: int = 0
    ready: bool = False
    day: str = ""
    title: str = ""
    now: dict[str, str] = {}
    today: list[dict[str, str]] = []
    later: list[dict[str, str]] = []
    bins: list[dict[str, str]] = []
    moves: list[dict[str, str]] = []

    @handler
    async def refresh(self) -> None:
        """Read the jobs; also after every action and when a new job comes."""
        who, jobs, moves = await run(self, my_jobs)
        today = clock.today()
        to_deliver = [job for job in jobs if job.fulfilment_status is not F.DELIVERED]
        to_fetch = [job for job in jobs if job.fulfilment_status is F.DELIVERED]
        due = [job for job in to_deliver if job.service_on <= today]
        first = (due or [job for job in to_fetch if job.expected_return_on <= today])[:1]
        self.now = _at_once(job_facts(first[0], today)) if first else {}
        self.today = [job_facts(job, today) for job in due if job not in first]
        self.later = [job_facts(job, today) for job in to_deliver if job.service_on > today]
        self.bins = [job_facts(job, today) for job in to_fetch if job not in first]
        self.moves = [move_facts(each, today) for each in moves]
        left = len(due) + sum(job.expected_return_on <= today for job in to_fetch)
        left += sum(each.scheduled_on <= today for each in moves)
        self.title = _left_in_words(left)
        self.day, self.who, self.ready = moments.long_day(today), who, True
        self.turn += 1


def _left_in_words(jobs: int) -> str:
    if not jobs:
        return say("Nothing left today")
    return say("1 job left") if jobs == 1 else say("{count} jobs left", count=jobs)


@page("/driver", "My day", Permission.RENTAL_OWN_DAY_READ, on_load=DriverDay.refresh, frame="none")
def driver_day() -> rx.Component:
    """One job now, the next ones under it."""
    state = DriverDay
    return driver_frame(
        state,
        rx.cond(state.ready, _jobs(), rx.fragment(skeleton_block("190px"), skeleton_block("90px"))),
        install_hint(),
        path="/driver",
        title=rx.cond(state.ready, state.title, "My day"),
        subtitle=state.day,
    )


def _jobs() -> rx.Component:
    state = DriverDay
    nothing = empty(
        "No job right now",
        "A new job appears here by itself as soon as the office assigns one.",
        glyph="truck",
    )
    return rx.fragment(
        rx.cond(state.now["id"], _now(state.now), rx.fragment()),
        _part("Next", state.today),
        _part("Bins to move", state.moves, move_card),
        _part("Bins to collect", state.bins),
        _part("Coming days", state.later),
        rx.cond(
            (state.now.length() + state.bins.length() + state.later.length() + state.moves.length()) == 0,
            nothing,
            rx.fragment(),
        ),
    )


def _part(title: str, jobs: Any, drawn: Callable[[Any], rx.Component] = job_card) -> rx.Component:
    listed = rx.fragment(rx.el.h2(title, class_name="part-title"), rx.foreach(jobs, drawn))
    return rx.cond(jobs.length() > 0, listed, rx.fragment())


def _at_once(facts: dict[str, str]) -> dict[str, str]:
    started = facts["status"] == F.STARTED
    return facts | {"when": say("On the way") if started else say("Now · {when}", when=facts["when"])}


def _now(job: Any) -> rx.Component:
    go_on = button("Continue", kind="primary", class_name="btn-big", href=job["href"])
    starts = (job["status"] == F.ASSIGNED) & (job["lorry"] != "")
    return card(
        badge(job["when"], job["tone"]),
        rx.el.h2(job["company"], class_name="job-title"),
        rx.el.p(job["what"], class_name="muted"),
        ways(job),
        rx.el.div(
            rx.cond(starts, step("Start trip", job, F.STARTED), go_on),
            rx.cond(starts, button("Look at the job", href=job["href"], class_name="btn-mid"), rx.fragment()),
            class_name="job-steps",
        ),
        class_name="card-now",
    )
