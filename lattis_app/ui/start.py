"""The address without a path: everybody goes on to where their role starts the day."""

from __future__ import annotations

from typing import Any

import reflex as rx

from lattis_app.identity.landing import landing_of
from lattis_app.ui.handlers import actor_of, handler
from lattis_app.ui.pages import page
from lattis_app.ui.states import skeleton_block


class StartState(rx.State):
    """Sends people on."""

    @handler
    async def go_on(self) -> Any:
        """Open the page this role lands on."""
        return rx.redirect(landing_of((await actor_of(self)).role), replace=True)


@page("/", "Start", on_load=StartState.go_on, frame="none", public=True)
def start() -> rx.Component:
    """Shown for the blink of an eye; the handler sends whoever is not signed in to the sign-in page."""
    return rx.el.main(skeleton_block("60vh"), class_name="page", id="main")
