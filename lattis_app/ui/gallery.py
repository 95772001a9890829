"""Every part of the kit in its states, to look at; at /_gallery."""
from __future__ import annotations
import reflex as rx
from lattis_app.ui.pages import page
@page("/_gallery", "Gallery")
def gallery() -> rx.Component:
    """The parts."""
    return rx.el.div("soon")
