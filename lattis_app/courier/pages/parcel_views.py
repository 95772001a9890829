"""One parcel as its merchant and the office see it: the money, its settlement, where it goes."""

from __future__ import annotations

from typing import Any

import reflex as rx

from lattis_app.ui.badges import badge
from lattis_app.ui.buttons import link
from lattis_app.ui.conditions import only_while
from lattis_app.ui.layout import card, key_values, notice, stack
from lattis_app.ui.money import money


def parcel_summary(record: Any, *, has_merchant: bool) -> rx.Component:
    """The money first, then how far it is, then whose and where to."""
    whose = [("Merchant", link(record["merchant"], record["merchant_href"]))] if has_merchant else []
    inside: list[Any] = [("Partner", record["partner"])] if has_merchant else []
    return stack(
        only_while(
            record["disputed"] != "",
            notice(
                "Disputed",
                rx.fragment(
                    "Since ", record["disputed"], ". It is held out of settlements until there is an answer."
                ),
                tone="warn",
            ),
        ),
        parcel_money(record),
        _settlement(record),
        key_values(
            *whose,
            ("Order", record["order_reference"]),
            ("Recipient", record["recipient_name"]),
            ("Phone", record["recipient_phone"]),
            ("Address", record["recipient_address"]),
            ("Delivered", record["delivered_at"]),
            *inside,
        ),
    )


def parcel_money(record: Any) -> rx.Component:
    """How what is payable comes about, line by line."""
    return card(
        key_values(
            ("Cash on delivery", money(record["cod_text"])),
            ("Collected", money(record["collected_text"])),
            ("Delivery charge", money(record["delivery_text"])),
            ("Return charge", money(record["return_text"])),
            ("Payable", money(record["net_text"], strong=True)),
            figures=True,
        ),
        rx.el.p(record["why_charges"], class_name="muted small"),
        only_while(record["net_words"] != "", rx.el.div(badge(record["net_words"], "warn"))),
        class_name="stack-tight",
    )


def _settlement(record: Any) -> rx.Component:
    paid = rx.fragment(money(record["paid"]), " · ", record["paid_at"])
    corrected = rx.fragment(
        money(record["clearance"], strong=True),
        only_while(
            record["clearance_invoice"] != "",
            rx.fragment(" · ", link(record["clearance_invoice"], record["clearance_invoice_href"])),
        ),
    )
    return stack(
        key_values(
            ("Settlement", badge(record["settled"], record["settled_tone"])),
            (
                "Invoice",
                rx.cond(record["invoice"] != "", link(record["invoice"], record["invoice_href"]), "–"),
            ),
            ("Paid out", rx.cond(record["paid"] != "", paid, "–")),
        ),
        only_while(
            record["clearance"] != "",
            key_values(("Correction", corrected), ("Reason", record["clearance_reason"])),
        ),
        tight=True,
    )
