"""Drivers' cash: who holds what, and the form in which the office counts what is handed over."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from lattis_app.core.actors import Actor
from lattis_app.core.language import say
from lattis_app.core.money import Money
from lattis_app.core.normal import spaced_phone
from lattis_app.core.schemas import parse
from lattis_app.identity.permissions import Permission
from lattis_app.rental.queries import driver_cash as queries
from lattis_app.rental.rules import postings
from lattis_app.rental.schemas.hand_overs import (
    CancellationEntry,
    CashMovementOut,
    DriverCashFilters,
    DriverCashOut,
    DriverCashRecord,
    HandOverEntry,
    HandOverOut,
)
from lattis_app.rental.services import hand_overs as services
from lattis_app.rental.statuses import HandOverStatus
from lattis_app.ui import moments
from lattis_app.ui.badges import badge, words
from lattis_app.ui.buttons import button
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.conditions import if_may, only_while
from lattis_app.ui.dialogs import confirm, confirm_button, open_dialog
from lattis_app.ui.form_state import Draft
from lattis_app.ui.forms import Fields, form_sheet
from lattis_app.ui.frame import live_refresh
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import key_values, notice, page_header, stack
from lattis_app.ui.list_requests import Filter, ListRequest
from lattis_app.ui.lists import Listing, as_id, display, wanted
from lattis_app.ui.money import money
from lattis_app.ui.pages import page
from lattis_app.ui.record_lists import RecordsMixin
from lattis_app.ui.records import next_steps, record_head, record_panel, tabs
from lattis_app.ui.states import empty
from lattis_app.ui.tables import data_table, simple_table, tally
from lattis_app.ui.values import dash

MANAGE = Permission.RENTAL_CASH_MANAGE
LIST = ListSpec(
    "driver-cash",
    (
        Column("name", "Driver", note="phone"),
        Column("last", "Last counted", "date", priority=2),
        Column("status", "Status", "badge"),
        Column("held", "Holds (RM)", "money", sortable=True),
    ),
    filters=(
        Filter("holding", "Holds cash", options=(("true", "Yes"), ("false", "No"))),
        Filter("unsigned", "Count to sign", options=(("true", "Yes"), ("false", "No"))),
    ),
    views=(("Holding cash", "holding=true"), ("To sign", "unsigned=true")),
    search="Driver",
    export="/v1/driver-cash",
)
MOVED = (
    Column("what", "What", note="memo"),
    Column("when", "When"),
    Column("amount", "Amount (RM)", "money"),
)
COUNTED = (
    Column("number", "Hand-over", note="when"),
    Column("status", "Status", "badge", note="by"),
    Column("off", "Difference (RM)", "money", note="note"),
    Column("counted", "Counted (RM)", "money"),
)
TONES = {"counted": "warn", "signed_off": "ok", "cancelled": "bad"}


def row(driver: DriverCashOut) -> dict[str, str]:
    """One line of the list."""
    status, tone = (say("Holds cash"), "info") if driver.held else (say("Nothing"), "neutral")
    if driver.unsigned:
        status, tone = say("Count to sign"), "warn"
    return {
        "id": str(driver.driver_id),
        "name": driver.driver_name,
        "phone": spaced_phone(driver.phone),
        "last": moments.day(driver.last_counted_at) if driver.last_counted_at else "–",
        "status": status,
        "status_tone": tone,
        "held": Money(driver.held, driver.currency).figures(),
    }


def facts(found: DriverCashRecord) -> dict[str, str]:
    """The record's facts, with the count that waits for a signature."""

    def text(minor: int) -> str:
        return Money(minor, found.currency).text()

    waiting = next((each for each in found.hand_overs if each.status is HandOverStatus.COUNTED), None)
    month = found.month
    return row(found) | {
        "held_text": text(found.held),
        "expected": str(Money(found.held, found.currency).decimal),
        "holds": "true" if found.held > 0 else "",
        "brought_forward": text(month.brought_forward),
        "collected": text(month.collected),
        "given_back": text(-month.given_back),
        "handed_over": text(-month.handed_over),
        "waiting": str(waiting.id) if waiting else "",
        "waiting_number": waiting.hand_over_number if waiting else "",
        "waiting_text": _waiting(waiting) if waiting else "",
    }


