"""The driver's screens as samples; at /_gallery/driver."""

from __future__ import annotations

import reflex as rx

from lattis_app.ui.badges import badge
from lattis_app.ui.buttons import button
from lattis_app.ui.layout import card
from lattis_app.ui.pages import page
from lattis_app.ui.shell import driver_shell


@page("/_gallery/driver", "My day", frame="none")
def gallery_driver() -> rx.Component:
    """One job now, the next ones under it."""
    return driver_shell(
        card(
            badge("Now · 09:00", "info"),
            rx.el.h2("ABC Construction", class_name="job-title"),
            rx.el.p("Deliver ASR100 · 456 Jalan Puchong", class_name="muted"),
            rx.el.div(
                button("Navigate", glyph="navigation", class_name="btn-mid"),
                button("Call John", glyph="phone", class_name="btn-mid"),
                class_name="pair",
            ),
            button("Start trip", kind="primary", class_name="btn-big", style={"margin_block_start": "10px"}),
            class_name="card-now",
        ),
        _later("12:00", "Pembinaan Jaya", "Collect ASR131 · Klang"),
        _later("15:30", "Hotel Meriah", "Exchange ASR102 → ASR140"),
        rx.el.div(
            button("Delivered", kind="primary", class_name="btn-big", disabled=True), class_name="stack"
        ),
        path="/driver",
        title="3 jobs left",
        subtitle="Saturday 21 November",
    )


def _later(when: str, name: str, what: str) -> rx.Component:
    return card(badge(when), rx.el.h2(name, class_name="job-title"), rx.el.p(what, class_name="muted"))
