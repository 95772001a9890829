"""A merchant's home: what is theirs now, what is on its way, and what came in by week."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import plotly.graph_objects as go
import reflex as rx

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.language import say
from lattis_app.core.money import Money
from lattis_app.core.pagination import PageRequest
from lattis_app.courier.pages.counts import invoices as invoices_in_words
from lattis_app.courier.pages.counts import parcels as parcels_in_words
from lattis_app.courier.pages.invoice_rows import own_row
from lattis_app.courier.pages.words import owed
from lattis_app.courier.queries import merchant_invoices, merchants, standings
from lattis_app.courier.schemas.invoices import MerchantInvoiceFilters
from lattis_app.courier.schemas.merchants import MerchantStanding, WeekOut
from lattis_app.courier.statuses import MerchantInvoiceStatus
from lattis_app.identity.permissions import Permission
from lattis_app.ui import moments
from lattis_app.ui.buttons import button, link
from lattis_app.ui.charts import bars, chart_card
from lattis_app.ui.columns import Column
from lattis_app.ui.conditions import only_while
from lattis_app.ui.frame import live_refresh
from lattis_app.ui.handlers import actor_of, handler, run
from lattis_app.ui.kpis import kpi, kpi_row
from lattis_app.ui.layout import card, notice, page_header
from lattis_app.ui.pages import page
from lattis_app.ui.states import empty, skeleton, skeleton_block
from lattis_app.ui.tables import simple_table

LATEST = PageRequest(limit=5)
WEEKS = (
    Column("week", "Week from"),
    Column("parcels", "Parcels", "number"),
    Column("collected", "Collected (RM)", "money"),
    Column("payable", "For you (RM)", "money"),
)
PAYMENTS = (
    Column("number", "Invoice", "link"),
    Column("paid_at", "Settled", "date"),
    Column("reference", "Reference"),
    Column("payable_amount", "For you (RM)", "money"),
)


def figures(standing: MerchantStanding) -> dict[str, str]:
    """The cards' figures, the words beneath them, and what each is made of."""
    currency = standing.currency

    def text(minor: int) -> str:
        return Money(minor, currency).text()

    last, coming = standing.last_paid, standing.eligible_payable + standing.carried
    held = standing.held_parcels
    return {
        "yours": text(coming + standing.open_payable),
        "next": text(coming),
        "next_note": next_note(standing),
        "next_owed": owed(coming, currency, to_merchant=True) if coming < 0 else "",
        "open": text(standing.open_payable),
        "open_note": invoices_in_words(standing.open_invoices)
        if standing.open_invoices
        else say("Nothing is on its way"),
        "last": text(last) if last is not None else "–",
        "last_note": " · ".join(
            part for part in (moments.day(standing.last_paid_at), standing.last_reference or "") if part
        )
        if last is not None
        else say("Nothing has been paid out yet"),
        "held": say("1 parcel is held") if held == 1 else say("{count} parcels are held", count=held),
        "is_held": "true" if held else "",
    }


def next_note(standing: MerchantStanding) -> str:
    """How many parcels the next settlement holds, and the day of the scheduled run."""
    parcels, due = parcels_in_words(standing.eligible_parcels), standing.next_settlement_at
    if due is None:
        return parcels
    return say("{parcels} · on {day}", parcels=parcels, day=moments.weekday(clock.date_of(due)))


def week_rows(weeks: list[WeekOut]) -> list[dict[str, str]]:
    """The chart's numbers as text; nothing when nothing came in."""
    return [
        {
            "week": moments.near_day(week.week),
            "parcels": f"{week.parcels:,}",
            "collected": Money(week.cod_collected).figures(),
            "payable": Money(week.payable).figures(),
        }
        for week in weeks
        if any(each.parcels for each in weeks)
    ]


def read(session: Any, actor: Actor) -> tuple[MerchantStanding, list[WeekOut], list[dict[str, str]]]:
    """Where the merchant stands, the weeks, and the last payments."""
    paid = MerchantInvoiceFilters(status=(MerchantInvoiceStatus.PAID,))
    latest = merchant_invoices.page(session, actor, paid, LATEST)
    rows = [
        own_row(each)
        | {
            "number_href": f"/merchant/invoices?open={each.id}",
            "paid_at": moments.day(each.paid_at),
            "reference": each.payment_reference or "–",
        }
        for each in latest.rows
    ]
    merchant = merchants.own(session, actor)
    return standings.find(session, actor, merchant.id), standings.weeks(session, actor, merchant.id), rows


