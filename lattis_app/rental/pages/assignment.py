"""Dispatch: one day's board. What waits for a driver, what each driver does, and what is outstanding."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import reflex as rx

from lattis_app.core import clock
from lattis_app.core.errors import DomainError, Unauthorized
from lattis_app.core.language import say, translate
from lattis_app.identity.permissions import Permission
from lattis_app.rental.pages.assignment_forms import SHEET, AssignmentMixin, assignment_sheet
from lattis_app.rental.pages.assignment_rows import Card, Lane, lanes, summary, week
from lattis_app.rental.pages.dispatch_board import DispatchBoard, spoken
from lattis_app.rental.queries import dispatch
from lattis_app.rental.schemas.dispatch import HandingEntry, JobKind, JobOut
from lattis_app.rental.services import dispatching
from lattis_app.ui import moments, toasts
from lattis_app.ui.buttons import button, link
from lattis_app.ui.dialogs import close_dialog
from lattis_app.ui.frame import live_refresh
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import page_header, row
from lattis_app.ui.lists import as_id
from lattis_app.ui.pages import page
from lattis_app.ui.states import empty, skeleton_block


class Dispatch(AssignmentMixin, rx.State):
    """The board of one day."""

    title: str = ""
    told: str = ""
    days: list[Card] = []
    lanes: list[Lane] = []
    words: dict[str, str] = {}
    moved: dict[str, str] = {}
    version: int = 0
    is_bare: bool = False
    loaded: bool = False

    @handler
    async def load(self) -> None:
        """Show the day that the address names; today when it names none."""
        self.moved, self.words = {}, spoken()
        await self._show()

    @handler
    async def refresh(self) -> None:
        """Show what others have done meanwhile."""
        if self.loaded:
            await self._show()

    @handler
    async def open_job(self, kind: JobKind, job_id: UUID) -> Any:
        """Offer drivers and lorries for a job without dragging it."""
        return await self._offer(kind, job_id, None)

    @handler
    async def give(self, kind: JobKind, job_id: UUID, from_driver_id: str, to_driver_id: str) -> Any:
        """Give a dropped job to the driver of its lane, or to nobody; a refused one goes back."""
        return await self._move(kind, job_id, from_driver_id, to_driver_id)

    @handler
    async def take_back(self) -> Any:
        """Take the job that stands open from its driver."""
        asked = dict(self.asked)
        if not asked.get("driver_id"):
            return None
        said = await self._move(JobKind(asked["kind"]), as_id(asked["id"]), asked["driver_id"], "")
        return [close_dialog(SHEET), said]

    @handler
    async def undo(
        self, kind: JobKind, job_id: UUID, from_driver_id: str, to_driver_id: str, lorry_id: str
    ) -> Any:
        """Put a job back to the driver and the lorry it had before."""
        try:
            job = await self._hand(kind, job_id, from_driver_id, to_driver_id, lorry_id)
        except DomainError as refusal:
            return await self._refused(str(job_id), refusal)
        return toasts.done(_done(job))

    async def _move(self, kind: JobKind, job_id: UUID, from_driver_id: str, to_driver_id: str) -> Any:
        try:
            before = await run(self, dispatch.find, kind, job_id)
            job = await self._hand(kind, job_id, from_driver_id, to_driver_id, "")
        except dispatching.LorryNotClear:
            await self._show()
            return await self._offer(kind, job_id, as_id(to_driver_id))
        except DomainError as refusal:
            return await self._refused(str(job_id), refusal)
        had = (str(before.driver_id or ""), str(before.lorry_id or ""))
        undo = Dispatch.undo(kind, str(job_id), str(job.driver_id or ""), *had)
        return toasts.done(_done(job), undo=undo)

    async def _hand(
        self, kind: JobKind, job_id: UUID, from_driver_id: str, to_driver_id: str, lorry_id: str
    ) -> JobOut:
        had = as_id(from_driver_id) if from_driver_id else None
        if to_driver_id:
            entry = HandingEntry(
                driver_id=as_id(to_driver_id),
                lorry_id=as_id(lorry_id) if lorry_id else None,
                from_driver_id=had,
            )
            job = await run(self, dispatching.give, kind, job_id, entry)
        else:
            job = await run(self, dispatching.take_back, kind, job_id, had)
        await self._show()
        return job

    async def _refused(self, job_id: str, refusal: DomainError) -> Any:
        if isinstance(refusal, Unauthorized):
            raise refusal
        if isinstance(refusal, dispatching.JobMoved):
            self.moved = {**self.moved, job_id: translate(refusal.message)}
        await self._show()
        return toasts.refused(refusal.message)

    async def _assigned(self) -> None:
        await self._show()

    async def _show(self) -> None:
        found = await run(self, dispatch.board, self._day())
        self.title, self.told, self.days = moments.long_day(found.day), summary(found), week(found)
        self.lanes = lanes(found, self.moved)
        self.is_bare = not found.drivers and not found.waiting
        self.version += 1
        self.loaded = True

    def _day(self) -> date:
        try:
            return date.fromisoformat(self.router.url.query_parameters.get("day", ""))
        except ValueError:
            return clock.today()


def _done(job: JobOut) -> str:
    """What became of a job, in words."""
    if job.driver_name is None:
        return say("{number} waits for a driver again", number=job.number)
    crew = f"{job.driver_name} · {job.lorry_registration_no}"
    return say("{number} given to {crew}", number=job.number, crew=crew)


@page("/rental/assignment", "Dispatch", Permission.RENTAL_BOOKINGS_ASSIGN, on_load=Dispatch.load)
def assignment() -> rx.Component:
    """The board: not assigned, each driver, outstanding."""
    state = Dispatch
    return rx.fragment(
        live_refresh(state.refresh, "booking.", "do."),
        page_header(
            rx.fragment("Dispatch", rx.cond(state.title != "", rx.el.span(" · ", state.title), "")),
            state.told,
            rx.el.nav(rx.foreach(state.days, _day), class_name="seg seg-days", aria_label="Day"),
        ),
        rx.cond(state.loaded, _board(), skeleton_block("360px")),
        assignment_sheet(state, _open_job()),
    )


def _board() -> rx.Component:
    state = Dispatch
    return rx.cond(
        state.is_bare,
        empty(
            "No drivers yet",
            "The board shows one lane for each driver. Add those who drive, then take the first booking.",
            link("Add drivers", "/rental/drivers", class_name="btn btn-primary"),
            link("New booking", "/rental/bookings?new=1", class_name="btn"),
            glyph="route",
        ),
        DispatchBoard.create(
            columns=state.lanes,
            words=state.words,
            version=state.version,
            on_give=state.give,
            on_open=state.open_job,
        ),
    )


def _open_job() -> rx.Component:
    asked = Dispatch.asked
    back = button("Take back", small=True, on_click=Dispatch.take_back)
    return row(
        link(rx.fragment("Open ", asked["number"]), asked["href"], class_name="btn btn-small"),
        rx.cond(asked["driver_id"] != "", back, rx.fragment()),
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
