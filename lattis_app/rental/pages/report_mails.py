"""The sheet that asks when, as what and to whom a report is e-mailed."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import reflex as rx

from lattis_app.core.language import say
from lattis_app.identity.permissions import Permission
from lattis_app.rental.queries.reports.catalog import Report
from lattis_app.rental.rules.report_schedules import ReportFile, ReportFrequency, ReportPeriod
from lattis_app.rental.schemas.report_schedules import ReportScheduleEntry
from lattis_app.rental.services import report_schedules as services
from lattis_app.ui import toasts
from lattis_app.ui.buttons import button
from lattis_app.ui.conditions import if_may
from lattis_app.ui.dialogs import close_dialog, open_dialog
from lattis_app.ui.form_state import Draft, FormMixin
from lattis_app.ui.forms import Fields, form_sheet, side_by_side
from lattis_app.ui.handlers import handler

SHEET = "report-mail-sheet"
SCHEDULE = Permission.RENTAL_REPORTS_SCHEDULE
FREQUENCIES = {
    ReportFrequency.DAILY: "Every day",
    ReportFrequency.WEEKLY: "Every Monday",
    ReportFrequency.MONTHLY: "On the first of every month",
}
PERIODS = {
    ReportPeriod.YESTERDAY: "The day before",
    ReportPeriod.LAST_WEEK: "The last week, Monday to Sunday",
    ReportPeriod.LAST_MONTH: "The last month",
}
FILES = {ReportFile.PDF: "PDF", ReportFile.XLSX: "Excel (XLSX)", ReportFile.CSV: "CSV"}
HOURS = tuple((str(hour), f"{hour:02}:00") for hour in range(24))
USUAL = {"frequency": "weekly", "period": "last_week", "hour": "8", "file_kind": "pdf"}


def schedule_fields(state: Any, form: str, *, has_days: Any) -> list[rx.Component]:
    """When, about which days, as what, and to whom; a report of how things stand has no days."""
    f = Fields(state, form)

    def options(names: dict[Any, str]) -> tuple[tuple[str, str], ...]:
        return tuple((str(value), words) for value, words in names.items())

    return [
        side_by_side(
            f.select("frequency", "How often", options(FREQUENCIES), required=True),
            f.select("hour", "At", HOURS, required=True),
        ),
        rx.cond(has_days, f.select("period", "About", options(PERIODS), required=True), rx.fragment()),
        f.select("file_kind", "As", options(FILES), required=True),
        f.textarea(
            "recipients", "To", required=True, rows="3",
            hint="E-mail addresses with commas between them, at most 20",
        ),
    ]  # fmt: skip


class ReportMail(FormMixin, rx.State):
    """The report that is to be e-mailed, and what it is asked."""

    slug: str = ""
    title: str = ""
    asked: dict[str, str] = {}

    @handler
    async def begin(self, slug: str, question: str) -> Any:
        """Ask when and to whom a report is sent, with what the address of its file asks it."""
        report = Report.named(slug[:60])
        self.slug, self.title = report.slug, report.title
        given = dict(parse_qsl(question[:2000].partition("?")[2]))
        self.asked = {name: value for name, value in given.items() if name not in ("from", "to", "format")}
        self._begin(USUAL)
        return open_dialog(SHEET)

    @handler
    async def save(self, form: dict[str, Any]) -> Any:
        """Send the report from now on."""
        entry = {"period": USUAL["period"]} | form | {"report": self.slug}
        saved = await self._submit(_schedule, Draft(ReportScheduleEntry, entry), dict(self.asked))
        if saved is None:
            return None
        done = say("{title} is sent from now on", title=self.title)
        return [close_dialog(SHEET), toasts.done(done, say("See all under Reports, Scheduled e-mails."))]


def _schedule(session: Any, actor: Any, entry: ReportScheduleEntry, asked: dict[str, str]) -> str:
    made = services.create(session, actor, entry.model_copy(update={"asked": asked}))
    return str(made.id)


def mail_button(slug: Any, address: Any) -> rx.Component:
    """Opens the sheet."""
    begin = ReportMail.begin(slug, address)
    return if_may(SCHEDULE, button("E-mail this report…", glyph="mail", on_click=begin))


def mail_sheet(has_days: Any) -> rx.Component:
    """The sheet itself, once on the page."""
    state = ReportMail
    return form_sheet(
        state,
        SHEET,
        "E-mail this report",
        *schedule_fields(state, "mail", has_days=has_days),
        on_submit=state.save,
        submit="Send from now on",
        subtitle=state.title,
        note="With the filters that are set now",
    )
