"""Commissions: the list, the record beside it, and the forms to approve and pay one."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import reflex as rx

from lattis_app.audit.pages.histories import with_history
from lattis_app.core.language import say
from lattis_app.core.money import Money
from lattis_app.core.schemas import parse
from lattis_app.identity.permissions import Permission
from lattis_app.rental.queries import commissions as queries
from lattis_app.rental.schemas.invoices import (
    CommissionApproval,
    CommissionFilters,
    CommissionOut,
    CommissionPayout,
)
from lattis_app.rental.services import commissions as services
from lattis_app.rental.statuses import COMMISSION_LIFECYCLE, CommissionStatus, PayoutMethod
from lattis_app.ui import moments
from lattis_app.ui.badges import words
from lattis_app.ui.buttons import button, link, menu_item, more_menu
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.conditions import only_while
from lattis_app.ui.dialogs import open_dialog
from lattis_app.ui.form_state import Draft
from lattis_app.ui.forms import Fields, form_sheet
from lattis_app.ui.frame import live_refresh
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import key_values, notice, page_header
from lattis_app.ui.list_requests import Filter, ListRequest
from lattis_app.ui.lists import Listing, as_id, display, wanted
from lattis_app.ui.money import money
from lattis_app.ui.pages import page
from lattis_app.ui.record_lists import RecordsMixin
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
from lattis_app.ui.values import dash

TONES = {"pending": "neutral", "eligible": "warn", "approved": "info", "paid": "ok", "cancelled": "bad"}
STATUSES = tuple((str(status), words(status)) for status in CommissionStatus)
METHODS = tuple((str(method), words(method.lower())) for method in PayoutMethod)
STEPS = {CommissionStatus.ELIGIBLE: ["approve"], CommissionStatus.APPROVED: ["pay"]}
LIST = ListSpec(
    "commissions",
    (
        Column("introducer_name", "Introducer", sortable=True),
        Column("order", "Delivery order", note="customer"),
        Column("made", "Since", "date", priority=3),
        Column("status", "Status", "badge", sortable=True),
        Column("order_amount", "Order (RM)", "money", priority=2),
        Column("amount", "Commission (RM)", "money", sortable=True),
    ),
    filters=(Filter("status", "Status", options=STATUSES, several=True),),
    views=(("To approve", "status=eligible"), ("To pay", "status=approved")),
    search="Introducer or order number",
    export="/v1/commissions",
)
read = with_history(queries.find, "rental_commissions")


def row(commission: CommissionOut) -> dict[str, str]:
    """One line of the list, and the record's facts."""
    amount = commission.amount
    return {
        "id": str(commission.id),
        "order_id": str(commission.delivery_order_id),
        "introducer_name": commission.introducer_name,
        "order": commission.system_do_number or "",
        "order_href": f"/rental/delivery-orders?open={commission.delivery_order_id}",
        "customer": say("Taken back after a refund") if commission.refund_id else commission.customer_name,
        "made": moments.day(commission.created_at),
        "status": words(commission.status),
        "status_tone": TONES[commission.status],
        "order_amount": Money(commission.order_amount, commission.currency).figures(),
        "amount": "–" if amount is None else Money(amount, commission.currency).figures(),
        "statement": f"/v1/commissions/statement?introducer_name={quote(commission.introducer_name)}",
        "taken_back": "true" if commission.refund_id else "",
        "refund_href": f"/rental/refunds?open={commission.refund_id}",
        "order_text": Money(commission.order_amount, commission.currency).text(),
        "amount_text": say("Not agreed yet") if amount is None else Money(amount, commission.currency).text(),
        "paid_on": moments.day(commission.paid_at),
        "waits": "Becomes eligible as soon as the order's invoice is paid."
        if commission.status is CommissionStatus.PENDING
        else "",
        "payment_method": dash(words(commission.payment_method.lower())),
        "reference": dash(commission.reference),
    }


