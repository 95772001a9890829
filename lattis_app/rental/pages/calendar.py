"""The calendar: a month or a week of jobs, with the free bins of every size. A day opens its board."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, TypedDict

import reflex as rx

from lattis_app.core import clock
from lattis_app.core.language import day_in_words, say
from lattis_app.identity.permissions import Permission
from lattis_app.rental.pages.assignment_forms import RECORDS
from lattis_app.rental.pages.bin_takers import TakersMixin, takers_sheet
from lattis_app.rental.pages.booking_forms import size_value
from lattis_app.rental.pages.booking_rows import STATUS as BOOKED
from lattis_app.rental.pages.delivery_order_rows import ROAD
from lattis_app.rental.queries import booking_calendar as queries
from lattis_app.rental.schemas.booking_calendar import CalendarDay, CalendarJob, SizeOn
from lattis_app.rental.schemas.dispatch import JobKind
from lattis_app.rental.statuses import BookingStatus, FulfilmentStatus
from lattis_app.ui import moments
from lattis_app.ui.badges import badge
from lattis_app.ui.buttons import link
from lattis_app.ui.frame import live_refresh
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.icons import icon
from lattis_app.ui.layout import page_header
from lattis_app.ui.pages import page
from lattis_app.ui.states import skeleton_block

ADDRESS = "/rental/calendar"
WEEK, MONTH = "week", "month"
A_WEEK = timedelta(days=7)
FEW = 3
MOST_SHOWN = 8
Cell = dict[str, str]


class Day(TypedDict):
    """One day of the calendar, ready for display."""

    on: str
    label: str
    long: str
    href: str
    is_today: str
    is_other: str
    is_past: str
    work: str
    waiting: str
    short: str
    sizes: list[Cell]
    jobs: list[Cell]
    more: str


def size_cell(found: SizeOn, on: date) -> Cell:
    """One size on one day: how many are free, in a tone and in words."""
    size, free = found.size.text, found.free
    tone = "bad" if found.short or not free else "warn" if free < FEW else "ok"
    said = say("{count} of {bins} {size} free", count=free, bins=found.bins, size=size)
    missing = say("{count} missing", count=found.short)
    return {
        "size": size_value(found.size),
        "name": found.size.short_text,
        "free": str(free),
        "tone": tone,
        "words": f"{said}, {missing}" if found.short else said,
        "on": on.isoformat(),
    }


def job_cell(job: CalendarJob) -> Cell:
    """One job of a week."""
    if job.kind is JobKind.BOOKING:
        word, tone = BOOKED[BookingStatus(job.status)]
    else:
        word, tone = ROAD[FulfilmentStatus(job.status)]
    about = [say("Exchange")] if job.is_exchange else []
    about += [job.size.short_text, job.area, job.driver_name or say("Nobody yet")]
    return {
        "id": str(job.id),
        "href": RECORDS[job.kind].format(job.id),
        "when": moments.hour(job.at),
        "customer": job.customer,
        "what": " · ".join(part for part in about if part),
        "status": say(word),
        "status_tone": tone,
    }


def day_cell(found: CalendarDay, jobs: list[CalendarJob], shown: date) -> Day:
    """One day; `shown` is in the month that is looked at. On a phone, past days of this month are left out."""
    short = sum(each.short for each in found.sizes)
    this_month = (shown.year, shown.month) == (clock.today().year, clock.today().month)
    listed = [job_cell(each) for each in jobs[:MOST_SHOWN]]
    hidden = found.jobs - len(listed) if jobs else 0
    return Day(
        on=found.on.isoformat(),
        label=str(found.on.day),
        long=moments.long_day(found.on),
        href=f"/rental/assignment?day={found.on}",
        is_today="true" if found.on == clock.today() else "false",
        is_other="true" if found.on.month != shown.month else "false",
        is_past="true" if this_month and found.on < clock.today() else "false",
        work=_counted(found.jobs),
        waiting=say("{count} not assigned", count=found.waiting) if found.waiting else "",
        short=say("Overbooked by {count}", count=short) if short else "",
        sizes=[size_cell(each, found.on) for each in found.sizes] if found.on >= clock.today() else [],
        jobs=listed,
        more=say("{count} more", count=hidden) if hidden > 0 else "",
    )


def _counted(jobs: int) -> str:
    if not jobs:
        return ""
    return say("1 job") if jobs == 1 else say("{count} jobs", count=jobs)


def span(view: str, on: date) -> tuple[date, date]:
    """The first and the last day shown: a week from Monday, or all weeks of a month."""
    if view == WEEK:
        first = on - timedelta(days=on.weekday())
        return first, first + timedelta(days=6)
    first = on.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())


def turned(view: str, on: date, by: int) -> date:
    """A day in the period before or after."""
    if view == WEEK:
        return on + by * A_WEEK
    middle = on.replace(day=15) + by * timedelta(days=30)
    return middle.replace(day=1)


def place(view: str, on: date) -> str:
    """The address of a view."""
    return f"{ADDRESS}?view={view}&on={on}"


class Calendar(TakersMixin, rx.State):
    """A month or a week."""

    view: str = MONTH
    title: str = ""
    days: list[Day] = []
    heads: list[str] = []
    places: dict[str, str] = {}
    loaded: bool = False

    @handler
    async def load(self) -> None:
        """Show the month or week that the address names; this month when it names none."""
        self.view, on = self._asked()
        since, until = span(self.view, on)
        found = await run(self, queries.days, since, until)
        jobs = await run(self, queries.jobs, since, until) if self.view == WEEK else []
        self.days = [day_cell(each, [job for job in jobs if job.on == each.on], on) for each in found]
        if self.view == WEEK:
            self.title = moments.span(since, until)
            self.days = [Day(**{**each, "is_other": "false", "is_past": "false"}) for each in self.days]
        else:
            self.title = day_in_words(on, "MMMM y")
        self.heads = [day_in_words(since + timedelta(days=number), "EEE") for number in range(7)]
        self.places = {
            "before": place(self.view, turned(self.view, on, -1)),
            "after": place(self.view, turned(self.view, on, 1)),
            "now": place(self.view, clock.today()),
            WEEK: place(WEEK, max(on, clock.today()) if on.month == clock.today().month else on),
            MONTH: place(MONTH, on),
        }
        self.loaded = True

    def _asked(self) -> tuple[str, date]:
        asked = self.router.url.query_parameters
        try:
            on = date.fromisoformat(asked.get("on", ""))
        except ValueError:
            on = clock.today()
        near = abs((on - clock.today()).days) <= 3660
        return WEEK if asked.get("view") == WEEK else MONTH, on if near else clock.today()


@page(ADDRESS, "Calendar", Permission.RENTAL_BOOKINGS_ASSIGN, on_load=Calendar.load)
def calendar() -> rx.Component:
    """Days with their jobs and free bins."""
    state = Calendar
    places = state.places
    return rx.fragment(
        live_refresh(state.load, "booking.", "do."),
        page_header(
            rx.fragment("Calendar", rx.cond(state.title != "", rx.el.span(" · ", state.title), "")),
            "A day opens its board, a size shows what takes its bins.",
            rx.el.nav(
                _turn("chevron-left", "Earlier", places["before"]),
                link("Today", places["now"], class_name="btn"),
                _turn("chevron-right", "Later", places["after"]),
                class_name="row",
                aria_label="Period",
            ),
            rx.el.nav(_choice("Month", MONTH), _choice("Week", WEEK), class_name="seg", aria_label="View"),
        ),
        rx.cond(state.loaded, _days(), skeleton_block("420px")),
        takers_sheet(state),
    )


def _turn(glyph: str, label: str, href: Any) -> rx.Component:
    return link(icon(glyph), href, class_name="btn btn-icon", aria_label=label, title=label)


def _choice(label: str, view: str) -> rx.Component:
    chosen = rx.cond(Calendar.view == view, "true", "false")
    return link(label, Calendar.places[view], class_name="seg-item", aria_current=chosen)


def _days() -> rx.Component:
    state = Calendar
    return rx.el.div(
        rx.el.div(rx.foreach(state.heads, rx.el.span), class_name="cal-heads", aria_hidden="true"),
        rx.el.ol(rx.foreach(state.days, _day), class_name="cal-days"),
        class_name="cal",
        data_view=state.view,
    )


def _day(day: Any) -> rx.Component:
    work = rx.el.span(day["work"], class_name="cal-work num")
    return rx.el.li(
        rx.el.div(
            link(
                rx.fragment(
                    rx.el.span(day["label"], class_name="cal-number", aria_hidden="true"),
                    rx.el.span(day["long"], class_name="cal-long"),
                ),
                day["href"],
                class_name="cal-open",
                aria_current=rx.cond(day["is_today"] == "true", "date", "false"),
            ),
            work,
            class_name="cal-head",
        ),
        rx.cond(day["waiting"] != "", rx.el.span(day["waiting"], class_name="cal-waiting"), rx.fragment()),
        rx.cond(day["short"] != "", badge(day["short"], "bad"), rx.fragment()),
        rx.el.ul(rx.foreach(day["jobs"].to(list[dict[str, str]]), _job), class_name="cal-jobs"),
        rx.cond(day["more"] != "", link(day["more"], day["href"], class_name="link"), rx.fragment()),
        rx.el.div(rx.foreach(day["sizes"].to(list[dict[str, str]]), _size), class_name="cal-sizes"),
        class_name="cal-day",
        data_today=day["is_today"],
        data_other=day["is_other"],
        data_past=day["is_past"],
        data_short=rx.cond(day["short"] != "", "true", "false"),
        key=day["on"],
    )


def _job(job: Any) -> rx.Component:
    return rx.el.li(
        link(
            rx.fragment(
                rx.el.b(rx.el.span(job["when"], class_name="num"), " ", job["customer"]),
                rx.el.small(job["what"]),
                badge(job["status"], job["status_tone"]),
            ),
            job["href"],
            class_name="cal-job",
        ),
        key=job["id"],
    )


def _size(size: Any) -> rx.Component:
    return rx.el.button(
        rx.el.span(size["name"]),
        rx.el.b(size["free"]),
        type="button",
        class_name="cal-size",
        data_tone=size["tone"],
        aria_label=size["words"],
        title=size["words"],
        on_click=lambda: Calendar.show_takers(size["size"], size["on"]),
        key=size["size"],
    )
