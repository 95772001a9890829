"""The driver's money: what was taken, and what is still to be handed over."""

from __future__ import annotations

from typing import Any

import reflex as rx

from lattis_app.core.actors import Actor
from lattis_app.core.language import say
from lattis_app.core.money import Money
from lattis_app.identity.permissions import Permission
from lattis_app.rental.documents.wording import payment_method
from lattis_app.rental.pages.driver_parts import driver_frame
from lattis_app.rental.queries import payments
from lattis_app.ui import frame_facts, moments
from lattis_app.ui.badges import badge
from lattis_app.ui.handlers import actor_of, handler, run
from lattis_app.ui.layout import card
from lattis_app.ui.money import money
from lattis_app.ui.pages import page
from lattis_app.ui.states import empty, skeleton_block


def cash_on_the_tab(session: Any, actor: Actor) -> str:
    """What the driver holds, as the tab shows it; nothing when it is nothing."""
    if actor.subject_id is None:
        return ""
    found = payments.own_cash(session, actor)
    held = Money(found.held, found.currency)
    return held.text().removesuffix(".00") if held else ""


frame_facts.register_counter("driver.cash", cash_on_the_tab, Permission.RENTAL_OWN_DAY_READ)


class DriverCash(rx.State):
    """What was taken and is held."""

    who: str = ""
    ready: bool = False
    held: str = ""
    today: str = ""
    methods: list[dict[str, str]] = []
    taken: list[dict[str, str]] = []

    @handler
    async def refresh(self) -> None:
        """Read the driver's own payments."""
        found = await run(self, payments.own_cash)
        self.held = Money(found.held, found.currency).text()
        self.today = Money(found.collected_today, found.currency).text()
        self.methods = [
            {"method": say(payment_method(method)), "amount": Money(total, found.currency).text()}
            for method, total in found.by_method.items()
        ]
        self.taken = [
            {
                "id": str(each.id),
                "company": each.customer_name,
                "method": say(payment_method(each.method)),
                "amount": Money(each.amount, each.currency).text(),
                "note": f"{each.receipt_number} · {moments.moment(each.received_at)}",
            }
            for each in found.payments
        ]
        self.who, self.ready = str((await actor_of(self)).subject_id), True


@page("/driver/cash", "My cash", Permission.RENTAL_OWN_DAY_READ, on_load=DriverCash.refresh, frame="none")
def driver_cash() -> rx.Component:
    """The cash in hand, today's money by method, and each receipt."""
    state = DriverCash
    nothing = empty(
        "No money taken yet", "What you collect at a customer appears here with its receipt.", glyph="wallet"
    )
    shown = rx.fragment(
        card(rx.el.span("Cash you hold", class_name="muted"), rx.el.b(state.held), class_name="amount"),
        card(
            rx.el.div(
                rx.el.span("Collected today"), money(state.today, strong=True), class_name="row row-between"
            ),
            rx.foreach(
                state.methods,
                lambda each: rx.el.div(
                    rx.el.span(each["method"], class_name="muted"),
                    money(each["amount"]),
                    class_name="row row-between",
                ),
            ),
            class_name="stack-tight",
        ),
        rx.cond(
            state.taken.length() > 0,
            rx.el.div(rx.foreach(state.taken, _payment), class_name="card card-flush lines"),
            nothing,
        ),
    )
    return driver_frame(
        state,
        rx.cond(state.ready, shown, rx.fragment(skeleton_block("120px"), skeleton_block("160px"))),
        path="/driver/cash",
        title="My cash",
        subtitle="Hand it over at the office",
    )


def _payment(each: Any) -> rx.Component:
    return rx.el.div(
        rx.el.div(rx.el.b(each["company"]), rx.el.small(each["note"], class_name="muted")),
        rx.el.div(money(each["amount"]), badge(each["method"]), class_name="line-end"),
        class_name="line",
        key=each["id"],
    )
