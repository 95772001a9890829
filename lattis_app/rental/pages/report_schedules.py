"""Reports that are e-mailed again and again: when, to whom, and how that went."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import reflex as rx

from lattis_app.audit.pages.histories import with_history
from lattis_app.core.language import say, translate
from lattis_app.core.schemas import parse
from lattis_app.rental.pages.report_mails import FILES, FREQUENCIES, PERIODS, SCHEDULE, schedule_fields
from lattis_app.rental.queries import report_schedules as queries
from lattis_app.rental.queries.reports.catalog import Report
from lattis_app.rental.schemas.report_schedules import (
    ReportScheduleChanges,
    ReportScheduleFilters,
    ReportScheduleOut,
)
from lattis_app.rental.schemas.reports.parts import ReportFilters
from lattis_app.rental.services import report_schedules as services
from lattis_app.ui import moments, toasts
from lattis_app.ui.badges import badge
from lattis_app.ui.buttons import button, link
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.conditions import only_while
from lattis_app.ui.dialogs import close_dialog, confirm, confirm_button, open_dialog
from lattis_app.ui.form_state import Corrections, FormMixin
from lattis_app.ui.forms import form_sheet
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import key_values, notice, page_header
from lattis_app.ui.list_requests import Filter, ListRequest
from lattis_app.ui.lists import Listing, ListMixin, as_id, display, wanted
from lattis_app.ui.pages import page
from lattis_app.ui.palette import Command, offer
from lattis_app.ui.records import (
    HistoryRow,
    crumbs,
    history,
    next_steps,
    record_head,
    record_panel,
    tabs,
)
from lattis_app.ui.states import empty
from lattis_app.ui.tables import counted, data_table

PLACE = "/rental/report-schedules"
SHEET, REMOVAL = "schedule-sheet", "remove-schedule"
STATES = {"active": ("On", "ok"), "paused": ("Paused", "neutral"), "failing": ("Not sent", "bad")}
LIST = ListSpec(
    "report-schedules",
    (
        Column("title", "Report", note="about"),
        Column("often", "When", note="file"),
        Column("to", "To", priority=2),
        Column("next_due_at", "Next", "date", sortable=True),
        Column("status", "Status", "badge"),
    ),
    filters=(Filter("active", "Sending", options=(("true", "On"), ("false", "Paused"))),),
    search="Report or e-mail address",
    export="/v1/report-schedules",
)
EDITED = ("frequency", "period", "hour", "file_kind", "recipients")
read = with_history(queries.find, "rental_report_schedules")
offer(Command("Scheduled e-mails of reports", PLACE, "mail", SCHEDULE))


def row(schedule: ReportScheduleOut) -> dict[str, str]:
    """One line of the list, and the record's facts."""
    words, tone = STATES[schedule.status]
    place = f"/rental/reports/{schedule.report}"
    has_days = issubclass(Report.named(schedule.report).filters, ReportFilters)
    many = len(schedule.recipients) - 1
    return {
        "id": str(schedule.id),
        "title": translate(schedule.title),
        "about": translate(PERIODS[schedule.period]) if has_days else say("As it stands when it is sent"),
        "has_days": "true" if has_days else "",
        "often": f"{translate(FREQUENCIES[schedule.frequency])}, {schedule.hour:02}:00",
        "file": FILES[schedule.file_kind],
        "to": schedule.recipients[0] + (say(" and {count} more", count=many) if many else ""),
        "recipients": ", ".join(schedule.recipients),
        "status": translate(words),
        "status_tone": tone,
        "paused": "" if schedule.active else "true",
        "error": schedule.last_error,
        "next_due_at": moments.moment(schedule.next_due_at) if schedule.active else "–",
        "last_sent_at": moments.moment(schedule.last_sent_at) if schedule.last_sent_at else say("Not yet"),
        "by": schedule.created_by,
        "href": f"{place}?{urlencode(schedule.asked, safe=',')}".rstrip("?"),
    }


