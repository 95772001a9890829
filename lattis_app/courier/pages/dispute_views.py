"""One dispute as the office and its merchant see it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from lattis_app.ui.badges import badge
from lattis_app.ui.buttons import link
from lattis_app.ui.conditions import only_while
from lattis_app.ui.layout import card, key_values, notice, stack
from lattis_app.ui.money import money


def dispute_summary(record: Any, *, to_merchant: bool = False) -> rx.Component:
    """What was said, what was answered, and what is known of the parcel."""
    whose = [] if to_merchant else [("Merchant", link(record["merchant"], record["merchant_href"]))]
    parcel = record["own_parcel_href"] if to_merchant else record["parcel_href"]
    return stack(
        _own_waiting(record) if to_merchant else _waiting(record),
        card(
            rx.el.p(record["reason"], class_name="pre-line"),
            rx.el.p(record["raised"], class_name="muted small"),
            title="What you said" if to_merchant else "What the merchant says",
        ),
        only_while(
            record["resolved"] != "",
            card(
                rx.el.p(record["answer"], class_name="pre-line"),
                rx.el.p(record["resolved"], class_name="muted small"),
                title="The answer",
            ),
        ),
        key_values(
            *whose,
            ("Parcel", link(record["tracking_number"], parcel)),
            ("Reported", badge(record["parcel_status"], record["parcel_tone"])),
            ("Settlement", badge(record["settled"], record["settled_tone"])),
        ),
        key_values(
            ("Cash on delivery", money(record["cod_text"])),
            ("Collected", money(record["collected_text"])),
            ("For you" if to_merchant else "Payable", money(record["net_text"], strong=True)),
            figures=True,
        ),
    )


def _waiting(record: Any) -> rx.Component:
    return only_while(
        record["waits"] != "",
        notice(
            "The parcel is on an open invoice",
            "It can be corrected once that invoice is paid or cancelled.",
            tone="warn",
            action=link("Open invoices", record["invoices_href"]),
        ),
    )


def _own_waiting(record: Any) -> rx.Component:
    return only_while(
        record["is_open"] != "",
        notice(
            "We look into it",
            "The parcel is held out of settlements until we have answered. You are told as soon as we have.",
            tone="info",
        ),
    )
