"""A merchant's own parcels: where each is, what it is worth, many found at once, and a dispute where it is wrong."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import reflex as rx

from lattis_app.core.actors import Actor
from lattis_app.core.language import say
from lattis_app.core.schemas import parse
from lattis_app.courier.pages.dispute_rows import answers
from lattis_app.courier.pages.parcel_rows import facts, row
from lattis_app.courier.pages.parcel_views import parcel_summary
from lattis_app.courier.pages.parcels import steps
from lattis_app.courier.pages.words import FINANCIAL_OPTIONS, STATUS_OPTIONS, owed
from lattis_app.courier.queries import disputes as dispute_queries
from lattis_app.courier.queries import parcels as queries
from lattis_app.courier.schemas.disputes import DisputeEntry, DisputeFilters
from lattis_app.courier.schemas.parcels import MOST_NUMBERS, ParcelFilters, ParcelOut
from lattis_app.courier.services import disputes
from lattis_app.courier.statuses import FINAL, FinancialStatus
from lattis_app.identity.permissions import Permission
from lattis_app.ui.badges import badge
from lattis_app.ui.buttons import button
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.conditions import only_while
from lattis_app.ui.dialogs import close_dialog, open_dialog
from lattis_app.ui.form_state import Draft
from lattis_app.ui.forms import Fields, form_sheet
from lattis_app.ui.frame import live_refresh
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import key_values, notice, page_header, stack
from lattis_app.ui.list_requests import Filter, ListRequest
from lattis_app.ui.lists import Listing, as_id, display, wanted
from lattis_app.ui.pages import page
from lattis_app.ui.record_lists import RecordsMixin
from lattis_app.ui.records import (
    Step,
    lifecycle_strip,
    next_steps,
    record_head,
    record_panel,
    step_if,
    tabs,
)
from lattis_app.ui.states import empty
from lattis_app.ui.tables import data_table, tally

LIST = ListSpec(
    "own-parcels",
    (
        Column("tracking_number", "Tracking number", sortable=True, note="recipient"),
        Column("status", "Status", "badge"),
        Column("delivered_at", "Delivered", "date", sortable=True, priority=2),
        Column("settled", "Settlement", "badge", priority=2),
        Column("collected", "Collected (RM)", "money", priority=3),
        Column("charges", "Charges (RM)", "money", priority=3),
        Column("net", "For you (RM)", "money"),
    ),
    filters=(
        Filter("status", "Status", options=STATUS_OPTIONS, several=True),
        Filter("financial_status", "Settlement", options=FINANCIAL_OPTIONS, several=True),
        Filter("eligible", "In the next settlement", options=(("true", "Yes"), ("false", "No"))),
        Filter("disputed", "Disputed", options=(("true", "Yes"), ("false", "No"))),
        Filter("from", "Delivered from", "date"),
        Filter("to", "Delivered to", "date"),
    ),
    views=(
        ("On the way", "status=PENDING,PICKED_UP,IN_TRANSIT,OUT_FOR_DELIVERY"),
        ("In the next settlement", "eligible=true"),
        ("Came back", "status=RETURNED,PAID_RETURN"),
        ("Disputed", "disputed=true"),
    ),
    search="Tracking number or order",
    export="/v1/parcels",
)
SEPARATORS = re.compile(r"[\s,;]+")
MOST_NAMED = 8


def numbers_in(pasted: str) -> list[str]:
    """The tracking numbers of a pasted list, each once, in its order."""
    found = dict.fromkeys(part.upper() for part in SEPARATORS.split(pasted) if part)
    return list(found)


def read(session: Any, actor: Actor, parcel_id: UUID) -> tuple[ParcelOut, list[dict[str, str]]]:
    """An own parcel with what was asked and answered about it. Raises NotFound."""
    found = queries.find(session, actor, parcel_id)
    asked = dispute_queries.page(session, actor, DisputeFilters(parcel_id=parcel_id), wanted(ListRequest()))
    return found, answers(asked.rows)


def may_dispute(parcel: ParcelOut) -> bool:
    """Whether there is anything to object to now."""
    settled = parcel.financial_status is FinancialStatus.SETTLED
    return parcel.status in FINAL and parcel.disputed_at is None and not settled


def missing_words(missing: list[str]) -> str:
    """Which of the pasted numbers are nobody's we know."""
    named = ", ".join(missing[:MOST_NAMED])
    more = len(missing) - MOST_NAMED
    return say("{numbers} and {count} more", numbers=named, count=more) if more > 0 else named


