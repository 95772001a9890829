"""A merchant's own disputes: what was said of which parcel, and what was answered."""

from __future__ import annotations

import reflex as rx

from lattis_app.core.schemas import parse
from lattis_app.courier.pages.dispute_rows import facts, row, steps
from lattis_app.courier.pages.dispute_views import dispute_summary
from lattis_app.courier.pages.words import DISPUTE_OPTIONS
from lattis_app.courier.queries import disputes as queries
from lattis_app.courier.schemas.disputes import DisputeFilters
from lattis_app.identity.permissions import Permission
from lattis_app.ui.badges import badge
from lattis_app.ui.buttons import button
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.frame import live_refresh
from lattis_app.ui.handlers import run
from lattis_app.ui.layout import page_header
from lattis_app.ui.list_requests import Filter, ListRequest
from lattis_app.ui.lists import Listing, as_id, display, wanted
from lattis_app.ui.pages import page
from lattis_app.ui.record_lists import RecordsMixin
from lattis_app.ui.records import Step, lifecycle_strip, record_head, record_panel
from lattis_app.ui.states import empty
from lattis_app.ui.tables import counted, data_table

LIST = ListSpec(
    "own-disputes",
    (
        Column("tracking_number", "Parcel"),
        Column("reason", "What you said", wraps=True),
        Column("created_at", "Since", "date", sortable=True, priority=2),
        Column("status", "Status", "badge"),
        Column("answer", "The answer", wraps=True, priority=2),
        Column("net", "For you (RM)", "money", priority=3),
    ),
    filters=(Filter("status", "Status", options=DISPUTE_OPTIONS, several=True),),
    views=(("Not answered", "status=OPEN"), ("Answered", "status=ACCEPTED,REJECTED")),
    search="Tracking number",
    export="/v1/parcel-disputes",
)


class OwnDisputes(RecordsMixin, rx.State):
    """The merchant's disputes with the open one."""

    record: dict[str, str] = {}
    steps: list[Step] = []

    def _spec(self) -> ListSpec:
        return LIST

    async def _fetch(self, request: ListRequest) -> Listing:
        filters = parse(DisputeFilters, {"q": request.q, **request.filters})
        found = await run(self, queries.page, filters, wanted(request))
        return Listing(display(found, row), found.total)

    async def _fetch_record(self, record_id: str) -> None:
        found = await run(self, queries.find, as_id(record_id))
        self.record, self.steps = facts(found), steps(found)


@page("/merchant/disputes", "Disputes", Permission.COURIER_OWN_ACCOUNT_READ, on_load=OwnDisputes.load)
def own_disputes() -> rx.Component:
    """The merchant's disputes with the record beside the list."""
    state = OwnDisputes
    return rx.fragment(
        live_refresh(state.refresh, "parcel."),
        page_header("Disputes", counted(state, "dispute", "disputes")),
        data_table(
            state,
            LIST,
            label="Disputes",
            nothing=empty(
                "Nothing disputed",
                "If an amount or a status of a parcel is wrong, open the parcel and say so. It is held until we have "
                "answered; the answer appears here.",
                button("See your parcels", href="/merchant/parcels"),
                glyph="flag",
            ),
        ),
        record_panel(state, *_record(), label="Dispute"),
    )


def _record() -> list[rx.Component]:
    state, record = OwnDisputes, OwnDisputes.record
    return [
        record_head(
            "Dispute",
            record["tracking_number"],
            status=badge(record["status"], record["status_tone"]),
            on_close=state.close_record,
        ),
        lifecycle_strip(state.steps),
        dispute_summary(record, to_merchant=True),
    ]
