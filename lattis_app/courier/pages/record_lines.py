"""Lines that may be many thousand, of a record or a run: a page of them, and the way to the others."""

from __future__ import annotations

from typing import Any

import reflex as rx

from lattis_app.core.pagination import PageRequest
from lattis_app.ui.buttons import icon_button
from lattis_app.ui.handlers import handler
from lattis_app.ui.list_requests import extent, page_count
from lattis_app.ui.record_lists import RecordsMixin

LINES = 25
Lines = tuple[list[dict[str, str]], int]


class PagedLinesMixin(rx.State, mixin=True):
    """A page of lines."""

    lines: list[dict[str, str]] = []
    line_page: int = 1
    line_pages: int = 1
    line_total: int = 0
    line_extent: str = ""

    async def _lines(self, request: PageRequest) -> Lines:
        """One page of the lines as text, and how many there are."""
        raise NotImplementedError

    async def _show_lines(self, number: int) -> None:
        self.lines, self.line_total = await self._lines(PageRequest(number, LINES))
        self.line_page, self.line_pages = number, page_count(self.line_total, LINES)
        self.line_extent = extent(number, LINES, self.line_total)

    @handler
    async def turn_lines(self, number: int) -> None:
        """Turn to a page of the lines that exists."""
        await self._show_lines(max(1, min(number, self.line_pages)))


class LinesMixin(PagedLinesMixin, RecordsMixin, mixin=True):
    """Records with the open one and a page of its lines."""


def line_pager(state: Any) -> rx.Component:
    """Which lines are shown, and the way to the others."""
    pager = rx.el.nav(
        icon_button(
            "chevron-left",
            "Lines before",
            small=True,
            on_click=lambda: state.turn_lines(state.line_page - 1),
            disabled=state.line_page <= 1,
        ),
        icon_button(
            "chevron-right",
            "Next lines",
            small=True,
            on_click=lambda: state.turn_lines(state.line_page + 1),
            disabled=state.line_page >= state.line_pages,
        ),
        class_name="pager",
        aria_label="Pages of lines",
    )
    return rx.el.div(
        rx.el.span(state.line_extent, class_name="num"),
        rx.cond(state.line_pages > 1, pager, rx.fragment()),
        class_name="list-foot",
    )
