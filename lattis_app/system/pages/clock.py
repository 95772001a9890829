"""The clock of a demonstration: jump to next Friday, and see what comes due; and back to real time."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import reflex as rx

from lattis_app.core import clock
from lattis_app.core.language import say
from lattis_app.core.schemas import parse
from lattis_app.identity.permissions import Permission
from lattis_app.system.queries import clock as queries
from lattis_app.system.schemas.clock import ClockEntry, ClockOut
from lattis_app.system.services import clock as services
from lattis_app.ui import moments, toasts
from lattis_app.ui.buttons import button
from lattis_app.ui.conditions import if_may, only_while
from lattis_app.ui.form_state import Draft, FormMixin
from lattis_app.ui.forms import Fields, page_form
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import card, main_and_side, notice, page_header, row, stack
from lattis_app.ui.pages import page
from lattis_app.ui.states import skeleton_block

MORNING = time(9)
WEEKDAYS = {"monday": (0, "Next Monday"), "friday": (4, "Next Friday"), "saturday": (5, "Next Saturday")}
MANAGE = Permission.PLATFORM_JOBS_MANAGE


def shown(found: ClockOut) -> dict[str, str]:
    """What the clock says, in words."""
    away = timedelta(seconds=found.moved_by_seconds)
    days = round(away / timedelta(days=1))
    distance = say("{count} d ahead of real time", count=days) if days else say("Moved by some hours")
    return {
        "now": f"{moments.long_day(clock.date_of(found.now))}, {moments.hour(found.now)}",
        "distance": distance if found.moved_by_seconds else say("Real time"),
        "moved": "true" if found.moved_by_seconds else "",
        "movable": "true" if found.movable else "",
    }


def next_morning(weekday: int) -> datetime:
    """The next such weekday, in the morning."""
    today = clock.today()
    day = today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    return datetime.combine(day, MORNING, clock.business_zone())


class MovedEntry(Draft):
    """A typed moment, in the business's zone."""

    def parse(self) -> ClockEntry:
        """The typed input; raises pydantic's ValidationError."""
        return ClockEntry.model_validate({"now": moments.from_typed(str(self.form.get("now") or "-"))})


class DemoClock(FormMixin, rx.State):
    """The clock and where it stands."""

    clock: dict[str, str] = {}
    ready: bool = False

    @handler
    async def load(self) -> None:
        """Read the clock."""
        self.clock = shown(await run(self, queries.find))
        self.ready = True

    @handler
    async def jump(self, weekday: str) -> Any:
        """Jump to the next such weekday."""
        if weekday not in WEEKDAYS:
            return None
        number, _ = WEEKDAYS[weekday]
        return await self._move(parse(ClockEntry, {"now": next_morning(number).isoformat()}))

    @handler
    async def move(self, form: dict[str, Any]) -> Any:
        """Jump to a typed moment."""
        return await self._move(MovedEntry(ClockEntry, form))

    @handler
    async def back(self) -> Any:
        """Back to real time."""
        return await self._move(ClockEntry())

    async def _move(self, entry: ClockEntry | MovedEntry) -> Any:
        if await self._submit(_moved, entry) is None:
            return toasts.refused(self.form_error) if self.form_error else None
        self.clock = shown(await run(self, queries.find))
        return toasts.done(say("It is {moment}", moment=self.clock["now"]), say("What came due runs now."))


def _moved(session: Any, actor: Any, entry: ClockEntry) -> bool:
    services.move(session, actor, entry)
    return True


@page("/system/clock", "Demo clock", Permission.PLATFORM_JOBS_READ, on_load=DemoClock.load)
def demo_clock() -> rx.Component:
    """The clock with its jumps."""
    state = DemoClock
    back = only_while(
        state.clock["moved"] != "", button("Back to real time", kind="primary", on_click=state.back)
    )
    stands = notice(
        "The clock stands fast here",
        "It moves only in a demonstration that runs as one process, never with real data.",
        tone="info",
    )
    return rx.fragment(
        page_header("Demo clock", "Show what another day brings", if_may(MANAGE, back)),
        rx.cond(
            state.ready,
            rx.cond(state.clock["movable"] != "", main_and_side(stack(_now(), _jumps()), _brings()), stands),
            skeleton_block("280px"),
        ),
    )


def _now() -> rx.Component:
    shown_ = DemoClock.clock
    return card(
        rx.el.p("It is", class_name="muted small"),
        rx.el.div(shown_["now"], class_name="figure"),
        rx.el.p(shown_["distance"], class_name="muted small"),
    )


def _jumps() -> rx.Component:
    state, f = DemoClock, Fields(DemoClock, "clock")
    quick = [button(words, on_click=state.jump(name)) for name, (_, words) in WEEKDAYS.items()]
    form = page_form(
        state,
        f.datetime("now", "Or to a moment of your choice", required=True, hint="Within a year of real time"),
        on_submit=state.move,
        submit="Jump there",
    )
    return if_may(MANAGE, card(stack(row(*quick), form), title="Jump to"))


def _brings() -> rx.Component:
    told = (
        ("Monday", "The marketplace bills the week that has ended."),
        ("Friday", "Its invoices are due at the end of the day."),
        ("Saturday", "What is not paid is overdue: sellers are restricted, their products hidden."),
    )
    lines = [
        stack(rx.el.div(day, class_name="strong"), rx.el.p(what, class_name="muted small"), tight=True)
        for day, what in told
    ]
    return card(stack(*lines), title="What days bring")
