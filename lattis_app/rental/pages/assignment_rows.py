"""What the dispatch board shows: its lanes, its cards, and how the day stands in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TypedDict
from uuid import UUID

from lattis_app.core import clock
from lattis_app.core.language import say
from lattis_app.rental.pages.assignment_forms import RECORDS
from lattis_app.rental.pages.booking_rows import STATUS as BOOKED
from lattis_app.rental.pages.delivery_order_rows import ROAD
from lattis_app.rental.pages.job_words import bringing, moving
from lattis_app.rental.schemas.bins import ForecastOut
from lattis_app.rental.schemas.bookings import BookingOut
from lattis_app.rental.schemas.delivery_orders import DeliveryOrderRow
from lattis_app.rental.schemas.dispatch import Board, JobKind
from lattis_app.rental.schemas.transfers import RelocationOut
from lattis_app.rental.statuses import FulfilmentStatus
from lattis_app.ui import moments

Card = dict[str, str]
WAITING, LEFT = "waiting", "left"
MOVABLE = "true"


class Lane(TypedDict):
    """A column of the board, ready for display."""

    id: str
    kind: str
    name: str
    load: str
    full: str
    none: str
    driver_id: str
    cards: list[Card]


def booking_card(booking: BookingOut, day: date) -> Card:
    """A booking on the board."""
    word, tone = BOOKED[booking.status]
    late, hour = booking.scheduled_on < day, moments.hour(booking.scheduled_at)
    return {
        "id": str(booking.id),
        "kind": JobKind.BOOKING,
        "href": RECORDS[JobKind.BOOKING].format(booking.id),
        "customer": booking.customer_name,
        "what": _what(say("Deliver {bin}", bin=booking.requested_bin_size.short_text), booking.area),
        "when": f"{moments.weekday(booking.scheduled_on)}, {hour}" if late else hour,
        "status": say("Late") if late else say(word),
        "status_tone": "bad" if late else tone,
        "tone": "bad" if late else "",
        "note": "",
        "movable": MOVABLE,
        "driver_id": str(booking.driver_id or ""),
        "at": booking.scheduled_at.isoformat(),
    }


def order_card(order: DeliveryOrderRow) -> Card:
    """A delivery order on the board; once it is on the way, its driver keeps it."""
    word, tone = ROAD[order.fulfilment_status]
    waits = order.fulfilment_status is FulfilmentStatus.ASSIGNED
    return _card(order, bringing(order)) | {
        "when": moments.hour(order.scheduled_at),
        "status": say(word),
        "status_tone": tone,
        "movable": MOVABLE if waits else "",
    }


def move_card(move: RelocationOut, day: date) -> Card:
    """The move of a bin on the board."""
    done, late = move.done_at is not None, move.scheduled_on < day
    hour = moments.hour(move.scheduled_at)
    return {
        "id": str(move.id),
        "kind": JobKind.RELOCATION,
        "href": RECORDS[JobKind.RELOCATION].format(move.delivery_order_id),
        "customer": move.company_name,
        "what": _what(moving(move), move.area or move.site_address),
        "when": f"{moments.weekday(move.scheduled_on)}, {hour}" if late else hour,
        "status": say("Done") if done else say("Late") if late else say("Planned"),
        "status_tone": "ok" if done else "bad" if late else "info",
        "tone": "bad" if late and not done else "",
        "note": "",
        "movable": "" if done else MOVABLE,
        "driver_id": str(move.driver_id or ""),
        "at": move.scheduled_at.isoformat(),
    }


def late_card(order: DeliveryOrderRow, day: date) -> Card:
    """A bin that should be back."""
    late = (day - order.expected_return_on).days
    return _card(order, say("Collect {bin}", bin=order.bin_serial_number)) | {
        "when": say("Due {day}", day=moments.near_day(order.expected_return_on)),
        "status": say("1 day late") if late == 1 else say("{count} days late", count=late),
        "status_tone": "bad",
        "tone": "bad",
    }


def left_card(order: DeliveryOrderRow, reasons: Mapping[UUID, str]) -> Card:
    """An order of an earlier day that was not delivered, or a trip in vain."""
    failed = order.fulfilment_status is FulfilmentStatus.FAILED
    word, tone = ROAD[order.fulfilment_status]
    return _card(order, bringing(order)) | {
        "when": moments.near_day(order.service_on),
        "status": say(word) if failed else say("Not delivered"),
        "status_tone": tone if failed else "bad",
        "tone": "warn",
        "note": reasons.get(order.id, ""),
    }


def _card(order: DeliveryOrderRow, what: str) -> Card:
    return {
        "id": str(order.id),
        "kind": JobKind.ORDER,
        "href": RECORDS[JobKind.ORDER].format(order.id),
        "customer": order.company_name,
        "what": _what(what, order.area or order.site_address),
        "tone": "",
        "note": "",
        "movable": "",
        "driver_id": str(order.driver_id or ""),
        "at": order.scheduled_at.isoformat(),
    }


def _what(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def lanes(found: Board, moved: Mapping[str, str]) -> list[Lane]:
    """What waits, each driver with the busy ones first, and what is left; `moved` tells who was faster."""
    cards = [booking_card(each, found.day) for each in (*found.waiting, *found.promised)]
    cards += [order_card(each) for each in found.orders]
    cards += [move_card(each, found.day) for each in found.moves]
    for card in cards:
        if card["id"] in moved:
            card |= {"note": moved[card["id"]], "tone": "warn"}
    waiting = _lane(WAITING, say("Not assigned"), _of("", cards), none=say("Everything has a driver."))
    crew = []
    for person in found.drivers:
        own = _of(str(person.id), cards)
        counted = sum(card["status_tone"] != "bad" or card["kind"] != JobKind.ORDER for card in own)
        load = say("{jobs} of {most}", jobs=counted, most=person.jobs_per_day)
        full = MOVABLE if counted >= person.jobs_per_day else ""
        crew.append(_lane(str(person.id), person.name, own, load, full=full, none=say("No jobs yet")))
    busy_first = sorted(crew, key=lambda lane: not lane["cards"])
    left = outstanding(found)
    return [waiting, *busy_first, *([_lane(LEFT, say("Outstanding"), left)] if left else [])]


def outstanding(found: Board) -> list[Card]:
    """What earlier days left behind: trips in vain, jobs nobody did, bins that should be back."""
    return [
        *(left_card(each, found.reasons) for each in found.left),
        *(booking_card(each, found.day) | {"movable": ""} for each in found.forgotten),
        *(late_card(each, found.day) for each in found.late),
    ]


def _of(driver_id: str, cards: Iterable[Card]) -> list[Card]:
    return sorted((card for card in cards if card["driver_id"] == driver_id), key=lambda card: card["at"])


def _lane(
    lane_id: str, name: str, cards: list[Card], load: str = "", *, full: str = "", none: str = ""
) -> Lane:
    kind = lane_id if lane_id in (WAITING, LEFT) else "driver"
    driver_id = "" if kind == lane_id else lane_id
    shown = load or str(len(cards))
    return Lane(
        id=lane_id, kind=kind, name=name, load=shown, full=full, none=none, driver_id=driver_id, cards=cards
    )


def summary(found: Board) -> str:
    """How the day stands, in words."""
    others = [*found.orders, *found.moves]
    waiting = len(found.waiting) + sum(each.driver_id is None for each in others)
    jobs = len(found.waiting) + len(found.promised) + len(others)
    said = [
        say("1 job") if jobs == 1 else say("{count} jobs", count=jobs),
        say("{count} not assigned", count=waiting),
    ]
    if found.late:
        one = len(found.late) == 1
        said.append(say("1 bin overdue") if one else say("{count} bins overdue", count=len(found.late)))
    return " · ".join([*said, *(_free(each) for each in found.free)])


def _free(forecast: ForecastOut) -> str:
    size, free = forecast.size.short_text, forecast.days[0].free
    if free:
        return say("{count} free {size}", count=free, size=size)
    if forecast.next_free_on is None:
        return say("no {size} free", size=size)
    return say("no {size} free until {day}", size=size, day=moments.near_day(forecast.next_free_on))


def week(found: Board) -> list[Card]:
    """The coming days to choose from, each with what still waits on it; a day that is none of them comes first."""
    days = [*([found.day] if found.day not in found.ahead else []), *found.ahead]
    return [
        {
            "day": day.isoformat(),
            "label": say("Today") if day == clock.today() else moments.weekday(day),
            "waiting": str(found.ahead.get(day) or ""),
            "chosen": "true" if day == found.day else "false",
        }
        for day in days
    ]
