"""Jobs: what recurs and when, how it went, run it now or look at what it would do, and deliver failed events again."""

from __future__ import annotations

from typing import Any

import reflex as rx

from lattis_app.core.pagination import PageRequest
from lattis_app.core.schemas import parse
from lattis_app.identity.permissions import Permission
from lattis_app.system.pages.job_rows import counts, delivery_row, job_row, run_row
from lattis_app.system.queries import jobs as queries
from lattis_app.system.schemas.jobs import RunEntry, RunFilters, RunOut
from lattis_app.system.services import jobs
from lattis_app.ui import toasts
from lattis_app.ui.badges import badge
from lattis_app.ui.buttons import button
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.form_state import FormMixin
from lattis_app.ui.frame_facts import register_counter
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import card, notice, page_header, row, stack
from lattis_app.ui.list_requests import Filter, ListRequest
from lattis_app.ui.lists import Listing, ListMixin, as_id
from lattis_app.ui.pages import page
from lattis_app.ui.states import empty, skeleton_block
from lattis_app.ui.tables import data_table

FAILED_SHOWN = PageRequest(limit=20)
STATUSES = (("done", "Done"), ("failed", "Failed"), ("running", "Running"), ("claimed", "Claimed"))
LIST = ListSpec(
    "job-runs",
    (
        Column("job", "Job", note="outcome", wraps=True),
        Column("status", "Status", "badge"),
        Column("kind", "Kind", priority=3),
        Column("by", "Asked by", priority=2),
        Column("claimed_at", "When", "date", sortable=True),
        Column("as_of", "As of", "date", hidden_by_default=True),
        Column("duration_ms", "Took", "number", sortable=True, priority=2),
    ),
    filters=(
        Filter("status", "Status", options=STATUSES),
        Filter("preview", "Kind", options=(("false", "Runs"), ("true", "Previews"))),
    ),
    views=(("Failed", "status=failed"),),
    search="Name of the job",
    export="/v1/jobs/runs",
)

register_counter("system.failed_jobs", queries.failures, Permission.PLATFORM_JOBS_READ)


class JobsState(ListMixin, FormMixin, rx.State):
    """Jobs, their runs, and events that did not reach everybody."""

    jobs: list[dict[str, str]] = []
    failed: list[dict[str, str]] = []
    busy: str = ""

    def _spec(self) -> ListSpec:
        return LIST

    async def _prepare(self) -> None:
        self.jobs = [job_row(job) for job in await run(self, queries.every)]
        found = await run(self, queries.failed_deliveries, FAILED_SHOWN)
        self.failed = [delivery_row(delivery) for delivery in found.rows]

    async def _fetch(self, request: ListRequest) -> Listing:
        filters = parse(RunFilters, {"q": request.q, **request.filters})
        titles = {job["id"]: job["name"] for job in self.jobs}
        found = await run(self, queries.runs, filters, PageRequest(request.page, request.limit, request.sort))
        return Listing([run_row(one, titles.get(one.job, one.job)) for one in found.rows], found.total)

    @handler
    async def run_now(self, name: str) -> Any:
        """Run a job at once."""
        return await self._run(name, RunEntry())

    @handler
    async def preview(self, name: str) -> Any:
        """Look at what a job would do; nothing is changed."""
        return await self._run(name, RunEntry(preview=True))

    async def _run(self, name: str, entry: RunEntry) -> Any:
        ran: RunOut = await run(self, _run_job, name, entry)
        await self._prepare()
        await self._again()
        title = next((job["name"] for job in self.jobs if job["id"] == name), name)
        if ran.error:
            return toasts.refused(f"Failed: {title}", ran.error)
        return toasts.done(f"{'Looked at' if entry.preview else 'Done'}: {title}", counts(ran.result))

    @handler
    async def replay(self, event_id: str) -> Any:
        """Deliver an event again."""
        await run(self, jobs.replay, as_id(event_id))
        return toasts.done("The event is delivered again in a moment")


def _run_job(session: Any, actor: Any, name: str, entry: RunEntry) -> RunOut:
    return RunOut.model_validate(jobs.run(session, actor, name, entry))


@page("/system/jobs", "Jobs", Permission.PLATFORM_JOBS_READ, on_load=JobsState.load)
def every_job() -> rx.Component:
    """Recurring work and how it goes."""
    return rx.fragment(
        page_header(
            "Jobs", "Recurring work, in the business's time zone. Running one twice changes nothing."
        ),
        rx.cond(JobsState.failed.length() > 0, _failed(), rx.fragment()),
        rx.cond(JobsState.loaded, _schedule(), skeleton_block("220px")),
        rx.el.h2("Runs"),
        data_table(
            JobsState,
            LIST,
            label="Runs of jobs",
            nothing=empty("No job has run yet", "Runs appear here as they come due.", glyph="timer"),
            opens_record=False,
        ),
    )


def _schedule() -> rx.Component:
    return card(
        rx.el.div(rx.foreach(JobsState.jobs, _job), class_name="stack", role="list", aria_label="Jobs"),
        title="Schedule",
    )


def _job(job: Any) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.div(job["name"], " ", badge(job["status"], job["status_tone"]), class_name="strong"),
            rx.el.div(rx.el.code(job["code"]), " · ", job["schedule"], class_name="muted small"),
            rx.el.div("Next ", job["next"], " · last ", job["last"], " · took ", job["took"], class_name="muted small num"),
        ),
        row(
            button("Preview", small=True, on_click=JobsState.preview(job["id"])),
            button("Run now", small=True, on_click=JobsState.run_now(job["id"])),
        ),
        class_name="row row-wrap row-between", role="listitem",
    )  # fmt: skip


def _failed() -> rx.Component:
    told = notice(
        "Some events did not reach everybody",
        "They are tried again with growing pauses; after that they wait here.",
        tone="bad",
    )
    waiting = rx.el.div(
        rx.foreach(JobsState.failed, _delivery),
        class_name="stack",
        role="list",
        aria_label="Failed deliveries",
    )
    return card(stack(told, waiting), title="Failed deliveries")


def _delivery(delivery: Any) -> rx.Component:
    return rx.el.div(
        stack(
            rx.el.div(delivery["event"], class_name="strong"),
            rx.el.div(delivery["about"], class_name="muted small"),
            rx.el.div(delivery["error"], class_name="small"),
            rx.el.div(
                delivery["attempts"], " attempts, last ", delivery["failed"], class_name="muted small num"
            ),
            tight=True,
        ),
        button("Deliver again", small=True, glyph="refresh-cw", on_click=JobsState.replay(delivery["id"])),
        class_name="row row-wrap row-between",
        role="listitem",
    )
