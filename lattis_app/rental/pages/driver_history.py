"""The driver's finished jobs."""

from __future__ import annotations

from typing import Any

import reflex as rx

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.language import say
from lattis_app.core.pagination import Page, PageRequest
from lattis_app.identity.permissions import Permission
from lattis_app.rental.pages.delivery_order_rows import ROAD
from lattis_app.rental.pages.driver_parts import driver_frame, job_facts
from lattis_app.rental.queries import delivery_orders
from lattis_app.rental.schemas.delivery_orders import DeliveryOrderRow, OwnFilters
from lattis_app.rental.statuses import FulfilmentStatus
from lattis_app.ui import moments
from lattis_app.ui.badges import badge
from lattis_app.ui.buttons import button, link
from lattis_app.ui.handlers import actor_of, handler, run
from lattis_app.ui.pages import page
from lattis_app.ui.states import empty, skeleton_block

OVER = (FulfilmentStatus.DONE, FulfilmentStatus.FAILED)
AT_ONCE, MOST = 20, 100


def finished(session: Any, actor: Actor, limit: int) -> Page[DeliveryOrderRow]:
    """The latest finished jobs."""
    return delivery_orders.own(
        session, actor, OwnFilters(status=OVER), PageRequest(limit=limit, sort="-service_on")
    )


class DriverHistory(rx.State):
    """Finished jobs, latest first."""

    who: str = ""
    turn: int = 0
    ready: bool = False
    limit: int = AT_ONCE
    total: int = 0
    jobs: list[dict[str, str]] = []

    @handler
    async def refresh(self) -> None:
        """Read the finished jobs."""
        found = await run(self, finished, self.limit)
        today = clock.today()
        self.jobs = [
            job_facts(each, today)
            | {
                "done": say(ROAD[each.fulfilment_status][0]),
                "done_tone": ROAD[each.fulfilment_status][1],
                "on": moments.day(each.service_on),
            }
            for each in found.rows
        ]
        self.total = min(found.total, MOST)
        self.who, self.ready = str((await actor_of(self)).subject_id), True
        self.turn += 1

    @handler
    async def more(self) -> Any:
        """Show older ones too."""
        self.limit = min(self.limit + AT_ONCE, MOST)
        return DriverHistory.refresh


@page(
    "/driver/history", "History", Permission.RENTAL_OWN_DAY_READ, on_load=DriverHistory.refresh, frame="none"
)
def driver_history() -> rx.Component:
    """What was delivered and what failed."""
    state = DriverHistory
    nothing = empty("No finished job yet", "Jobs you close appear here.", glyph="history")
    shown = rx.cond(
        state.jobs.length() > 0,
        rx.fragment(
            rx.el.div(rx.foreach(state.jobs, _job), class_name="card card-flush lines"),
            rx.cond(
                state.jobs.length() < state.total,
                button("Show older jobs", class_name="btn-mid", on_click=state.more),
                rx.fragment(),
            ),
        ),
        nothing,
    )
    return driver_frame(
        state,
        rx.cond(state.ready, shown, skeleton_block("240px")),
        path="/driver/history",
        title="History",
        subtitle="Your latest jobs",
    )


def _job(job: Any) -> rx.Component:
    face = rx.fragment(
        rx.el.div(rx.el.b(job["company"]), rx.el.small(job["number"], " · ", job["on"], class_name="muted")),
        badge(job["done"], job["done_tone"]),
    )
    return link(face, job["href"], class_name="line", key=job["id"])