def _waiting(each: HandOverOut) -> str:
    counted, expected = (Money(minor, each.currency).text() for minor in (each.counted, each.expected))
    return say(
        "{counted} counted of {expected}, by {who}", counted=counted, expected=expected, who=each.counted_by
    )


def moved(each: CashMovementOut) -> dict[str, str]:
    """One entry of the ledger in words."""
    kinds = {
        postings.PAYMENT_RECEIVED: say("Taken from a customer"),
        postings.REFUND_PAID: say("Given back to a customer"),
        postings.CASH_HANDED_OVER: say("Handed over"),
        f"{postings.CASH_HANDED_OVER}.reversed": say("Count cancelled"),
    }
    return {
        "id": f"{each.kind} {each.memo} {each.at.isoformat()}",
        "what": kinds.get(each.kind, each.kind),
        "memo": each.memo,
        "when": moments.moment(each.at),
        "amount": Money(each.amount).figures(),
    }


def counted(each: HandOverOut) -> dict[str, str]:
    """One hand-over as a line."""
    off = Money(each.difference, each.currency).figures() if each.difference else "–"
    return {
        "id": str(each.id),
        "number": each.hand_over_number,
        "when": moments.moment(each.counted_at),
        "status": words(each.status),
        "status_tone": TONES[each.status],
        "by": dash(each.signed_by or each.cancellation or each.counted_by),
        "off": off,
        "note": each.note,
        "counted": Money(each.counted, each.currency).figures(),
    }


class HandOvers(RecordsMixin, rx.State):
    """Drivers with their cash, and the open one."""

    record: dict[str, str] = {}
    movements: list[dict[str, str]] = []
    counts: list[dict[str, str]] = []

    def _spec(self) -> ListSpec:
        return LIST

    async def _fetch(self, request: ListRequest) -> Listing:
        filters = parse(DriverCashFilters, {"q": request.q, **request.filters})
        found = await run(self, queries.page, filters, wanted(request))
        held = await run(self, queries.summarise)
        return Listing(display(found, row), found.total, held.text())

    async def _fetch_record(self, record_id: str) -> None:
        found = await run(self, queries.find, as_id(record_id))
        self.record = facts(found)
        self.movements = [moved(each) for each in found.movements]
        self.counts = [counted(each) for each in found.hand_overs]

    @handler
    async def begin(self) -> Any:
        """Open the form with what the driver should hand over."""
        await self._again()
        self._begin({"expected": self.record.get("expected", "")})
        return open_dialog("count-sheet")

    @handler
    async def count(self, form: dict[str, Any]) -> Any:
        """Take the cash over as it was counted."""
        entry = Draft(HandOverEntry, form)
        made = await self._submit(services.count, as_id(self.open_id), entry)
        if made is None:
            return None
        return await self._done(say("{number} counted", number=made.hand_over_number), closes="count-sheet")

    @handler
    async def sign_off(self) -> Any:
        """Sign the waiting count in the driver's place."""
        signed = await run(self, services.sign_off, as_id(self.record.get("waiting", "")))
        return await self._done(say("{number} signed", number=signed.hand_over_number))

    @handler
    async def cancel(self, form: dict[str, Any]) -> Any:
        """Take the waiting count back with the typed reason."""
        entry = Draft(CancellationEntry, {"reason": form.get("reason", "")})
        taken_back = await self._submit(_cancel, as_id(self.record.get("waiting", "")), entry)
        if taken_back is None:
            return self._unsaid(closes="cancel-count")
        said = say("{number} cancelled: the driver holds the cash again", number=taken_back.hand_over_number)
        return await self._done(said, closes="cancel-count")


