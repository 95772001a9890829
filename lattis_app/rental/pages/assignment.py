"""Dispatch: one day's board. What waits for a driver, what each driver does, and which bins should be back."""

from __future__ import annotations

from datetime import date
from typing import Any, TypedDict

import reflex as rx

from lattis_app.core import clock
from lattis_app.core.language import say
from lattis_app.identity.permissions import Permission
from lattis_app.rental.pages.assignment_forms import AssignmentMixin, assignment_sheet
from lattis_app.rental.pages.booking_rows import STATUS as BOOKED
from lattis_app.rental.pages.delivery_order_rows import ROAD
from lattis_app.rental.queries import dispatch
from lattis_app.rental.schemas.bookings import BookingOut
from lattis_app.rental.schemas.delivery_orders import DeliveryOrderRow
from lattis_app.rental.schemas.dispatch import Board
from lattis_app.ui import moments
from lattis_app.ui.badges import badge
from lattis_app.ui.buttons import button, link
from lattis_app.ui.frame import live_refresh
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import page_header
from lattis_app.ui.pages import page
from lattis_app.ui.states import empty, skeleton_block

Card = dict[str, str]


class Lane(TypedDict):
    """A driver's jobs of the day, ready for display."""

    id: str
    name: str
    load: str
    cards: list[Card]


def booking_card(booking: BookingOut, day: date) -> Card:
    """A booking on the board."""
    word, tone = BOOKED[booking.status]
    late, hour = booking.scheduled_on < day, moments.hour(booking.scheduled_at)
    return {
        "id": str(booking.id),
        "href": f"/rental/bookings?open={booking.id}",
        "customer": booking.customer_name,
        "what": " · ".join(
            part for part in (say("Deliver {bin}", bin=booking.requested_bin_size.text), booking.area) if part
        ),
        "when": f"{moments.weekday(booking.scheduled_on)}, {hour}" if late else hour,
        "status": say("Late") if late else say(word),
        "status_tone": "bad" if late else tone,
        "at": booking.scheduled_at.isoformat(),
    }


def order_card(order: DeliveryOrderRow) -> Card:
    """A delivery order on the board."""
    word, tone = ROAD[order.fulfilment_status]
    return _card(order, say("Deliver {bin}", bin=order.bin_serial_number)) | {
        "when": moments.hour(order.scheduled_at),
        "status": say(word),
        "status_tone": tone,
    }


def late_card(order: DeliveryOrderRow, day: date) -> Card:
    """A bin that should be back."""
    late = (day - order.expected_return_on).days
    return _card(order, say("Collect {bin}", bin=order.bin_serial_number)) | {
        "when": say("Due {day}", day=moments.near_day(order.expected_return_on)),
        "status": say("1 day late") if late == 1 else say("{count} days late", count=late),
        "status_tone": "bad",
    }


def _card(order: DeliveryOrderRow, what: str) -> Card:
    return {
        "id": str(order.id),
        "href": f"/rental/delivery-orders?open={order.id}",
        "customer": order.company_name,
        "what": " · ".join(part for part in (what, order.area or order.site_address) if part),
        "at": order.scheduled_at.isoformat(),
    }


def lanes(found: Board) -> list[Lane]:
    """A lane for each driver who has jobs."""
    shown = []
    for person in found.drivers:
        booked = [booking_card(each, found.day) for each in found.promised if each.driver_id == person.id]
        ordered = [order_card(each) for each in found.orders if each.driver_id == person.id]
        cards = sorted(booked + ordered, key=lambda card: card["at"])
        load = say("{jobs} of {most}", jobs=len(cards), most=person.jobs_per_day)
        if cards:
            shown.append(Lane(id=str(person.id), name=person.name, load=load, cards=cards))
    return shown


def idle(found: Board) -> list[Card]:
    """The drivers who have nothing to do yet."""
    busy = {each.driver_id for each in (*found.promised, *found.orders)}
    return [
        {
            "id": str(each.id),
            "name": each.name,
            "load": say("{jobs} of {most}", jobs=0, most=each.jobs_per_day),
        }
        for each in found.drivers
        if each.id not in busy
    ]


def summary(found: Board) -> str:
    """How the day stands, in words."""
    waiting, jobs = len(found.waiting), len(found.promised) + len(found.orders)
    said = say("1 job with a driver") if jobs == 1 else say("{count} jobs with a driver", count=jobs)
    return f"{said} · {say('{count} not assigned', count=waiting)}"


def week(found: Board) -> list[Card]:
    """The coming days to choose from, each with what still waits on it."""
    return [
        {
            "day": day.isoformat(),
            "label": say("Today") if day == clock.today() else moments.weekday(day),
            "waiting": str(number) if number else "",
            "chosen": "true" if day == found.day else "false",
        }
        for day, number in found.ahead.items()
    ]


