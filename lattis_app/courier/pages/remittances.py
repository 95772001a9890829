"""What delivery partners pay over: their file beside what we know, difference by difference, and into the books."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import reflex as rx

from lattis_app.core.actors import Actor
from lattis_app.core.language import say
from lattis_app.core.pagination import PageRequest
from lattis_app.core.schemas import parse
from lattis_app.courier.pages.record_lines import Lines, LinesMixin
from lattis_app.courier.pages.remittance_rows import facts, line, row, tallies
from lattis_app.courier.pages.remittance_views import compare_sheet, drop_zone, remittance_record
from lattis_app.courier.pages.words import REMITTANCE
from lattis_app.courier.queries import remittances as queries
from lattis_app.courier.schemas.remittances import (
    RemittanceEntry,
    RemittanceFilters,
    RemittanceLineFilters,
)
from lattis_app.courier.services import remittances as services
from lattis_app.courier.statuses import REMITTANCE_LIFECYCLE, RemittanceMatch
from lattis_app.identity.permissions import Permission, check
from lattis_app.ui.buttons import button
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.conditions import only_while
from lattis_app.ui.dialogs import close_dialog, open_dialog
from lattis_app.ui.form_state import Draft
from lattis_app.ui.frame import live_refresh
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import page_header
from lattis_app.ui.list_requests import Filter, ListRequest
from lattis_app.ui.lists import Listing, as_id, display, wanted
from lattis_app.ui.pages import page
from lattis_app.ui.records import Step, lifecycle_steps, record_panel
from lattis_app.ui.states import empty
from lattis_app.ui.tables import counted, data_table

MANAGE = Permission.COURIER_REMITTANCES_MANAGE
NEWEST = PageRequest(limit=1)
LIST = ListSpec(
    "remittances",
    (
        Column("partner", "Partner", note="reference"),
        Column("created_at", "Sent", "date", sortable=True, priority=2),
        Column("days", "Delivered", "date", priority=2),
        Column("status", "Status", "badge"),
        Column("differences", "Differences", "number"),
        Column("expected", "Expected (RM)", "money", priority=2),
        Column("remitted", "Paid over (RM)", "money"),
    ),
    filters=(
        Filter(
            "status",
            "Status",
            options=tuple((str(status), word) for status, (word, _) in REMITTANCE.items()),
            several=True,
        ),
    ),
    views=(("To check", "status=MATCHED"),),
    search="Partner",
    export="/v1/remittances",
)


class Remittances(LinesMixin, rx.State):
    """Remittances with the open one and its differences."""

    record: dict[str, str] = {}
    steps: list[Step] = []
    tallies: list[dict[str, str]] = []
    match: str = ""
    upload_to: str = ""
    upload_words: str = ""

    def _spec(self) -> ListSpec:
        return LIST

    async def _fetch(self, request: ListRequest) -> Listing:
        filters = parse(RemittanceFilters, {"q": request.q, **request.filters})
        found = await run(self, queries.page, filters, wanted(request))
        return Listing(display(found, row), found.total)

    async def _fetch_record(self, record_id: str) -> None:
        found = await run(self, queries.find, as_id(record_id))
        if self.record.get("id") != str(found.id):
            self.match = ""
        self.record, self.tallies = facts(found), tallies(found)
        self.steps = lifecycle_steps(REMITTANCE_LIFECYCLE, found.status)
        with_lines = [each["match"] for each in self.tallies if each["count"] != "0"]
        self.match = self.match or next(iter(with_lines), str(RemittanceMatch.MATCHED))
        await self._show_lines(1)

    async def _lines(self, request: PageRequest) -> Lines:
        filters = parse(RemittanceLineFilters, {"match": self.match})
        found = await run(self, queries.lines, as_id(self.open_id), filters, request)
        return [line(each) for each in found.rows], found.total

    @handler
    async def choose_match(self, match: RemittanceMatch) -> None:
        """Show the lines that compare so."""
        self.match = str(match)
        await self._show_lines(1)

    @handler
    async def begin(self) -> Any:
        """Ask whose file it is, and which days it should cover."""
        self._begin({})
        return open_dialog("compare-sheet")

    @handler
    async def prepare(self, form: dict[str, Any]) -> Any:
        """Go on to the file itself."""
        entry = await self._submit(_checked, Draft(RemittanceEntry, form))
        if entry is None:
            return None
        asked = entry.model_dump(mode="json", by_alias=True)
        self.upload_to = "/v1/remittances?" + urlencode(asked)
        self.upload_words = say("The file of {partner}", partner=entry.partner)
        return close_dialog("compare-sheet")

    @handler
    async def put_away(self) -> None:
        """Send no file after all."""
        self.upload_to = ""

    @handler
    async def compared(self) -> Any:
        """Show the comparison of the file that was just sent."""
        self.upload_to = ""
        newest = await run(self, queries.page, RemittanceFilters(), NEWEST)
        if not newest.rows:
            return None
        sent = str(newest.rows[0].id)
        there = await self._change(q="", filters={}, page=1, open_id=sent)
        await self._open(sent)
        return there

    @handler
    async def accept(self, form: dict[str, Any]) -> Any:
        """Take the open remittance into the books."""
        done = await self._submit(services.accept, as_id(self.open_id))
        if done is None:
            return self._unsaid(closes="accept-remittance")
        return await self._done(
            say("{partner} is taken into the books", partner=done.partner), closes="accept-remittance"
        )

    @handler
    async def discard(self) -> Any:
        """Put the open remittance aside."""
        done = await run(self, services.discard, as_id(self.open_id))
        return await self._done(say("{partner} is put aside", partner=done.partner))


def _checked(session: Any, actor: Actor, entry: RemittanceEntry) -> RemittanceEntry:
    check(actor, MANAGE)
    return entry


@page("/courier/remittances", "Remittances", MANAGE, on_load=Remittances.load)
def remittances() -> rx.Component:
    """Remittances with the record beside the list."""
    state = Remittances
    return rx.fragment(
        live_refresh(state.refresh, "remittance."),
        page_header(
            "Remittances",
            counted(state, "file", "files"),
            button("Compare a file", kind="primary", glyph="upload", on_click=state.begin),
        ),
        only_while(state.upload_to != "", drop_zone(state)),
        data_table(
            state,
            LIST,
            label="Remittances",
            nothing=empty(
                "No partner's file yet",
                "Send the list of what a delivery partner pays over. Each parcel is compared with what you know: too "
                "little, not expected, missing. Nothing is booked before you accept it.",
                button("Compare a file", kind="primary", on_click=state.begin),
                glyph="file-check",
            ),
        ),
        record_panel(state, *remittance_record(state), label="Remittance"),
        compare_sheet(state),
    )
