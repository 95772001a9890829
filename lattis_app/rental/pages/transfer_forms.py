"""Moving or exchanging a bin that is with its customer: the forms beside a delivery order."""

from __future__ import annotations

from typing import Any

import reflex as rx

from lattis_app.core import clock
from lattis_app.core.language import say
from lattis_app.rental.pages.delivery_order_forms import OrderFormMixin
from lattis_app.rental.queries import delivery_orders
from lattis_app.rental.schemas.transfers import (
    ExchangeEntry,
    RelocationCancelEntry,
    RelocationEntry,
    RelocationPlan,
)
from lattis_app.rental.services import relocations, transfers
from lattis_app.ui import moments, toasts
from lattis_app.ui.dialogs import close_dialog, confirm, open_dialog
from lattis_app.ui.form_state import Draft
from lattis_app.ui.forms import Fields, form_sheet, side_by_side
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.lists import as_id


class TransferMixin(OrderFormMixin, mixin=True):
    """The office moves the open order's bin, or exchanges it; the page is a ListMixin."""

    @handler
    async def begin_move(self) -> Any:
        """Open the form that takes the bin to another site."""
        found = await run(self, delivery_orders.find, as_id(self.open_id))
        self._begin({"site_address": found.site_address, "area": found.area, "state": found.state})
        return open_dialog("move-bin-sheet")

    @handler
    async def move_bin(self, form: dict[str, Any]) -> Any:
        """Take the open order's bin to another site now, or plan it for the time that was typed."""
        typed = str(form.get("scheduled_at", ""))
        if typed:
            entry = Draft(RelocationPlan, form | {"scheduled_at": moments.from_typed(typed)})
            moved = await self._submit(relocations.plan, as_id(self.open_id), entry)
        else:
            now = {name: value for name, value in form.items() if name != "scheduled_at"}
            moved = await self._submit(transfers.relocate, as_id(self.open_id), Draft(RelocationEntry, now))
        if moved is None:
            return None
        await self._again()
        said = say("The move waits on the dispatch board") if typed else say("Bin moved")
        return [close_dialog("move-bin-sheet"), toasts.done(said)]

    @handler
    async def call_move_off(self, form: dict[str, Any]) -> Any:
        """Leave the bin where it is, with the typed reason."""
        entry = Draft(RelocationCancelEntry, {"reason": form.get("reason", "")})
        move_id = as_id(self.facts.get("move_id", ""))
        if await self._submit(relocations.cancel, move_id, entry) is None:
            return [close_dialog("call-move-off"), toasts.refused(self.form_error or say("Say why"))]
        await self._again()
        return [close_dialog("call-move-off"), toasts.done(say("The bin stays where it is"))]

    @handler
    async def begin_exchange(self) -> Any:
        """Open the form that brings an empty bin for the full one."""
        self.bin_options = []
        self._begin({"scheduled_at": moments.typed(clock.now())})
        return open_dialog("exchange-sheet")

    @handler
    async def exchange(self, form: dict[str, Any]) -> Any:
        """Bring an empty bin for the open order's full one; the new order stands open then."""
        at = moments.from_typed(str(form.get("scheduled_at", "")))
        entry = Draft(ExchangeEntry, form | {"scheduled_at": at})
        made = await self._submit(transfers.exchange, as_id(self.open_id), entry)
        if made is None:
            return None
        self.open_id = str(made.id)
        await self._again()
        said = say("{number} brings the empty bin", number=made.system_do_number)
        return [close_dialog("exchange-sheet"), toasts.done(said)]


def transfer_sheets(state: Any) -> list[rx.Component]:
    """The two forms, and what is asked before a planned move is called off."""
    return [
        _move_sheet(state),
        _exchange_sheet(state),
        confirm(
            "call-move-off",
            "Call the move off?",
            "The bin stays where it is; the driver who has the job is told.",
            action="Call it off",
            reason="Reason",
            on_confirm=state.call_move_off,
            attempt=state.attempt,
        ),
    ]


def _move_sheet(state: Any) -> rx.Component:
    f = Fields(state, "move-bin")
    return form_sheet(
        state,
        "move-bin-sheet",
        "Move the bin to another site",
        f.textarea("site_address", "Site", required=True),
        side_by_side(f.text("area", "Area"), f.text("state", "State")),
        f.datetime("scheduled_at", "When", hint="Left empty: it has been moved already"),
        f.text("reason", "Why", hint="Kept with the movement"),
        on_submit=state.move_bin,
        submit="Move bin",
        subtitle=state.facts["number"],
        note="A move with a time is a job: give it to a driver on the dispatch board",
    )


def _exchange_sheet(state: Any) -> rx.Component:
    f = Fields(state, "exchange")
    return form_sheet(
        state,
        "exchange-sheet",
        "Exchange the bin",
        f.combobox(
            "inventory_bin_id",
            "Empty bin",
            options=state.bin_options,
            search=state.find_bins,
            required=True,
            hint="Only free bins are offered",
        ),
        side_by_side(
            f.money("amount", "Amount", required=True), f.datetime("scheduled_at", "When", required=True)
        ),
        f.select("waste_item_id", "Kind of waste", state.waste_options, empty="Not said"),
        side_by_side(
            f.combobox("driver_id", "Driver", options=state.driver_options),
            f.combobox("lorry_id", "Lorry", options=state.lorry_options),
        ),
        on_submit=state.exchange,
        submit="Make the order",
        subtitle=state.facts["number"],
        note="Driver and lorry are as before, unless you choose others",
    )