class Commissions(RecordsMixin, rx.State):
    """Commissions with the open one."""

    record: dict[str, str] = {}
    steps: list[Step] = []
    allowed: list[str] = []
    events: list[HistoryRow] = []

    def _spec(self) -> ListSpec:
        return LIST

    async def _fetch(self, request: ListRequest) -> Listing:
        filters = parse(CommissionFilters, {"q": request.q, **request.filters})
        found = await run(self, queries.page, filters, wanted(request))
        agreed = await run(self, queries.summarise, filters)
        return Listing(display(found, row), found.total, agreed.text())

    async def _fetch_record(self, record_id: str) -> None:
        found, self.events = await run(self, read, as_id(record_id))
        self.record, self.allowed = row(found), STEPS.get(found.status, [])
        self.steps = lifecycle_steps(COMMISSION_LIFECYCLE, found.status)

    @handler
    async def begin_approval(self) -> Any:
        """Open the form that agrees to an amount."""
        self._begin({"introducer_name": self.record.get("introducer_name", "")})
        return open_dialog("approval-sheet")

    @handler
    async def approve(self, form: dict[str, Any]) -> Any:
        """Agree to what the introducer gets."""
        entry = Draft(CommissionApproval, form)
        approved = await self._submit(services.approve, as_id(self.record.get("order_id", "")), entry)
        return (
            None
            if approved is None
            else await self._done(say("Commission approved"), closes="approval-sheet")
        )

    @handler
    async def begin_payout(self) -> Any:
        """Open the form that pays it out."""
        self._begin({"payment_method": "BANK_TRANSFER"})
        return open_dialog("payout-sheet")

    @handler
    async def pay(self, form: dict[str, Any]) -> Any:
        """Pay the open commission out."""
        paid = await self._submit(services.pay, as_id(self.open_id), Draft(CommissionPayout, form))
        return None if paid is None else await self._done(say("Commission paid"), closes="payout-sheet")


@page("/rental/commissions", "Commissions", Permission.RENTAL_COMMISSIONS_READ, on_load=Commissions.load)
def commissions() -> rx.Component:
    """Commissions with the record beside the list."""
    state = Commissions
    return rx.fragment(
        live_refresh(state.refresh, "commission."),
        page_header("Commissions", tally(state, "commission", "commissions", "agreed")),
        data_table(
            state,
            LIST,
            label="Commissions",
            nothing=empty(
                "No commissions yet",
                "Name an introducer on a delivery order: once its invoice is paid, their commission waits here for "
                "your approval.",
                button("Open delivery orders", kind="primary", href="/rental/delivery-orders"),
                glyph="hand-coins",
            ),
        ),
        record_panel(state, *_record(), label="Commission"),
        *_forms(),
    )


def _forms() -> list[rx.Component]:
    state = Commissions
    approval, payout = Fields(state, "approval"), Fields(state, "payout")
    return [
        form_sheet(
            state,
            "approval-sheet",
            "Approve commission",
            approval.text("introducer_name", "Introducer", required=True),
            approval.money("amount", "Amount", required=True),
            on_submit=state.approve,
            submit="Approve",
            subtitle=_of(state.record),
        ),
        form_sheet(
            state,
            "payout-sheet",
            "Pay commission",
            payout.select("payment_method", "Paid by", METHODS, required=True),
            payout.text("reference", "Reference"),
            on_submit=state.pay,
            submit="Mark as paid",
            subtitle=_of(state.record),
        ),
    ]


def _of(record: Any) -> rx.Component:
    return rx.fragment(
        record["introducer_name"],
        " · ",
        record["order"],
        ", ",
        record["order_text"],
        " · ",
        record["amount_text"],
    )


def _more(record: Any) -> rx.Component:
    paper = {"download": True, "target": "_blank"}
    return more_menu(
        "commission-more",
        menu_item("Statement as PDF", href=record["statement"] + "&format=pdf", glyph="printer", **paper),
        menu_item("Statement as CSV", href=record["statement"] + "&format=csv", glyph="download", **paper),
    )


def _record() -> list[rx.Component]:
    state, record = Commissions, Commissions.record
    return [
        record_head("Commission", record["introducer_name"], _more(record), on_close=state.close_record),
        only_while(
            record["taken_back"] != "",
            notice(
                "Taken back",
                "A refund took this share of a commission that was paid already. Settle it when it is paid back or "
                "deducted.",
                tone="warn",
                action=link("The refund", record["refund_href"]),
            ),
        ),
        lifecycle_strip(state.steps),
        next_steps(
            step_if(
                state.allowed, "approve", button("Approve…", kind="primary", on_click=state.begin_approval)
            ),
            step_if(state.allowed, "pay", button("Pay…", kind="primary", on_click=state.begin_payout)),
            only_while(record["waits"] != "", rx.el.p(record["waits"], class_name="form-note")),
        ),
        tabs(
            "commission-tabs",
            (
                "Summary",
                key_values(
                    ("Delivery order", link(record["order"], record["order_href"])),
                    ("Customer", record["customer"]),
                    ("Order", money(record["order_text"])),
                    ("Commission", money(record["amount_text"], strong=True)),
                    ("Since", record["made"]),
                    ("Paid on", record["paid_on"]),
                    ("Paid by", record["payment_method"]),
                    ("Reference", record["reference"]),
                ),
            ),
            ("History", history(state.events)),
        ),
    ]
