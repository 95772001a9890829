"""Parts of an invoice's page, the same for the seller and for the administrator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import reflex as rx

from lattis_app.attachments.schemas.attachments import AttachmentOut
from lattis_app.marketplace.pages.invoice_rows import ITEMS
from lattis_app.marketplace.rules.weeks import ZONE
from lattis_app.ui import moments
from lattis_app.ui.badges import badge
from lattis_app.ui.conditions import only_while
from lattis_app.ui.forms import section
from lattis_app.ui.layout import key_values, notice
from lattis_app.ui.money import money
from lattis_app.ui.tables import simple_table


def proof_rows(kept: Sequence[AttachmentOut]) -> list[dict[str, str]]:
    """Proofs of payment as downloads."""
    return [
        {
            "name": each.file_name,
            "note": moments.day(each.created_at, ZONE),
            "href": each.url,
        }
        for each in kept
    ]


def order_table(rows: Any) -> rx.Component:
    """The orders an invoice is for."""
    return simple_table(ITEMS, rows, label="Orders on this invoice")


def amounts(rows: Any, invoice: Any) -> rx.Component:
    """What is owed in each currency, and both together at the rate of the invoice."""
    together = rx.el.p(
        "Together ",
        money(invoice["total_amount"], strong=True),
        " at ",
        invoice["rate"],
        class_name="muted small",
    )
    return rx.fragment(rx.foreach(rows, _currency), only_while(invoice["parts"] != "", together))


def _currency(sums: Any) -> rx.Component:
    return section(
        sums["currency"],
        key_values(
            ("Product prices", money(sums["sales"])),
            ("Platform fees", money(sums["platform"])),
            ("Affiliate fees", money(sums["affiliate"])),
            ("Owed", money(sums["owed"], strong=True)),
            figures=True,
        ),
    )


def happened(invoice: Any) -> rx.Component:
    """What became of it: paid and by whom, waiting for confirmation, or cancelled and why."""
    paid = rx.fragment("Paid on ", invoice["paid_at"])
    return rx.fragment(
        only_while(
            invoice["paid_at"] != "",
            notice(
                paid,
                rx.cond(
                    invoice["notes"] != "",
                    rx.Var.create("Recorded by ") + invoice["paid_by"] + ": " + invoice["notes"],
                    rx.Var.create("Recorded by ") + invoice["paid_by"],
                ),
                tone="ok",
            ),
        ),
        only_while(
            invoice["claimed"] != "",
            notice(
                "Waiting for confirmation",
                "The payment was claimed. The invoice stays open until an administrator confirms it.",
                tone="info",
            ),
        ),
        only_while(
            invoice["cancelled_at"] != "",
            notice(
                rx.fragment("Cancelled on ", invoice["cancelled_at"]), invoice["cancel_reason"], tone="warn"
            ),
        ),
    )


def claim_list(rows: Any) -> rx.Component:
    """What was said of having paid, and what became of it."""
    return rx.el.ul(rx.foreach(rows, _claim), class_name="plain-list")


def _claim(claim: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            badge(claim["status"], claim["tone"]),
            rx.el.span(claim["who"], ", ", claim["when"], class_name="muted small push"),
            class_name="row row-wrap",
        ),
        rx.el.p(claim["proof"], class_name="strong"),
        rx.cond(claim["notes"] != "", rx.el.p(claim["notes"], class_name="pre-line"), rx.fragment()),
        rx.cond(
            claim["answer"] != "",
            rx.el.p(claim["answer"], " — ", claim["decided"], class_name="poor small"),
            rx.fragment(),
        ),
        class_name="list-line stack-tight",
        key=claim["id"],
    )
