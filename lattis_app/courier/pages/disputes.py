"""Merchants' disputes: what they object to beside what is known, and the answer, with a correction or without."""

from __future__ import annotations

from typing import Any

import reflex as rx

from lattis_app.audit.pages.histories import with_history
from lattis_app.core.language import say
from lattis_app.core.schemas import parse
from lattis_app.courier.pages.dispute_rows import facts, row, steps
from lattis_app.courier.pages.dispute_views import dispute_summary
from lattis_app.courier.pages.words import DISPUTE_OPTIONS, FINAL_OPTIONS
from lattis_app.courier.queries import disputes as queries
from lattis_app.courier.queries import merchants
from lattis_app.courier.schemas.disputes import AcceptEntry, DisputeFilters, RejectEntry
from lattis_app.courier.services import disputes as services
from lattis_app.identity.permissions import Permission
from lattis_app.ui.buttons import button
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.conditions import if_may, only_while
from lattis_app.ui.dialogs import open_dialog
from lattis_app.ui.form_state import Draft
from lattis_app.ui.forms import Fields, form_sheet, side_by_side
from lattis_app.ui.frame import live_refresh
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import notice, page_header
from lattis_app.ui.list_requests import Filter, ListRequest
from lattis_app.ui.lists import Listing, as_id, display, named, wanted
from lattis_app.ui.pages import page
from lattis_app.ui.record_lists import RecordsMixin
from lattis_app.ui.records import (
    HistoryRow,
    Step,
    history,
    lifecycle_strip,
    next_steps,
    record_head,
    record_panel,
    tabs,
)
from lattis_app.ui.states import empty
from lattis_app.ui.tables import counted, data_table

RESOLVE = Permission.COURIER_DISPUTES_RESOLVE
LIST = ListSpec(
    "courier-disputes",
    (
        Column("tracking_number", "Parcel", note="merchant"),
        Column("reason", "What the merchant says", wraps=True),
        Column("created_at", "Since", "date", sortable=True, priority=2),
        Column("status", "Status", "badge"),
        Column("net", "Payable (RM)", "money", priority=2),
    ),
    filters=(
        Filter("status", "Status", options=DISPUTE_OPTIONS, several=True),
        Filter("merchant_id", "Merchant"),
    ),
    views=(("To answer", "status=OPEN"),),
    search="Tracking number",
    export="/v1/parcel-disputes",
)
read = with_history(queries.find, "courier_disputes")


class Disputes(RecordsMixin, rx.State):
    """Disputes with the open one."""

    record: dict[str, str] = {}
    steps: list[Step] = []
    events: list[HistoryRow] = []

    def _spec(self) -> ListSpec:
        return LIST

    async def _prepare(self) -> None:
        self.filter_options = await named(self, "merchant_id", merchants.find, lambda found: str(found.name))

    async def _fetch(self, request: ListRequest) -> Listing:
        filters = parse(DisputeFilters, {"q": request.q, **request.filters})
        found = await run(self, queries.page, filters, wanted(request))
        return Listing(display(found, row), found.total)

    async def _fetch_record(self, record_id: str) -> None:
        found, self.events = await run(self, read, as_id(record_id))
        self.record, self.steps = facts(found), steps(found)

    @handler
    async def begin_accept(self) -> Any:
        """Open the form that corrects the parcel and answers."""
        self._begin({})
        return open_dialog("accept-sheet")

    @handler
    async def accept(self, form: dict[str, Any]) -> Any:
        """Agree with the merchant, with what is right."""
        done = await self._submit(services.accept, as_id(self.open_id), Draft(AcceptEntry, form))
        if done is None:
            return None
        return await self._done(say("Accepted; the merchant has the answer"), closes="accept-sheet")

    @handler
    async def begin_reject(self) -> Any:
        """Open the form that says why nothing changes."""
        self._begin({})
        return open_dialog("reject-sheet")

    @handler
    async def reject(self, form: dict[str, Any]) -> Any:
        """Answer that nothing changes."""
        done = await self._submit(services.reject, as_id(self.open_id), Draft(RejectEntry, form))
        if done is None:
            return None
        return await self._done(say("Rejected; the parcel can be settled"), closes="reject-sheet")


@page("/courier/disputes", "Disputes", RESOLVE, on_load=Disputes.load)
def disputes() -> rx.Component:
    """Disputes with the record beside the list."""
    state = Disputes
    return rx.fragment(
        live_refresh(state.refresh, "parcel."),
        page_header("Disputes", counted(state, "dispute", "disputes")),
        data_table(
            state,
            LIST,
            label="Disputes",
            nothing=empty(
                "No disputes",
                "When a merchant says that an amount or a status is wrong, it appears here. The parcel is held until "
                "you have answered.",
                glyph="flag",
            ),
        ),
        record_panel(state, *_record(), label="Dispute"),
        *_forms(),
    )


def _record() -> list[rx.Component]:
    state, record = Disputes, Disputes.record
    accept = button(
        "Accept and correct…", kind="primary", on_click=state.begin_accept, disabled=record["waits"] != ""
    )
    return [
        record_head("Dispute", record["tracking_number"], on_close=state.close_record),
        lifecycle_strip(state.steps),
        next_steps(
            only_while(
                record["is_open"] != "",
                if_may(RESOLVE, rx.fragment(accept, button("Reject…", on_click=state.begin_reject))),
            )
        ),
        tabs("dispute-tabs", ("Summary", dispute_summary(record)), ("History", history(state.events))),
    ]


def _forms() -> list[rx.Component]:
    state, record = Disputes, Disputes.record
    accept, reject = Fields(state, "accept"), Fields(state, "reject")
    said = rx.fragment(record["tracking_number"], " · ", record["merchant"])
    return [
        form_sheet(
            state,
            "accept-sheet",
            "Accept the dispute",
            notice("The merchant says", record["reason"]),
            accept.select("status", "Status", FINAL_OPTIONS, empty="As it was reported"),
            accept.money(
                "cod_collected_amount",
                "Collected",
                placeholder="As it was",
                hint=rx.fragment("Until now ", record["collected_text"]),
            ),
            side_by_side(
                accept.money("delivery_charge", "Delivery charge", placeholder="As it was"),
                accept.money("return_charge", "Return charge", placeholder="As it was"),
            ),
            accept.textarea("answer", "Answer to the merchant", required=True),
            on_submit=state.accept,
            submit="Accept and correct",
            subtitle=said,
        ),
        form_sheet(
            state,
            "reject-sheet",
            "Reject the dispute",
            notice("The merchant says", record["reason"]),
            reject.textarea("answer", "Answer to the merchant", required=True, hint="Why nothing changes"),
            on_submit=state.reject,
            submit="Reject with this answer",
            subtitle=said,
        ),
    ]
