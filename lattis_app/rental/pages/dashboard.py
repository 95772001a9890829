"""The dashboard: how business stands, what needs somebody, and today's jobs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import plotly.graph_objects as go
import reflex as rx

from lattis_app.core import clock
from lattis_app.core.language import say, translate
from lattis_app.core.money import Money
from lattis_app.identity.permissions import Permission
from lattis_app.rental.pages.booking_rows import STATUS as BOOKED
from lattis_app.rental.pages.delivery_order_rows import ROAD
from lattis_app.rental.queries import dashboard as queries
from lattis_app.rental.schemas.dashboard import Dashboard as Summary
from lattis_app.rental.schemas.dashboard import TodaysJob
from lattis_app.rental.statuses import BookingStatus, FulfilmentStatus
from lattis_app.ui import moments
from lattis_app.ui.buttons import link, segmented
from lattis_app.ui.charts import bars, chart_card
from lattis_app.ui.columns import Column
from lattis_app.ui.frame import live_refresh
from lattis_app.ui.handlers import actor_of, handler, run
from lattis_app.ui.icons import icon
from lattis_app.ui.kpis import compare, fall, kpi, kpi_row, look_of
from lattis_app.ui.layout import card, needs_you, page_header
from lattis_app.ui.needs import of as needs_of_others
from lattis_app.ui.pages import page
from lattis_app.ui.states import empty, skeleton, skeleton_block
from lattis_app.ui.tables import simple_table

SPANS = (("7", "7 days"), ("30", "30 days"), ("365", "Year"))
ALERTS_IN_WORDS = {
    "unassigned": "No driver",
    "expired": "Expired",
    "expiring": "Expiring",
    "overdue": "Overdue",
    "late": "Late bins",
    "invoice": "Invoice",
}
ALERT_TONES = {"unassigned": "bad", "expired": "bad", "invoice": "info"}
FIRST_STEPS = (
    ("Your bins", "One by one, or all at once from a file", "/rental/bins"),
    ("Your lorries", "With their papers, so that none runs out unnoticed", "/rental/lorries"),
    ("Your drivers", "They sign in with name, identity card and phone", "/rental/drivers"),
    ("Your customers", "Then take their first booking", "/rental/customers"),
)
COUNTED = "issued,partially_paid,paid,closed"
OPEN = "issued,partially_paid"
WEEKS = (
    Column("week", "Week from"),
    Column("invoiced", "Invoiced (RM)", "money"),
    Column("collected", "Collected (RM)", "money"),
)
JOBS = (
    Column("time", "Time"),
    Column("customer", "Customer", "link"),
    Column("bin", "Bin"),
    Column("driver", "Driver · lorry"),
    Column("road", "Status", "badge"),
    Column("amount", "Amount (RM)", "money"),
)


def figures(shown: Summary, days: int) -> dict[str, str]:
    """The cards' figures, the words beneath them, and what each is made of."""
    each, span = shown.figures, f"from={shown.since}&to={shown.since + timedelta(days=days - 1)}"
    late = say("1 overdue") if each.bins_late == 1 else say("{count} overdue", count=each.bins_late)
    many = say("{count} customers", count=each.old_customers)
    customers = say("1 customer") if each.old_customers == 1 else many
    return {
        "sales": Money(each.sales).text(),
        "sales_href": f"/rental/invoices?status={COUNTED}&{span}",
        "collected": Money(each.collected).text(),
        "collected_note": say("cash {amount}", amount=Money(each.collected_cash).text()),
        "collected_href": f"/rental/payments?{span}",
        "before": say("against the {days} days before", days=days),
        "outstanding": Money(each.outstanding).text(),
        "outstanding_old": Money(each.outstanding_old).text() if each.outstanding_old else "",
        "outstanding_note": say("over 30 days") + " · " + customers
        if each.outstanding_old
        else say("Nothing is older than 30 days"),
        "outstanding_href": f"/rental/invoices?status={OPEN}",
        "bins": str(each.bins_out),
        "bins_unit": say("of {bins}", bins=each.bins),
        "bins_late": late if each.bins_late else "",
        "bins_note": say("for collection") if each.bins_late else say("None is overdue for collection"),
    } | trends(shown)


