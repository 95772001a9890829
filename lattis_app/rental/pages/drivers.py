"""Drivers: the list, the record beside it, and the form."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from lattis_app.audit.pages.histories import history
from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.language import say
from lattis_app.core.normal import spaced_phone
from lattis_app.core.pagination import PageRequest
from lattis_app.core.schemas import parse
from lattis_app.identity.permissions import Permission
from lattis_app.rental.pages.delivery_order_rows import ROAD
from lattis_app.rental.queries import delivery_orders
from lattis_app.rental.queries import drivers as queries
from lattis_app.rental.schemas.delivery_orders import DeliveryOrderFilters, DeliveryOrderRow
from lattis_app.rental.schemas.drivers import DriverChanges, DriverEntry, DriverFilters, DriverOut
from lattis_app.rental.services import drivers as services
from lattis_app.rental.statuses import DriverStatus
from lattis_app.ui import moments, toasts
from lattis_app.ui.badges import badge, words
from lattis_app.ui.buttons import button, link
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.conditions import if_may
from lattis_app.ui.dialogs import close_dialog, open_dialog
from lattis_app.ui.form_state import Corrections, Draft, FormMixin
from lattis_app.ui.forms import Fields, form_sheet, side_by_side
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import key_values, page_header
from lattis_app.ui.list_requests import Filter, ListRequest
from lattis_app.ui.lists import Listing, ListMixin, as_id, display, wanted
from lattis_app.ui.masters import import_button
from lattis_app.ui.pages import page
from lattis_app.ui.records import HistoryRow, next_steps, record_head, record_panel, tabs
from lattis_app.ui.records import history as history_tab
from lattis_app.ui.states import empty
from lattis_app.ui.tables import counted, data_table, simple_table
from lattis_app.ui.values import dash, reach, typed

STATUSES = tuple((str(status), words(status)) for status in DriverStatus)
LIST = ListSpec(
    "drivers",
    (
        Column("name", "Driver", sortable=True),
        Column("phone", "Phone"),
        Column("ic_number", "Identity card", priority=3),
        Column("jobs_per_day", "Jobs a day", "number", priority=2),
        Column("status", "Status", "badge", sortable=True),
    ),
    filters=(Filter("status", "Status", options=STATUSES, several=True),),
    search="Name or phone",
    export="/v1/drivers",
)
EDITED = ("name", "phone", "email", "address", "jobs_per_day", "status")
MANAGE = Permission.RENTAL_DRIVERS_MANAGE
TODAY = PageRequest(limit=50)
JOBS = (
    Column("time", "Time"),
    Column("customer", "Customer", "link", note="bin"),
    Column("road", "Status", "badge"),
)


def row(driver: DriverOut) -> dict[str, str]:
    """One line of the list, and the record's facts."""
    return {
        "id": str(driver.id),
        "name": driver.name,
        "phone": spaced_phone(driver.phone),
        "phone_href": f"tel:{driver.phone}",
        "ic_number": driver.ic_number,
        "email": dash(driver.email),
        "email_href": f"mailto:{driver.email}" if driver.email else "",
        "address": dash(driver.address),
        "jobs_per_day": str(driver.jobs_per_day),
        "status": words(driver.status),
        "status_tone": "ok" if driver.status == DriverStatus.ACTIVE else "neutral",
        "is_active": "true" if driver.status == DriverStatus.ACTIVE else "",
        "orders_href": f"/rental/delivery-orders?driver_id={driver.id}",
    }


def job(order: DeliveryOrderRow) -> dict[str, str]:
    """One of the driver's jobs today."""
    word, tone = ROAD[order.fulfilment_status]
    return {
        "id": str(order.id),
        "time": moments.hour(order.scheduled_at),
        "customer": order.company_name,
        "customer_href": f"/rental/delivery-orders?open={order.id}",
        "bin": order.bin_serial_number,
        "road": say(word),
        "road_tone": tone,
    }


def read(
    session: Any, actor: Actor, driver_id: UUID
) -> tuple[DriverOut, list[dict[str, str]], list[HistoryRow]]:
    """A driver with today's jobs and the history. Raises NotFound."""
    today = {"driver_id": driver_id, "from": clock.today(), "to": clock.today()}
    filters = DeliveryOrderFilters.model_validate(today)
    jobs = delivery_orders.page(session, actor, filters, TODAY).rows
    shown = [job(each) for each in sorted(jobs, key=lambda each: each.scheduled_at)]
    found = queries.find(session, actor, driver_id)
    return found, shown, history(session, actor, "rental_drivers", driver_id)


