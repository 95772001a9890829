"""A record: beside its list or as a page. Header, lifecycle strip, the allowed next steps, tabs, history, photos."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict

import reflex as rx

from lattis_app.core.lifecycle import Lifecycle
from lattis_app.ui.badges import count, words
from lattis_app.ui.buttons import Text, icon_button, link
from lattis_app.ui.icons import icon
from lattis_app.ui.states import failed, skeleton, skeleton_block
from lattis_app.ui.translation import say


class Step(TypedDict):
    """One step of a lifecycle strip; state is done, current, todo or stopped."""

    label: str
    state: str


class HistoryRow(TypedDict):
    """One entry of a record's history, ready for display."""

    what: str
    who: str
    when: str
    field: str
    before: str
    after: str
    reason: str


class PhotoRow(TypedDict):
    """One photo: where the small and the large one are, and what to say under it."""

    small: str
    large: str
    caption: str


def lifecycle_steps(lifecycle: Lifecycle[Any], status: Any) -> list[Step]:
    """The happy path with this status marked; a status off the path (cancelled, voided) ends the strip."""
    path = [str(step) for step in lifecycle.happy_path]
    current = str(status)
    if current not in path:
        first = [Step(label=words(path[0]), state="done")] if path else []
        return [*first, Step(label=words(current), state="stopped")]
    here = path.index(current)
    last = len(path) - 1
    return [
        Step(
            label=words(step),
            state="done"
            if place < here or (place == here == last)
            else "current"
            if place == here
            else "todo",
        )
        for place, step in enumerate(path)
    ]


def record_panel(state: Any, *content: Any, label: str) -> rx.Component:
    """The record that stands open beside a list; `state` is the page's ListMixin."""
    return rx.cond(
        state.open_id != "",
        rx.el.aside(
            rx.el.div(
                rx.cond(state.record_ready, rx.fragment(*content), _record_not_ready(state)),
                class_name="record-scroll",
            ),
            class_name="record-panel",
            aria_label=label,
        ),
        rx.fragment(),
    )


def record_head(
    kind: Text, title: Any, *tools: Any, status: Any = None, on_close: Any = None
) -> rx.Component:
    """What kind of record this is, which one, its status, a ⋯ menu, and the way back."""
    close = []
    if on_close is not None:
        close = [icon_button("x", "Close", kind="ghost", on_click=on_close, data_record_close="true")]
    return rx.el.header(
        rx.el.div(
            rx.el.p(kind, class_name="record-kind"),
            rx.el.h2(title, class_name="record-title"),
            *([status] if status is not None else []),
        ),
        rx.el.div(*tools, *close, class_name="record-tools"),
        class_name="record-head",
    )


def lifecycle_strip(steps: Any) -> rx.Component:
    """Where the record stands; `steps` is a var of Step."""
    return rx.el.ol(
        rx.foreach(
            steps,
            lambda step: rx.el.li(
                say(step["label"]),
                class_name="step",
                data_state=step["state"],
                aria_current=rx.cond(step["state"] == "current", "step", "false"),
            ),
        ),
        class_name="steps",
        aria_label="Progress",
    )


def next_steps(*buttons: Any, note: Any = None) -> rx.Component:
    """The steps that are allowed now and nothing else; `note` says why an expected one is missing."""
    told = [rx.el.p(note, class_name="form-note")] if note is not None else []
    return rx.el.div(*buttons, *told, class_name="next-steps")


def step_if(allowed: Any, name: str, part: rx.Component) -> rx.Component:
    """A next-step button that is there only while the var `allowed` (a list of names) holds its name."""
    return rx.cond(allowed.contains(name), part, rx.fragment())