def trends(shown: Summary) -> dict[str, str]:
    """How sales and collections changed against the span before, and whether that is good."""
    each = shown.figures
    found = {"sales": compare(each.sales, each.sales_before)}
    found["collected"] = compare(each.collected, each.collected_before)
    return {f"{name}_trend": text for name, text in found.items()} | {
        f"{name}_look": look_of(text) for name, text in found.items()
    }


def job(each: TodaysJob) -> dict[str, str]:
    """One of today's jobs."""
    word, tone = (
        BOOKED[BookingStatus(each.status)] if each.is_booking else ROAD[FulfilmentStatus(each.status)]
    )
    place = "bookings" if each.is_booking else "delivery-orders"
    driven = " · ".join(part for part in (each.driver, each.lorry) if part)
    return {
        "id": str(each.id),
        "time": moments.hour(each.scheduled_at),
        "customer": each.company_name,
        "customer_href": f"/rental/{place}?open={each.id}",
        "bin": each.bin,
        "driver": driven or say("Not assigned"),
        "road": say(word),
        "road_tone": tone,
        "amount": "–" if each.amount is None else Money(each.amount).figures(),
    }


class DashboardState(rx.State):
    """The dashboard of a span of days."""

    days: str = "30"
    hello: str = ""
    today: str = ""
    shown: dict[str, str] = {}
    weeks: list[dict[str, str]] = []
    alerts: list[dict[str, str]] = []
    jobs: list[dict[str, str]] = []
    chart: go.Figure = go.Figure()
    mondays: list[str] = []
    ready: bool = False

    @handler
    async def load(self) -> None:
        """Show how business stands."""
        await self._show()

    @handler
    async def choose(self, days: str) -> None:
        """Look at another span."""
        self.days = days if days in dict(SPANS) else "30"
        await self._show()

    @handler
    async def open_week(self, points: list[dict[str, Any]]) -> Any:
        """Open the invoices or the payments of the week whose bar was pressed."""
        place, series = (
            (int(points[0].get(key, -1)) for key in ("pointIndex", "curveNumber")) if points else (-1, -1)
        )
        if not 0 <= place < len(self.mondays):
            return None
        since = date.fromisoformat(self.mondays[place])
        span = f"from={since}&to={since + timedelta(days=6)}"
        invoices = f"/rental/invoices?status={COUNTED}&{span}"
        return rx.redirect(f"/rental/payments?{span}" if series == 1 else invoices)

    async def _show(self) -> None:
        found: Summary = await run(self, queries.summarise, int(self.days))
        self.hello = moments.greeting((await actor_of(self)).name)
        self.today = headline(found)
        self.shown = figures(found, int(self.days))
        self.jobs = [job(each) for each in found.jobs]
        self.alerts = [*needs(found), *map(dict, await run(self, needs_of_others))]
        self._draw(found)
        self.ready = True

    def _draw(self, found: Summary) -> None:
        labels = [moments.day(week.monday).rpartition(" ")[0] for week in found.weeks]
        self.mondays = [week.monday.isoformat() for week in found.weeks]
        invoiced, collected = [w.invoiced for w in found.weeks], [w.collected for w in found.weeks]
        self.chart = bars(
            {
                say("Invoiced"): [minor / 100 for minor in invoiced],
                say("Collected"): [minor / 100 for minor in collected],
            },
            labels,
            x=say("Week from"),
            y="RM",
        )
        self.weeks = [
            {"week": label, "invoiced": Money(a).figures(), "collected": Money(b).figures()}
            for label, a, b in zip(labels, invoiced, collected, strict=True)
            if any((*invoiced, *collected))
        ]


def needs(found: Summary) -> list[dict[str, str]]:
    """What needs somebody; of a company that has no bins yet, what to begin with."""
    if not found.figures.bins:
        return [
            {"tone": "info", "word": say("Add"), "title": say(title), "text": say(text), "href": href}
            for title, text, href in FIRST_STEPS
        ]
    return [
        {
            "tone": ALERT_TONES.get(each.kind, "warn"),
            "word": say(ALERTS_IN_WORDS[each.kind]),
            "title": translate(each.title),
            "text": translate(each.text),
            "href": each.href,
        }
        for each in found.alerts
    ]


