"""The form that asks for a refund, for every page that shows what was paid."""

from __future__ import annotations

from typing import Any

import reflex as rx

from lattis_app.core.language import say
from lattis_app.core.money import Money
from lattis_app.core.schemas import parse
from lattis_app.identity.permissions import Permission
from lattis_app.rental.queries import refunds as queries
from lattis_app.rental.schemas.refunds import RefundEntry, RefundTargetEntry
from lattis_app.rental.services import refunds as services
from lattis_app.ui import toasts
from lattis_app.ui.buttons import button
from lattis_app.ui.conditions import if_may
from lattis_app.ui.dialogs import close_dialog, open_dialog
from lattis_app.ui.form_state import Draft, FormMixin
from lattis_app.ui.forms import Fields, form_sheet
from lattis_app.ui.handlers import handler, run

SHEET = "refund-sheet"
MANAGE = Permission.RENTAL_REFUNDS_MANAGE


class RefundForm(FormMixin, rx.State):
    """The refund that is being asked for."""

    target: dict[str, str] = {}
    number: str = ""
    customer: str = ""
    most: str = ""

    @handler
    async def begin(self, target_type: str, target_id: str) -> Any:
        """Open the form for an order or an invoice, with all that can still be refunded."""
        self.target = {"target_type": target_type[:10], "target_id": target_id[:64]}
        wanted = parse(RefundTargetEntry, self.target)
        found = await run(self, queries.refundable, wanted.target_type, wanted.target_id)
        most = Money(found.refundable, found.currency)
        self.number, self.customer, self.most = found.number, found.customer_name, most.text()
        if not most:
            return toasts.refused(
                say("Nothing can be refunded: no money is left on {number}", number=found.number)
            )
        self._begin({"amount": str(most.decimal)})
        return open_dialog(SHEET)

    @handler
    async def ask(self, form: dict[str, Any]) -> Any:
        """Ask for the refund; the office decides on its own page."""
        made = await self._submit(services.request, Draft(RefundEntry, form | self.target))
        if made is None:
            return None
        return [
            close_dialog(SHEET),
            toasts.done(say("Refund {number} waits for approval", number=made.refund_number)),
        ]


def refund_button(target_type: Any, target_id: Any) -> rx.Component:
    """Asks for a refund of what stands open."""
    ask = lambda: RefundForm.begin(target_type, target_id)  # noqa: E731 — Reflex reads the arguments
    return if_may(MANAGE, button("Refund…", glyph="undo-2", on_click=ask))


def refund_sheet() -> rx.Component:
    """The form; one per page that has a `refund_button`."""
    state, f = RefundForm, Fields(RefundForm, "refund")
    return form_sheet(
        state,
        SHEET,
        "Ask for a refund",
        f.money("amount", "Amount", required=True, hint=rx.fragment("At most ", state.most)),
        f.textarea("reason", "Reason", required=True, hint="The customer and the audit see it"),
        on_submit=state.ask,
        submit="Ask for the refund",
        subtitle=rx.fragment(state.number, " · ", state.customer),
        note="Nothing is paid before it is approved",
    )