class Drivers(ListMixin, FormMixin, rx.State):
    """Drivers with the open one."""

    record: dict[str, str] = {}
    jobs: list[dict[str, str]] = []
    events: list[HistoryRow] = []
    editing: str = ""
    known_ic: str = ""

    def _spec(self) -> ListSpec:
        return LIST

    async def _fetch(self, request: ListRequest) -> Listing:
        filters = parse(DriverFilters, {"q": request.q, **request.filters})
        found = await run(self, queries.page, filters, wanted(request))
        return Listing(display(found, row), found.total)

    async def _fetch_record(self, record_id: str) -> None:
        found, self.jobs, self.events = await run(self, read, as_id(record_id))
        self.record = row(found)

    @handler
    async def begin(self) -> Any:
        """Open the form of a new driver."""
        self.editing, self.known_ic = "", "920815-14-5678"
        self._begin({"jobs_per_day": "6", "status": "active"})
        return open_dialog("driver-sheet")

    @handler
    async def edit(self) -> Any:
        """Open the form of the driver beside the list."""
        self.editing = self.open_id
        found = await run(self, queries.find, as_id(self.open_id))
        self.known_ic = found.ic_number
        self._begin(typed({name: getattr(found, name) for name in EDITED}))
        return open_dialog("driver-sheet")

    @handler
    async def employ(self, active: bool) -> Any:
        """Let the open driver work, or not; who does not is signed out at once. The toast takes it back."""
        status = DriverStatus.ACTIVE if active else DriverStatus.INACTIVE
        changed = await run(self, services.update, as_id(self.open_id), DriverChanges(status=status))
        await self._again()
        words = "{name} can sign in and get jobs" if active else "{name} is inactive and signed out"
        return toasts.done(say(words, name=changed.name), undo=Drivers.employ(not active))

    @handler
    async def save(self, form: dict[str, Any]) -> Any:
        """Keep a new driver, or the changes of an old one."""
        if self.editing:
            changes = Corrections(DriverChanges, form, dict(self.values))
            saved = await self._submit(services.update, as_id(self.editing), changes)
        else:
            saved = await self._submit(services.create, Draft(DriverEntry, form))
        if saved is None:
            return None
        self.open_id, self.editing = str(saved.id), ""
        await self._again()
        return [close_dialog("driver-sheet"), toasts.done(say("{name} saved", name=saved.name))]


@page("/rental/drivers", "Drivers", Permission.RENTAL_DRIVERS_READ, on_load=Drivers.load)
def drivers() -> rx.Component:
    """Drivers with the record beside the list."""
    state = Drivers
    return rx.fragment(
        page_header(
            "Drivers",
            counted(state, "driver", "drivers"),
            import_button("drivers", MANAGE),
            if_may(MANAGE, button("New driver", kind="primary", glyph="plus", on_click=state.begin)),
        ),
        data_table(
            state,
            LIST,
            label="Drivers",
            nothing=empty(
                "No drivers yet",
                "A driver signs in on the phone with name, identity card and phone number, and sees the own jobs.",
                if_may(MANAGE, button("New driver", kind="primary", on_click=state.begin)),
                import_button("drivers", MANAGE),
                glyph="id-card",
            ),
        ),
        record_panel(state, *_record(), label="Driver"),
        _form(),
    )


def _record() -> list[rx.Component]:
    state, record = Drivers, Drivers.record
    work = rx.cond(
        record["is_active"] != "",
        button("Deactivate", on_click=state.employ(False)),
        button("Activate", kind="primary", on_click=state.employ(True)),
    )
    return [
        record_head("Driver", record["name"], on_close=state.close_record),
        next_steps(
            if_may(MANAGE, rx.fragment(button("Edit", glyph="pencil", on_click=state.edit), work)),
        ),
        tabs(
            "driver-tabs",
            ("Summary", _summary(record)),
            ("Today", _today()),
            ("History", history_tab(state.events)),
            counts={1: state.jobs.length()},
        ),
    ]


def _summary(record: Any) -> rx.Component:
    return key_values(
        ("Status", badge(record["status"], record["status_tone"])),
        ("Phone", reach(record["phone"], record["phone_href"])),
        ("E-mail", reach(record["email"], record["email_href"])),
        ("Identity card", record["ic_number"]),
        ("Address", record["address"]),
        ("Takes at most", rx.fragment(record["jobs_per_day"], " jobs a day")),
        ("Orders", link("All delivery orders", record["orders_href"])),
    )


def _today() -> rx.Component:
    none = rx.el.p(
        "No delivery orders today. ", link("Open the board", "/rental/assignment"), class_name="muted small"
    )
    return rx.cond(Drivers.jobs.length() > 0, simple_table(JOBS, Drivers.jobs, label="Jobs of today"), none)


def _form() -> rx.Component:
    f = Fields(Drivers, "driver")
    return form_sheet(
        Drivers,
        "driver-sheet",
        rx.cond(Drivers.editing, "Edit driver", "New driver"),
        f.text("name", "Name", required=True, hint="As the driver types it to sign in"),
        side_by_side(
            f.text("ic_number", "Identity card", required=True, placeholder=Drivers.known_ic),
            f.phone("phone", "Phone", required=True),
        ),
        f.email("email", "E-mail"),
        f.textarea("address", "Address"),
        side_by_side(
            f.number("jobs_per_day", "Takes at most", unit="jobs a day"),
            f.select("status", "Status", STATUSES, required=True),
        ),
        on_submit=Drivers.save,
        submit="Save driver",
    )