def headline(found: Summary) -> str:
    """The day and what it holds, in words."""
    jobs = say("1 job today") if found.jobs_today == 1 else say("{count} jobs today", count=found.jobs_today)
    left = say("{count} not assigned", count=found.unassigned) if found.unassigned else ""
    return f"{moments.long_day(clock.today())} · " + ", ".join(part for part in (jobs, left) if part)


@page("/dashboard", "Dashboard", Permission.RENTAL_DASHBOARD_READ, on_load=DashboardState.load)
def dashboard() -> rx.Component:
    """Figures, what needs somebody, chart and today's jobs."""
    state = DashboardState
    new = link(
        rx.fragment(icon("plus"), "New booking"), "/rental/bookings?new=1", class_name="btn btn-primary"
    )
    return rx.fragment(
        live_refresh(
            state.load,
            "invoice.",
            "payment.",
            "do.",
            "booking.",
            "merchant_invoice.",
            "parcel.",
            "seller_invoice.",
        ),
        page_header(
            rx.cond(state.ready, state.hello, skeleton("190px", "20px")),
            rx.cond(state.ready, state.today, skeleton("240px")),
            segmented(SPANS, state.days, state.choose, label="Span"),
            new,
        ),
        rx.cond(state.ready, _figures(), skeleton_block("112px")),
        _standing(),
        _today(),
    )


def _today() -> rx.Component:
    state = DashboardState
    nothing = empty(
        "No jobs today",
        "Bookings and delivery orders of today appear here, in the order of their time.",
        link("Take a booking", "/rental/bookings?new=1", class_name="btn"),
        glyph="truck",
    )
    jobs = rx.cond(
        state.jobs.length() > 0, simple_table(JOBS, state.jobs, label="Today's jobs"), card(nothing)
    )
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Today's jobs"), link("Open the board", "/rental/assignment"), class_name="card-head"
        ),
        rx.cond(state.ready, jobs, skeleton_block("220px")),
    )


def _standing() -> rx.Component:
    state = DashboardState
    chart = chart_card(
        "Sales and cash by week",
        state.chart,
        ready=state.ready,
        rows=state.weeks,
        columns=WEEKS,
        on_click=state.open_week,
        more=link("Open report", "/rental/reports/summary"),
        height=300,
        nothing="Nothing was invoiced or collected in this period. Choose a longer one, or issue the first invoice.",
    )
    return rx.el.div(chart, _needs(), class_name="grid-main needs-first")


def _needs() -> rx.Component:
    state = DashboardState
    nothing = empty(
        "Nothing needs you",
        "Bookings without a driver, expiring papers, overdue invoices and late bins appear here.",
        glyph="circle-check",
    )
    lines = rx.foreach(
        state.alerts,
        lambda each: needs_you(each["tone"], each["word"], each["title"], each["text"], each["href"]),
    )
    return card(
        rx.cond(state.ready, rx.cond(state.alerts.length() > 0, lines, nothing), skeleton_block("260px")),
        title="Needs you",
    )


def _figures() -> rx.Component:
    shown = DashboardState.shown

    def trend(name: str) -> rx.Component:
        return rx.el.span(shown[f"{name}_trend"], class_name=shown[f"{name}_look"])

    return kpi_row(
        kpi("Sales", shown["sales"], shown["before"], trend=trend("sales"), href=shown["sales_href"]),
        kpi(
            "Collected",
            shown["collected"],
            rx.fragment(shown["before"], " · ", shown["collected_note"]),
            trend=trend("collected"),
            href=shown["collected_href"],
        ),
        kpi(
            "Outstanding",
            shown["outstanding"],
            shown["outstanding_note"],
            trend=fall(shown["outstanding_old"]),
            href=shown["outstanding_href"],
        ),
        kpi(
            "Bins out",
            rx.fragment(shown["bins"], " ", rx.el.small(shown["bins_unit"])),
            shown["bins_note"],
            trend=fall(shown["bins_late"]),
            href="/rental/bins?status=with_customer",
        ),
    )
