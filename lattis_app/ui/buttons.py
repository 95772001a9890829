"""What is pressed: buttons, links, segmented choices and menus."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink

from lattis_app.ui.icons import icon

Kind = Literal["default", "primary", "ghost", "danger", "danger-solid"]
Text = str | rx.Var[str]


def link(label: Any, href: Text, *, class_name: str = "link", **props: Any) -> rx.Component:
    """A link inside Lattis, followed without reloading the page."""
    return ReactRouterLink.create(label, to=href, class_name=class_name, **props)


def button(
    label: Text,
    *,
    kind: Kind = "default",
    glyph: str = "",
    small: bool = False,
    href: Text = "",
    opens: str = "",
    **props: Any,
) -> rx.Component:
    """A button; with `href` it is a link, with `opens` it opens the dialog or sheet of that id."""
    face = [icon(glyph)] if glyph else []
    look = f"btn btn-{kind}{' btn-small' if small else ''} {props.pop('class_name', '')}".strip()
    if isinstance(href, rx.Var) or href:
        return ReactRouterLink.create(*face, label, to=href, class_name=look, **props)
    if opens:
        props["data_opens"] = opens
    spinner = rx.el.span(class_name="spinner", aria_hidden="true")
    return rx.el.button(spinner, *face, label, type=props.pop("type", "button"), class_name=look, **props)


def download_button(label: str, href: Text, *, glyph: str = "download", **props: Any) -> rx.Component:
    """A button that downloads a file or, with a `target`, opens a document the server makes beside the page."""
    asked = {"reload_document": True, "download": "target" not in props} | props
    return ReactRouterLink.create(icon(glyph), label, to=href, class_name="btn", **asked)


def icon_button(
    glyph: str, label: str, *, small: bool = False, kind: Kind = "default", **props: Any
) -> rx.Component:
    """A square button with an icon; the label is read to screen readers and shown as a tooltip."""
    look = f"btn btn-icon btn-{kind}{' btn-small' if small else ''}"
    extra = props.pop("class_name", "")
    return rx.el.button(
        icon(glyph),
        *props.pop("children", ()),
        type=props.pop("type", "button"),
        aria_label=label,
        title=label,
        class_name=f"{look} {extra}".strip(),
        **props,
    )


def segmented(items: Sequence[tuple[str, str]], current: Text, on_choose: Any, *, label: str) -> rx.Component:
    """A row of mutually exclusive choices, for example the period of a dashboard."""
    return rx.el.div(
        *[
            rx.el.button(
                words,
                type="button",
                class_name="seg-item",
                aria_pressed=rx.cond(current == value, "true", "false"),
                on_click=on_choose(value),
            )
            for value, words in items
        ],
        class_name="seg",
        role="group",
        aria_label=label,
    )


def segmented_links(items: Sequence[tuple[Text, str, Any]], *, label: str) -> rx.Component:
    """Mutually exclusive choices that are addresses: (href, words, is it the current one)."""
    return rx.el.nav(
        *[link(words, href, class_name="seg-item", aria_current=on) for href, words, on in items],
        class_name="seg",
        aria_label=label,
    )


def menu(trigger_label: Text, menu_id: str, *items: Any, glyph: str = "", align: str = "end") -> rx.Component:
    """A button with a menu under it; the browser's own popover, so no event goes to the server."""
    caret = [icon("chevron-down")] if not glyph else []
    face = [icon(glyph)] if glyph else []
    return rx.fragment(
        rx.el.button(
            *face,
            trigger_label,
            *caret,
            type="button",
            class_name="btn",
            aria_haspopup="menu",
            custom_attrs={"popoverTarget": menu_id},
        ),
        menu_body(menu_id, *items, align=align),
    )


def more_menu(menu_id: str, *items: Any, label: str = "More actions") -> rx.Component:
    """The ⋯ button of a record or a card."""
    return rx.fragment(
        icon_button("ellipsis", label, aria_haspopup="menu", custom_attrs={"popoverTarget": menu_id}),
        menu_body(menu_id, *items, align="end"),
    )


def menu_body(menu_id: str, *items: Any, align: str = "start", panel: str = "") -> rx.Component:
    """The floating part of a menu; any element with `popoverTarget` set to its id opens it.

    With `panel` (its name) it is not a menu but a small window, for example with a form.
    """
    return rx.el.div(
        *items,
        id=menu_id,
        role="dialog" if panel else "menu",
        aria_label=panel or None,
        class_name="menu menu-wide" if panel else "menu",
        custom_attrs={"popover": "auto"},
        data_align=align,
    )


def menu_item(
    label: Text, *, glyph: str = "", href: Text = "", tone: str = "", hint: Text = "", **props: Any
) -> Any:
    """One line of a menu. `download` is for what the server sends as a file, beside the page or in another tab."""
    face = (
        ([icon(glyph)] if glyph else [])
        + [label]
        + ([rx.el.span(hint, class_name="menu-hint")] if hint else [])
    )
    if tone:
        props["data_tone"] = tone
    if props.get("download"):
        props |= {"reload_document": True, "download": "target" not in props}
    if isinstance(href, rx.Var) or href:
        return ReactRouterLink.create(*face, to=href, role="menuitem", class_name="menu-item", **props)
    return rx.el.button(*face, class_name="menu-item", **({"type": "button", "role": "menuitem"} | props))


def menu_label(words: Text) -> rx.Component:
    """A small heading inside a menu."""
    return rx.el.div(words, class_name="menu-label")


def menu_line() -> rx.Component:
    """A line between two parts of a menu."""
    return rx.el.div(class_name="menu-line", role="separator")
