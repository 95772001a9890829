"""Parcels: the list, the record with what it is worth to its merchant, and the steps that are allowed now."""

from __future__ import annotations

from typing import Any

import reflex as rx

from lattis_app.audit.pages.histories import with_history
from lattis_app.core.language import say
from lattis_app.core.schemas import parse
from lattis_app.courier.pages.parcel_forms import ParcelFormMixin, parcel_forms, starting_values
from lattis_app.courier.pages.parcel_rows import facts, row
from lattis_app.courier.pages.parcel_views import parcel_summary
from lattis_app.courier.pages.words import FINANCIAL_OPTIONS, PARCEL, STATUS_OPTIONS, owed
from lattis_app.courier.queries import merchants
from lattis_app.courier.queries import parcels as queries
from lattis_app.courier.schemas.parcels import (
    ClearanceEntry,
    ParcelChanges,
    ParcelEntry,
    ParcelFilters,
    ParcelOut,
    ParcelStep,
)
from lattis_app.courier.services import clearances
from lattis_app.courier.services import parcels as services
from lattis_app.courier.statuses import FINAL, PARCEL_LIFECYCLE, FinancialStatus, ParcelStatus
from lattis_app.identity.permissions import Permission
from lattis_app.ui.badges import badge
from lattis_app.ui.buttons import button
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.conditions import if_may
from lattis_app.ui.dialogs import open_dialog
from lattis_app.ui.form_state import Corrections, Draft
from lattis_app.ui.frame import live_refresh
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import page_header
from lattis_app.ui.list_requests import Filter, ListRequest
from lattis_app.ui.lists import Listing, as_id, display, named, wanted
from lattis_app.ui.masters import import_button
from lattis_app.ui.pages import page
from lattis_app.ui.records import (
    HistoryRow,
    Step,
    history,
    lifecycle_steps,
    lifecycle_strip,
    next_steps,
    record_head,
    record_panel,
    step_if,
    tabs,
)
from lattis_app.ui.states import empty
from lattis_app.ui.tables import data_table, tally

MANAGE = Permission.COURIER_PARCELS_MANAGE
YES = (("true", "Yes"), ("false", "No"))
LIST = ListSpec(
    "courier-parcels",
    (
        Column("tracking_number", "Tracking number", sortable=True, note="recipient"),
        Column("merchant", "Merchant"),
        Column("status", "Status", "badge"),
        Column("delivered_at", "Delivered", "date", sortable=True, priority=2),
        Column("settled", "Settlement", "badge", priority=3),
        Column("cod", "COD (RM)", "money", hidden_by_default=True),
        Column("collected", "Collected (RM)", "money", priority=2),
        Column("charges", "Charges (RM)", "money", priority=3),
        Column("net", "Payable (RM)", "money"),
    ),
    filters=(
        Filter("status", "Status", options=STATUS_OPTIONS, several=True),
        Filter("financial_status", "Settlement", options=FINANCIAL_OPTIONS, several=True),
        Filter("eligible", "Can be settled", options=YES),
        Filter("disputed", "Disputed", options=YES),
        Filter("clearance_required", "Corrected", options=YES),
        Filter("merchant_id", "Merchant"),
        Filter("invoice_id", "Invoice"),
        Filter("tracking", "Tracking numbers", "text"),
        Filter("from", "Delivered from", "date"),
        Filter("to", "Delivered to", "date"),
    ),
    views=(
        ("On the way", "status=PENDING,PICKED_UP,IN_TRANSIT,OUT_FOR_DELIVERY"),
        ("To settle", "eligible=true"),
        ("Disputed", "disputed=true"),
    ),
    search="Tracking number or order",
    export="/v1/parcels",
)
LABELS = {
    "cod_amount_minor": "COD (RM)",
    "cod_collected_amount_minor": "Collected (RM)",
    "total_charge_minor": "Delivery charge (RM)",
    "return_charge_minor": "Return charge (RM)",
    "paid_amount_minor": "Paid (RM)",
    "clearance_amount_minor": "Correction (RM)",
}
read = with_history(queries.find, "courier_parcels", LABELS)


def steps(parcel: ParcelOut) -> list[Step]:
    """Where the parcel is; each of the last four statuses is an end of its own."""
    drawn = lifecycle_steps(
        PARCEL_LIFECYCLE, ParcelStatus.DELIVERED if parcel.status in FINAL else parcel.status
    )
    word, tone = PARCEL[parcel.status]
    if parcel.status in FINAL:
        drawn[-1] = Step(label=say(word), state="stopped" if tone == "bad" else "done")
    return drawn


def allowed(parcel: ParcelOut) -> list[str]:
    """The steps that are open now."""
    found = []
    if parcel.status is ParcelStatus.OUT_FOR_DELIVERY:
        found.append("arrive")
    elif parcel.status not in FINAL:
        found.append("advance")
    if parcel.financial_status is FinancialStatus.PENDING:
        found.append("edit")
    if parcel.financial_status is FinancialStatus.PAID:
        found.append("correct")
    return found


def following(status: ParcelStatus) -> ParcelStatus | None:
    """The one status that follows on the road."""
    path = PARCEL_LIFECYCLE.happy_path
    return path[path.index(status) + 1] if status in path[:-1] else None


