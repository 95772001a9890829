"""What next Monday's run will bill, seller by seller, with the difference to the week before; also of a past week."""

from __future__ import annotations

from typing import Any

import reflex as rx

from lattis_app.core import clock
from lattis_app.core.language import say
from lattis_app.core.schemas import Entry, parse
from lattis_app.identity.permissions import Permission
from lattis_app.marketplace.pages.run_tabs import LOG, NEXT, run_tabs
from lattis_app.marketplace.queries import runs as queries
from lattis_app.marketplace.rules.amounts import amount, figures, per_currency
from lattis_app.marketplace.rules.weeks import last_ended, parse_week
from lattis_app.marketplace.schemas.runs import PreviewFilters, PreviewRow, RunEntry, RunOut, WeekText
from lattis_app.marketplace.services import runs as services
from lattis_app.ui import moments, toasts
from lattis_app.ui.buttons import button, link
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.conditions import if_may, only_while
from lattis_app.ui.dialogs import close_dialog, confirm, confirm_button
from lattis_app.ui.form_state import Draft, FormMixin
from lattis_app.ui.forms import Fields, form_sheet
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.kpis import kpi, kpi_row
from lattis_app.ui.layout import notice, page_header
from lattis_app.ui.list_requests import Filter, ListRequest
from lattis_app.ui.lists import Listing, ListMixin, display, wanted
from lattis_app.ui.pages import page
from lattis_app.ui.states import empty, skeleton_block
from lattis_app.ui.tables import data_table

MANAGE = Permission.MARKETPLACE_INVOICES_MANAGE
LIST = ListSpec(
    "marketplace-next-run",
    (
        Column("store_name", "Store", sortable=True, note="number"),
        Column("orders", "Orders", "number", priority=2),
        Column("last_week", "Week before", "money", priority=2),
        Column("difference", "Difference", "money"),
        Column("total_amount", "To bill", "money", sortable=True, note="parts"),
    ),
    filters=(Filter("week", "Week", "text"),),
    search="",
)


def row(each: PreviewRow) -> dict[str, str]:
    """What one seller would be billed."""
    sign = "+" if each.difference > 0 else ""
    mkd, eur = each.total_amount_mkd, each.total_amount_eur
    return {
        "id": str(each.seller_id),
        "store_name": each.store_name,
        "number": each.invoice_number,
        "orders": str(each.order_count),
        "parts": per_currency(mkd, eur) if mkd and eur else "",
        "last_week": amount(each.last_week_total_amount, each.base_currency),
        "difference": sign + amount(each.difference, each.base_currency),
        "total_amount": amount(each.total_amount, each.base_currency),
    }


def summary(found: RunOut) -> dict[str, str]:
    """What the whole run would bill, and when it runs."""
    week = parse_week(found.week)
    is_over = week <= last_ended(clock.now())
    due = week.following.starts_on
    return {
        "week": found.week,
        "span": moments.span(found.week_start_date, found.week_end_date),
        "when": "" if is_over else say("Runs on {day} at 00:00", day=moments.long_day(due)),
        "is_over": "true" if is_over else "",
        "invoices": f"{found.invoices:,}",
        "orders": f"{found.orders:,}",
        "mkd": figures(found.total_amount_mkd, "MKD"),
        "eur": figures(found.total_amount_eur, "EUR"),
        "any": "true" if found.invoices else "",
    }


class WeekEntry(Entry):
    """A week to look at, by any of its days."""

    week: WeekText


