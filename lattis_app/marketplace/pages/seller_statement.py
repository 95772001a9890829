"""A seller's statement of account: what was billed, what was paid, and what is still to pay, by currency."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import reflex as rx

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.language import say
from lattis_app.core.schemas import parse
from lattis_app.identity.permissions import Permission
from lattis_app.ledger.schemas.statements import StatementFilters, StatementLineOut, StatementOut
from lattis_app.marketplace.pages.looks import CURRENCIES
from lattis_app.marketplace.pages.standing import SellerStanding, standing
from lattis_app.marketplace.queries import sellers, statements
from lattis_app.marketplace.rules import postings
from lattis_app.marketplace.rules.amounts import amount, figures
from lattis_app.marketplace.rules.links import invoice_link
from lattis_app.marketplace.rules.weeks import ZONE
from lattis_app.ui import moments
from lattis_app.ui.buttons import button, download_button, segmented
from lattis_app.ui.columns import Column
from lattis_app.ui.frame import live_refresh
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.kpis import kpi, kpi_row
from lattis_app.ui.layout import card, page_header, row
from lattis_app.ui.pages import page
from lattis_app.ui.states import empty, skeleton_block
from lattis_app.ui.tables import simple_table

SPANS = (("90", "90 days"), ("365", "Year"), ("all", "All"))
WORDS = {postings.INVOICE_GENERATED: "Invoice", postings.INVOICE_PAID: "Payment"}
LINES = (
    Column("what", "What", "link", note="memo"),
    Column("on", "Day", "date"),
    Column("billed", "Billed", "money", priority=2),
    Column("paid", "Paid", "money", priority=2),
    Column("balance", "To pay", "money"),
)


def line(each: StatementLineOut, currency: str) -> dict[str, str]:
    """One line: a document, what it added or took off, and what was to pay afterwards."""
    return {
        "id": f"{each.source_id}-{each.kind}-{each.balance}",
        "on": moments.day(each.date),
        "what": f"{say(WORDS.get(each.kind, each.kind))} {each.document}",
        "what_href": invoice_link(each.source_id),
        "memo": each.memo,
        "billed": figures(each.debit, currency) if each.debit else "–",
        "paid": figures(each.credit, currency) if each.credit else "–",
        "balance": figures(each.balance, currency),
    }


def sums(found: StatementOut) -> dict[str, str]:
    """Before, billed, paid, and what is left."""
    return {
        "opening": amount(found.opening, found.currency),
        "billed": amount(found.debits, found.currency),
        "paid": amount(found.credits, found.currency),
        "closing": amount(found.closing, found.currency),
        "note": say("still to pay") if found.closing > 0 else say("nothing to pay"),
    }


def read(session: Any, actor: Actor, since: str, currency: str) -> tuple[str, StatementOut]:
    """The seller's own statement, in their own currency unless asked otherwise."""
    used = currency or str(sellers.me(session, actor).base_currency)
    filters = parse(StatementFilters, {"from": since, "to": clock.today(ZONE).isoformat(), "currency": used})
    return used, statements.mine(session, actor, filters)


class SellerStatement(rx.State):
    """The statement of a span of days in one currency."""

    span: str = "90"
    currency: str = ""
    lines: list[dict[str, str]] = []
    sums: dict[str, str] = {}
    address: str = ""
    ready: bool = False

    @handler
    async def load(self) -> None:
        """Show the statement."""
        await self._show()

    @handler
    async def choose_span(self, span: str) -> None:
        """Look at another span."""
        self.span = span if span in dict(SPANS) else "90"
        await self._show()

    @handler
    async def choose_currency(self, currency: str) -> None:
        """Look at the other currency."""
        self.currency = currency if currency in dict(CURRENCIES) else ""
        await self._show()

    async def _show(self) -> None:
        days = int(self.span) if self.span.isdecimal() else 0
        since = (clock.today(ZONE) - timedelta(days=days)).isoformat() if days else ""
        self.currency, found = await run(self, read, since, self.currency)
        asked = f"?to={found.to_on}&currency={found.currency}" + (f"&from={since}" if since else "")
        self.address = f"/api/seller/statement{asked}&format="
        self.lines = [line(each, found.currency) for each in reversed(found.lines)]
        self.sums, self.ready = sums(found), True


@page(
    "/seller/statement",
    "My statement",
    Permission.MARKETPLACE_OWN_INVOICES_READ,
    on_load=[SellerStatement.load, SellerStanding.load],
)
def seller_statement() -> rx.Component:
    """Sums and lines of the statement."""
    state = SellerStatement
    return rx.fragment(
        live_refresh(state.load, "seller_invoice."),
        page_header(
            "Statement",
            "What was billed and what you paid",
            download_button("PDF", state.address + "pdf", target="_blank"),
            download_button("Excel", state.address + "xlsx"),
        ),
        standing(brief=True),
        row(
            segmented(CURRENCIES, state.currency, state.choose_currency, label="Currency"),
            segmented(SPANS, state.span, state.choose_span, label="Span"),
        ),
        rx.cond(state.ready, _figures(), skeleton_block("96px")),
        rx.cond(state.ready, _lines(), skeleton_block("220px")),
    )


def _figures() -> rx.Component:
    shown = SellerStatement.sums
    return kpi_row(
        kpi("Before", shown["opening"], "carried from earlier"),
        kpi("Billed", shown["billed"], "weekly invoices"),
        kpi("Paid", shown["paid"], "as recorded"),
        kpi("To pay", shown["closing"], shown["note"], href="/seller/invoices?status=pending,overdue"),
    )


def _lines() -> rx.Component:
    nothing = empty(
        "Nothing in this span",
        "Invoices and payments in this currency appear here. Look at a longer span, or at the other currency.",
        button("Show all", on_click=SellerStatement.choose_span("all")),
        glyph="book-open",
    )
    return rx.cond(
        SellerStatement.lines.length() > 0,
        simple_table(LINES, SellerStatement.lines, label="Statement"),
        card(nothing, flush=True),
    )
