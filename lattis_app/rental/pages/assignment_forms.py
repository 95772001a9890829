"""Giving a booking to a driver and a lorry: the sheet that the dispatch board and the bookings share."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from lattis_app.core import clock
from lattis_app.core.language import aside, say
from lattis_app.rental.queries import dispatch
from lattis_app.rental.schemas.bookings import AssignmentEntry
from lattis_app.rental.schemas.dispatch import AssignableDriver, AssignableLorry, Assignment
from lattis_app.rental.schemas.lorries import LorryOut
from lattis_app.rental.services import bookings as services
from lattis_app.rental.statuses import LorryStatus
from lattis_app.ui import moments, toasts
from lattis_app.ui.dialogs import close_dialog, open_dialog
from lattis_app.ui.form_state import Draft, FormMixin
from lattis_app.ui.forms import Fields, form_sheet
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import key_values, notice
from lattis_app.ui.list_requests import Option
from lattis_app.ui.lists import as_id

SHEET = "assignment-sheet"


def driver_option(each: AssignableDriver) -> Option:
    """A driver to choose, with the day's load."""
    load = say("{jobs} of {most} jobs that day", jobs=each.jobs, most=each.jobs_per_day)
    full = say("Day is full") if each.jobs >= each.jobs_per_day else say("On another job at that time")
    return Option(value=str(each.id), label=each.name, note=load if each.free else f"{full} · {load}")


def lorry_option(each: AssignableLorry) -> Option:
    """A lorry to choose."""
    note = each.type if each.free else say("On another job at that time")
    return Option(value=str(each.id), label=each.registration_no, note=note)


def suggested(found: Assignment) -> dict[str, str]:
    """The form's first choice: the free driver with the fewest jobs and a free lorry."""
    values: dict[str, str] = {}
    if found.drivers and found.drivers[0].free:
        values |= {"driver_id": str(found.drivers[0].id), "driver_id_label": found.drivers[0].name}
    if found.lorries and found.lorries[0].free:
        values |= {"lorry_id": str(found.lorries[0].id), "lorry_id_label": found.lorries[0].registration_no}
    return values


def why_not(lorry: LorryOut) -> str:
    """A lorry that can't be assigned, with the reason."""
    if lorry.status == LorryStatus.MAINTENANCE:
        reason = say("in the workshop")
    elif lorry.next_expiry_on and lorry.next_expiry_on < clock.today():
        reason = say("papers expired")
    else:
        reason = say("a paper runs out by then")
    return f"{aside(lorry.registration_no)}: {reason}"


def asked_for(found: Assignment) -> dict[str, str]:
    """What is to be assigned, in words."""
    booking = found.booking
    left_out = [why_not(each) for each in found.left_out if each.status != LorryStatus.INACTIVE]
    return {
        "id": str(booking.id),
        "customer": f"{booking.customer_name} · {booking.number}",
        "when": moments.moment(booking.scheduled_at),
        "bin": booking.requested_bin_size.text,
        "where": ", ".join(part for part in (booking.site_address, booking.area) if part) or "–",
        "left_out": " · ".join(left_out),
    }


class AssignmentMixin(FormMixin, mixin=True):
    """The booking that is being assigned, and who could take it."""

    asked: dict[str, str] = {}
    driver_options: list[Option] = []
    lorry_options: list[Option] = []

    @handler
    async def begin_assignment(self, booking_id: UUID) -> Any:
        """Offer drivers and lorries for a booking, the best ones chosen already."""
        found = await run(self, dispatch.assignable, booking_id)
        self.asked = asked_for(found)
        self.driver_options = [driver_option(each) for each in found.drivers]
        self.lorry_options = [lorry_option(each) for each in found.lorries]
        self._begin(suggested(found))
        return open_dialog(SHEET)

    @handler
    async def assign(self, form: dict[str, Any]) -> Any:
        """Give the booking to a driver and a lorry; a refusal says why, and when a bin is free."""
        booking_id = as_id(self.asked.get("id", ""))
        booking = await self._submit(services.assign, booking_id, Draft(AssignmentEntry, form))
        if booking is None:
            return None
        await self._assigned()
        return [close_dialog(SHEET), toasts.done(say("{number} assigned", number=booking.number))]

    async def _assigned(self) -> None:
        """Show the page with fresh data."""
        raise NotImplementedError


def assignment_sheet(state: Any) -> rx.Component:
    """The form that gives a booking to a driver and a lorry."""
    f = Fields(state, "assignment")
    return form_sheet(
        state,
        SHEET,
        "Assign driver and lorry",
        key_values(
            ("Customer", state.asked["customer"]),
            ("When", state.asked["when"]),
            ("Bin", state.asked["bin"]),
            ("Where", state.asked["where"]),
        ),
        f.combobox("driver_id", "Driver", options=state.driver_options, required=True),
        f.combobox("lorry_id", "Lorry", options=state.lorry_options, required=True),
        rx.cond(
            state.asked["left_out"] != "",
            notice("Can't be assigned", state.asked["left_out"], tone="warn"),
            rx.fragment(),
        ),
        on_submit=state.assign,
        submit="Assign",
    )
