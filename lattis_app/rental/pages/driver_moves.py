"""Bins that a driver is to move to another site: one card each, and one tap when it is done."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import quote

import reflex as rx

from lattis_app.core.language import say
from lattis_app.rental.pages.delivery_order_rows import place
from lattis_app.rental.pages.driver_parts import action, ways
from lattis_app.rental.pages.job_words import moving
from lattis_app.rental.schemas.transfers import RelocationOut
from lattis_app.ui import moments
from lattis_app.ui.badges import badge
from lattis_app.ui.layout import card


def move_facts(move: RelocationOut, today: date) -> dict[str, str]:
    """A bin to be moved, as text: from where, to where, when, and the address of its action."""
    site = place(move.site_address, move.area)
    hour, on = moments.hour(move.scheduled_at), move.scheduled_on
    return {
        "id": str(move.id),
        "company": move.company_name,
        "what": moving(move),
        "from": say("From {site}", site=place(move.from_address)),
        "to": say("To {site}", site=site),
        "note": " · ".join(each for each in (move.lorry_registration_no, move.reason) if each),
        "when": hour if on == today else f"{moments.day(on)}, {hour}",
        "tone": "warn" if on < today else "info" if on == today else "neutral",
        "path": f"/v1/relocations/{move.id}/finish",
        "map": f"geo:0,0?q={quote(site)}",
        "phone": move.phone,
        "tel": f"tel:{move.phone}",
        "call": say("Call the site"),
    }


def move_card(move: Any) -> rx.Component:
    """A bin to be moved: one tap says that it is done."""
    return card(
        badge(move["when"], move["tone"]),
        rx.el.h2(move["what"], class_name="job-title"),
        rx.el.p(move["company"]),
        rx.el.p(move["from"], class_name="muted"),
        rx.el.p(move["to"], class_name="muted"),
        rx.cond(move["note"] != "", rx.el.p(move["note"], class_name="muted"), rx.fragment()),
        ways(move),
        rx.el.div(action("Bin moved", move["path"], {}, method="POST"), class_name="job-steps"),
        key=move["id"],
    )
