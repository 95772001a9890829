"""Drivers: the list, the record beside it, and the form."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from lattis_app.core.schemas import parse
from lattis_app.identity.permissions import Permission
from lattis_app.rental.pages.delivery_order_forms import Corrections
from lattis_app.rental.pages.records import dash, display, typed, wanted, with_history
from lattis_app.rental.queries import drivers as queries
from lattis_app.rental.schemas.drivers import DriverChanges, DriverEntry, DriverFilters, DriverOut
from lattis_app.rental.services import drivers as services
from lattis_app.rental.statuses import DriverStatus
from lattis_app.ui import toasts
from lattis_app.ui.badges import badge, words
from lattis_app.ui.buttons import button, link
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.dialogs import close_dialog, open_dialog
from lattis_app.ui.form_state import Draft, FormMixin
from lattis_app.ui.forms import Fields, form_sheet, side_by_side
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import key_values, page_header
from lattis_app.ui.list_requests import Filter, ListRequest
from lattis_app.ui.lists import Listing, ListMixin
from lattis_app.ui.pages import page
from lattis_app.ui.records import HistoryRow, history, next_steps, record_head, record_panel, tabs
from lattis_app.ui.states import empty
from lattis_app.ui.tables import data_table

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
read = with_history(queries.find, "rental_drivers")


def row(driver: DriverOut) -> dict[str, str]:
    """One line of the list, and the record's facts."""
    return {
        "id": str(driver.id),
        "name": driver.name,
        "phone": driver.phone,
        "ic_number": driver.ic_number,
        "email": dash(driver.email),
        "address": dash(driver.address),
        "jobs_per_day": str(driver.jobs_per_day),
        "status": words(driver.status),
        "status_tone": "ok" if driver.status == DriverStatus.ACTIVE else "neutral",
        "orders_href": f"/rental/delivery-orders?driver_id={driver.id}",
    }


class Drivers(ListMixin, FormMixin, rx.State):
    """Drivers with the open one."""

    record: dict[str, str] = {}
    events: list[HistoryRow] = []
    editing: str = ""

    def _spec(self) -> ListSpec:
        return LIST

    async def _fetch(self, request: ListRequest) -> Listing:
        filters = parse(DriverFilters, {"q": request.q, **request.filters})
        found = await run(self, queries.page, filters, wanted(request))
        return Listing(display(found, row), found.total)

    async def _fetch_record(self, record_id: str) -> None:
        found, self.events = await run(self, read, UUID(record_id))
        self.record = row(found)

    @handler
    async def begin(self) -> Any:
        """Open the form of a new driver."""
        self.editing = ""
        self._begin({"jobs_per_day": "6", "status": "active"})
        return open_dialog("driver-sheet")

    @handler
    async def edit(self) -> Any:
        """Open the form of the driver beside the list."""
        self.editing = self.open_id
        found = await run(self, queries.find, UUID(self.open_id))
        self._begin(typed({name: getattr(found, name) for name in EDITED}))
        return open_dialog("driver-sheet")

    @handler
    async def save(self, form: dict[str, Any]) -> Any:
        """Keep a new driver, or the changes of an old one."""
        if self.editing:
            changes = Corrections(DriverChanges, form, dict(self.values))
            saved = await self._submit(services.update, UUID(self.editing), changes)
        else:
            saved = await self._submit(services.create, Draft(DriverEntry, form))
        if saved is None:
            return None
        self.open_id, self.editing = str(saved.id), ""
        await self._again()
        return [close_dialog("driver-sheet"), toasts.done(f"{saved.name} saved")]


@page("/rental/drivers", "Drivers", Permission.RENTAL_DRIVERS_READ, on_load=Drivers.load)
def drivers() -> rx.Component:
    """Drivers with the record beside the list."""
    state = Drivers
    return rx.fragment(
        page_header(
            "Drivers",
            rx.el.span(state.total, " match", class_name="num"),
            button("New driver", kind="primary", glyph="plus", on_click=state.begin),
        ),
        data_table(
            state,
            LIST,
            label="Drivers",
            nothing=empty(
                "No drivers yet", "A driver signs in on the phone with name, identity card and phone."
            ),
        ),
        record_panel(state, *_record(), label="Driver"),
        _form(),
    )


def _record() -> list[rx.Component]:
    record = Drivers.record
    return [
        record_head("Driver", record["name"], on_close=Drivers.close_record),
        next_steps(button("Edit", glyph="pencil", on_click=Drivers.edit)),
        tabs(
            "driver-tabs",
            (
                "Summary",
                rx.fragment(
                    key_values(
                        ("Status", badge(record["status"], record["status_tone"])),
                        ("Phone", record["phone"]),
                        ("Identity card", record["ic_number"]),
                        ("E-mail", record["email"]),
                        ("Address", record["address"]),
                        ("Jobs a day", record["jobs_per_day"]),
                    ),
                    link("Delivery orders", record["orders_href"]),
                ),
            ),
            ("History", history(Drivers.events)),
        ),
    ]


def _form() -> rx.Component:
    f = Fields(Drivers, "driver")
    return form_sheet(
        Drivers,
        "driver-sheet",
        rx.cond(Drivers.editing, "Edit driver", "New driver"),
        f.text("name", "Name", required=True, hint="As the driver types it to sign in"),
        side_by_side(
            f.text("ic_number", "Identity card", hint="Left empty it stays as it is when editing"),
            f.phone("phone", "Phone", required=True),
        ),
        f.email("email", "E-mail"),
        f.textarea("address", "Address"),
        side_by_side(
            f.number("jobs_per_day", "Jobs a day"), f.select("status", "Status", STATUSES, required=True)
        ),
        on_submit=Drivers.save,
        submit="Save driver",
    )
