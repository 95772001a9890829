"""One's own profile: details, language, password or PIN, and the devices one is signed in on."""

from __future__ import annotations

from typing import Any

import reflex as rx

from lattis_app.core import language
from lattis_app.core.actors import Actor
from lattis_app.core.language import say
from lattis_app.core.normal import spaced_phone
from lattis_app.identity.devices import device_in_words
from lattis_app.identity.permissions import Permission, Role
from lattis_app.identity.queries import profiles as queries
from lattis_app.identity.schemas.sessions import ProfileEntry
from lattis_app.identity.services import profiles
from lattis_app.ui import moments, toasts
from lattis_app.ui.badges import badge, words
from lattis_app.ui.buttons import button
from lattis_app.ui.dialogs import close_dialog
from lattis_app.ui.form_state import Draft, FormMixin
from lattis_app.ui.forms import Fields, form_sheet, page_form, side_by_side
from lattis_app.ui.handlers import actor_of, handler, run
from lattis_app.ui.layout import card, key_values, main_and_side, page_header, stack
from lattis_app.ui.pages import page
from lattis_app.ui.records import crumbs
from lattis_app.ui.states import skeleton_block

EDITABLE = ("name", "email", "phone", "language")


class ProfileState(FormMixin, rx.State):
    """The signed-in person."""

    ready: bool = False
    name: str = ""
    role: str = ""
    phone: str = ""
    is_driver: bool = False
    has_pin: bool = False
    devices: list[dict[str, str]] = []

    @handler
    async def load(self) -> None:
        """Read the profile; what is being typed stays."""
        await self._read()
        if not self.ready:
            await self._fill()
        self.ready = True

    async def _read(self) -> None:
        profile, actor = await run(self, queries.find), await actor_of(self)
        self.name, self.role, self.phone = (
            profile.name,
            words(profile.role),
            spaced_phone(profile.phone) or "–",
        )
        self.is_driver, self.has_pin = profile.role == Role.DRIVER, profile.has_pin
        here = actor.session_id
        self.devices = [
            {
                "id": str(one.id),
                "device": device_in_words(one.device),
                "note": say(
                    "{address} · since {moment}",
                    address=one.address or say("unknown address"),
                    moment=moments.moment(one.created_at),
                ),
                "here": "true" if one.id == here else "",
            }
            for one in await run(self, queries.sessions)
        ]

    async def _fill(self) -> None:
        profile = await run(self, queries.find)
        self._begin({name: getattr(profile, name) or "" for name in EDITABLE})

    async def _save(self, entry: Draft) -> bool:
        saved = await self._submit(_update, entry)
        if saved:
            await self._read()
        return bool(saved)

    @handler
    async def save(self, form: dict[str, Any]) -> Any:
        """Keep changed details."""
        known = {name: value for name, value in form.items() if name in EDITABLE}
        if not await self._save(Cleared(ProfileEntry, known)):
            return None
        await self._fill()
        if known.get("language", language.spoken()) != language.spoken():
            return rx.call_script("window.location.reload()")
        return toasts.done("Your profile is saved")

    @handler
    async def change_secret(self, form: dict[str, Any]) -> Any:
        """Set a new password, or a driver's PIN."""
        if not await self._save(Typed(ProfileEntry, form)):
            return None
        return [close_dialog("secret-sheet"), toasts.done("Changed; you are signed out everywhere else")]

    @handler
    async def sign_out_elsewhere(self) -> Any:
        """End all other sessions."""
        await run(self, profiles.end_other_sessions)
        await self._read()
        return toasts.done("You are signed out everywhere else")


class Cleared(Draft):
    """A form whose empty fields clear what was there."""

    def parse(self) -> ProfileEntry:
        """What to change."""
        return ProfileEntry.model_validate({name: value or None for name, value in self.form.items()})


class Typed(Draft):
    """A form that counts as it was typed: an empty secret is refused instead of left out."""

    def parse(self) -> ProfileEntry:
        """What to change."""
        return ProfileEntry.model_validate(dict(self.form))


def _update(session: Any, actor: Actor, entry: ProfileEntry) -> bool:
    profiles.update(session, actor, entry)
    return True


