"""The state of the frame around every page, and the pieces office and driver frames share."""

from __future__ import annotations

import logging
from typing import Any, TypedDict

import reflex as rx
from reflex_base.style import color_mode as _color_mode
from reflex_base.style import set_color_mode
from reflex_components_core.core.banner import has_connection_errors

from lattis_app.core import language
from lattis_app.core.errors import DomainError
from lattis_app.core.settings import settings
from lattis_app.ui.buttons import button, icon_button, menu_body, menu_item, menu_label, menu_line
from lattis_app.ui.frame_facts import FrameFacts, collect, collect_actor, initials
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.icons import icon
from lattis_app.ui.navigation import groups, visible

logger = logging.getLogger(__name__)

LANGUAGES = tuple(language.LANGUAGES.items())


class AlertRow(TypedDict):
    """One line of the bell, ready for display."""

    title: str
    text: str
    when: str
    href: str
    unread: str


class FrameState(rx.State):
    """Who is signed in and what needs them; reloaded with every page and when something happens."""

    ready: bool = False
    name: str = ""
    initials: str = ""
    role: str = ""
    business: str = "Lattis"
    csrf: str = ""
    unread: int = 0
    permissions: list[str] = []
    places: list[str] = []
    counters: dict[str, str] = {}
    alerts: list[AlertRow] = []

    @handler
    async def refresh(self) -> None:
        """Read the counters, the bell and the permissions of the signed-in person."""
        facts = await self._collect()
        shown = visible(groups(), facts.permissions, real=settings().is_production)
        self.name, self.role, self.business = facts.name, facts.role, facts.business
        self.initials = initials(facts.name)
        self.csrf = facts.csrf
        self.unread = facts.unread
        self.permissions = list(facts.permissions)
        self.places = [item.href for group in shown for item in group.items] + [
            group.label for group in shown
        ]
        self.counters = dict(facts.counters)
        self.alerts = [
            AlertRow(
                title=alert.title,
                text=alert.text,
                when=alert.when,
                href=alert.href,
                unread="true" if alert.is_unread else "false",
            )
            for alert in facts.alerts
        ]
        self.ready = True

    async def _collect(self) -> FrameFacts:
        """What the frame shows; a counter that fails takes the numbers away, not the navigation."""
        try:
            return await run(self, collect)
        except DomainError:
            raise
        except Exception as error:
            logger.error("the counters of the frame failed", exc_info=error)
            return await run(self, collect_actor)


def brand(class_name: str = "brand") -> rx.Component:
    """The mark and the name."""
    return rx.el.span(
        rx.el.img(src="/icons/mark.svg", alt="", class_name="brand-mark"), "Lattis", class_name=class_name
    )


def announcer() -> rx.Component:
    """Where page changes are spoken by screen readers."""
    return rx.el.div(id="announcer", class_name="sr-only", role="status", aria_live="polite")


def live_refresh(on_event: object, *events: str) -> rx.Component:
    """Run a loader again whenever an event whose name starts with one of these words happens.

    With no words: on any event.
    """
    wanted = " ".join(events) or "*"
    return rx.el.button(
        on_click=on_event, data_live=wanted, hidden=True, tab_index=-1, aria_hidden="true", type="button"
    )


def connection_banners() -> rx.Component:
    """Say when the connection or the server's database is lost, and that nothing typed is gone."""
    return rx.fragment(
        rx.el.div(
            rx.el.span(class_name="dot"),
            "No connection. What you typed is still here; trying again…",
            class_name="offline",
            role="status",
            data_lost=rx.cond(has_connection_errors, "true", "false"),
        ),
        rx.el.div(
            rx.el.span(class_name="dot"),
            "Lattis can't reach its database. What you typed is still here; trying again…",
            class_name="offline",
            role="status",
            id="no-database",
            custom_attrs={"popover": "manual"},
        ),
    )


def skip_link() -> rx.Component:
    """The first stop of the Tab key: straight to the content."""
    return rx.el.a("Skip to content", href="#main", class_name="skip-link")


