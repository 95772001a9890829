"""The driver's money: what was taken and handed over, and what is still to be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reflex as rx

from lattis_app.core.actors import Actor
from lattis_app.core.language import say
from lattis_app.core.money import Money
from lattis_app.identity.permissions import Permission
from lattis_app.rental.documents.wording import payment_method
from lattis_app.rental.pages.driver_parts import action, driver_frame
from lattis_app.rental.queries import driver_cash as queries
from lattis_app.rental.schemas.hand_overs import CashOut, HandOverOut
from lattis_app.rental.statuses import HandOverStatus
from lattis_app.ui import frame_facts, moments
from lattis_app.ui.badges import badge, words
from lattis_app.ui.conditions import only_while
from lattis_app.ui.handlers import actor_of, handler, run
from lattis_app.ui.layout import card
from lattis_app.ui.money import money
from lattis_app.ui.pages import page
from lattis_app.ui.states import empty, skeleton_block


def cash_on_the_tab(session: Any, actor: Actor) -> str:
    """What the driver holds, as the tab shows it; nothing when it is nothing."""
    if actor.subject_id is None:
        return ""
    held = queries.own_held(session, actor)
    return held.text().removesuffix(".00") if held else ""


frame_facts.register_counter("driver.cash", cash_on_the_tab, Permission.RENTAL_OWN_DAY_READ)


TONES = {"counted": "warn", "signed_off": "ok", "cancelled": "bad"}
FEW = 6


def month(found: CashOut) -> list[dict[str, str]]:
    """How this month came to what is held, nothing without meaning left in."""
    sums = (
        (say("Brought forward"), found.month.brought_forward),
        (say("Collected in cash"), found.month.collected),
        (say("Given back"), -found.month.given_back),
        (say("Handed over"), -found.month.handed_over),
    )
    return [{"what": what, "amount": Money(minor, found.currency).text()} for what, minor in sums if minor]


def hand_over(each: HandOverOut) -> dict[str, str]:
    """A hand-over as the driver sees it."""
    off = Money(abs(each.difference), each.currency).text()
    said = say("{amount} too much", amount=off) if each.difference > 0 else say("{amount} short", amount=off)
    return {
        "id": str(each.id),
        "number": each.hand_over_number,
        "when": moments.moment(each.counted_at),
        "by": each.counted_by,
        "amount": Money(each.counted, each.currency).text(),
        "expected": Money(each.expected, each.currency).text(),
        "off": said if each.difference else "",
        "note": each.note,
        "status": words(each.status),
        "tone": TONES[each.status],
        "confirm": f"/v1/me/hand-overs/{each.id}/confirm" if each.status is HandOverStatus.COUNTED else "",
    }


class DriverCash(rx.State):
    """What was taken, handed over and is held."""

    who: str = ""
    turn: int = 0
    ready: bool = False
    held: str = ""
    today: str = ""
    methods: list[dict[str, str]] = []
    taken: list[dict[str, str]] = []
    month: list[dict[str, str]] = []
    waiting: list[dict[str, str]] = []
    given: list[dict[str, str]] = []

    @handler
    async def refresh(self) -> None:
        """Read the driver's own payments and hand-overs."""
        found = await run(self, queries.own)
        self.held = Money(found.held, found.currency).text()
        self.today = Money(found.collected_today, found.currency).text()
        self.methods = [
            {"method": say(payment_method(method)), "amount": Money(total, found.currency).text()}
            for method, total in found.by_method.items()
        ]
        self.month = month(found)
        given = [hand_over(each) for each in found.hand_overs]
        self.waiting, self.given = [each for each in given if each["confirm"]], given[:FEW]
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
        self.turn += 1


@page("/driver/cash", "My cash", Permission.RENTAL_OWN_DAY_READ, on_load=DriverCash.refresh, frame="none")
def driver_cash() -> rx.Component:
    """The cash in hand, today's money by method, and each receipt."""
    state = DriverCash
    shown = rx.fragment(
        rx.foreach(state.waiting, _to_confirm),
        card(rx.el.span("Cash you hold", class_name="muted"), rx.el.b(state.held), class_name="amount"),
        only_while(state.month.length() > 0, _month()),
        card(
            _sum("Collected today", money(state.today, strong=True)),
            rx.foreach(state.methods, lambda each: _sum(each["method"], money(each["amount"]), quiet=True)),
            class_name="stack-tight",
        ),
        only_while(state.given.length() > 0, _listed("Handed over", state.given, _given)),
        rx.cond(
            state.taken.length() > 0,
            _listed("Money taken", state.taken, _payment),
            empty(
                "No money taken yet",
                "What you collect at a customer appears here with its receipt.",
                glyph="wallet",
            ),
        ),
    )
    return driver_frame(
        state,
        rx.cond(state.ready, shown, rx.fragment(skeleton_block("120px"), skeleton_block("160px"))),
        path="/driver/cash",
        title="My cash",
        subtitle="Hand it over at the office",
    )


def _month() -> rx.Component:
    """How this month came to what is held."""
    state = DriverCash
    return card(
        rx.el.div("This month"),
        rx.foreach(state.month, lambda each: _sum(each["what"], money(each["amount"]), quiet=True)),
        _sum("Still held", money(state.held, strong=True)),
        class_name="stack-tight",
    )


def _sum(words: Any, amount: rx.Component, *, quiet: bool = False) -> rx.Component:
    said = rx.el.span(words, class_name="muted") if quiet else rx.el.span(words)
    return rx.el.div(said, amount, class_name="row row-between")


def _listed(title: str, rows: Any, line: Callable[[Any], rx.Component]) -> rx.Component:
    return rx.fragment(rx.el.h2(title), rx.el.div(rx.foreach(rows, line), class_name="card card-flush lines"))


def _payment(each: Any) -> rx.Component:
    return rx.el.div(
        rx.el.div(rx.el.b(each["company"]), rx.el.small(each["note"], class_name="muted")),
        rx.el.div(money(each["amount"]), badge(each["method"]), class_name="line-end"),
        class_name="line",
        key=each["id"],
    )


def _to_confirm(each: Any) -> rx.Component:
    """A count that waits for the driver's yes."""
    return card(
        rx.el.div(
            rx.el.span("Counted at the office", class_name="muted"),
            rx.el.b(each["amount"]),
            rx.el.small(each["number"], " · ", each["when"], " · ", each["by"], class_name="muted"),
            class_name="amount",
        ),
        only_while(
            each["off"] != "",
            rx.el.p(badge(each["off"], "warn"), " ", each["note"], class_name="wrap"),
        ),
        action("Yes, that is right", each["confirm"], {}, method="POST", kind="primary"),
        rx.el.p("If it is not, tell the office: they can count again.", class_name="muted small"),
        class_name="stack-tight",
        key=each["id"],
    )


def _given(each: Any) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.b(each["number"]),
            rx.el.small(each["when"], class_name="muted"),
            only_while(each["off"] != "", rx.el.small(each["off"], class_name="muted")),
        ),
        rx.el.div(money(each["amount"]), badge(each["status"], each["tone"]), class_name="line-end"),
        class_name="line",
        key=each["id"],
    )
