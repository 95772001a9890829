"""Lorry trips: the list, the record beside it, and the forms to record and end one."""

from __future__ import annotations

from typing import Any

import reflex as rx

from lattis_app.audit.pages.histories import with_history
from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.language import say
from lattis_app.core.pagination import PageRequest
from lattis_app.core.schemas import parse
from lattis_app.identity.permissions import Permission
from lattis_app.rental.pages.offers import lorry_options
from lattis_app.rental.queries import drivers, lorries
from lattis_app.rental.queries import lorry_trips as queries
from lattis_app.rental.schemas.drivers import DriverFilters
from lattis_app.rental.schemas.lorry_trips import (
    LorryTripChanges,
    LorryTripEntry,
    LorryTripFilters,
    LorryTripOut,
)
from lattis_app.rental.services import lorry_trips as services
from lattis_app.ui import moments
from lattis_app.ui.badges import badge
from lattis_app.ui.buttons import button, link
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.conditions import if_may, only_while
from lattis_app.ui.dialogs import open_dialog
from lattis_app.ui.form_state import Draft
from lattis_app.ui.forms import Fields, form_sheet, side_by_side
from lattis_app.ui.frame import live_refresh
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import key_values, page_header
from lattis_app.ui.list_requests import Filter, ListRequest, Option
from lattis_app.ui.lists import Listing, as_id, display, named, wanted
from lattis_app.ui.pages import page
from lattis_app.ui.record_lists import RecordsMixin
from lattis_app.ui.records import HistoryRow, history, next_steps, record_head, record_panel, tabs
from lattis_app.ui.states import empty
from lattis_app.ui.tables import counted, data_table
from lattis_app.ui.values import dash

MANAGE = Permission.RENTAL_TRIPS_MANAGE
LIST = ListSpec(
    "lorry-trips",
    (
        Column("lorry", "Lorry", note="driver"),
        Column("to", "To", note="left"),
        Column("departed_at", "Departed", "date", sortable=True),
        Column("arrived_at", "Arrived", "date", priority=3),
        Column("took", "Took", "number", priority=2),
        Column("status", "Status", "badge"),
    ),
    filters=(
        Filter("lorry_id", "Lorry"),
        Filter("driver_id", "Driver"),
        Filter("from", "From", "date"),
        Filter("to", "To", "date"),
    ),
    export="/v1/lorry-trips",
    search="Lorry, driver or place",
)
TIMES = ("departed_at", "arrived_at")
read = with_history(queries.find, "rental_lorry_trips")


def row(trip: LorryTripOut) -> dict[str, str]:
    """One line of the list, and the record's facts."""
    open_ = trip.arrived_at is None
    return {
        "id": str(trip.id),
        "lorry": trip.lorry_registration_no,
        "lorry_href": f"/rental/lorries?open={trip.lorry_id}",
        "driver": trip.driver_name,
        "driver_href": f"/rental/drivers?open={trip.driver_id}",
        "from": trip.from_location,
        "left": say("from {place}", place=trip.from_location) if trip.from_location else "",
        "to": dash(trip.to_location),
        "departed_at": moments.moment(trip.departed_at),
        "arrived_at": moments.moment(trip.arrived_at),
        "took": "–" if trip.arrived_at is None else took(trip),
        "status": say("On the road") if open_ else say("Arrived"),
        "status_tone": "info" if open_ else "ok",
        "on_the_road": "true" if open_ else "",
        "order_href": f"/rental/delivery-orders?open={trip.related_do_id}" if trip.related_do_id else "",
        "notes": dash(trip.notes),
    }