class ReportSchedules(ListMixin, FormMixin, rx.State):
    """Scheduled reports with the open one."""

    record: dict[str, str] = {}
    events: list[HistoryRow] = []

    def _spec(self) -> ListSpec:
        return LIST

    async def _fetch(self, request: ListRequest) -> Listing:
        filters = parse(ReportScheduleFilters, {"q": request.q, **request.filters})
        found = await run(self, queries.page, filters, wanted(request))
        return Listing(display(found, row), found.total)

    async def _fetch_record(self, record_id: str) -> None:
        found, self.events = await run(self, read, as_id(record_id))
        self.record = row(found)

    @handler
    async def edit(self) -> Any:
        """Open the form of the report beside the list."""
        found = await run(self, queries.find, as_id(self.open_id))
        values = {name: str(getattr(found, name)) for name in EDITED}
        self._begin(values | {"recipients": ", ".join(found.recipients)})
        return open_dialog(SHEET)

    @handler
    async def save(self, form: dict[str, Any]) -> Any:
        """Keep what was changed."""
        changes = Corrections(ReportScheduleChanges, form, dict(self.values))
        if await self._submit(services.update, as_id(self.open_id), changes) is None:
            return None
        await self._again()
        return [close_dialog(SHEET), toasts.done(say("Changed"))]

    @handler
    async def pause(self, paused: bool) -> Any:
        """Send the open report no more for now, or again; the toast takes it back."""
        changes = ReportScheduleChanges(active=not paused)
        await run(self, services.update, as_id(self.open_id), changes)
        await self._again()
        said = say("Paused") if paused else say("Sent again from now on")
        return toasts.done(said, undo=ReportSchedules.pause(not paused))

    @handler
    async def send(self) -> Any:
        """Send the open report now."""
        sent = await run(self, services.send_now, as_id(self.open_id))
        await self._again()
        return toasts.done(say("E-mails on their way: {count}", count=sent))

    @handler
    async def remove(self, form: dict[str, Any]) -> Any:
        """Forget the open report."""
        await run(self, services.remove, as_id(self.open_id))
        self.open_id, self.record = "", {}
        await self._again()
        return [close_dialog(REMOVAL), toasts.done(say("It is sent no more"))]


@page(PLACE, "Scheduled e-mails", SCHEDULE, on_load=ReportSchedules.load)
def report_schedules() -> rx.Component:
    """Scheduled reports with the record beside the list."""
    state = ReportSchedules
    reports = button("Choose a report", kind="primary", href="/rental/reports")
    return rx.fragment(
        page_header(
            "Scheduled e-mails",
            counted(state, "report", "reports"),
            crumbs=crumbs(("Reports", "/rental/reports")),
        ),
        data_table(
            state,
            LIST,
            label="Scheduled e-mails",
            nothing=empty(
                "No report is e-mailed yet",
                "Open a report, set its filters, and choose “E-mail this report…”: whoever should know gets it by itself.",
                reports,
                glyph="mail",
            ),
        ),
        record_panel(state, *_record(), label="Scheduled e-mail"),
        form_sheet(
            state,
            SHEET,
            "Change when and to whom",
            *schedule_fields(state, "schedule", has_days=state.record["has_days"] != ""),
            on_submit=state.save,
            subtitle=state.record["title"],
        ),
        confirm(
            REMOVAL,
            "Send this report no more?",
            "What was sent stays in the outbox. To stop for a while only, pause it.",
            action="Remove",
            on_confirm=state.remove,
            attempt=state.attempt,
        ),
    )


def _record() -> list[rx.Component]:
    state, record = ReportSchedules, ReportSchedules.record
    going = rx.cond(
        record["paused"] != "",
        button("Go on", kind="primary", on_click=state.pause(False)),
        button("Pause", on_click=state.pause(True)),
    )
    return [
        record_head("Scheduled e-mail", record["title"], on_close=state.close_record),
        only_while(record["error"] != "", notice("It could not be sent", record["error"], tone="bad")),
        next_steps(
            going,
            button("Send now", glyph="send", on_click=state.send),
            button("Edit", glyph="pencil", on_click=state.edit),
            confirm_button("Remove", REMOVAL, kind="danger"),
        ),
        tabs(
            "schedule-tabs",
            (
                "Summary",
                key_values(
                    ("Status", badge(record["status"], record["status_tone"])),
                    ("When", record["often"]),
                    ("About", record["about"]),
                    ("As", record["file"]),
                    ("To", record["recipients"]),
                    ("Next", record["next_due_at"]),
                    ("Last sent", record["last_sent_at"]),
                    ("Asked for by", record["by"]),
                    ("Report", link("Open the report", record["href"])),
                ),
            ),
            ("History", history(state.events)),
        ),
    ]