def bell() -> rx.Component:
    """The bell with the unread count and its list."""
    count = rx.cond(
        FrameState.unread > 0, rx.el.span(FrameState.unread, class_name="bell-count"), rx.fragment()
    )
    return rx.fragment(
        icon_button(
            "bell",
            "Notifications",
            class_name="bell",
            children=(count,),
            aria_haspopup="dialog",
            custom_attrs={"popoverTarget": "bell-menu"},
        ),
        menu_body(
            "bell-menu",
            rx.el.div("Notifications", class_name="menu-title"),
            rx.cond(
                FrameState.alerts.length() > 0,
                rx.foreach(FrameState.alerts, _alert),
                rx.el.div("Nothing new. What needs you will appear here.", class_name="menu-row muted"),
            ),
            align="end",
            panel="Notifications",
        ),
    )


def _alert(alert: rx.vars.ObjectVar[AlertRow]) -> rx.Component:
    return rx.el.a(
        rx.el.span(alert["title"], rx.el.small(alert["text"], " · ", alert["when"])),
        href=rx.cond(alert["href"] != "", alert["href"], "#"),
        class_name="menu-row",
        data_unread=alert["unread"],
    )


def user_menu() -> rx.Component:
    """Profile, theme, language and sign-out of the signed-in person."""
    return rx.fragment(
        rx.el.button(
            rx.el.span(
                rx.cond(FrameState.ready, FrameState.initials, "·"), class_name="avatar", aria_hidden="true"
            ),
            type="button",
            class_name="avatar-button",
            aria_label="Your account",
            aria_haspopup="menu",
            custom_attrs={"popoverTarget": "user-menu"},
        ),
        menu_body(
            "user-menu",
            rx.el.div(rx.el.b(FrameState.name), rx.el.span(FrameState.role), class_name="menu-head"),
            menu_line(),
            menu_item("Your profile", glyph="circle-user", href="/profile"),
            menu_line(),
            menu_label("Theme"),
            _theme_choice("light", "Light", "sun"),
            _theme_choice("dark", "Dark", "moon"),
            _theme_choice("system", "As the device", "monitor"),
            menu_line(),
            menu_label("Language"),
            language_choice(role="menuitem"),
            menu_line(),
            sign_out_form(menu_item("Sign out", glyph="log-out", type="submit")),
            align="end",
        ),
    )


def language_choice(look: str = "menu-item", *, is_visitor: bool = False, **props: Any) -> rx.Component:
    """Read on in another language: a native form, since the whole page has to be said again."""
    languages = [
        rx.el.button(
            words, type="submit", name="code", value=code, lang=code, class_name=look, translate="no", **props
        )
        for code, words in LANGUAGES
    ]
    return _own_form("/auth/language", *languages, is_visitor=is_visitor, class_name="language-choice")


def language_menu() -> rx.Component:
    """The choice of a language behind one button."""
    return rx.fragment(
        icon_button(
            "languages", "Language", aria_haspopup="menu", custom_attrs={"popoverTarget": "language-menu"}
        ),
        menu_body("language-menu", language_choice(role="menuitem"), align="end"),
    )


def sign_out_form(trigger: rx.Component) -> rx.Component:
    """A native form, so that signing out is a full navigation and the open socket ends with it."""
    return _own_form("/auth/sign-out", trigger)


def _own_form(action: str, *parts: rx.Component, is_visitor: bool = False, **props: Any) -> rx.Component:
    """A native form that proves it is ours, and can't be sent before the proof has come; visitors need none."""
    has_no_proof = rx.Var.create(False) if is_visitor else FrameState.csrf == ""
    return rx.el.form(
        rx.el.input(type="hidden", name="csrf", value=FrameState.csrf, read_only=True),
        rx.el.fieldset(*parts, disabled=has_no_proof, class_name="own-form"),
        action=action,
        method="post",
        on_submit=None,
        **props,
    )


def _theme_choice(mode: str, label: str, glyph: str) -> rx.Component:
    return menu_item(
        label,
        glyph=glyph,
        role="menuitemradio",
        on_click=set_color_mode(mode),
        aria_checked=rx.cond(_color_mode == mode, "true", "false"),
    )


def waiting_strip() -> rx.Component:
    """The driver's unsent work; filled by `assets/js/driver` in the browser."""
    return rx.el.div(
        icon("wifi-off"),
        rx.el.span("", id="waiting-text"),
        button("Send now", small=True, id="waiting-send"),
        class_name="waiting",
        id="waiting",
        role="status",
    )