class Parcels(ParcelFormMixin, rx.State):
    """Parcels with the open one."""

    record: dict[str, str] = {}
    steps: list[Step] = []
    allowed: list[str] = []
    events: list[HistoryRow] = []

    def _spec(self) -> ListSpec:
        return LIST

    async def _prepare(self) -> None:
        self.filter_options = await named(self, "merchant_id", merchants.find, lambda found: str(found.name))

    async def _fetch(self, request: ListRequest) -> Listing:
        filters = parse(ParcelFilters, {"q": request.q, **request.filters})
        found = await run(self, queries.page, filters, wanted(request))
        sums = await run(self, queries.summarise, filters)
        return Listing(display(found, row), found.total, owed(sums.payable, sums.currency))

    async def _fetch_record(self, record_id: str) -> None:
        found, self.events = await run(self, read, as_id(record_id))
        after = following(found.status)
        self.record = facts(found) | {"next": say(PARCEL[after][0]) if after else ""}
        self.steps, self.allowed = steps(found), allowed(found)

    @handler
    async def begin(self) -> Any:
        """Open the form of a new parcel."""
        self.editing = ""
        self._begin({})
        return open_dialog("parcel-sheet")

    @handler
    async def edit(self) -> Any:
        """Open the form of the parcel beside the list."""
        self.editing = self.open_id
        self._begin(starting_values(await run(self, queries.find, as_id(self.open_id))))
        return open_dialog("parcel-sheet")

    @handler
    async def save(self, form: dict[str, Any]) -> Any:
        """Keep a new parcel, or the changes of an old one."""
        if self.editing:
            changes = Corrections(ParcelChanges, form, dict(self.values))
            saved = await self._submit(services.update, as_id(self.editing), changes)
        else:
            saved = await self._submit(services.create, Draft(ParcelEntry, form))
        if saved is None:
            return None
        self.open_id, self.editing = str(saved.id), ""
        return await self._done(say("{number} saved", number=saved.tracking_number), closes="parcel-sheet")

    @handler
    async def advance(self) -> Any:
        """Take the open parcel to the next status on the road."""
        found = await run(self, queries.find, as_id(self.open_id))
        after = following(found.status)
        moved = await run(self, services.progress, found.id, ParcelStep(status=after or found.status))
        word, _ = PARCEL[ParcelStatus(moved.status)]
        return await self._done(f"{moved.tracking_number}: {say(word)}")

    @handler
    async def begin_arrival(self) -> Any:
        """Open the form that says how the delivery ended."""
        found = await run(self, queries.find, as_id(self.open_id))
        self._begin({"status": str(ParcelStatus.DELIVERED)} | {"expected": facts(found)["cod_text"]})
        return open_dialog("arrival-sheet")

    @handler
    async def arrive(self, form: dict[str, Any]) -> Any:
        """Say how the delivery of the open parcel ended, and what was collected."""
        moved = await self._submit(services.progress, as_id(self.open_id), Draft(ParcelStep, form))
        if moved is None:
            return None
        word, _ = PARCEL[ParcelStatus(moved.status)]
        return await self._done(f"{moved.tracking_number}: {say(word)}", closes="arrival-sheet")

    @handler
    async def begin_clearance(self) -> Any:
        """Open the form that corrects a parcel which was paid."""
        self._begin({})
        return open_dialog("clearance-sheet")

    @handler
    async def correct(self, form: dict[str, Any]) -> Any:
        """Record the correction: the difference rides on the merchant's next invoice."""
        noted = await self._submit(clearances.record, as_id(self.open_id), Draft(ClearanceEntry, form))
        if noted is None:
            return None
        said = say("The correction of {number} rides on the next invoice", number=noted.tracking_number)
        return await self._done(said, closes="clearance-sheet")


@page("/courier/parcels", "Parcels", MANAGE, on_load=Parcels.load)
def parcels() -> rx.Component:
    """Parcels with the record beside the list."""
    state = Parcels
    new = button("New parcel", kind="primary", glyph="plus", on_click=state.begin)
    return rx.fragment(
        live_refresh(state.refresh, "parcel.", "merchant_invoice."),
        page_header(
            "Parcels",
            tally(state, "parcel", "parcels", "payable"),
            import_button("parcels", MANAGE),
            if_may(MANAGE, new),
        ),
        data_table(
            state,
            LIST,
            label="Parcels",
            nothing=empty(
                "No parcels yet",
                "Bring them in from a file of your delivery partner, or take on the first one by hand.",
                if_may(MANAGE, button("New parcel", kind="primary", on_click=state.begin)),
                import_button("parcels", MANAGE),
                glyph="package",
            ),
        ),
        record_panel(state, *_record(), label="Parcel"),
        *parcel_forms(state),
    )


def _record() -> list[rx.Component]:
    state, record = Parcels, Parcels.record
    move = rx.fragment(
        step_if(state.allowed, "advance", button(record["next"], kind="primary", on_click=state.advance)),
        step_if(
            state.allowed,
            "arrive",
            button("Close the delivery…", kind="primary", on_click=state.begin_arrival),
        ),
        step_if(state.allowed, "correct", button("Record a correction…", on_click=state.begin_clearance)),
        step_if(state.allowed, "edit", button("Edit", glyph="pencil", on_click=state.edit)),
    )
    return [
        record_head(
            "Parcel",
            record["tracking_number"],
            status=badge(record["status"], record["status_tone"]),
            on_close=state.close_record,
        ),
        lifecycle_strip(state.steps),
        next_steps(if_may(MANAGE, move)),
        tabs(
            "parcel-tabs",
            ("Summary", parcel_summary(record, has_merchant=True)),
            ("History", history(state.events)),
        ),
    ]
