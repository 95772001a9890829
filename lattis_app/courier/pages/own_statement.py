"""A merchant's statement of account: what was earned, what was paid out, and what is left, day by day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import reflex as rx

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.language import say
from lattis_app.core.money import Money
from lattis_app.core.schemas import parse
from lattis_app.courier.pages.words import owed
from lattis_app.courier.queries import merchants, statements
from lattis_app.courier.rules import postings
from lattis_app.identity.permissions import Permission
from lattis_app.ledger.schemas.statements import StatementFilters, StatementLineOut, StatementOut
from lattis_app.ui import moments
from lattis_app.ui.buttons import button, download_button, segmented
from lattis_app.ui.columns import Column
from lattis_app.ui.frame import live_refresh
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.kpis import kpi, kpi_row
from lattis_app.ui.layout import card, page_header
from lattis_app.ui.pages import page
from lattis_app.ui.states import empty, skeleton, skeleton_block
from lattis_app.ui.tables import simple_table

SPANS = (("30", "30 days"), ("90", "90 days"), ("365", "Year"), ("all", "All"))
IN_WORDS = {
    postings.GENERATED: "Settlement",
    postings.PAID: "Paid to you",
    postings.MERCHANT_PAID: "Paid by you",
    f"{postings.GENERATED}.reversed": "Settlement cancelled",
}
PAYMENTS = (postings.PAID, postings.MERCHANT_PAID)
LINES = (
    Column("what", "What", "link", note="memo"),
    Column("on", "Day", "date"),
    Column("earned", "Earned (RM)", "money", priority=2),
    Column("paid", "Paid out (RM)", "money", priority=2),
    Column("balance", "Balance (RM)", "money"),
)


def line(each: StatementLineOut, currency: str) -> dict[str, str]:
    """One line from the merchant's side: what the books owe is theirs."""

    def figures(minor: int) -> str:
        return Money(minor, currency).figures() if minor else "–"

    change, is_payment = each.credit - each.debit, each.kind in PAYMENTS
    return {
        "id": f"{each.source_id}-{each.kind}-{each.balance}",
        "on": moments.day(each.date),
        "what": " · ".join((say(IN_WORDS.get(each.kind, each.kind)), each.document)),
        "what_href": f"/merchant/invoices?open={each.source_id}",
        "memo": each.memo,
        "earned": "–" if is_payment else figures(change),
        "paid": figures(change) if is_payment else "–",
        "balance": Money(-each.balance, currency).figures(),
    }


def sums(shown: StatementOut) -> dict[str, str]:
    """Opening, earned, paid out, closing."""

    def text(minor: int) -> str:
        return Money(minor, shown.currency).text()

    paid = sum(each.debit - each.credit for each in shown.lines if each.kind in PAYMENTS)
    return {
        "name": shown.party_name,
        "opening": text(-shown.opening),
        "earned": text(shown.credits - shown.debits + paid),
        "paid": text(paid),
        "closing": text(abs(shown.closing)),
        "closing_note": owed(-shown.closing, shown.currency, to_merchant=True)
        if shown.closing > 0
        else say("We owe you this")
        if shown.closing
        else say("Nothing is owed"),
    }


def read(session: Any, actor: Actor, filters: StatementFilters) -> tuple[StatementOut, str]:
    """The merchant's own statement, and the address of its paper."""
    merchant = merchants.own(session, actor)
    since = f"&from={filters.from_on}" if filters.from_on else ""
    found = statements.find(session, actor, merchant.id, filters)
    return found, f"/v1/merchants/{merchant.id}/statement?to={found.to_on}{since}&format="


class OwnStatement(rx.State):
    """The statement of a span of days."""

    span: str = "90"
    lines: list[dict[str, str]] = []
    sums: dict[str, str] = {}
    address: str = ""
    ready: bool = False

    @handler
    async def load(self) -> None:
        """Show the statement."""
        await self._show()

    @handler
    async def choose(self, span: str) -> None:
        """Look at another span."""
        self.span = span if span in dict(SPANS) else "90"
        await self._show()

    async def _show(self) -> None:
        days = int(self.span) if self.span.isdecimal() else 0
        since = (clock.today() - timedelta(days=days)).isoformat() if days else ""
        found, self.address = await run(self, read, parse(StatementFilters, {"from": since}))
        self.lines = [line(each, found.currency) for each in reversed(found.lines)]
        self.sums, self.ready = sums(found), True


@page("/merchant/statement", "Statement", Permission.COURIER_OWN_ACCOUNT_READ, on_load=OwnStatement.load)
def own_statement() -> rx.Component:
    """Sums and lines of the statement, and its paper."""
    state = OwnStatement
    return rx.fragment(
        live_refresh(state.load, "merchant_invoice."),
        page_header(
            "Statement",
            rx.cond(state.ready, state.sums["name"], skeleton("190px")),
            segmented(SPANS, state.span, state.choose, label="Span"),
            download_button("PDF", state.address + "pdf", target="_blank"),
            download_button("Excel", state.address + "xlsx"),
        ),
        rx.cond(state.ready, _figures(), skeleton_block("96px")),
        rx.cond(state.ready, _lines(), skeleton_block("220px")),
    )


def _figures() -> rx.Component:
    shown = OwnStatement.sums
    return kpi_row(
        kpi("Before", shown["opening"], "carried from earlier"),
        kpi("Earned", shown["earned"], "settlements"),
        kpi("Paid out", shown["paid"], "to your bank account"),
        kpi("Balance", shown["closing"], shown["closing_note"]),
    )


def _lines() -> rx.Component:
    nothing = empty(
        "Nothing in this span",
        "Settlements and payments of these days appear here. Choose a longer span for earlier ones.",
        button("Show all", on_click=OwnStatement.choose("all")),
        glyph="book-open",
    )
    return rx.cond(
        OwnStatement.lines.length() > 0,
        simple_table(LINES, OwnStatement.lines, label="Statement"),
        card(nothing),
    )
