"""The two sides of the weekly billing: what the next run will bill, and what runs have billed."""

from __future__ import annotations

import reflex as rx

from lattis_app.ui.buttons import segmented_links
from lattis_app.ui.layout import row

NEXT, LOG = "/marketplace/next-run", "/marketplace/runs"


def run_tabs(here: str) -> rx.Component:
    """The way between them."""
    sides = [(NEXT, "Next run", here == NEXT), (LOG, "Run log", here == LOG)]
    return row(segmented_links(sides, label="Weekly billing"))
