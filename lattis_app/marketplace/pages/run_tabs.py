"""The two sides of the weekly billing: what the next run will bill, and what runs have billed."""

from __future__ import annotations

import reflex as rx

from lattis_app.ui.buttons import segmented_links

NEXT, LOG = "/marketplace/next-run", "/marketplace/runs"


def run_tabs(here: str) -> rx.Component:
    """The way between them."""
    return segmented_links(
        [(NEXT, "Next run", here == NEXT), (LOG, "Run log", here == LOG)], label="Weekly billing"
    )