def _cancel(session: Any, actor: Actor, hand_over_id: UUID, entry: CancellationEntry) -> Any:
    return services.cancel(session, actor, hand_over_id, entry.reason)


@page("/rental/driver-cash", "Driver cash", Permission.RENTAL_CASH_READ, on_load=HandOvers.load)
def driver_cash_of_all() -> rx.Component:
    """Drivers with their cash beside the open one."""
    state = HandOvers
    return rx.fragment(
        live_refresh(state.refresh, "cash.", "payment.", "refund."),
        page_header("Driver cash", tally(state, "driver", "drivers", "with drivers")),
        data_table(
            state,
            LIST,
            label="Driver cash",
            nothing=empty(
                "No drivers yet",
                "Cash that a driver takes at a customer is theirs to hand over: here the office counts it.",
                button("Open drivers", kind="primary", href="/rental/drivers"),
                glyph="wallet",
            ),
        ),
        record_panel(state, *_record(), label="Driver cash"),
        *_forms(),
    )


def _forms() -> list[rx.Component]:
    state, record, f = HandOvers, HandOvers.record, Fields(HandOvers, "count")
    return [
        form_sheet(
            state,
            "count-sheet",
            "Count cash",
            notice(
                rx.fragment(record["held_text"], " should be there"),
                "Count what is on the table. A difference needs a note, and is the business's.",
            ),
            rx.el.input(type="hidden", name="expected", value=state.values["expected"], read_only=True),
            f.money("counted", "Counted", required=True),
            f.textarea("note", "Note", hint="Needed when it is not what should be there"),
            on_submit=state.count,
            submit="Take it over",
            subtitle=record["name"],
        ),
        confirm(
            "cancel-count",
            "Cancel this count?",
            "It is taken out of the books: the driver holds the cash again, and it can be counted anew.",
            action="Cancel the count",
            keep="Keep it",
            reason="Reason",
            on_confirm=state.cancel,
            attempt=state.attempt,
        ),
    ]


def _record() -> list[rx.Component]:
    state, record = HandOvers, HandOvers.record
    sign = stack(
        notice(
            rx.fragment(record["waiting_number"], " waits for a signature"),
            record["waiting_text"],
            tone="warn",
        ),
        if_may(
            MANAGE,
            next_steps(
                button("Sign off", kind="primary", on_click=state.sign_off),
                confirm_button("Cancel the count", "cancel-count", kind="danger"),
                note="The driver can also confirm it under My cash",
            ),
        ),
    )
    start = if_may(MANAGE, button("Count cash…", kind="primary", glyph="calculator", on_click=state.begin))
    return [
        record_head("Driver cash", record["name"], on_close=state.close_record),
        rx.cond(record["waiting"] != "", sign, only_while(record["holds"] != "", next_steps(start))),
        tabs(
            "driver-cash-tabs",
            ("Summary", _summary(record)),
            ("Movements", _movements()),
            ("Hand-overs", _counts()),
            counts={2: state.counts.length()},
        ),
    ]


def _summary(record: Any) -> rx.Component:
    return key_values(
        ("Holds", money(record["held_text"], strong=True)),
        ("Status", badge(record["status"], record["status_tone"])),
        ("Last counted", record["last"]),
        ("Brought forward", money(record["brought_forward"])),
        ("Collected this month", money(record["collected"])),
        ("Given back this month", money(record["given_back"])),
        ("Handed over this month", money(record["handed_over"])),
        ("Phone", record["phone"]),
    )


def _movements() -> rx.Component:
    return rx.cond(
        HandOvers.movements.length() > 0,
        simple_table(MOVED, HandOvers.movements, label="Movements of cash"),
        empty("No cash yet", "Cash that the driver takes at a customer appears here."),
    )


def _counts() -> rx.Component:
    return rx.cond(
        HandOvers.counts.length() > 0,
        simple_table(COUNTED, HandOvers.counts, label="Hand-overs"),
        empty("Nothing handed over yet", "Count the cash when the driver brings it: the books then agree."),
    )
