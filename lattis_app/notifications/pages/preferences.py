"""How one wants to be told: what, by which channels."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

import reflex as rx

from lattis_app.core.language import say
from lattis_app.core.normal import spaced_phone
from lattis_app.identity.permissions import Permission
from lattis_app.notifications.channels import LABELS, Channel
from lattis_app.notifications.kinds import Kind, in_order
from lattis_app.notifications.queries import preferences as queries
from lattis_app.notifications.schemas.preferences import PreferencesEntry, PreferencesOut
from lattis_app.notifications.services import preferences
from lattis_app.ui import toasts
from lattis_app.ui.buttons import button
from lattis_app.ui.form_state import FormMixin
from lattis_app.ui.forms import Fields, page_form
from lattis_app.ui.frame import FrameState
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import card, key_values, main_and_side, notice, page_header, stack
from lattis_app.ui.pages import page
from lattis_app.ui.records import crumbs
from lattis_app.ui.states import empty, skeleton_block


class Preferences(FormMixin, rx.State):
    """One's own choices."""

    ready: bool = False
    any_kind: bool = False
    reach: dict[str, str] = {}
    missing: str = ""

    @handler
    async def load(self) -> None:
        """Read the choices; what is being changed stays."""
        if not self.ready:
            await self._fill()
        self.ready = True

    async def _fill(self) -> None:
        found: PreferencesOut = await run(self, queries.find)
        self.any_kind = bool(found.kinds)
        self.reach = {
            each.channel: (spaced_phone(each.address) if each.channel != Channel.EMAIL else each.address)
            or "–"
            for each in found.channels
        }
        self.missing = ", ".join(say(LABELS[each.channel]) for each in found.channels if not each.configured)
        self._begin({box(kind.kind, channel): "true" for kind in found.kinds for channel in kind.channels})

    @handler
    async def save(self, form: dict[str, Any]) -> Any:
        """Keep what was changed; a kind left as it was follows the usual channels as before."""
        found: PreferencesOut = await run(self, queries.find)
        wanted = {
            kind.kind: [each for each in Channel if form.get(box(kind.kind, each))] for kind in found.kinds
        }
        changed = {kind.kind: wanted[kind.kind] for kind in found.kinds if wanted[kind.kind] != kind.channels}
        if changed:
            await run(self, preferences.update, PreferencesEntry(kinds=changed))
        self.attempt += 1
        await self._fill()
        return toasts.done("Your choices are saved")

    @handler
    async def back_to_usual(self) -> Any:
        """Forget all choices."""
        found: PreferencesOut = await run(self, queries.find)
        if chosen := [kind.kind for kind in found.kinds if kind.chosen]:
            await run(self, preferences.update, PreferencesEntry(kinds=dict.fromkeys(chosen)))
        await self._fill()
        return toasts.done("You are told by the usual channels again")


def box(kind: str, channel: str) -> str:
    """The name of the field for a kind and a channel."""
    return f"{kind}/{channel}"


@page(
    "/profile/notifications", "Notifications", Permission.NOTIFICATIONS_INBOX_MANAGE, on_load=Preferences.load
)
def notification_preferences() -> rx.Component:
    """What one is told of, by which channels."""
    return rx.fragment(
        page_header(
            "Notifications", "What you are told of, and how.", crumbs=crumbs(("Your profile", "/profile"))
        ),
        rx.cond(
            Preferences.ready,
            rx.cond(Preferences.any_kind, main_and_side(_choices(), _addresses()), _nothing()),
            skeleton_block("320px"),
        ),
    )


def _nothing() -> rx.Component:
    return empty("Nothing to choose", "Your role is not told of anything yet.", glyph="bell")


def _choices() -> rx.Component:
    f = Fields(Preferences, "preferences")
    return card(
        page_form(
            Preferences,
            *[_kind(f, kind) for kind in in_order()],
            on_submit=Preferences.save,
            submit="Save choices",
        ),
        title="Tell me when",
        more=button("Back to usual", kind="ghost", small=True, on_click=Preferences.back_to_usual),
    )


def _kind(f: Fields, kind: Kind) -> rx.Component:
    may = reduce(or_, [FrameState.permissions.contains(str(each)) for each in kind.audience])
    boxes = [f.checkbox(box(kind.name, channel), LABELS[channel]) for channel in Channel]
    line = rx.el.fieldset(
        rx.el.legend(kind.title, class_name="field-label"),
        rx.el.div(*boxes, class_name="choices"),
        class_name="field",
    )
    return rx.cond(may, line, rx.fragment())


def _addresses() -> rx.Component:
    reach = Preferences.reach
    return stack(
        card(
            key_values(("E-mail", reach["email"]), ("SMS", reach["sms"]), ("WhatsApp", reach["whatsapp"])),
            title="You are reached at",
        ),
        rx.cond(
            Preferences.missing != "",
            notice(
                rx.fragment("Not set up yet: ", Preferences.missing),
                "Such messages wait in the outbox until the office has set it up.",
                tone="warn",
            ),
            rx.fragment(),
        ),
    )
