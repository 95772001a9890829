"""What every page of a seller says first: whether new orders are stopped, what clears that, and what is due next."""

from __future__ import annotations

from typing import Any

import reflex as rx

from lattis_app.core.language import say
from lattis_app.marketplace.pages.looks import days_late
from lattis_app.marketplace.queries import restrictions
from lattis_app.marketplace.rules.amounts import per_currency
from lattis_app.marketplace.schemas.restrictions import OverdueInvoiceOut, RestrictionOut
from lattis_app.marketplace.services import products
from lattis_app.ui import toasts
from lattis_app.ui.badges import badge
from lattis_app.ui.buttons import button, link
from lattis_app.ui.conditions import only_while
from lattis_app.ui.frame import live_refresh
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.icons import icon
from lattis_app.ui.layout import notice
from lattis_app.ui.money import money

WHY = "You cannot create new orders until overdue invoices are paid"


def line(invoice: OverdueInvoiceOut) -> dict[str, str]:
    """One overdue invoice of the warning."""
    return {
        "id": str(invoice.id),
        "number": invoice.invoice_number,
        "amount": per_currency(invoice.total_amount_mkd, invoice.total_amount_eur),
        "late": days_late(invoice.days_overdue),
        "href": invoice.link,
        "pay": "" if invoice.payment_claimed else f"{invoice.link}?pay=yes",
    }


def hidden_words(count: int) -> str:
    """What happened to the products meanwhile."""
    if count == 0:
        return ""
    if count == 1:
        return say("Meanwhile 1 product of yours is hidden from buyers.")
    return say("Meanwhile {count} products of yours are hidden from buyers.", count=count)


def reactivation(found: RestrictionOut) -> str:
    """The words of the button that brings back what the system hid; empty when there is nothing to bring back."""
    if found.restricted or found.hidden_products == 0:
        return ""
    if found.hidden_products == 1:
        return say("Reactivate the 1 product")
    return say("Reactivate the {count} products", count=found.hidden_products)


class SellerStanding(rx.State):
    """Whether the signed-in seller is restricted, and what clears it."""

    restricted: bool = False
    to_clear: str = ""
    hidden: str = ""
    reactivate_label: str = ""
    overdue: list[dict[str, str]] = []

    @handler
    async def load(self) -> None:
        """Look up how the seller stands."""
        await self._look()

    async def _look(self) -> None:
        found = await run(self, restrictions.mine)
        self.restricted = found.restricted
        self.to_clear = per_currency(found.amount_to_clear_mkd, found.amount_to_clear_eur)
        self.hidden = hidden_words(found.hidden_products)
        self.reactivate_label = reactivation(found)
        self.overdue = [line(each) for each in found.invoices]

    @handler
    async def reactivate(self) -> Any:
        """Offer every product again that the system hid."""
        count = await run(self, products.reactivate)
        await self._look()
        said = (
            say("1 product is on offer again")
            if count == 1
            else say("{count} products are on offer again", count=count)
        )
        return toasts.done(said)


def standing(*, brief: bool = False, also: Any = ()) -> rx.Component:
    """The warning of a restricted seller, or the way back to selling; nothing for who owes nothing overdue.

    `brief` leaves the invoices to their own page. `also` runs after the products were reactivated: the page's own loader.
    """
    state = SellerStanding
    return rx.fragment(
        live_refresh(state.load, "seller"),
        only_while(state.restricted, _reminder() if brief else _warning()),
        only_while(state.reactivate_label != "", _way_back(also)),
    )


def _warning() -> rx.Component:
    state = SellerStanding
    return rx.el.section(
        icon("circle-alert"),
        rx.el.div(
            rx.el.h2(WHY),
            rx.el.p(
                "To clear now: ", money(state.to_clear, strong=True), ". ", state.hidden, class_name="pretty"
            ),
            rx.el.ul(rx.foreach(state.overdue, _overdue), class_name="plain-list"),
            class_name="restriction-text",
        ),
        class_name="restriction",
        role="alert",
        data_tone="bad",
    )


def _reminder() -> rx.Component:
    return notice(
        WHY,
        rx.Var.create("To clear now: ") + SellerStanding.to_clear,
        tone="bad",
        action=link("See what is overdue", "/seller/invoices?status=overdue"),
    )


def _overdue(invoice: Any) -> rx.Component:
    return rx.el.li(
        link(invoice["number"], invoice["href"], class_name="link strong"),
        badge(invoice["late"], "bad"),
        money(invoice["amount"], strong=True),
        rx.cond(
            invoice["pay"] != "",
            button(
                "Pay", kind="primary", small=True, href=invoice["pay"], aria_label="Pay " + invoice["number"]
            ),
            badge("In review", "info"),
        ),
        class_name="restriction-line",
        key=invoice["id"],
    )


def _way_back(also: Any) -> rx.Component:
    state = SellerStanding
    handlers = [state.reactivate, *([also] if also else [])]
    return notice(
        "You can sell again",
        "Everything overdue is paid. The products the system hid stay inactive until you bring them back.",
        tone="ok",
        action=button(state.reactivate_label, kind="primary", on_click=handlers),
    )
