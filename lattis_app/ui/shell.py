"""The frames pages stand in: the office shell with side navigation, and the driver's phone shell."""

from __future__ import annotations

from typing import Any

import reflex as rx

from lattis_app.ui.buttons import icon_button, link
from lattis_app.ui.dialogs import lightbox
from lattis_app.ui.frame import (
    FrameState,
    announcer,
    bell,
    brand,
    language_menu,
    live_refresh,
    sign_out_form,
    skip_link,
    user_menu,
    waiting_strip,
)
from lattis_app.ui.icons import icon
from lattis_app.ui.navigation import DRIVER_TABS, NavGroup, NavItem, current, groups
from lattis_app.ui.palette import palette
from lattis_app.ui.states import unreached


def shell(*content: Any, path: str) -> rx.Component:
    """The office frame: side navigation for this role, search, bell, account, and the page itself.

    Who has nowhere to go and nothing to find gets neither navigation nor search.
    """
    goes_nowhere = FrameState.ready & (FrameState.places.length() == 0)
    return rx.el.div(
        skip_link(),
        rx.cond(goes_nowhere, rx.fragment(), _side(current(groups(), path))),
        rx.el.div(class_name="side-scrim", data_side="closed"),
        rx.el.div(
            _top(goes_nowhere),
            rx.el.main(*content, unreached(), id="main", class_name="page", tab_index=-1),
            _at_thumb(current(groups(), path)),
            class_name="main",
        ),
        rx.cond(goes_nowhere, rx.fragment(), palette()),
        lightbox(),
        announcer(),
        live_refresh(FrameState.refresh),
        class_name="app",
        data_side="closed",
    )


def _side(active: str) -> rx.Component:
    return rx.el.nav(
        link(brand(), "/", class_name="link-plain"),
        rx.cond(
            FrameState.ready,
            rx.el.div(*[part for group in groups() for part in _group(group, active)], class_name="nav"),
            rx.el.div(*[rx.el.span(class_name="nav-skeleton") for _ in range(11)], class_name="nav"),
        ),
        rx.el.div(FrameState.business, class_name="side-foot"),
        class_name="side",
        aria_label="Main",
        id="side",
    )


def _group(group: NavGroup, active: str) -> list[rx.Component]:
    head = rx.el.div(group.label, class_name="nav-group")
    heading = [rx.cond(FrameState.places.contains(group.label), head, rx.fragment())] if group.label else []
    return [*heading, *[_item(item, active) for item in group.items]]


def _item(item: NavItem, active: str) -> rx.Component:
    number: list[Any] = []
    if item.counter:
        waiting = FrameState.counters[item.counter]
        what = rx.el.span(" ", item.counts, class_name="sr-only")
        badge = rx.el.span(waiting, what, class_name="nav-count", title=item.counts)
        number = [rx.cond(waiting, badge, rx.fragment())]
    here = {"aria_current": "page"} if item.href == active else {}
    face = rx.fragment(icon(item.icon), item.label, *number)
    return rx.cond(
        FrameState.places.contains(item.href),
        link(face, item.href, class_name="nav-item", **here),
        rx.fragment(),
    )


def _at_thumb(active: str) -> rx.Component:
    """The few places of somebody who works on a phone, at its foot; nothing of it on a desk."""
    places = [item for group in groups() for item in group.items if item.at_thumb]
    return rx.el.nav(
        *[
            rx.cond(FrameState.places.contains(item.href), _tab(item, active), rx.fragment())
            for item in places
        ],
        class_name="tabbar tabbar-office",
        aria_label="At hand",
    )


def _top(goes_nowhere: Any) -> rx.Component:
    search = rx.el.button(
        icon("search"),
        rx.el.span("Search or jump to…"),
        rx.el.span("Ctrl K", class_name="kbd"),
        type="button",
        class_name="top-search",
        data_palette="open",
        aria_keyshortcuts="Control+K",
    )
    navigation = icon_button("menu", "Open navigation", class_name="top-menu", data_side="open", kind="ghost")
    return rx.el.header(
        rx.cond(goes_nowhere, link(brand(), "/", class_name="link-plain"), rx.fragment(navigation, search)),
        rx.el.div(class_name="top-space"),
        bell(),
        user_menu(),
        class_name="top",
    )


def driver_shell(*content: Any, path: str, title: Any, subtitle: Any = "", back: str = "") -> rx.Component:
    """The driver's frame: dark header readable in the sun, unsent work, and three tabs at the thumb."""
    return rx.el.div(
        skip_link(),
        rx.el.header(
            *([link(icon("chevron-left", label="Back"), back, class_name="btn btn-icon")] if back else []),
            rx.el.div(rx.el.small(subtitle), rx.el.h1(title)),
            *(
                []
                if back
                else [language_menu(), sign_out_form(icon_button("log-out", "Sign out", type="submit"))]
            ),
            class_name="phone-head",
        ),
        waiting_strip(),
        rx.el.div(id="unsent", class_name="unsent"),
        rx.el.main(*content, unreached(rx.el.h2), id="main", class_name="phone-body", tab_index=-1),
        rx.el.nav(
            *[_tab(item, current([NavGroup("", DRIVER_TABS)], path)) for item in DRIVER_TABS],
            class_name="tabbar",
            aria_label="Main",
        ),
        rx.el.div(id="driver-local"),
        lightbox(),
        announcer(),
        live_refresh(FrameState.refresh),
        class_name="phone",
    )


def _tab(item: NavItem, active: str) -> rx.Component:
    here = {"aria_current": "page"} if item.href == active else {}
    label: Any = item.label
    if item.counter:
        waiting = FrameState.counters[item.counter]
        label = rx.cond(waiting, rx.el.span(item.label, " · ", waiting), item.label)
    return link(rx.fragment(icon(item.icon), label), item.href, class_name="tabbar-item", **here)
