"""The reports' home: how the last thirty days went, and every report with what it says."""

from __future__ import annotations

import reflex as rx

from lattis_app.core.language import translate
from lattis_app.core.money import Money
from lattis_app.core.schemas import parse
from lattis_app.identity.permissions import Permission
from lattis_app.rental.pages.report_looks import LOOKS
from lattis_app.rental.pages.report_rows import Total
from lattis_app.rental.queries.reports import finance
from lattis_app.rental.queries.reports.catalog import GROUPS, REPORTS, Report
from lattis_app.rental.schemas.reports.parts import PeriodFilters
from lattis_app.ui.buttons import button, link
from lattis_app.ui.conditions import if_may
from lattis_app.ui.frame import live_refresh
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.icons import icon
from lattis_app.ui.kpis import kpi, kpi_row
from lattis_app.ui.layout import card, page_header
from lattis_app.ui.pages import page
from lattis_app.ui.palette import Command, offer
from lattis_app.ui.states import skeleton_block

FIGURES = {
    "sales_total": "Sales",
    "payments_total": "Payments",
    "outstanding_total": "Outstanding",
    "net_cash": "Net cash",
}
PLACE = "/rental/reports/"
offer(*[
    Command(f"Report: {each.title}", PLACE + each.slug, "chart-column", Permission.RENTAL_REPORTS_READ)
    for each in REPORTS
])  # fmt: skip


class ReportsHome(rx.State):
    """The key figures of the last thirty days."""

    figures: list[Total] = []
    ready: bool = False

    @handler
    async def load(self) -> None:
        """Add up the last thirty days."""
        filters = parse(PeriodFilters, {})
        found = await run(self, finance.summary, filters)
        links = LOOKS["summary"].totals({"from": filters.since, "to": filters.until})
        self.figures = [
            Total(
                label=translate(words),
                value=Money(getattr(found.totals, name)).text(),
                href=links.get(name, PLACE + "summary"),
            )
            for name, words in FIGURES.items()
        ]
        self.ready = True


@page("/rental/reports", "Reports", Permission.RENTAL_REPORTS_READ, on_load=ReportsHome.load)
def reports() -> rx.Component:
    """Key figures, then the reports in groups."""
    state = ReportsHome
    figures = rx.foreach(
        state.figures, lambda each: kpi(each["label"], each["value"], "Last 30 days", href=each["href"])
    )
    return rx.fragment(
        live_refresh(state.load, "invoice.", "payment.", "refund."),
        page_header(
            "Reports",
            "What the business did, earned and is owed. Every figure opens its records.",
            if_may(
                Permission.RENTAL_REPORTS_SCHEDULE,
                button("Scheduled e-mails", glyph="mail", href="/rental/report-schedules"),
            ),
        ),
        rx.cond(state.ready, kpi_row(figures), skeleton_block("92px")),
        rx.el.div(*[_group(name) for name in GROUPS], class_name="report-groups"),
    )


def _group(name: str) -> rx.Component:
    return card(*[_report(each) for each in REPORTS if each.group == name], title=name)


def _report(each: Report) -> rx.Component:
    face = rx.fragment(
        rx.el.span(
            rx.el.span(each.title, class_name="needs-title"), rx.el.small(each.about), class_name="needs-text"
        ),
        icon("chevron-right"),
    )
    return link(face, PLACE + each.slug, class_name="needs")