class Dispatch(AssignmentMixin, rx.State):
    """The board of one day."""

    title: str = ""
    told: str = ""
    days: list[Card] = []
    waiting: list[Card] = []
    drivers: list[Lane] = []
    idle: list[Card] = []
    late: list[Card] = []
    loaded: bool = False

    @handler
    async def load(self) -> None:
        """Show the day that the address names; today when it names none."""
        await self._show()

    async def _assigned(self) -> None:
        await self._show()

    async def _show(self) -> None:
        found = await run(self, dispatch.board, self._day())
        self.title, self.told, self.days = moments.long_day(found.day), summary(found), week(found)
        self.waiting = [booking_card(each, found.day) for each in found.waiting]
        self.waiting += [order_card(each) for each in found.orders if each.driver_id is None]
        self.drivers, self.idle = lanes(found), idle(found)
        self.late = [late_card(each, found.day) for each in found.late]
        self.loaded = True

    def _day(self) -> date:
        try:
            return date.fromisoformat(self.router.url.query_parameters.get("day", ""))
        except ValueError:
            return clock.today()


@page("/rental/assignment", "Dispatch", Permission.RENTAL_BOOKINGS_ASSIGN, on_load=Dispatch.load)
def assignment() -> rx.Component:
    """The board: not assigned, each driver, overdue bins."""
    state = Dispatch
    return rx.fragment(
        live_refresh(state.load, "booking.", "do."),
        page_header(
            rx.fragment("Dispatch", rx.cond(state.title != "", rx.el.span(" · ", state.title), "")),
            state.told,
            rx.el.nav(rx.foreach(state.days, _day), class_name="seg seg-days", aria_label="Day"),
        ),
        rx.cond(state.loaded, _board(), skeleton_block("360px")),
        assignment_sheet(state),
    )


def _board() -> rx.Component:
    state = Dispatch
    nobody = rx.el.p("Everything has a driver.", class_name="lane-none")
    nothing_yet = _lane("No jobs yet", state.idle.length(), rx.el.ul(rx.foreach(state.idle, _idle)))
    overdue = _lane("Overdue bins", state.late.length(), rx.foreach(state.late, _job))
    return rx.cond(
        (state.drivers.length() + state.idle.length() == 0) & (state.waiting.length() == 0),
        empty(
            "No drivers yet",
            "The board shows one lane for each driver. Add those who drive, then take the first booking.",
            link("Add drivers", "/rental/drivers", class_name="btn btn-primary"),
            link("New booking", "/rental/bookings?new=1", class_name="btn"),
            glyph="route",
        ),
        rx.el.div(
            _lane(
                "Not assigned",
                state.waiting.length(),
                rx.cond(state.waiting.length() > 0, rx.foreach(state.waiting, _waiting), nobody),
            ),
            rx.foreach(state.drivers, _driver),
            rx.cond(state.late.length() > 0, overdue, rx.fragment()),
            rx.cond(state.idle.length() > 0, nothing_yet, rx.fragment()),
            class_name="lanes",
        ),
    )


def _day(day: Any) -> rx.Component:
    waiting = rx.el.span(day["waiting"], " not assigned", class_name="sr-only")
    number = rx.fragment(rx.el.span(day["waiting"], class_name="count", aria_hidden="true"), waiting)
    return link(
        rx.fragment(day["label"], rx.cond(day["waiting"] != "", number, rx.fragment())),
        "?day=" + day["day"],
        class_name="seg-item",
        aria_current=day["chosen"],
    )


def _lane(title: Any, number: Any, *cards: Any) -> rx.Component:
    head = rx.el.h2(title, rx.el.span(number), class_name="lane-head")
    return rx.el.section(head, *cards, class_name="lane")


def _driver(lane: Any) -> rx.Component:
    return _lane(lane["name"], lane["load"], rx.foreach(lane["cards"], _job))


def _idle(driver: Any) -> rx.Component:
    href = "/rental/drivers?open=" + driver["id"]
    return rx.el.li(
        link(driver["name"], href, class_name="link-plain"),
        rx.el.span(driver["load"]),
        class_name="lane-idle",
    )


def _job(card: Any) -> rx.Component:
    return link(_face(card), card["href"], class_name="job", key=card["id"])


def _waiting(card: Any) -> rx.Component:
    choose = button("Assign…", small=True, on_click=lambda: Dispatch.begin_assignment(card["id"]))
    return rx.el.article(
        link(_face(card), card["href"], class_name="job-link"),
        rx.cond(card["href"].contains("bookings"), choose, rx.fragment()),
        class_name="job",
        key=card["id"],
    )


def _face(card: Any) -> rx.Component:
    return rx.fragment(
        rx.el.b(card["customer"]),
        rx.el.span(card["what"]),
        rx.el.span(
            rx.el.span(card["when"], class_name="num"),
            badge(card["status"], card["status_tone"]),
            class_name="job-meta",
        ),
    )
