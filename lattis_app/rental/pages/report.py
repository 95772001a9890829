"""One report: what it is asked, its key figures, its chart, and its rows; every figure opens the records behind it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import plotly.graph_objects as go
import reflex as rx

from lattis_app.core import clock
from lattis_app.core.errors import Invalid, NotFound
from lattis_app.core.language import say, translate
from lattis_app.core.schemas import parse
from lattis_app.identity.permissions import Permission
from lattis_app.rental.documents.reports import readable
from lattis_app.rental.documents.wording import payment_method
from lattis_app.rental.pages.delivery_order_forms import choices, customers_like
from lattis_app.rental.pages.report_looks import LOOKS
from lattis_app.rental.pages.report_mails import mail_button, mail_sheet
from lattis_app.rental.pages.report_rows import (
    MOST_SHOWN,
    Heading,
    Line,
    Total,
    draw,
    headings,
    line,
    totals,
)
from lattis_app.rental.queries import customers
from lattis_app.rental.queries.reports.catalog import Report
from lattis_app.rental.schemas.reports.parts import NowFilters, ReportFilters
from lattis_app.rental.statuses import ExpenseCategory, PaymentMethod
from lattis_app.ui import moments
from lattis_app.ui.buttons import button, link, menu, menu_item
from lattis_app.ui.charts import chart_card
from lattis_app.ui.columns import Column
from lattis_app.ui.form_state import FormMixin, placed, refusal_problems
from lattis_app.ui.forms import Fields
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.kpis import kpi, kpi_row
from lattis_app.ui.layout import page_header
from lattis_app.ui.list_requests import Option
from lattis_app.ui.lists import as_id
from lattis_app.ui.pages import page
from lattis_app.ui.records import crumbs
from lattis_app.ui.states import empty, skeleton, skeleton_block

MOST_ROOMY = 8
SPANS = (("month", "This month"), ("last", "Last month"), ("30", "30 days"), ("year", "This year"))
STEPS = (("daily", "Days"), ("weekly", "Weeks"), ("monthly", "Months"))
METHODS = tuple((str(each), payment_method(each)) for each in PaymentMethod)
CATEGORIES = tuple((str(each), each.capitalize()) for each in ExpenseCategory)
CHART_COLUMNS = (Column("name", "Shown"), Column("figures", "Figures", "number"))
FILES: tuple[tuple[str, str, str, dict[str, str]], ...] = (
    ("pdf", "PDF", "file-text", {"target": "_blank"}),
    ("csv", "CSV", "file-text", {}),
    ("xlsx", "Excel (XLSX)", "file-spreadsheet", {}),
)


def span_of(name: str) -> dict[str, str]:
    """The first and last day of a span of this name."""
    today = clock.today()
    first = today.replace(day=1)
    last = first - timedelta(days=1)
    spans = {
        "month": (first, today),
        "last": (last.replace(day=1), last),
        "30": (today - timedelta(days=29), today),
        "year": (today.replace(month=1, day=1), today),
    }
    since, until = spans.get(name, spans["30"])
    return {"from": since.isoformat(), "to": until.isoformat()}


def read_asked(report: Report, given: Mapping[str, Any]) -> dict[str, str]:
    """What the address or the form asks of a report; what it does not know is left out."""
    names = {field.alias or name for name, field in report.filters.model_fields.items()}
    found = {name: str(value).strip()[:120] for name, value in given.items() if name in names}
    return {name: value for name, value in found.items() if value}


class ReportPage(FormMixin, rx.State):
    """A report and what it was asked."""

    slug: str = ""
    title: str = ""
    about: str = ""
    span: str = ""
    current: str = ""
    asks: list[str] = []
    is_dated: bool = False
    is_spanned: bool = False
    totals: list[Total] = []
    headings: list[Heading] = []
    lines: list[Line] = []
    cut: str = ""
    chart: go.Figure = go.Figure()
    chart_title: str = ""
    is_wide: bool = False
    is_money: bool = False
    chart_rows: list[dict[str, str]] = []
    chart_hrefs: list[list[str]] = []
    files: str = ""
    problem: str = ""
    customer_options: list[Option] = []
    driver_options: list[Option] = []
    lorry_options: list[Option] = []
    ready: bool = False

    @handler
    async def load(self) -> None:
        """Read the address and show what it asks for."""
        report = Report.named(str(self.router.url.path).rstrip("/").rpartition("/")[2])
        if report.slug != self.slug:
            self.ready, self.slug = False, report.slug
            self.title, self.about = translate(report.title), translate(report.about)
            self.asks = [field.alias or name for name, field in report.filters.model_fields.items()]
            self.is_spanned = issubclass(report.filters, ReportFilters)
            self.is_dated = not issubclass(report.filters, NowFilters)
            await self._offer()
        await self._show(report, read_asked(report, self.router.url.query_parameters))

    @handler
    async def ask(self, form: dict[str, Any]) -> Any:
        """Ask the report something else."""
        report = Report.named(self.slug)
        return await self._ask(report, read_asked(report, form))

    @handler
    async def choose_span(self, name: str) -> Any:
        """Look at another span."""
        report = Report.named(self.slug)
        kept = read_asked(report, dict(self.values.items()))
        return await self._ask(report, kept | span_of(name))

    @handler
    async def open_point(self, points: list[dict[str, Any]]) -> Any:
        """Open the records behind a point of the chart."""
        place, series = (
            (int(points[0].get(key, -1)) for key in ("pointIndex", "curveNumber")) if points else (-1, -1)
        )
        if 0 <= series < len(self.chart_hrefs) and 0 <= place < len(self.chart_hrefs[series]):
            href = self.chart_hrefs[series][place]
            return rx.redirect(href) if href else None
        return None

    @handler
    async def find_customers(self, words: str) -> None:
        """Offer customers while their name is typed."""
        self.customer_options = await run(self, customers_like, words)

    async def _offer(self) -> None:
        self.customer_options = await run(self, customers_like, "") if "customer_id" in self.asks else []
        if {"driver_id", "lorry_id"} & set(self.asks):
            found = await run(self, choices)
            self.driver_options, self.lorry_options = found.drivers, found.lorries

    async def _ask(self, report: Report, asked: dict[str, str]) -> Any:
        await self._show(report, asked)
        return rx.call_script(f"window.lattis.url({json.dumps(urlencode(asked, safe=','))}, false)")

    async def _show(self, report: Report, asked: dict[str, str]) -> None:
        self.errors, self.problem = {}, ""
        try:
            filters = parse(report.filters, asked)
            found = await run(self, report.find, filters)
        except Invalid as refusal:
            self._refuse(asked, refusal)
            return
        if isinstance(filters, ReportFilters):
            asked = asked | {"from": filters.since.isoformat(), "to": filters.until.isoformat()}
        self._begin(asked | await self._name_customer(asked.get("customer_id", "")))
        self.span = in_words(found.from_on, found.to_on)
        self.current = next((name for name, _ in SPANS if span_of(name).items() <= asked.items()), "")
        self.files = f"/v1/reports/{report.path}?{urlencode(asked | {'format': ''}, safe=',')}"
        self._draw(report, found, {key: value for key, value in asked.items() if key != "granularity"})
        self.ready = True

    async def _name_customer(self, customer_id: str) -> dict[str, str]:
        try:
            found = await run(self, customers.find, as_id(customer_id))
        except NotFound:
            return {}
        return {"customer_id_label": found.company_name}

    def _refuse(self, asked: dict[str, str], refusal: Invalid) -> None:
        self._begin(asked)
        beside, above = placed(refusal_problems(refusal), self.asks)
        words = [
            f"{translate(name.capitalize())}: {reason[:1].lower()}{reason[1:]}"
            for name, reason in beside.items()
        ]
        self.errors, self.problem = beside, ". ".join([*words, *([above] if above else [])])
        self.span, self.current, self.ready = "", "", True
        self.totals, self.lines, self.chart_rows = [], [], []

    def _draw(self, report: Report, found: Any, asked: dict[str, str]) -> None:
        look, columns = LOOKS[report.slug], readable(report.row)
        links = [look.row(row, asked) for row in found.rows]
        self.totals = totals(found, look.totals(asked))
        self.headings = headings(columns, found.rows[0] if found.rows else None)
        shown = found.rows[:MOST_SHOWN]
        self.lines = [line(row, columns, links[place], place) for place, row in enumerate(shown)]
        self.cut = (
            say("The first {shown} of {all} rows. A file holds them all.",
                shown=len(shown), all=f"{found.rows_in_all:,}")
            if found.rows_in_all > len(shown)
            else ""
        )  # fmt: skip
        drawn = draw(look, found.rows, links, columns)
        self.chart_title = drawn["title"]
        self.is_wide, self.is_money = len(columns) > MOST_ROOMY, any(each.is_money for each in columns)
        self.chart, self.chart_rows, self.chart_hrefs = drawn["figure"], drawn["rows"], drawn["hrefs"]
        if not any(getattr(found.totals, name) for name in type(found.totals).model_fields):
            self.lines, self.chart_rows = [], []


def in_words(since: date | None, until: date | None) -> str:
    """The span under the title."""
    if since is None and until is None:
        return say("As it stands now")
    return " – ".join(moments.day(each) for each in (since, until) if each is not None)


@page("/rental/reports/[report]", "Report", Permission.RENTAL_REPORTS_READ, on_load=ReportPage.load)
def report() -> rx.Component:
    """Head, questions, key figures, chart and rows."""
    state = ReportPage
    waiting = rx.fragment(skeleton_block("92px"), skeleton_block("300px"), skeleton_block("260px"))
    return rx.fragment(
        page_header(
            rx.cond(state.title != "", state.title, skeleton("180px", "20px")),
            rx.cond(state.title != "", rx.fragment(state.about, " ", state.span), skeleton("280px")),
            menu(
                "Export",
                "report-files",
                *[
                    menu_item(words, glyph=glyph, href=state.files + kind, download=True, **props)
                    for kind, words, glyph, props in FILES
                ],
            ),
            mail_button(state.slug, state.files),
            crumbs=crumbs(("Reports", "/rental/reports")),
        ),
        _questions(),
        rx.cond(state.ready, rx.cond(state.problem != "", _refused(), _answer()), waiting),
        mail_sheet(state.is_spanned),
    )


def _refused() -> rx.Component:
    state = ReportPage
    back = button("Show the last 30 days", on_click=state.choose_span("30"))
    return rx.el.section(
        empty("This can't be shown", state.problem, back, glyph="circle-alert"), class_name="card"
    )


def _questions() -> rx.Component:
    state, f = ReportPage, Fields(ReportPage, "report")

    def if_asked(name: str, field: rx.Component) -> rx.Component:
        return rx.cond(state.asks.contains(name), field, rx.fragment())

    fields = (
        rx.cond(state.is_dated, rx.fragment(f.date("from", "From"), f.date("to", "To")), rx.fragment()),
        if_asked("granularity", f.select("granularity", "Periods", STEPS, empty="As fits")),
        if_asked("method", f.select("method", "Payment", METHODS, empty="Any")),
        if_asked("category", f.select("category", "Category", CATEGORIES, empty="Any")),
        if_asked("area", f.text("area", "Area")),
        if_asked("state", f.text("state", "State")),
        if_asked("serial_number", f.text("serial_number", "Serial number")),
        if_asked("driver_id", f.select("driver_id", "Driver", state.driver_options, empty="Any")),
        if_asked("lorry_id", f.select("lorry_id", "Lorry", state.lorry_options, empty="Any")),
        if_asked(
            "customer_id",
            f.combobox(
                "customer_id", "Customer", options=state.customer_options, search=state.find_customers,
                placeholder="All customers",
            ),
        ),
    )  # fmt: skip
    form = rx.el.form(
        rx.el.div(*fields, button("Show", kind="primary", type="submit"), class_name="report-asks",
                  key=f"report-asks-{state.form_key}"),
        on_submit=state.ask,
        custom_attrs={"noValidate": True},
    )  # fmt: skip
    spans = rx.cond(state.is_spanned, _spans(), rx.fragment())
    return rx.cond(
        state.is_dated | (state.asks.length() > 2),
        rx.el.section(spans, form, class_name="card"),
        rx.fragment(),
    )


def _spans() -> rx.Component:
    state = ReportPage
    chosen = [
        rx.el.button(
            words,
            type="button",
            class_name="seg-item",
            aria_pressed=rx.cond(state.current == name, "true", "false"),
            on_click=state.choose_span(name),
        )
        for name, words in SPANS
    ]
    return rx.el.div(*chosen, class_name="seg report-spans", role="group", aria_label="Span")


def _answer() -> rx.Component:
    state = ReportPage
    figures = rx.foreach(state.totals, lambda each: kpi(each["label"], each["value"], href=each["href"]))
    nothing = rx.cond(
        state.is_spanned,
        empty(
            "Nothing in this span",
            "There are no records for what was asked. Choose a longer span, or ask for less.",
            glyph="chart-column",
        ),
        empty(
            "Nothing to report yet",
            "As soon as there are records of this, they are counted here.",
            glyph="chart-column",
        ),
    )
    chart = chart_card(
        state.chart_title,
        state.chart,
        ready=state.ready,
        columns=CHART_COLUMNS,
        rows=state.chart_rows,
        on_click=state.open_point,
        height=300,
    )
    found = rx.fragment(
        rx.el.div(kpi_row(figures), class_name="report-figures"),
        rx.cond(state.chart_rows.length() > 0, chart, rx.fragment()),
        _table(),
    )
    return rx.cond(state.lines.length() > 0, found, rx.el.section(nothing, class_name="card"))


def _table() -> rx.Component:
    state = ReportPage
    head = rx.foreach(
        state.headings, lambda each: rx.el.th(each["label"], scope="col", class_name=each["look"])
    )
    body = rx.foreach(
        state.lines,
        lambda row: rx.el.tr(rx.foreach(row["cells"], _cell), key=row["id"], data_card="row"),
    )
    look = "table table-compact table-cards"
    table = rx.el.table(
        rx.el.thead(rx.el.tr(head)),
        rx.el.tbody(body),
        class_name=rx.cond(state.is_wide, f"{look} table-dense", look),
        aria_label=state.title,
    )
    return rx.fragment(
        rx.el.div(rx.el.div(table, class_name="table-scroll", tab_index=0, role="region", aria_label=state.title),
                  class_name="card card-flush table-wrap"),
        rx.cond(state.is_money, rx.el.p("Amounts in RM", class_name="muted small"), rx.fragment()),
        rx.cond(state.cut != "", rx.el.p(state.cut, class_name="muted small"), rx.fragment()),
    )  # fmt: skip


def _cell(cell: Any) -> rx.Component:
    shown = rx.cond(
        cell["href"] != "", link(cell["text"], cell["href"], class_name="link-plain"), cell["text"]
    )
    return rx.el.td(shown, class_name=cell["look"], data_label=cell["label"], data_unit=cell["unit"])
