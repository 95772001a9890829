"""Refunds: the list, the record beside it, and the forms to reject and pay one out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from lattis_app.audit.pages.histories import with_history
from lattis_app.core.actors import Actor
from lattis_app.core.language import say
from lattis_app.core.money import Money
from lattis_app.core.schemas import parse
from lattis_app.identity.permissions import Permission
from lattis_app.rental.documents.wording import payment_method
from lattis_app.rental.pages.refund_forms import MANAGE
from lattis_app.rental.queries import customers, invoices
from lattis_app.rental.queries import refunds as queries
from lattis_app.rental.schemas.refunds import (
    RefundFilters,
    RefundOut,
    RefundPayout,
    RefundRow,
    RejectionEntry,
)
from lattis_app.rental.services import refunds as services
from lattis_app.rental.statuses import REFUND_LIFECYCLE, PayoutMethod, RefundStatus
from lattis_app.ui import moments
from lattis_app.ui.badges import words
from lattis_app.ui.buttons import button, link
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.conditions import if_may, only_while
from lattis_app.ui.dialogs import confirm, confirm_button, open_dialog
from lattis_app.ui.form_state import Draft
from lattis_app.ui.forms import Fields, form_sheet
from lattis_app.ui.frame import live_refresh
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import key_values, notice, page_header, stack
from lattis_app.ui.list_requests import Filter, ListRequest
from lattis_app.ui.lists import Listing, as_id, display, named, wanted
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
from lattis_app.ui.tables import data_table, simple_table, tally
from lattis_app.ui.values import dash

TONES = {"pending": "warn", "approved": "info", "processed": "ok", "rejected": "bad"}
STATUSES = tuple((str(status), words(status)) for status in RefundStatus)
METHODS = tuple((str(method), words(method.lower())) for method in PayoutMethod)
STEPS = {RefundStatus.PENDING: ["approve", "reject"], RefundStatus.APPROVED: ["process"]}
LIST = ListSpec(
    "refunds",
    (
        Column("number", "Number", sortable=True, note="target"),
        Column("customer", "Customer"),
        Column("requested_on", "Asked for", "date", sortable=True, priority=3),
        Column("reason", "Reason", priority=2),
        Column("status", "Status", "badge", sortable=True),
        Column("amount", "Amount (RM)", "money", sortable=True),
    ),
    filters=(
        Filter("status", "Status", options=STATUSES, several=True),
        Filter("customer_id", "Customer"),
        Filter("invoice_id", "Invoice"),
        Filter("from", "From", "date"),
        Filter("to", "To", "date"),
    ),
    views=(("To decide", "status=pending"), ("To pay out", "status=approved")),
    search="Number or customer",
    export="/v1/refunds",
)
PARTS = (
    Column("receipt", "Payment", "link", note="method"),
    Column("source", "Out of"),
    Column("amount", "Amount (RM)", "money"),
)
LABELS = {"refund_number": "Number", "amount_minor": "Amount (RM)", "tax_minor": "Tax in it (RM)"}
read = with_history(queries.find, "rental_refunds", LABELS)


def row(refund: RefundRow) -> dict[str, str]:
    """One line of the list."""
    return {
        "id": str(refund.id),
        "number": refund.refund_number,
        "target": refund.invoice_number or refund.system_do_number or "",
        "customer": refund.customer_name,
        "requested_on": moments.day(refund.requested_on),
        "reason": refund.reason,
        "status": words(refund.status),
        "status_tone": TONES[refund.status],
        "amount": Money(refund.amount, refund.currency).figures(),
    }


def facts(refund: RefundOut) -> dict[str, str]:
    """The record's facts."""
    by = words(refund.payment_method.lower()) if refund.payment_method else say("The way it came")
    return row(refund) | {
        "amount_text": Money(refund.amount, refund.currency).text(),
        "tax_text": Money(refund.tax, refund.currency).text() if refund.tax else "",
        "order": refund.system_do_number or "",
        "order_href": f"/rental/delivery-orders?open={refund.delivery_order_id}",
        "invoice": refund.invoice_number or "",
        "invoice_href": f"/rental/invoices?open={refund.invoice_id}",
        "customer_href": f"/rental/customers?open={refund.customer_id}",
        "requested_by": dash(refund.requested_by),
        "approved_at": moments.moment(refund.approved_at) if refund.approved_at else "",
        "processed_at": moments.moment(refund.processed_at) if refund.processed_at else "",
        "paid_by": by if refund.processed_at else "",
        "reference": dash(refund.reference),
        "rejection": refund.rejection,
    }


def parts(refund: RefundOut) -> list[dict[str, str]]:
    """The payments that were given back, and out of what."""
    return [
        {
            "id": f"{part.payment_id}-{part.account}",
            "receipt": part.receipt_number,
            "receipt_href": f"/rental/payments?open={part.payment_id}",
            "method": say(payment_method(part.method)),
            "source": say("Cash of {driver}", driver=part.driver_name)
            if part.driver_name
            else words(part.account),
            "amount": Money(part.amount, refund.currency).figures(),
        }
        for part in refund.parts
    ]


