"""One invoice of a seller: what it is for, where to pay, and to say that it is paid."""

from __future__ import annotations

from typing import Any

import reflex as rx

from lattis_app.attachments.queries import attachments
from lattis_app.core.actors import Actor
from lattis_app.core.errors import NotFound
from lattis_app.core.language import say
from lattis_app.identity.permissions import Permission
from lattis_app.marketplace.pages.invoice_rows import breakdown, claims, facts, items
from lattis_app.marketplace.pages.invoice_views import (
    amounts,
    claim_list,
    happened,
    order_table,
    proof_rows,
)
from lattis_app.marketplace.pages.standing import SellerStanding, standing
from lattis_app.marketplace.queries import invoices as queries
from lattis_app.marketplace.queries import settings
from lattis_app.marketplace.schemas.invoices import ClaimEntry, PaymentEntry
from lattis_app.marketplace.services import invoices as services
from lattis_app.marketplace.services.attachment_targets import SELLER_INVOICE
from lattis_app.marketplace.statuses import InvoiceStatus
from lattis_app.ui import toasts
from lattis_app.ui.badges import badge
from lattis_app.ui.buttons import button, download_button
from lattis_app.ui.conditions import only_while
from lattis_app.ui.dialogs import close_dialog, open_dialog
from lattis_app.ui.form_state import Draft, FormMixin
from lattis_app.ui.forms import Fields, form_sheet, upload
from lattis_app.ui.frame import FrameState, live_refresh
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import card, key_values, notice, page_header, stack
from lattis_app.ui.lists import as_id
from lattis_app.ui.money import money
from lattis_app.ui.pages import page
from lattis_app.ui.records import crumbs, files
from lattis_app.ui.states import empty, skeleton_block

OPEN = (InvoiceStatus.PENDING, InvoiceStatus.OVERDUE)


def read(session: Any, actor: Actor, invoice_id: Any) -> dict[str, Any]:
    """One's own invoice with all that its page shows. Raises NotFound."""
    found = queries.find_mine(session, actor, invoice_id)
    kept = attachments.list_for(session, actor, SELLER_INVOICE, found.id)
    return {
        "invoice": facts(found),
        "items": items(found),
        "breakdown": breakdown(found),
        "claims": claims(found),
        "proofs": proof_rows(kept),
        "is_open": found.status in OPEN and not found.payment_claimed,
        "is_verified": settings.are_payments_verified(session, actor),
    }


class SellerInvoice(FormMixin, rx.State):
    """The invoice whose id is in the address."""

    invoice: dict[str, str] = {}
    items: list[dict[str, str]] = []
    breakdown: list[dict[str, str]] = []
    claims: list[dict[str, str]] = []
    proofs: list[dict[str, str]] = []
    is_open: bool = False
    is_verified: bool = False
    missing: bool = False
    ready: bool = False

    @handler
    async def load(self) -> Any:
        """Read the invoice of the address; `?pay=yes` opens the form to pay it."""
        wanted = str(self.router.url.path).rstrip("/").rpartition("/")[2]
        if self.invoice.get("id") != wanted:
            self.ready, self.invoice = False, {}
        try:
            await self._look(wanted)
        except NotFound:
            self.missing, self.ready, self.is_open = True, True, False
            return None
        if self.is_open and self.router.url.query_parameters.get("pay"):
            self._begin()
            return [rx.call_script("window.lattis.url('', true)"), open_dialog("pay-sheet")]
        return None

    @handler
    async def refresh(self) -> None:
        """Read the invoice again."""
        if self.invoice:
            await self._look(self.invoice["id"])

    async def _look(self, wanted: str) -> None:
        shown = await run(self, read, as_id(wanted))
        self.invoice, self.items, self.breakdown = shown["invoice"], shown["items"], shown["breakdown"]
        self.claims, self.proofs = shown["claims"], shown["proofs"]
        self.is_open, self.is_verified = shown["is_open"], shown["is_verified"]
        self.missing, self.ready = False, True

    @handler
    async def begin_payment(self) -> Any:
        """Open the form to say that it is paid."""
        self._begin()
        return open_dialog("pay-sheet")

    @handler
    async def pay(self, form: dict[str, Any]) -> Any:
        """Mark the invoice as paid."""
        return await self._say_paid(services.mark_mine_paid, Draft(PaymentEntry, form))

    @handler
    async def claim(self, form: dict[str, Any]) -> Any:
        """Say that the invoice is paid, with a proof; an administrator confirms it."""
        return await self._say_paid(services.claim_payment, Draft(ClaimEntry, form))

    async def _say_paid(self, service: Any, entry: Draft) -> Any:
        number = self.invoice.get("invoice_number", "")
        done = await self._submit(_quietly, service, as_id(self.invoice.get("id", "")), entry)
        await self._look(self.invoice["id"])
        if not done:
            return None if self.is_open else [close_dialog("pay-sheet"), _settled(self.invoice)]
        said = (
            say("Thank you: {number} waits for confirmation", number=number)
            if self.invoice["claimed"]
            else say("{number} is marked as paid", number=number)
        )
        return [close_dialog("pay-sheet"), SellerStanding.load, toasts.done(said)]


