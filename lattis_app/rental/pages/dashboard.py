"""The dashboard: how business stands, what needs somebody, and today's jobs."""

from __future__ import annotations

import plotly.graph_objects as go
import reflex as rx

from lattis_app.core import clock
from lattis_app.core.money import Money
from lattis_app.identity.permissions import Permission
from lattis_app.rental.pages.delivery_order_rows import ROAD
from lattis_app.rental.queries import dashboard as queries
from lattis_app.rental.schemas.dashboard import Dashboard as Summary
from lattis_app.rental.schemas.dashboard import TodaysJob
from lattis_app.rental.statuses import FulfilmentStatus
from lattis_app.ui import moments
from lattis_app.ui.buttons import button, link, segmented
from lattis_app.ui.charts import bars, chart_card
from lattis_app.ui.columns import Column
from lattis_app.ui.frame import live_refresh
from lattis_app.ui.handlers import actor_of, handler, run
from lattis_app.ui.kpis import kpi, kpi_row, rise
from lattis_app.ui.layout import card, main_and_side, needs_you, page_header
from lattis_app.ui.pages import page
from lattis_app.ui.states import empty
from lattis_app.ui.tables import simple_table

SPANS = (("7", "7 days"), ("30", "30 days"), ("365", "Year"))
ALERTS = {
    "expired": ("bad", "Expired"),
    "expiring": ("warn", "Expiring"),
    "overdue": ("warn", "Overdue"),
    "invoice": ("info", "Invoice"),
}
WEEKS = (
    Column("week", "Week"),
    Column("invoiced", "Invoiced (RM)", "money"),
    Column("collected", "Collected (RM)", "money"),
)
JOBS = (
    Column("time", "Today"),
    Column("customer", "Customer", "link"),
    Column("bin", "Bin"),
    Column("driver", "Driver"),
    Column("road", "Status", "badge"),
    Column("amount", "Amount (RM)", "money"),
)


def figures(shown: Summary, days: int) -> dict[str, str]:
    """The cards' figures and the words beneath them."""
    each = shown.figures
    share = f"{each.collected * 100 // each.sales} % of sales" if each.sales else "Nothing sold"
    return {
        "sales": Money(each.sales).text(),
        "sales_note": f"against the {days} days before",
        "sales_trend": _change(each.sales, each.sales_before),
        "collected": Money(each.collected).text(),
        "collected_note": f"{share} · cash {Money(each.collected_cash).text()}",
        "outstanding": Money(each.outstanding).text(),
        "outstanding_note": f"{Money(each.outstanding_old).text()} over 30 days · {each.old_customers} customers",
        "bins": f"{each.bins_out} of {each.bins}",
        "bins_note": f"{each.bins_late} overdue for collection",
    }


def _change(now: int, before: int) -> str:
    if not before:
        return ""
    tenths = (now - before) * 1000 // before
    sign = "▲" if tenths >= 0 else "▼"
    return f"{sign} {abs(tenths) / 10:.1f} %"


def job(each: TodaysJob) -> dict[str, str]:
    """One of today's jobs."""
    word, tone = ROAD[FulfilmentStatus(each.fulfilment_status)]
    return {
        "id": str(each.id),
        "time": moments.moment(each.scheduled_at)[-5:],
        "customer": each.company_name,
        "customer_href": f"/rental/delivery-orders?open={each.id}",
        "bin": each.bin,
        "driver": each.driver,
        "road": word,
        "road_tone": tone,
        "amount": Money(each.amount).figures(),
    }


def greeting(name: str) -> str:
    """Good morning, by the business's clock."""
    hour = clock.now().astimezone(clock.business_zone()).hour
    part = "morning" if hour < 12 else "afternoon" if hour < 18 else "evening"
    return f"Good {part}, {name.split()[0]}"


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

    async def _show(self) -> None:
        found: Summary = await run(self, queries.summarise, int(self.days))
        self.hello = greeting((await actor_of(self)).name)
        self.today = (
            f"{moments.day(clock.today())} · {found.jobs_today} jobs today, {found.unassigned} not assigned"
        )
        self.shown = figures(found, int(self.days))
        self.jobs = [job(each) for each in found.jobs]
        self.alerts = [
            {
                "tone": ALERTS[each.kind][0],
                "word": ALERTS[each.kind][1],
                "title": each.title,
                "text": each.text,
                "href": each.href,
            }
            for each in found.alerts
        ]
        self._draw(found)
        self.ready = True

    def _draw(self, found: Summary) -> None:
        labels = [f"W{week.monday.isocalendar().week}" for week in found.weeks]
        invoiced, collected = [w.invoiced for w in found.weeks], [w.collected for w in found.weeks]
        self.chart = bars(
            {
                "Invoiced": [minor / 100 for minor in invoiced],
                "Collected": [minor / 100 for minor in collected],
            },
            labels,
            x="Week",
            y="RM",
        )
        self.weeks = [
            {"week": label, "invoiced": Money(a).figures(), "collected": Money(b).figures()}
            for label, a, b in zip(labels, invoiced, collected, strict=True)
        ]


@page("/dashboard", "Dashboard", Permission.RENTAL_DASHBOARD_READ, on_load=DashboardState.load)
def dashboard() -> rx.Component:
    """Figures, chart, alerts and today's jobs."""
    state = DashboardState
    return rx.fragment(
        live_refresh(state.load, "invoice.", "payment.", "do.", "booking."),
        page_header(
            state.hello,
            state.today,
            segmented(SPANS, state.days, state.choose, label="Span"),
            link("New booking", "/rental/bookings", class_name="btn btn-primary"),
        ),
        _figures(),
        _standing(),
        card(
            rx.cond(
                state.jobs.length() > 0,
                simple_table(JOBS, state.jobs, label="Today's jobs"),
                empty(
                    "No jobs today",
                    "Delivery orders of today appear here.",
                    button("Refresh", on_click=state.load),
                ),
            ),
            flush=True,
        ),
    )


def _standing() -> rx.Component:
    state = DashboardState
    return main_and_side(
        chart_card("Sales and cash by week", state.chart, ready=state.ready, rows=state.weeks, columns=WEEKS),
        card(
            rx.cond(
                state.alerts.length() > 0,
                rx.foreach(
                    state.alerts,
                    lambda each: needs_you(
                        each["tone"], each["word"], each["title"], each["text"], each["href"]
                    ),
                ),
                empty(
                    "Nothing needs you",
                    "Expiring papers, overdue invoices and waiting orders appear here.",
                ),
            ),
            title="Needs you",
        ),
    )


def _figures() -> rx.Component:
    shown = DashboardState.shown
    return kpi_row(
        kpi(
            "Sales",
            shown["sales"],
            shown["sales_note"],
            trend=rise(shown["sales_trend"]),
            href="/rental/invoices",
        ),
        kpi("Collected", shown["collected"], shown["collected_note"], href="/rental/payments"),
        kpi(
            "Outstanding",
            shown["outstanding"],
            shown["outstanding_note"],
            href="/rental/invoices?overdue=true",
        ),
        kpi("Bins out", shown["bins"], shown["bins_note"], href="/rental/bins?status=with_customer"),
    )