def tabs(tabs_id: str, *panels: tuple[Any, Any], counts: dict[int, Any] | None = None) -> rx.Component:
    """Parts of a record under tabs; switching needs no round trip. `counts` puts a number on a tab by its place."""
    numbers = counts or {}
    return rx.el.div(
        rx.el.div(
            *[
                rx.el.button(
                    title,
                    *([count(numbers[place])] if place in numbers else []),
                    type="button",
                    role="tab",
                    id=f"{tabs_id}-tab-{place}",
                    class_name="tab",
                    aria_controls=f"{tabs_id}-{place}",
                    aria_selected="true" if place == 0 else "false",
                    tab_index=0 if place == 0 else -1,
                )
                for place, (title, _) in enumerate(panels)
            ],
            role="tablist",
            class_name="tabs",
        ),
        *[
            rx.el.div(
                content,
                id=f"{tabs_id}-{place}",
                role="tabpanel",
                class_name="tab-panel",
                aria_labelledby=f"{tabs_id}-tab-{place}",
                hidden=place != 0,
            )
            for place, (_, content) in enumerate(panels)
        ],
        class_name="stack",
        style={"gap": "14px"},
    )


def history(entries: Any) -> rx.Component:
    """Who did what, from what to what, when and why; `entries` is a var of HistoryRow, newest first."""
    return rx.cond(
        entries.length() > 0,
        rx.el.ol(rx.foreach(entries, _event), class_name="timeline"),
        rx.el.p("Nothing has been changed yet.", class_name="muted small"),
    )


def _event(entry: Any) -> rx.Component:
    change = rx.el.div(
        rx.el.span(entry["field"]),
        rx.cond(entry["before"] != "", rx.el.del_(entry["before"]), rx.fragment()),
        rx.cond(entry["before"] != "", "→", ""),
        rx.el.ins(entry["after"]),
        class_name="event-change",
    )
    head = rx.el.div(
        rx.el.div(entry["what"], class_name="event-what"),
        rx.el.div(entry["who"], " · ", entry["when"], class_name="event-when"),
    )
    return rx.el.li(
        rx.cond(entry["what"] != "", head, rx.fragment()),
        rx.cond(entry["after"] != "", change, rx.fragment()),
        rx.cond(entry["reason"] != "", rx.el.div(entry["reason"], class_name="event-reason"), rx.fragment()),
        class_name=rx.cond(entry["what"] != "", "event", "event event-more"),
    )


def photos(rows: Any, *extra: Any) -> rx.Component:
    """A grid of photos that open large; `rows` is a var of PhotoRow."""
    return rx.el.div(
        rx.foreach(
            rows,
            lambda photo: rx.el.button(
                rx.el.img(src=photo["small"], alt="", loading="lazy", decoding="async"),
                rx.el.span(photo["caption"], class_name="photo-note"),
                type="button",
                class_name="photo",
                data_photo=photo["large"],
                data_caption=photo["caption"],
            ),
        ),
        *extra,
        class_name="photos",
    )


def files(rows: Any) -> rx.Component:
    """Documents of a record as downloads; `rows` is a var of dicts with `name`, `note` and `href`."""
    return rx.el.div(
        rx.foreach(
            rows,
            lambda each: rx.el.a(
                icon("file-text"),
                rx.el.span(each["name"], class_name="truncate"),
                rx.el.span(each["note"], class_name="faint small push nowrap"),
                href=each["href"],
                reload_document=True,
                target="_blank",
                class_name="file",
            ),
        ),
        class_name="files",
    )


def crumbs(*parts: tuple[str, str]) -> rx.Component:
    """The way back from a record page: (words, href) pairs."""
    shown: Sequence[Any] = [
        piece for text, href in parts for piece in (link(text, href), icon("chevron-right", size=12))
    ]
    return rx.el.nav(*shown, class_name="crumbs", aria_label="You are here")


def _record_not_ready(state: Any) -> rx.Component:
    broken = state.record_problem != ""
    coming = rx.el.div(skeleton("90px"), rx.el.div(style={"height": "8px"}), skeleton("190px", "18px"))
    told = failed(
        state.record_problem,
        request_id=state.record_problem_id,
        on_retry=state.open_record(state.open_id),
        title="This record could not be loaded",
    )
    return rx.fragment(
        rx.el.div(
            rx.cond(broken, rx.el.div(), coming),
            icon_button("x", "Close", kind="ghost", on_click=state.close_record, data_record_close="true"),
            class_name="record-head",
        ),
        rx.cond(
            broken,
            told,
            rx.fragment(skeleton("100%", "30px"), skeleton_block("150px"), skeleton_block("110px")),
        ),
    )