class OwnParcels(RecordsMixin, rx.State):
    """The merchant's parcels with the open one."""

    record: dict[str, str] = {}
    steps: list[Step] = []
    allowed: list[str] = []
    asked: list[dict[str, str]] = []
    pasted: list[str] = []
    found_words: str = ""
    missing: str = ""

    def _spec(self) -> ListSpec:
        return LIST

    async def _prepare(self) -> None:
        if set(self.router.url.query_parameters) - {"open", "page", "sort"}:
            self._forget()

    def _forget(self) -> None:
        self.pasted, self.found_words, self.missing = [], "", ""

    async def _fetch(self, request: ListRequest) -> Listing:
        given = {"q": request.q, **request.filters}
        filters = parse(ParcelFilters, given | {"tracking": ",".join(self.pasted)})
        found = await run(self, queries.page, filters, wanted(request))
        sums = await run(self, queries.summarise, filters)
        return Listing(display(found, row), found.total, owed(sums.payable, sums.currency, to_merchant=True))

    async def _fetch_record(self, record_id: str) -> None:
        found, self.asked = await run(self, read, as_id(record_id))
        self.record, self.steps = facts(found, to_merchant=True), steps(found)
        self.allowed = ["dispute"] if may_dispute(found) else []

    @handler
    async def begin_search(self) -> Any:
        """Open the sheet that takes a pasted list of tracking numbers."""
        self._begin({"numbers": "\n".join(self.pasted)})
        return open_dialog("numbers-sheet")

    @handler
    async def search_many(self, form: dict[str, Any]) -> Any:
        """Show the parcels of a pasted list, and name the numbers that are not known."""
        numbers = numbers_in(str(form.get("numbers") or ""))
        if not 0 < len(numbers) <= MOST_NUMBERS:
            reason = (
                say("At most {count} numbers at once", count=MOST_NUMBERS) if numbers else say("Fill this in")
            )
            self.errors, self.attempt = {"numbers": reason}, self.attempt + 1
            return None
        unknown = await run(self, queries.unknown, numbers)
        self.pasted = numbers
        self.found_words = say(
            "{found} of {count} found", found=len(numbers) - len(unknown), count=len(numbers)
        )
        self.missing = missing_words(unknown)
        self.open_id = ""
        changed = await self._change(q="", filters={}, page=1, open_id="")
        return [close_dialog("numbers-sheet"), changed]

    @handler
    async def forget_numbers(self) -> Any:
        """Show all parcels again."""
        self._forget()
        return await self._change(page=1)

    @handler
    async def clear_filters(self) -> Any:
        """Take search, filters and the pasted list off."""
        self._forget()
        self.search_key += 1
        return await self._change(q="", filters={}, page=1)

    @handler
    async def begin_dispute(self) -> Any:
        """Open the form that says what is wrong."""
        self._begin({})
        return open_dialog("dispute-sheet")

    @handler
    async def dispute(self, form: dict[str, Any]) -> Any:
        """Object to what is said of the open parcel."""
        raised = await self._submit(disputes.open_, as_id(self.open_id), Draft(DisputeEntry, form))
        if raised is None:
            return None
        return await self._done(say("We look into it. The answer appears here."), closes="dispute-sheet")


@page("/merchant/parcels", "Parcels", Permission.COURIER_OWN_ACCOUNT_READ, on_load=OwnParcels.load)
def own_parcels() -> rx.Component:
    """The merchant's parcels with the record beside the list."""
    state = OwnParcels
    return rx.fragment(
        live_refresh(state.refresh, "parcel.", "merchant_invoice."),
        page_header(
            "Parcels",
            tally(state, "parcel", "parcels", "in all"),
            button("Find many…", glyph="list-checks", on_click=state.begin_search),
        ),
        only_while(state.found_words != "", _pasted()),
        data_table(
            state,
            LIST,
            label="Parcels",
            nothing=empty(
                "No parcels yet",
                "Each parcel that we pick up from you appears here, with where it is and what it brings you.",
                glyph="package",
            ),
        ),
        record_panel(state, *_record(), label="Parcel"),
        *_forms(),
    )


def _pasted() -> rx.Component:
    state = OwnParcels
    return notice(
        state.found_words,
        rx.cond(
            state.missing != "",
            rx.fragment("Not known to us: ", rx.el.span(state.missing, translate="no"), "."),
            "Only these are listed below.",
        ),
        tone="info",
        action=button("Show all parcels", small=True, on_click=state.forget_numbers),
    )


def _record() -> list[rx.Component]:
    state, record = OwnParcels, OwnParcels.record
    return [
        record_head(
            "Parcel",
            record["tracking_number"],
            status=badge(record["status"], record["status_tone"]),
            on_close=state.close_record,
        ),
        lifecycle_strip(state.steps),
        next_steps(
            step_if(
                state.allowed,
                "dispute",
                button("Something is wrong…", glyph="flag", on_click=state.begin_dispute),
            )
        ),
        tabs(
            "own-parcel-tabs",
            ("Summary", parcel_summary(record, has_merchant=False)),
            ("Disputes", _answers()),
            counts={1: state.asked.length()},
        ),
    ]


def _answers() -> rx.Component:
    nothing = empty(
        "Nothing disputed",
        "If an amount or a status is wrong, say so: the parcel is held until we have answered.",
        glyph="flag",
    )
    return rx.cond(
        OwnParcels.asked.length() > 0,
        stack(rx.foreach(OwnParcels.asked, dispute_card)),
        nothing,
    )


def dispute_card(asked: Any) -> rx.Component:
    """One objection with its answer."""
    return rx.el.div(
        rx.el.div(
            badge(asked["status"], asked["status_tone"]),
            rx.el.span(asked["raised_at"], class_name="muted small push"),
            class_name="row",
        ),
        key_values(("Objection", asked["reason"]), ("Answer", asked["answer"])),
        class_name="card stack-tight",
        key=asked["id"],
    )


def _forms() -> list[rx.Component]:
    state = OwnParcels
    numbers, dispute = Fields(state, "numbers"), Fields(state, "dispute")
    return [
        form_sheet(
            state,
            "numbers-sheet",
            "Find many parcels",
            numbers.textarea(
                "numbers",
                "Tracking numbers",
                required=True,
                rows="10",
                hint="Paste them as they are: a line each, or with commas between. At most 500.",
            ),
            on_submit=state.search_many,
            submit="Find them",
        ),
        form_sheet(
            state,
            "dispute-sheet",
            "What is wrong?",
            dispute.textarea(
                "reason",
                "What is wrong",
                required=True,
                rows="5",
                hint="For example: the customer paid RM 120.00, not RM 100.00",
            ),
            on_submit=state.dispute,
            submit="Send",
            subtitle=rx.fragment(
                state.record["tracking_number"], " · ", state.record["net_text"], " payable"
            ),
            note="The parcel is held out of settlements until we have answered",
        ),
    ]