class MerchantHome(rx.State):
    """The merchant's home."""

    hello: str = ""
    today: str = ""
    shown: dict[str, str] = {}
    weeks: list[dict[str, str]] = []
    payments: list[dict[str, str]] = []
    chart: go.Figure = go.Figure()
    mondays: list[str] = []
    ready: bool = False

    @handler
    async def load(self) -> None:
        """Show how the merchant's money stands."""
        standing, weeks, self.payments = await run(self, read)
        self.hello = moments.greeting((await actor_of(self)).name)
        self.today = moments.long_day(clock.today())
        self.shown, self.weeks = figures(standing), week_rows(weeks)
        self.mondays = [week.week.isoformat() for week in weeks]
        self.chart = bars(
            {
                say("Collected"): [week.cod_collected / 100 for week in weeks],
                say("For you"): [week.payable / 100 for week in weeks],
            },
            [moments.near_day(week.week) for week in weeks],
            x=say("Week from"),
            y="RM",
        )
        self.ready = True

    @handler
    async def open_week(self, points: list[dict[str, Any]]) -> Any:
        """Open the parcels of the week whose bar was pressed."""
        place = int(points[0].get("pointIndex", -1)) if points else -1
        if not 0 <= place < len(self.mondays):
            return None
        since = date.fromisoformat(self.mondays[place])
        return rx.redirect(f"/merchant/parcels?from={since}&to={since + timedelta(days=6)}")


@page("/merchant", "Home", Permission.COURIER_OWN_ACCOUNT_READ, on_load=MerchantHome.load)
def merchant_home() -> rx.Component:
    """Figures, the weeks, and the last payments."""
    state = MerchantHome
    return rx.fragment(
        live_refresh(state.load, "merchant_invoice.", "parcel."),
        page_header(
            rx.cond(state.ready, state.hello, skeleton("190px", "20px")),
            rx.cond(state.ready, state.today, skeleton("240px")),
        ),
        only_while(state.shown["next_owed"], _owed()),
        rx.cond(state.ready, _figures(), skeleton_block("112px")),
        only_while(state.shown["is_held"], _held()),
        rx.el.div(
            chart_card(
                "Cash on delivery by week",
                state.chart,
                ready=state.ready,
                rows=state.weeks,
                columns=WEEKS,
                on_click=state.open_week,
                height=280,
                nothing="Nothing was collected in the last weeks.",
            ),
            _payments(),
            class_name="grid-main",
        ),
    )


def _owed() -> rx.Component:
    return notice(
        MerchantHome.shown["next_owed"],
        "Returns cost more than was collected so far. New deliveries make up for it.",
        tone="warn",
        action=link("See why", "/merchant/parcels?eligible=true"),
    )


def _held() -> rx.Component:
    return notice(
        MerchantHome.shown["held"],
        "You said that something is wrong. They are settled once we have answered.",
        action=link("Show them", "/merchant/disputes?status=OPEN"),
    )


def _payments() -> rx.Component:
    state = MerchantHome
    nothing = empty(
        "No payment yet",
        "Each settlement that was paid out appears here with the bank's reference.",
        button("See your parcels", href="/merchant/parcels"),
        glyph="banknote",
    )
    listed = rx.cond(
        state.payments.length() > 0,
        simple_table(PAYMENTS, state.payments, label="Last payments"),
        card(nothing),
    )
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Last payments"), link("All invoices", "/merchant/invoices"), class_name="card-head"
        ),
        rx.cond(state.ready, listed, skeleton_block("220px")),
    )


def _figures() -> rx.Component:
    shown = MerchantHome.shown
    return kpi_row(
        kpi("Yours now", shown["yours"], "on its way and in the next settlement", href="/merchant/statement"),
        kpi("Next settlement", shown["next"], shown["next_note"], href="/merchant/parcels?eligible=true"),
        kpi(
            "On its way to you", shown["open"], shown["open_note"], href="/merchant/invoices?status=GENERATED"
        ),
        kpi("Last payment", shown["last"], shown["last_note"], href="/merchant/invoices?status=PAID"),
    )
