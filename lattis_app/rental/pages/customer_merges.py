"""Merging a customer into another: choose whom, look at what moves, then do it for good."""

from __future__ import annotations

from typing import Any

import reflex as rx

from lattis_app.core.language import say, translate
from lattis_app.parties.schemas.merges import MergeEntry, MergeOut
from lattis_app.rental.pages.delivery_order_forms import customers_like
from lattis_app.rental.services import customers as services
from lattis_app.ui import toasts
from lattis_app.ui.columns import Column
from lattis_app.ui.dialogs import close_dialog, open_dialog
from lattis_app.ui.form_state import Draft, FormMixin
from lattis_app.ui.forms import Fields, form_sheet
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import notice, stack
from lattis_app.ui.list_requests import Option
from lattis_app.ui.lists import as_id
from lattis_app.ui.tables import simple_table

SHEET = "customer-merge"
MOVES = (Column("what", "What moves"), Column("count", "Records", "number"))


def plan_rows(plan: MergeOut) -> list[dict[str, str]]:
    """What moves, and what is read as the other's from now on."""
    moved = [{"what": each.what.capitalize(), "count": f"{each.count:,}"} for each in plan.moves]
    stays = [
        {"what": say("{what} (read along)", what=each.what.capitalize()), "count": f"{each.count:,}"}
        for each in plan.stays
    ]
    return moved + stays


class CustomerMerge(FormMixin, rx.State):
    """Who is merged into whom, and what that would move."""

    customer_id: str = ""
    name: str = ""
    options: list[Option] = []
    into: str = ""
    into_name: str = ""
    fills: str = ""
    moves: list[dict[str, str]] = []

    @handler
    async def begin(self, customer_id: str, name: str) -> Any:
        """Open the sheet for a customer."""
        self.customer_id, self.name, self.into, self.moves = customer_id, name, "", []
        self._begin({})
        self.options = await self._others("")
        return open_dialog(SHEET)

    @handler
    async def find(self, words: str) -> None:
        """While typing, find the customer who stays."""
        self.options = await self._others(words)

    @handler
    async def merge(self, form: dict[str, Any]) -> Any:
        """First tell what would move; asked again for the same customer, do it."""
        is_planned = bool(self.into) and form.get("into") == self.into
        entry = Draft(MergeEntry, {"into": form.get("into", ""), "dry_run": not is_planned})
        plan = await self._submit(services.merge, as_id(self.customer_id), entry)
        if plan is None:
            self.into = ""
            return None
        if plan.obstacles:
            self.into = ""
            reasons = "; ".join(translate(each.reason) for each in plan.obstacles)
            self.form_error = say("These two cannot become one: {reasons}", reasons=reasons)
            return None
        if plan.done:
            said = say("{name} is now {other}", name=plan.name, other=plan.into_name)
            shown = rx.redirect(f"/rental/customers?open={self.into}")
            return [close_dialog(SHEET), shown, toasts.done(said)]
        self.into, self.into_name, self.moves = str(form["into"]), plan.into_name, plan_rows(plan)
        self.fills = ", ".join(name.replace("_", " ") for name in plan.fills)
        return None

    async def _others(self, words: str) -> list[Option]:
        found = await run(self, customers_like, words)
        return [option for option in found if option["value"] != self.customer_id]


def merge_sheet() -> rx.Component:
    """The sheet in which a customer is merged into another."""
    state = CustomerMerge
    f = Fields(state, "merge")
    taken = rx.el.p(
        "Details that were missing there are taken along: ", state.fills, class_name="small muted"
    )
    plan = stack(
        notice(
            rx.fragment(state.name, " becomes ", state.into_name),
            "This cannot be undone. Old links lead to the customer who stays.",
            tone="warn",
        ),
        rx.cond(
            state.moves.length() > 0,
            simple_table(MOVES, state.moves, label="What moves"),
            rx.el.p("Nothing was written about this customer yet.", class_name="small muted"),
        ),
        rx.cond(state.fills != "", taken, rx.fragment()),
    )
    return form_sheet(
        state,
        SHEET,
        "Merge into another customer",
        f.combobox(
            "into",
            "Customer who stays",
            options=state.options,
            search=state.find,
            required=True,
            hint="Keeps name, terms and credit limit; gets all bookings, orders, invoices and payments",
        ),
        rx.cond(state.into != "", plan, rx.fragment()),
        on_submit=state.merge,
        submit=rx.cond(state.into != "", "Merge for good", "Show what moves"),
        subtitle=state.name,
    )
