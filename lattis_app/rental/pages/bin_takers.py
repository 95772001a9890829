"""What takes the bins of a size on a day: the sheet that the calendar and the availability share."""

from __future__ import annotations

from datetime import date
from typing import Any

import reflex as rx

from lattis_app.core import clock
from lattis_app.core.errors import NotFound
from lattis_app.core.language import say
from lattis_app.core.schemas import parse
from lattis_app.rental.pages.assignment_forms import RECORDS
from lattis_app.rental.pages.booking_forms import size_from
from lattis_app.rental.queries import booking_calendar
from lattis_app.rental.schemas.booking_calendar import TakenBy, Taker
from lattis_app.rental.schemas.parts import BinSize
from lattis_app.ui import moments
from lattis_app.ui.badges import badge
from lattis_app.ui.buttons import icon_button, link
from lattis_app.ui.dialogs import open_dialog
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.states import empty

SHEET = "takers-sheet"
WORDS = {TakenBy.OUT: "Out", TakenBy.PROMISED: "Promised", TakenBy.WANTED: "Not assigned"}
TONES = {TakenBy.OUT: "info", TakenBy.PROMISED: "ok", TakenBy.WANTED: "warn"}
Row = dict[str, str]


def row(taker: Taker) -> Row:
    """What takes a bin, ready for display."""
    overdue = taker.by is TakenBy.OUT and (taker.until is None or taker.until <= clock.today())
    if taker.until is None:
        until = say("Nobody knows until when")
    elif overdue:
        until = say("Due back {day}", day=moments.near_day(taker.until))
    else:
        until = say("Back on {day}", day=moments.near_day(taker.until))
    said = [taker.bin, taker.number, until]
    return {
        "customer": taker.customer or taker.bin,
        "what": " · ".join(part for part in said if part),
        "href": RECORDS[taker.kind].format(taker.id) if taker.id else "/rental/bins",
        "status": say("Overdue") if overdue else say(WORDS[taker.by]),
        "status_tone": "bad" if overdue else TONES[taker.by],
    }


class TakersMixin(rx.State, mixin=True):
    """What takes the bins of the size and day that were chosen."""

    takers: list[dict[str, str]] = []
    takers_size: str = ""
    takers_of: str = ""
    takers_book: str = ""
    takers_day: str = ""

    @handler
    async def show_takers(self, size: str, on: str) -> Any:
        """Open the sheet of a size on a day."""
        try:
            day = date.fromisoformat(on)
        except ValueError:
            raise NotFound.record("Day", on) from None
        parts = size_from(size)
        measured = parse(BinSize, parts if isinstance(parts, dict) else {})
        found = await run(self, booking_calendar.takers, measured, day)
        self.takers = [row(each) for each in found]
        self.takers_size, self.takers_of = measured.text, moments.long_day(day)
        self.takers_book = f"/rental/bookings?new=1&on={on}&size={size}" if day >= clock.today() else ""
        self.takers_day = f"/rental/assignment?day={on}"
        return open_dialog(SHEET)


def takers_sheet(state: Any) -> rx.Component:
    """The sheet: every bin of the size that is out, promised or asked for on the day."""
    title = rx.fragment(state.takers_size, " · ", state.takers_of)
    nothing = empty(
        "All bins are free", "Nothing of this size is out, promised or asked for.", glyph="container"
    )
    return rx.el.dialog(
        rx.el.header(
            rx.el.div(rx.el.h2(title, id=f"{SHEET}-title"), rx.el.p("What takes the bins")),
            icon_button("x", "Close", kind="ghost", data_closes="force"),
            class_name="sheet-head",
        ),
        rx.el.div(
            rx.cond(
                state.takers.length() > 0,
                rx.el.ul(rx.foreach(state.takers, _taker), class_name="takers"),
                nothing,
            ),
            class_name="sheet-body",
            tab_index=0,
        ),
        rx.el.footer(
            link("Board of the day", state.takers_day, class_name="btn"),
            rx.cond(
                state.takers_book != "",
                link("New booking", state.takers_book, class_name="btn btn-primary"),
                rx.fragment(),
            ),
            class_name="sheet-foot",
        ),
        id=SHEET,
        class_name="sheet",
        aria_labelledby=f"{SHEET}-title",
    )


def _taker(each: Any) -> rx.Component:
    face = rx.el.span(rx.el.b(each["customer"]), rx.el.small(each["what"]))
    return rx.el.li(
        link(rx.fragment(face, badge(each["status"], each["status_tone"])), each["href"], class_name="taker")
    )
