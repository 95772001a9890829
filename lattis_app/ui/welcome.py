"""Where people start whose role has no pages yet."""

from __future__ import annotations

import reflex as rx

from lattis_app.ui.buttons import button
from lattis_app.ui.frame import FrameState
from lattis_app.ui.layout import card, page_header
from lattis_app.ui.pages import page
from lattis_app.ui.states import empty


@page("/welcome", "Welcome")
def welcome() -> rx.Component:
    """One friendly sentence, and the way to what everybody has."""
    return rx.fragment(
        page_header("Welcome", FrameState.name),
        card(
            empty(
                "Nothing here for you yet",
                "The pages for your role are on their way. Until then you can set your language and password in "
                "your profile.",
                button("Your profile", href="/profile", glyph="circle-user"),
                glyph="inbox",
            )
        ),
    )
