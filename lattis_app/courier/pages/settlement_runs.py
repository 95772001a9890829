"""Settling everybody: what a run would do for each merchant, the run itself, and those that were."""

from __future__ import annotations

from datetime import date
from typing import Any

import reflex as rx

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.language import say, translate
from lattis_app.core.money import Money
from lattis_app.core.pagination import PageRequest
from lattis_app.courier.pages.counts import invoices as invoices_in_words
from lattis_app.courier.pages.counts import parcels as parcels_in_words
from lattis_app.courier.pages.record_lines import Lines, PagedLinesMixin
from lattis_app.courier.pages.settlement_views import run_lines, settlement_page
from lattis_app.courier.pages.words import owed
from lattis_app.courier.queries import settlement_runs as queries
from lattis_app.courier.schemas.runs import RunEntry, RunFilters, RunLineOut, RunOut, RunRow
from lattis_app.courier.services import settlement_runs as services
from lattis_app.courier.statuses import RunOutcome
from lattis_app.identity.permissions import Permission
from lattis_app.ui import moments, toasts
from lattis_app.ui.dialogs import close_dialog
from lattis_app.ui.form_state import Draft, FormMixin
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.lists import as_id
from lattis_app.ui.pages import page

LATEST = PageRequest(limit=10)
OUTCOMES_IN_WORDS = {
    RunOutcome.READY: "Ready",
    RunOutcome.GENERATED: "Generated",
    RunOutcome.HELD: "Held",
    RunOutcome.FAILED: "Refused",
}
TONES = {
    RunOutcome.READY: "info",
    RunOutcome.GENERATED: "ok",
    RunOutcome.HELD: "warn",
    RunOutcome.FAILED: "bad",
}


def line(each: RunLineOut) -> dict[str, str]:
    """What a run does, or did, for one merchant."""

    def figures(minor: int) -> str:
        return Money(minor, each.currency).figures()

    refused = each.outcome is RunOutcome.FAILED
    held = say("{count} held: disputed", count=each.held) if each.held and not refused else ""
    owes = say("Merchant owes") if each.payable < 0 else ""
    return {
        "id": str(each.merchant_id),
        "merchant": each.merchant_name,
        "merchant_href": f"/courier/generate?merchant_id={each.merchant_id}",
        "outcome": say(OUTCOMES_IN_WORDS[each.outcome]),
        "outcome_tone": TONES[each.outcome],
        "why": " · ".join(part for part in (owes, held or translate(each.reason)) if part),
        "invoice": each.invoice_no or "–",
        "invoice_href": f"/courier/invoices?open={each.invoice_id}",
        "parcels": f"{each.parcels:,}",
        "collected": figures(each.cod_collected),
        "charges": figures(-each.charges),
        "corrections": figures(each.clearance) if each.clearance else "–",
        "carried": figures(each.opening) if each.opening else "–",
        "payable": figures(each.payable),
    }


def sums(shown: RunOut) -> dict[str, str]:
    """What a run comes to, in words."""
    return {
        "invoices": invoices_in_words(shown.invoices),
        "ready": "true" if shown.invoices else "",
        "parcels": parcels_in_words(shown.parcels),
        "payable": owed(shown.payable, shown.currency),
        "as_of": moments.day(shown.as_of),
        "when": moments.moment(shown.created_at) if shown.created_at else "",
        "by": shown.started_by,
    }


def past(each: RunRow) -> dict[str, str]:
    """One run in the log."""
    return {
        "id": str(each.id),
        "when": moments.moment(each.created_at),
        "when_href": f"/courier/settle?run={each.id}",
        "by": each.started_by,
        "as_of": moments.day(each.as_of),
        "invoices": f"{each.invoices:,}",
        "parcels": f"{each.parcels:,}",
        "payable": Money(each.payable, each.currency).figures(),
    }


class Settle(PagedLinesMixin, FormMixin, rx.State):
    """What a run would do, or one that was."""

    as_of: str = ""
    run_id: str = ""
    sums: dict[str, str] = {}
    past: list[dict[str, str]] = []
    ready: bool = False

    @handler
    async def load(self) -> None:
        """Show what a run would do now, or the run that the address names."""
        self.run_id = str(self.router.url.query_parameters.get("run", ""))[:64]
        self.as_of = self.as_of or clock.today().isoformat()
        await self._show(self.line_page)

    @handler
    async def look(self, form: dict[str, Any]) -> None:
        """Count only what was delivered until a day."""
        shown = await self._submit(_preview, Draft(RunEntry, {"as_of": form.get("as_of", "")}))
        if shown is not None:
            self.as_of = shown.as_of.isoformat()
            await self._show()

    @handler
    async def generate(self, form: dict[str, Any]) -> Any:
        """Run it, and show what became of each merchant."""
        waiting = await run(self, queries.preview, self._day())
        if not waiting.invoices:
            return [close_dialog("settle-all"), toasts.refused(say("There is nothing to settle"))]
        done = await self._submit(services.run, RunEntry(as_of=self._day()))
        if done is None:
            return close_dialog("settle-all")
        self.run_id = str(done.id)
        await self._show()
        return [
            close_dialog("settle-all"),
            rx.call_script(f"window.lattis.url('run={self.run_id}', false)"),
        ]

    @handler
    async def begin_again(self) -> Any:
        """Show what a run would do now."""
        self.run_id = ""
        await self._show()
        return rx.call_script("window.lattis.url('', false)")

    def _day(self) -> date:
        return date.fromisoformat(self.as_of) if self.as_of else clock.today()

    async def _show(self, number: int = 1) -> None:
        await self._show_lines(number)
        if number > self.line_pages:
            await self._show_lines(self.line_pages)
        log = await run(self, queries.page, RunFilters(), LATEST)
        self.past = [past(each) for each in log.rows]
        self.ready = True

    async def _lines(self, request: PageRequest) -> Lines:
        if self.run_id:
            shown = await run(self, queries.find, as_id(self.run_id))
        else:
            shown = await run(self, queries.preview, self._day())
        self.sums = sums(shown)
        start = (request.page - 1) * request.limit
        return [line(each) for each in shown.lines[start : start + request.limit]], len(shown.lines)


def _preview(session: Any, actor: Actor, entry: RunEntry) -> RunOut:
    return queries.preview(session, actor, entry.as_of)


@page("/courier/settle", "Settle", Permission.COURIER_INVOICES_MANAGE, on_load=Settle.load)
def settle() -> rx.Component:
    """What a run would do, with the way to run it, and the runs before."""
    return settlement_page(Settle, run_lines(Settle))
