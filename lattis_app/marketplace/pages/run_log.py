"""What the weekly runs have billed, the latest first."""

from __future__ import annotations

import reflex as rx

from lattis_app.core.language import say
from lattis_app.identity.permissions import Permission
from lattis_app.marketplace.pages.run_tabs import LOG, NEXT, run_tabs
from lattis_app.marketplace.queries import runs as queries
from lattis_app.marketplace.rules.amounts import figures
from lattis_app.marketplace.rules.weeks import ZONE
from lattis_app.marketplace.schemas.runs import LoggedRunOut
from lattis_app.ui import moments
from lattis_app.ui.buttons import button
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.conditions import if_may
from lattis_app.ui.frame import live_refresh
from lattis_app.ui.handlers import run
from lattis_app.ui.layout import page_header
from lattis_app.ui.list_requests import ListRequest
from lattis_app.ui.lists import Listing, display, wanted
from lattis_app.ui.pages import page
from lattis_app.ui.record_lists import RecordsMixin
from lattis_app.ui.states import empty
from lattis_app.ui.tables import counted, data_table
from lattis_app.ui.values import dash

LIST = ListSpec(
    "marketplace-runs",
    (
        Column("week", "Week", note="span"),
        Column("finished_at", "Finished", "date", sortable=True, note="took"),
        Column("who", "By", priority=3),
        Column("due", "Due", "date", priority=2),
        Column("outcome", "Outcome", "badge"),
        Column("orders", "Orders", "number", priority=2),
        Column("mkd", "Billed (MKD)", "money"),
        Column("eur", "Billed (EUR)", "money"),
    ),
    search="",
)


def row(each: LoggedRunOut) -> dict[str, str]:
    """One run of one week."""
    seconds = (each.finished_at - each.started_at).total_seconds()
    return {
        "id": f"{each.id}-{each.week}",
        "week": each.week,
        "span": moments.day(each.week_start_date),
        "finished_at": moments.moment(each.finished_at, ZONE),
        "took": say("in {count} steps, {seconds} s", count=each.steps, seconds=round(seconds))
        if each.steps > 1
        else "",
        "who": dash(each.requested_by),
        "due": moments.day(each.due_date),
        "outcome": say("1 invoice") if each.invoices == 1 else say("{count} invoices", count=each.invoices),
        "outcome_tone": "ok",
        "orders": f"{each.orders:,}",
        "mkd": figures(each.total_amount_mkd, "MKD") if each.total_amount_mkd else "–",
        "eur": figures(each.total_amount_eur, "EUR") if each.total_amount_eur else "–",
    }


class RunLog(RecordsMixin, rx.State):
    """The runs that billed anything."""

    def _spec(self) -> ListSpec:
        return LIST

    async def _fetch(self, request: ListRequest) -> Listing:
        found = await run(self, queries.log, wanted(request))
        return Listing(display(found, row), found.total)


@page(LOG, "Run log", Permission.MARKETPLACE_INVOICES_READ, on_load=RunLog.load)
def run_log() -> rx.Component:
    """The log of runs."""
    state = RunLog
    jobs = button("Schedule and failures", glyph="timer", href="/system/jobs")
    return rx.fragment(
        live_refresh(state.refresh, "seller_invoice."),
        page_header(
            "Weekly billing", counted(state, "run", "runs"), if_may(Permission.PLATFORM_JOBS_READ, jobs)
        ),
        run_tabs(LOG),
        data_table(
            state,
            LIST,
            label="Runs",
            nothing=empty(
                "No run has billed anything yet",
                "Runs happen every Monday at 00:00 by themselves and catch up what was missed. One that finds "
                "nothing to bill is not listed.",
                button("Look at the next run", kind="primary", href=NEXT),
                glyph="calendar-clock",
            ),
            opens_record=False,
        ),
    )