class Refunds(RecordsMixin, rx.State):
    """Refunds with the open one."""

    record: dict[str, str] = {}
    steps: list[Step] = []
    allowed: list[str] = []
    parts: list[dict[str, str]] = []
    events: list[HistoryRow] = []

    def _spec(self) -> ListSpec:
        return LIST

    async def _prepare(self) -> None:
        self.filter_options = await named(
            self, "customer_id", customers.find, lambda found: str(found.company_name)
        ) | await named(self, "invoice_id", invoices.find, lambda found: str(found.invoice_number))

    async def _fetch(self, request: ListRequest) -> Listing:
        filters = parse(RefundFilters, {"q": request.q, **request.filters})
        found = await run(self, queries.page, filters, wanted(request))
        given = await run(self, queries.summarise, filters)
        return Listing(display(found, row), found.total, given.text())

    async def _fetch_record(self, record_id: str) -> None:
        found, self.events = await run(self, read, as_id(record_id))
        self.record, self.parts = facts(found), parts(found)
        self.steps, self.allowed = (
            lifecycle_steps(REFUND_LIFECYCLE, found.status),
            STEPS.get(found.status, []),
        )

    @handler
    async def approve(self) -> Any:
        """Agree to the open refund."""
        approved = await run(self, services.approve, as_id(self.open_id))
        return await self._done(say("{number} approved", number=approved.refund_number))

    @handler
    async def reject(self, form: dict[str, Any]) -> Any:
        """Refuse the open refund with the typed reason."""
        entry = Draft(RejectionEntry, {"reason": form.get("reason", "")})
        rejected = await self._submit(_reject, as_id(self.open_id), entry)
        if rejected is None:
            return self._unsaid(closes="reject-refund")
        return await self._done(
            say("{number} rejected", number=rejected.refund_number), closes="reject-refund"
        )

    @handler
    async def begin_payout(self) -> Any:
        """Open the form that pays it out."""
        self._begin()
        return open_dialog("refund-payout-sheet")

    @handler
    async def process(self, form: dict[str, Any]) -> Any:
        """Pay the open refund out."""
        paid = await self._submit(services.process, as_id(self.open_id), Draft(RefundPayout, form))
        if paid is None:
            return None
        return await self._done(
            say("{number} paid out", number=paid.refund_number), closes="refund-payout-sheet"
        )


def _reject(session: Any, actor: Actor, refund_id: UUID, entry: RejectionEntry) -> Any:
    return services.reject(session, actor, refund_id, entry.reason)


@page("/rental/refunds", "Refunds", Permission.RENTAL_REFUNDS_READ, on_load=Refunds.load)
def refunds() -> rx.Component:
    """Refunds with the record beside the list."""
    state = Refunds
    return rx.fragment(
        live_refresh(state.refresh, "refund."),
        page_header("Refunds", tally(state, "refund", "refunds", "given or promised")),
        data_table(
            state,
            LIST,
            label="Refunds",
            nothing=empty(
                "No refunds yet",
                "Ask for one on the invoice or the payment that was too much: it waits here for approval, and then for "
                "the money to go back.",
                button("Open invoices", kind="primary", href="/rental/invoices"),
                glyph="undo-2",
            ),
        ),
        record_panel(state, *_record(), label="Refund"),
        *_forms(),
    )


def _forms() -> list[rx.Component]:
    state, record, f = Refunds, Refunds.record, Fields(Refunds, "refund-payout")
    return [
        form_sheet(
            state,
            "refund-payout-sheet",
            "Pay the refund out",
            f.select(
                "payment_method",
                "Paid by",
                METHODS,
                empty="The way it came",
                hint="Cash that a driver still holds comes out of the driver's cash",
            ),
            f.text("reference", "Reference", hint="Bank reference, cheque number…"),
            on_submit=state.process,
            submit="Pay out",
            subtitle=rx.fragment(record["number"], " · ", record["customer"], " · ", record["amount_text"]),
        ),
        confirm(
            "reject-refund",
            "Reject this refund?",
            "The customer keeps the bill as it is. The money can be asked for again.",
            action="Reject the refund",
            reason="Reason",
            on_confirm=state.reject,
            attempt=state.attempt,
        ),
    ]


def _record() -> list[rx.Component]:
    state, record = Refunds, Refunds.record
    decide = rx.fragment(
        step_if(state.allowed, "approve", button("Approve", kind="primary", on_click=state.approve)),
        step_if(state.allowed, "process", button("Pay out…", kind="primary", on_click=state.begin_payout)),
        step_if(state.allowed, "reject", confirm_button("Reject", "reject-refund", kind="danger")),
    )
    return [
        record_head("Refund", record["number"], on_close=state.close_record),
        lifecycle_strip(state.steps),
        next_steps(if_may(MANAGE, decide)),
        tabs("refund-tabs", ("Summary", _summary(record)), ("History", history(state.events))),
    ]


def _summary(record: Any) -> rx.Component:
    return stack(
        only_while(record["rejection"] != "", notice("Rejected", record["rejection"], tone="bad")),
        key_values(
            ("Amount", money(record["amount_text"], strong=True)),
            ("Reason", record["reason"]),
            ("Customer", link(record["customer"], record["customer_href"])),
            (
                "Invoice",
                rx.cond(
                    record["invoice"] != "",
                    link(record["invoice"], record["invoice_href"]),
                    "None yet: it lessens the customer's credit",
                ),
            ),
            ("Delivery order", link(record["order"], record["order_href"])),
            ("Asked for", rx.fragment(record["requested_on"], " · ", record["requested_by"])),
            ("Approved", rx.cond(record["approved_at"] != "", record["approved_at"], "–")),
            ("Paid out", rx.cond(record["processed_at"] != "", record["processed_at"], "–")),
        ),
        only_while(
            record["processed_at"] != "",
            stack(
                key_values(
                    ("Paid by", record["paid_by"]),
                    ("Reference", record["reference"]),
                    ("Tax in it", rx.cond(record["tax_text"] != "", record["tax_text"], "–")),
                ),
                simple_table(PARTS, Refunds.parts, label="Payments given back"),
            ),
        ),
    )