def took(trip: LorryTripOut) -> str:
    """How long a drive took, in hours and minutes: `1:05 h`."""
    until = trip.arrived_at or clock.now()
    minutes = int((until - trip.departed_at).total_seconds() // 60)
    return f"{minutes // 60}:{minutes % 60:02} h"


def driver_options(session: Any, actor: Actor) -> list[Option]:
    """The drivers to choose from."""
    people = drivers.page(session, actor, DriverFilters(), PageRequest(limit=100))
    return [Option(value=str(each.id), label=each.name, note="") for each in people.rows]


class TripDraft(Draft):
    """A trip's form: its times are the business's."""

    def parse(self) -> Any:
        """The typed input; raises pydantic's ValidationError."""
        times = {name: moments.from_typed(str(self.form[name])) for name in TIMES if self.form.get(name)}
        return Draft(self.schema, {**self.form, **times}).parse()


class LorryTrips(RecordsMixin, rx.State):
    """Lorry trips with the open one."""

    record: dict[str, str] = {}
    events: list[HistoryRow] = []
    lorry_options: list[Option] = []
    driver_options: list[Option] = []

    def _spec(self) -> ListSpec:
        return LIST

    async def _prepare(self) -> None:
        self.lorry_options = await run(self, lorry_options)
        self.driver_options = await run(self, driver_options)
        lorry = await named(self, "lorry_id", lorries.find, lambda found: str(found.registration_no))
        driver = await named(self, "driver_id", drivers.find, lambda found: str(found.name))
        offered = {"lorry_id": self.lorry_options, "driver_id": self.driver_options}
        self.filter_options = lorry | driver | offered

    async def _fetch(self, request: ListRequest) -> Listing:
        filters = parse(LorryTripFilters, {"q": request.q, **request.filters})
        found = await run(self, queries.page, filters, wanted(request))
        return Listing(display(found, row), found.total)

    async def _fetch_record(self, record_id: str) -> None:
        found, self.events = await run(self, read, as_id(record_id))
        self.record = row(found)

    @handler
    async def begin(self) -> Any:
        """Open the form of a trip that was not driven for a job."""
        self._begin({"departed_at": moments.typed(clock.now()), "from_location": services.DEPOT})
        return open_dialog("trip-sheet")

    @handler
    async def save(self, form: dict[str, Any]) -> Any:
        """Record a trip."""
        saved = await self._submit(services.create, TripDraft(LorryTripEntry, form))
        if saved is None:
            return None
        self.open_id = str(saved.id)
        return await self._done(say("Trip recorded"), closes="trip-sheet")

    @handler
    async def begin_arrival(self) -> Any:
        """Open the form that ends the open trip."""
        self._begin({"arrived_at": moments.typed(clock.now())})
        return open_dialog("arrival-sheet")

    @handler
    async def arrive(self, form: dict[str, Any]) -> Any:
        """End the open trip."""
        changes = TripDraft(LorryTripChanges, form)
        if await self._submit(services.update, as_id(self.open_id), changes) is None:
            return None
        return await self._done(say("Trip ended"), closes="arrival-sheet")


@page("/rental/trips", "Lorry trips", Permission.RENTAL_LORRIES_READ, on_load=LorryTrips.load)
def lorry_trips() -> rx.Component:
    """Lorry trips with the record beside the list."""
    state = LorryTrips
    new = if_may(MANAGE, button("New trip", kind="primary", glyph="plus", on_click=state.begin))
    return rx.fragment(
        live_refresh(state.refresh, "do."),
        page_header("Lorry trips", counted(state, "trip", "trips"), new),
        data_table(
            state,
            LIST,
            label="Lorry trips",
            nothing=empty(
                "No trips yet",
                "When a driver starts a job its trip is written down, and ended with the delivery. Other drives are "
                "recorded here.",
                if_may(MANAGE, button("New trip", kind="primary", on_click=state.begin)),
                glyph="route",
            ),
        ),
        record_panel(state, *_record(), label="Trip"),
        *_forms(),
    )


def _record() -> list[rx.Component]:
    state, record = LorryTrips, LorryTrips.record
    end = button("Arrived…", kind="primary", on_click=state.begin_arrival)
    order = rx.cond(record["order_href"] != "", link("Open the delivery order", record["order_href"]), "–")
    return [
        record_head("Lorry trip", record["lorry"], on_close=state.close_record),
        next_steps(only_while(record["on_the_road"] != "", if_may(MANAGE, end))),
        tabs(
            "trip-tabs",
            (
                "Summary",
                key_values(
                    ("Status", badge(record["status"], record["status_tone"])),
                    ("Lorry", link(record["lorry"], record["lorry_href"])),
                    ("Driver", link(record["driver"], record["driver_href"])),
                    ("Starts from", rx.cond(record["from"] != "", record["from"], "–")),
                    ("To", record["to"]),
                    ("Departed", record["departed_at"]),
                    ("Arrived", record["arrived_at"]),
                    ("Took", record["took"]),
                    ("For", order),
                    ("Notes", record["notes"]),
                ),
            ),
            ("History", history(state.events)),
        ),
    ]


def _forms() -> list[rx.Component]:
    state, f, arrival = LorryTrips, Fields(LorryTrips, "trip"), Fields(LorryTrips, "arrival")
    return [
        form_sheet(
            state,
            "trip-sheet",
            "New trip",
            side_by_side(
                f.combobox("lorry_id", "Lorry", options=state.lorry_options, required=True),
                f.combobox("driver_id", "Driver", options=state.driver_options, required=True),
            ),
            f.text("from_location", "Starts from"),
            f.text("to_location", "To", required=True),
            side_by_side(
                f.datetime("departed_at", "Departed", required=True),
                f.datetime("arrived_at", "Arrived", hint="Left empty: still on the road"),
            ),
            f.textarea("notes", "Notes"),
            on_submit=state.save,
            submit="Save trip",
        ),
        form_sheet(
            state,
            "arrival-sheet",
            "End the trip",
            arrival.datetime("arrived_at", "Arrived", required=True),
            arrival.textarea("notes", "Notes"),
            on_submit=state.arrive,
            submit="End trip",
        ),
    ]
