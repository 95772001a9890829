"""The command palette: places to go at once, and records found on the server while typing.

The seam: `search_with(find)` registers one function `find(session, actor, words) -> Sequence[Hit]`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink

from lattis_app.core.actors import Actor
from lattis_app.core.language import say
from lattis_app.core.normal import spaced_phone
from lattis_app.core.searching import FoundRecord
from lattis_app.ui import moments
from lattis_app.ui.frame import FrameState
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.icons import icon
from lattis_app.ui.navigation import NavItem, groups

LEAST_LETTERS = 2
STORED_PHONE = re.compile(r"\+\d{7,15}")


@dataclass(frozen=True)
class Hit:
    """One record that fits: its kind is the heading it stands under."""

    kind: str
    title: str
    text: str
    href: str
    icon: str = "file-text"


@dataclass(frozen=True)
class Command:
    """Something to do from anywhere, for example `New booking`."""

    label: str
    href: str
    icon: str = "plus"
    permission: str = ""


class HitRow(TypedDict):
    """A hit, ready for display; `heading` is set on the first of its kind."""

    heading: str
    title: str
    text: str
    href: str
    icon: str


Find = Callable[[Any, Actor, str], Sequence[Hit]]
_finders: list[Find] = []
_commands: list[Command] = []


def search_with(find: Find) -> None:
    """Register a search; several are asked in the order of registration."""
    _finders.append(find)


def hits_of(found: Sequence[FoundRecord], shown: Mapping[str, tuple[str, str, str]]) -> list[Hit]:
    """Found records, each with the way to it; `shown` says heading, page and icon of each kind.

    A page is a list that opens its records, or `/seller/invoices/{id}`.
    """
    placed = [(each, *shown[each.kind]) for each in found]
    return [
        Hit(heading, each.title, about(each), _way_to(place, str(each.id)), glyph)
        for each, heading, place, glyph in placed
    ]


def _way_to(place: str, record_id: str) -> str:
    return place.replace("{id}", record_id) if "{id}" in place else f"{place}?open={record_id}"


def about(found: FoundRecord) -> str:
    """A few words to tell a record from others, with its day."""
    day = moments.day(found.day) if found.day else ""
    text = STORED_PHONE.sub(lambda phone: spaced_phone(phone[0]), found.text)
    return " · ".join(part for part in (text, day) if part)


def offer(*commands: Command) -> None:
    """Register commands for the palette."""
    _commands.extend(command for command in commands if command not in _commands)


def find_hits(session: Any, actor: Actor, words: str) -> list[Hit]:
    """Every registered search's hits for the words."""
    return [hit for find in _finders for hit in find(session, actor, words)]


def rows(hits: Sequence[Hit]) -> list[HitRow]:
    """Hits grouped by kind in the order the kinds first appear, each group with one heading."""
    kinds = list(dict.fromkeys(hit.kind for hit in hits))
    grouped = [(kind, [hit for hit in hits if hit.kind == kind]) for kind in kinds]
    return [
        HitRow(
            heading=say(kind) if place == 0 else "",
            title=hit.title,
            text=hit.text,
            href=hit.href,
            icon=hit.icon,
        )
        for kind, members in grouped
        for place, hit in enumerate(members)
    ]


class PaletteState(rx.State):
    """What the search box of the palette found."""

    words: str = ""
    hits: list[HitRow] = []
    busy: bool = False

    @handler
    async def search(self, words: str) -> Any:
        """Find records for what is typed so far."""
        self.words = str(words).strip()[:100]
        if len(self.words) < LEAST_LETTERS:
            self.hits, self.busy = [], False
            return
        self.busy = True
        yield
        self.hits = rows(await run(self, find_hits, self.words))
        self.busy = False


def palette() -> rx.Component:
    """The dialog behind Ctrl-K: type, choose with the arrow keys, go with Enter."""
    return rx.el.dialog(
        _box(),
        rx.el.div(
            rx.foreach(PaletteState.hits, _hit),
            _local_group("Do", [_command(command) for command in _commands]),
            _local_group("Go to", [_place(item) for group in groups() for item in group.items]),
            id="palette-list",
            class_name="palette-list",
            role="listbox",
            aria_label="Search and commands",
        ),
        rx.el.div(
            rx.cond(
                PaletteState.busy, "Searching…", "Nothing found. Try a number, a name or a phone number."
            ),
            class_name="palette-none",
            data_palette_none="true",
            role="status",
            hidden=True,
        ),
        rx.el.div(
            *[
                rx.el.span(rx.el.span(keys, class_name="kbd"), words)
                for keys, words in (("↑ ↓", "choose"), ("↵", "open"), ("Esc", "close"))
            ],
            class_name="palette-foot",
        ),
        id="palette",
        class_name="palette",
        aria_label="Search and commands",
    )


def _box() -> rx.Component:
    return rx.el.div(
        icon("search"),
        rx.el.input(
            type="search",
            placeholder="Search or jump to…",
            on_change=PaletteState.search.debounce(180),
            auto_focus=True,
            role="combobox",
            aria_expanded="true",
            aria_controls="palette-list",
            aria_label="Search",
            auto_complete="off",
            spell_check=False,
        ),
        rx.el.span("Esc", class_name="kbd"),
        class_name="palette-input",
    )


def _hit(hit: rx.vars.ObjectVar[HitRow]) -> rx.Component:
    return rx.fragment(
        rx.cond(hit["heading"] != "", rx.el.div(hit["heading"], class_name="palette-group"), rx.fragment()),
        _item(hit["icon"], hit["title"], hit["href"], hit["text"]),
    )


def _local_group(heading: str, items: list[rx.Component]) -> rx.Component:
    if not items:
        return rx.fragment()
    return rx.el.div(rx.el.div(heading, class_name="palette-group", data_local_group="true"), *items)


def _place(item: NavItem) -> rx.Component:
    return rx.cond(
        FrameState.places.contains(item.href),
        _item(item.icon, item.label, item.href, local=f"{item.label} go to"),
        rx.fragment(),
    )


def _command(command: Command) -> rx.Component:
    shown = _item(command.icon, command.label, command.href, local=command.label)
    if not command.permission:
        return shown
    return rx.cond(FrameState.permissions.contains(command.permission), shown, rx.fragment())


def _item(glyph: Any, title: Any, href: Any, text: Any = "", local: str = "") -> rx.Component:
    props = {"data_local": local} if local else {}
    return ReactRouterLink.create(
        icon(glyph),
        rx.el.span(title),
        *([rx.el.small(text)] if isinstance(text, rx.Var) or text else []),
        to=href,
        class_name="palette-item",
        role="option",
        tab_index=-1,
        **props,
    )