def _settled(invoice: dict[str, str]) -> Any:
    """Somebody was faster: what became of the invoice meanwhile."""
    return toasts.refused(
        say("{number} cannot be paid again", number=invoice["invoice_number"]), invoice["status"]
    )


def _quietly(session: Any, actor: Actor, service: Any, invoice_id: Any, entry: Any) -> bool:
    service(session, actor, invoice_id, entry)
    return True


@page(
    "/seller/invoices/[invoice_id]",
    "Invoice",
    Permission.MARKETPLACE_OWN_INVOICES_READ,
    on_load=[SellerInvoice.load, SellerStanding.load],
)
def seller_invoice() -> rx.Component:
    """One invoice with its orders."""
    state = SellerInvoice
    shown = rx.fragment(
        _head(),
        standing(brief=True),
        happened(state.invoice),
        rx.el.div(
            _orders(),
            stack(_summary(), _where_to_pay(), _said()),
            class_name="grid-main needs-first",
        ),
        _pay_sheet(),
    )
    return rx.fragment(
        live_refresh(state.refresh, "seller_invoice."),
        rx.cond(state.ready, rx.cond(state.missing, _not_here(), shown), skeleton_block("480px")),
    )


def _not_here() -> rx.Component:
    return rx.el.section(
        empty(
            "This invoice is not here",
            "The link may be old or mistyped, or the invoice belongs to another seller.",
            button("Go to your invoices", kind="primary", href="/seller/invoices"),
            glyph="file-x",
        ),
        class_name="card",
    )


def _head() -> rx.Component:
    state, invoice = SellerInvoice, SellerInvoice.invoice
    says = rx.cond(state.is_verified, "I have paid", "Mark as paid")
    return page_header(
        invoice["invoice_number"],
        rx.fragment(badge(invoice["status"], invoice["status_tone"]), " ", invoice["week_start_date"]),
        download_button("PDF", "/api/invoices/seller/" + invoice["id"] + "/pdf", target="_blank"),
        only_while(state.is_open, button(says, kind="primary", glyph="check", on_click=state.begin_payment)),
        crumbs=crumbs(("Invoices", "/seller/invoices")),
    )


def _orders() -> rx.Component:
    return stack(rx.el.h2("Orders on this invoice"), order_table(SellerInvoice.items), tight=True)


def _summary() -> rx.Component:
    invoice = SellerInvoice.invoice
    return card(
        stack(
            rx.el.div(
                rx.el.span(rx.cond(invoice["state"] == "paid", "Paid", "To pay"), class_name="muted small"),
                rx.el.div(money(invoice["owed"]), class_name="figure"),
            ),
            key_values(
                ("Status", badge(invoice["status"], invoice["status_tone"])),
                ("Week", invoice["week_start_date"]),
                ("Due", rx.fragment(invoice["due_date"], ", end of day")),
                ("Orders", rx.el.span(invoice["orders"], class_name="num")),
            ),
            amounts(SellerInvoice.breakdown, invoice),
        ),
    )


def _where_to_pay() -> rx.Component:
    invoice = SellerInvoice.invoice
    there = (invoice["bank"] != "") & SellerInvoice.is_open
    return only_while(
        there,
        card(
            rx.el.p(invoice["bank"], class_name="pre-line"),
            rx.el.p(
                "Give ",
                rx.el.b(invoice["invoice_number"]),
                " as the reference.",
                class_name="muted small",
            ),
            title="Where to pay",
        ),
    )


def _said() -> rx.Component:
    state = SellerInvoice
    return rx.fragment(
        only_while(state.claims.length() > 0, card(claim_list(state.claims), title="What you told us")),
        only_while(state.proofs.length() > 0, card(files(state.proofs), title="Proofs")),
    )


def _pay_sheet() -> rx.Component:
    state, f = SellerInvoice, Fields(SellerInvoice, "pay")
    notes = f.textarea(
        "paymentNotes", "Payment notes", hint="Reference of the transfer, bank, day. Shown to the marketplace"
    )
    paid = form_sheet(
        state,
        "pay-sheet",
        "Mark as paid",
        notice(
            "Only after you have paid",
            "Marking it settles the invoice and its orders at once.",
            tone="info",
        ),
        notes,
        on_submit=state.pay,
        submit="Mark as paid",
        subtitle=_which(),
    )
    return rx.cond(state.is_verified, _claim_sheet(f, notes), paid)


def _claim_sheet(f: Fields, notes: rx.Component) -> rx.Component:
    state = SellerInvoice
    proof = upload(
        SELLER_INVOICE,
        state.invoice["id"],
        then=state.refresh,
        csrf=FrameState.csrf,
        label="Add the proof of payment",
    )
    return form_sheet(
        state,
        "pay-sheet",
        "I have paid",
        notice(
            "We look it up and confirm",
            "Until then the invoice stays open. You are told as soon as it is confirmed.",
            tone="info",
        ),
        f.text("proof", "Reference of the payment", required=True, hint="As your bank shows it"),
        proof,
        files(state.proofs),
        notes,
        on_submit=state.claim,
        submit="Send for confirmation",
        subtitle=_which(),
    )


def _which() -> rx.Component:
    invoice = SellerInvoice.invoice
    return rx.fragment(invoice["invoice_number"], " · ", invoice["owed"])
