"""Availability: how many bins of each size are free on each day. A day shows what takes them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, TypedDict

import reflex as rx

from lattis_app.core import clock
from lattis_app.core.language import say
from lattis_app.identity.permissions import Permission
from lattis_app.rental.pages.bin_takers import TakersMixin, takers_sheet
from lattis_app.rental.pages.booking_forms import size_value
from lattis_app.rental.queries import availability as queries
from lattis_app.rental.schemas.bins import ForecastOut
from lattis_app.ui import moments
from lattis_app.ui.buttons import icon_button, link
from lattis_app.ui.frame import live_refresh
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import page_header
from lattis_app.ui.pages import page
from lattis_app.ui.states import empty, skeleton_block

DAYS = 14
FEW = 3
Cell = dict[str, str]


class SizeRow(TypedDict):
    """One size with its days, ready for display."""

    size: str
    note: str
    href: str
    days: list[Cell]


def cell(size: str, on: date, free: int) -> Cell:
    """One size on one day: how many are free, in a tone and in words."""
    tone = "bad" if free == 0 else "warn" if free < FEW else "ok"
    return {
        "free": str(free),
        "tone": tone,
        "words": say("{count} free on {day}", count=free, day=moments.day(on)),
        "size": size,
        "on": on.isoformat(),
    }


def line(found: ForecastOut) -> SizeRow:
    """One size with its days."""
    value = size_value(found.size)
    none = say("None until a bin comes back")
    following = say("Next free {day}", day=moments.day(found.next_free_on)) if found.next_free_on else none
    first = found.days[0]
    said = say("{free} of {bins} free", free=first.free, bins=found.bins) if first.free else following
    return SizeRow(
        size=found.size.text,
        note=said,
        href="/rental/bins?status=in_warehouse",
        days=[cell(value, day.on, day.free) for day in found.days],
    )


class Availability(TakersMixin, rx.State):
    """Two weeks of free bins."""

    start: str = ""
    shown: str = ""
    heads: list[Cell] = []
    sizes: list[SizeRow] = []
    loaded: bool = False

    @handler
    async def load(self) -> None:
        """Show two weeks from today, or from the day chosen before."""
        await self._show(_day(self.start))

    @handler
    async def turn(self, weeks: int) -> None:
        """Look two weeks ahead or back, never before today."""
        by = timedelta(days=DAYS if weeks > 0 else -DAYS)
        await self._show(max(clock.today(), min(_day(self.start) + by, clock.today() + timedelta(days=365))))

    async def _show(self, since: date) -> None:
        found = await run(self, queries.calendar, since, DAYS)
        days = [since + timedelta(days=number) for number in range(DAYS)]
        self.start = since.isoformat() if since > clock.today() else ""
        self.shown = moments.span(days[0], days[-1])
        self.heads = [
            {"label": moments.weekday(day), "rest": "true" if day.weekday() == 6 else ""} for day in days
        ]
        self.sizes = [line(each) for each in found]
        self.loaded = True


def _day(text: str) -> date:
    return max(clock.today(), date.fromisoformat(text)) if text else clock.today()


@page("/rental/availability", "Availability", Permission.RENTAL_BINS_READ, on_load=Availability.load)
def availability() -> rx.Component:
    """Sizes by days."""
    state = Availability
    return rx.fragment(
        live_refresh(state.load, "booking.", "do."),
        page_header(
            "Availability",
            "Free bins by size and day. Choose a day to see what takes them, or to book it.",
            icon_button(
                "chevron-left", "Two weeks back", on_click=state.turn(-1), disabled=state.start == ""
            ),
            rx.el.span(state.shown, class_name="num nowrap"),
            icon_button("chevron-right", "Two weeks ahead", on_click=state.turn(1)),
        ),
        rx.cond(
            state.loaded,
            rx.cond(state.sizes.length() > 0, _calendar(), _nothing()),
            skeleton_block("200px"),
        ),
        takers_sheet(state),
    )


def _nothing() -> rx.Component:
    return rx.el.section(
        empty(
            "No bins yet",
            "Once there are bins, this shows how many of each size are free on each day.",
            link("Add bins", "/rental/bins", class_name="btn btn-primary"),
            glyph="calendar-check",
        ),
        class_name="card",
    )


def _calendar() -> rx.Component:
    state = Availability
    head = rx.foreach(
        state.heads,
        lambda day: rx.el.th(day["label"], scope="col", data_rest=day["rest"], class_name="center"),
    )
    return rx.el.div(
        rx.el.table(
            rx.el.thead(rx.el.tr(rx.el.th("Size", scope="col"), head)),
            rx.el.tbody(rx.foreach(state.sizes, _size)),
            class_name="table free-days",
            aria_label="Free bins",
        ),
        class_name="card card-flush table-scroll",
        tab_index=0,
        role="region",
        aria_label="Free bins by day",
    )


def _size(size: Any) -> rx.Component:
    days = rx.foreach(
        size["days"],
        lambda day: rx.el.td(
            rx.el.button(
                day["free"],
                type="button",
                class_name="free-day",
                data_tone=day["tone"],
                aria_label=day["words"],
                on_click=lambda: Availability.show_takers(day["size"], day["on"]),
            )
        ),
    )
    name = rx.el.th(
        link(size["size"], size["href"], class_name="link-plain"), rx.el.small(size["note"]), scope="row"
    )
    return rx.el.tr(name, days)
