"""Giving a job to a driver and a lorry: the sheet that the dispatch board and the bookings share."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from lattis_app.core import clock
from lattis_app.core.language import aside, say
from lattis_app.rental.queries import dispatch
from lattis_app.rental.schemas.dispatch import (
    AssignableDriver,
    AssignableLorry,
    Assignment,
    HandingEntry,
    JobKind,
)
from lattis_app.rental.schemas.lorries import LorryOut
from lattis_app.rental.services import dispatching
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
RECORDS = {
    JobKind.BOOKING: "/rental/bookings?open={}",
    JobKind.ORDER: "/rental/delivery-orders?open={}",
    JobKind.RELOCATION: "/rental/delivery-orders?open={}",
}
Values = dict[str, str]


def driver_option(each: AssignableDriver) -> Option:
    """A driver to choose, with the day's load."""
    load = say("{jobs} of {most} jobs that day", jobs=each.jobs, most=each.jobs_per_day)
    full = say("Day is full") if each.jobs >= each.jobs_per_day else say("On another job at that time")
    return Option(value=str(each.id), label=each.name, note=load if each.free else f"{full} · {load}")


def lorry_option(each: AssignableLorry) -> Option:
    """A lorry to choose."""
    note = each.type if each.free else say("On another job at that time")
    return Option(value=str(each.id), label=each.registration_no, note=note)


def suggested(found: Assignment, driver_id: UUID | None = None) -> Values:
    """The form's first choice: this driver or the freest one, and the driver's lorry or a free one."""
    freest = [each for each in found.drivers if each.free and each.id != found.job.driver_id]
    driver = next((each for each in found.drivers if each.id == driver_id), freest[0] if freest else None)
    values: Values = {}
    if driver is not None:
        values |= {"driver_id": str(driver.id), "driver_id_label": driver.name}
    clear = found.lorry_of(driver.id) if driver else None
    free = [each for each in found.lorries if each.free]
    lorry = next((each for each in found.lorries if each.id == clear), free[0] if free else None)
    if lorry is not None:
        values |= {"lorry_id": str(lorry.id), "lorry_id_label": lorry.registration_no}
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


def asked_for(found: Assignment) -> Values:
    """What is to be assigned, in words."""
    job = found.job
    left_out = [why_not(each) for each in found.left_out if each.status != LorryStatus.INACTIVE]
    crew = [part for part in (job.driver_name, job.lorry_registration_no) if part]
    return {
        "id": str(job.id),
        "kind": job.kind,
        "number": job.number,
        "href": RECORDS[job.kind].format(job.record_id),
        "driver_id": str(job.driver_id or ""),
        "driver": " · ".join(crew) or say("Nobody yet"),
        "customer": f"{job.customer} · {job.number}",
        "when": moments.moment(job.scheduled_at),
        "bin": job.bin,
        "where": ", ".join(part for part in (job.site_address, job.area) if part) or "–",
        "left_out": " · ".join(left_out),
    }


class AssignmentMixin(FormMixin, mixin=True):
    """The job that is being assigned, and who could take it."""

    asked: dict[str, str] = {}
    driver_options: list[Option] = []
    lorry_options: list[Option] = []

    @handler
    async def begin_assignment(self, booking_id: UUID) -> Any:
        """Offer drivers and lorries for a booking, the best ones chosen already."""
        return await self._offer(JobKind.BOOKING, booking_id, None)

    @handler
    async def assign(self, form: dict[str, Any]) -> Any:
        """Give the job to a driver and a lorry; a refusal says why, and when a bin is free."""
        kind, job_id = JobKind(self.asked.get("kind", JobKind.BOOKING)), as_id(self.asked.get("id", ""))
        entry = Draft(HandingEntry, form | {"from_driver_id": self.asked.get("driver_id", "")})
        job = await self._submit(dispatching.give, kind, job_id, entry)
        if job is None:
            return None
        await self._assigned()
        return [close_dialog(SHEET), toasts.done(say("{number} assigned", number=job.number))]

    async def _offer(self, kind: JobKind, job_id: UUID, driver_id: UUID | None) -> Any:
        """Open the sheet for a job, this driver chosen if there is one."""
        found = await run(self, dispatch.assignable, kind, job_id)
        self.asked = asked_for(found)
        self.driver_options = [driver_option(each) for each in found.drivers]
        self.lorry_options = [lorry_option(each) for each in found.lorries]
        self._begin(suggested(found, driver_id))
        return open_dialog(SHEET)

    async def _assigned(self) -> None:
        """Show the page with fresh data."""
        raise NotImplementedError


def assignment_sheet(state: Any, *extras: Any) -> rx.Component:
    """The form that gives a job to a driver and a lorry."""
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
            ("Now with", state.asked["driver"]),
        ),
        *extras,
        f.combobox("driver_id", "Driver", options=state.driver_options, required=True),
        f.combobox(
            "lorry_id",
            "Lorry",
            options=state.lorry_options,
            hint="Left empty: the one the driver has that day",
        ),
        rx.cond(
            state.asked["left_out"] != "",
            notice("Can't be assigned", state.asked["left_out"], tone="warn"),
            rx.fragment(),
        ),
        on_submit=state.assign,
        submit="Assign",
    )