@page("/profile", "Your profile", Permission.IDENTITY_PROFILE_MANAGE, on_load=ProfileState.load)
def profile() -> rx.Component:
    """Who one is to Lattis."""
    return rx.fragment(
        page_header(ProfileState.name, ProfileState.role, crumbs=_way_back()),
        rx.cond(
            ProfileState.ready,
            main_and_side(_details(), stack(_secret(), _told(), _devices())),
            skeleton_block("320px"),
        ),
        _secret_form(),
    )


def _way_back() -> rx.Component:
    return rx.cond(ProfileState.is_driver, crumbs(("My day", "/driver")), rx.fragment())


def _details() -> rx.Component:
    f = Fields(ProfileState, "profile")
    choice = f.select("language", "Language", tuple(language.LANGUAGES.items()), required=True)
    office = page_form(
        ProfileState,
        f.text("name", "Name", required=True),
        side_by_side(f.email("email", "E-mail"), f.phone("phone", "Phone")),
        choice,
        on_submit=ProfileState.save,
    )
    driver = stack(
        key_values(("Name", ProfileState.name), ("Phone", ProfileState.phone)),
        rx.el.p("The office keeps your name and phone.", class_name="muted small"),
        page_form(ProfileState, choice, on_submit=ProfileState.save),
    )
    return card(rx.cond(ProfileState.is_driver, driver, office), title="Details")


def _secret() -> rx.Component:
    pin = rx.cond(
        ProfileState.has_pin,
        "Your PIN is asked for at every sign-in.",
        "A PIN protects your account: somebody who knows your identity card can't sign in without it.",
    )
    told = rx.cond(ProfileState.is_driver, pin, "Changing it signs you out everywhere else.")
    label = rx.cond(
        ProfileState.is_driver, rx.cond(ProfileState.has_pin, "Change PIN", "Set a PIN"), "Change password"
    )
    return card(
        stack(rx.el.p(told, class_name="muted small"), button(label, glyph="key-round", opens="secret-sheet"), tight=True),
        title="How you sign in",
    )  # fmt: skip


def _told() -> rx.Component:
    words = rx.el.p("In the app, by e-mail, SMS or WhatsApp: you choose.", class_name="muted small")
    return card(
        stack(words, button("Choose notifications", glyph="bell", href="/profile/notifications"), tight=True),
        title="How you are told",
    )


def _devices() -> rx.Component:
    line = rx.foreach(
        ProfileState.devices,
        lambda one: rx.el.div(
            rx.el.div(one["device"], class_name="strong truncate"),
            rx.el.div(one["note"], class_name="muted small"),
            rx.cond(one["here"] != "", badge("This device", "ok"), rx.fragment()),
            role="listitem",
        ),
    )
    others = rx.cond(
        ProfileState.devices.length() > 1,
        button("Sign out everywhere else", glyph="log-out", on_click=ProfileState.sign_out_elsewhere),
        rx.fragment(),
    )
    listed = rx.el.div(line, class_name="stack", role="list", aria_label="Signed-in devices")
    return card(stack(listed, others), title="Signed in on")


def _secret_form() -> rx.Component:
    f = Fields(ProfileState, "secret")
    current = {"type": "password", "auto_complete": "current-password"}
    pin = {"type": "password", "input_mode": "numeric", "auto_complete": "off"}
    driver = rx.fragment(
        rx.cond(
            ProfileState.has_pin,
            f.text("current_password", "Current PIN", required=True, **pin),
            rx.fragment(),
        ),
        f.text("new_pin", "New PIN", required=True, hint="4 to 8 digits", **pin),
    )
    office = rx.fragment(
        f.text("current_password", "Current password", required=True, **current),
        f.text("new_password", "New password", required=True, hint="At least 8 characters", type="password", auto_complete="new-password"),
    )  # fmt: skip
    return form_sheet(
        ProfileState,
        "secret-sheet",
        rx.cond(ProfileState.is_driver, "PIN", "New password"),
        rx.cond(ProfileState.is_driver, driver, office),
        on_submit=ProfileState.change_secret,
        note="You are signed out everywhere else.",
    )
