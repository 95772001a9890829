"""The page that asks again whether to sign out, for a form that had grown old."""

from __future__ import annotations

import reflex as rx

from lattis_app.ui.buttons import button
from lattis_app.ui.frame import sign_out_form
from lattis_app.ui.icons import icon
from lattis_app.ui.pages import page


@page("/sign-out", "Sign out", frame="none")
def sign_out() -> rx.Component:
    """One question with a fresh form."""
    return rx.el.main(
        rx.el.div(
            rx.el.span(icon("log-out"), class_name="empty-mark"),
            rx.el.h1("Sign out?"),
            rx.el.p("You are still signed in: the page you came from was too old to be sure it was you."),
            rx.el.div(
                sign_out_form(button("Sign out", kind="primary", type="submit")),
                button("Stay signed in", href="/"),
                class_name="row",
            ),
            class_name="empty",
        ),
        class_name="stop",
        id="main",
    )
