"""Pages for when things go wrong: an address that does not exist, and a page that broke in the browser."""

from __future__ import annotations

import reflex as rx
from reflex_components_core.base.error_boundary import ErrorBoundary

from lattis_app.ui.buttons import button
from lattis_app.ui.icons import icon
from lattis_app.ui.translation import translated


def not_found() -> rx.Component:
    """The page for an address that leads nowhere."""
    return _stop(
        "map",
        "There is nothing at this address",
        "The link may be old, or the record was removed. Nothing was lost.",
        button("Go to my start page", href="/", kind="primary"),
        rx.el.button("Go back", type="button", class_name="btn", on_click=rx.call_script("history.back()")),
    )


def error_boundary() -> rx.Component:
    """Catches an error while drawing a page; tells the user what to do and keeps the details in the log."""
    return ErrorBoundary.create(fallback_render=rx.Var.create(_broken()))


def _broken() -> rx.Component:
    return _stop(
        "triangle-alert",
        "This page stopped working",
        "The problem has been logged. What you saved is safe. Loading the page again usually helps.",
        rx.el.button(
            "Load again",
            type="button",
            class_name="btn btn-primary",
            on_click=rx.call_script("window.location.reload()"),
        ),
        rx.el.a("Go to my start page", href="/", class_name="btn"),
    )


def _stop(glyph: str, title: str, text: str, *actions: rx.Component) -> rx.Component:
    page = rx.el.main(
        rx.el.div(
            rx.el.span(icon(glyph), class_name="empty-mark"),
            rx.el.h1(title),
            rx.el.p(text),
            rx.el.div(*actions, class_name="row"),
            class_name="empty",
        ),
        class_name="stop",
        id="main",
    )
    return translated(page)