class NextRun(ListMixin, FormMixin, rx.State):
    """What a week would bill, by seller."""

    summary: dict[str, str] = {}

    def _spec(self) -> ListSpec:
        return LIST

    async def _fetch(self, request: ListRequest) -> Listing:
        asked = parse(PreviewFilters, {"week": request.filters.get("week", "")})
        self.summary = summary(await run(self, queries.summarise, asked.week))
        found = await run(self, queries.preview, asked.week, wanted(request))
        return Listing(display(found, row), found.total)

    @handler
    async def look_at(self, form: dict[str, Any]) -> Any:
        """Look at the week of a day."""
        asked = await self._submit(_week_of, Draft(WeekEntry, form))
        if asked is None:
            return None
        return [close_dialog("past-week"), await self._change(filters={"week": asked}, page=1)]

    @handler
    async def generate(self, form: dict[str, Any]) -> Any:
        """Bill the week that is shown; only one that has ended."""
        made = await run(self, services.run, parse(RunEntry, {"week": self.summary.get("week", "")}))
        await self._again()
        if not made.invoices:
            return [close_dialog("bill-week"), toasts.told(say("Nothing was left to bill"))]
        count = say("1 invoice") if made.invoices == 1 else say("{count} invoices", count=made.invoices)
        said = say("{invoices} made for week {week}", invoices=count, week=made.week)
        return [close_dialog("bill-week"), toasts.done(said)]


def _week_of(_session: Any, _actor: Any, entry: WeekEntry) -> str:
    return entry.week


@page(NEXT, "Next run", Permission.MARKETPLACE_INVOICES_READ, on_load=NextRun.load)
def next_run() -> rx.Component:
    """The preview with its sums."""
    state, shown = NextRun, NextRun.summary
    past = button("Another week", glyph="calendar-days", opens="past-week")
    bill = only_while(
        (shown["is_over"] != "") & (shown["any"] != ""),
        if_may(MANAGE, confirm_button("Bill this week", "bill-week", kind="primary")),
    )
    head = rx.fragment("Week ", shown["week"], " · ", shown["span"])
    return rx.fragment(
        page_header("Weekly billing", rx.cond(state.loaded, head, "…"), past, bill),
        run_tabs(NEXT),
        rx.cond(state.loaded, _figures(shown), skeleton_block("96px")),
        *_notices(shown),
        data_table(
            state,
            LIST,
            label="What will be billed",
            nothing=empty(
                "Nothing to bill",
                "No cash order delivered in this week waits for an invoice. Orders paid by card are never billed.",
                button("Look at the run log", href=LOG),
                glyph="calendar-check",
            ),
            opens_record=False,
        ),
        *_dialogs(),
    )


def _notices(shown: Any) -> list[rx.Component]:
    return [
        only_while(
            (shown["is_over"] != "") & (shown["any"] != ""),
            notice(
                "This week is over and not fully billed",
                "The Monday run catches it up by itself. Bill it now for sellers whose invoice was cancelled, or to "
                "have it sooner.",
                tone="warn",
            ),
        ),
        only_while(
            (shown["is_over"] != "") & (shown["any"] == ""),
            notice(
                "This week is billed",
                "Nothing delivered in it waits for an invoice.",
                tone="ok",
                action=link("Run log", LOG),
            ),
        ),
    ]


def _figures(shown: Any) -> rx.Component:
    return kpi_row(
        kpi("Invoices", shown["invoices"], rx.cond(shown["is_over"] != "", "still to make", shown["when"])),
        kpi("Orders", shown["orders"], "cash, delivered, not billed yet"),
        kpi("Fees in denars", shown["mkd"], "platform and affiliates", unit="MKD"),
        kpi("Fees in euros", shown["eur"], "platform and affiliates", unit="EUR"),
    )


def _dialogs() -> list[rx.Component]:
    state, f = NextRun, Fields(NextRun, "week")
    return [
        form_sheet(
            state,
            "past-week",
            "Look at another week",
            f.date("week", "A day in the week", required=True, hint="The week runs from Monday to Sunday"),
            on_submit=state.look_at,
            submit="Look at it",
            note="Nothing is billed by looking",
        ),
        confirm(
            "bill-week",
            "Bill this week now?",
            "One invoice a seller, due by this week's deadline. Sellers are told at once.",
            action="Bill the week",
            on_confirm=state.generate,
            kind="primary",
            keep="Not now",
            attempt=state.attempt,
        ),
    ]
