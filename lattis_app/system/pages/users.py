"""People & roles: who may sign in, what they may do and where that comes from, and where they are signed in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx
from pydantic import ValidationError

from lattis_app.audit.queries import entries
from lattis_app.core.errors import Invalid, field_problems
from lattis_app.core.pagination import PageRequest
from lattis_app.core.schemas import parse
from lattis_app.identity.permissions import Permission
from lattis_app.identity.queries import users as queries
from lattis_app.identity.schemas.users import PasswordEntry, UserChanges, UserEntry, UserFilters
from lattis_app.identity.services import users
from lattis_app.system.pages.user_rows import (
    AS_ROLE,
    DENY,
    GRANT,
    LANGUAGES,
    NOT_HELD,
    ROLES,
    Device,
    Right,
    device_row,
    form_values,
    overrides,
    rights,
    user_row,
)
from lattis_app.ui import toasts
from lattis_app.ui.badges import badge
from lattis_app.ui.buttons import button, menu_item, more_menu
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.dialogs import close_dialog, open_dialog
from lattis_app.ui.form_state import Draft, FormMixin
from lattis_app.ui.forms import Fields, form_sheet, side_by_side
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.histories import history_rows
from lattis_app.ui.layout import key_values, page_header
from lattis_app.ui.list_requests import Filter, ListRequest
from lattis_app.ui.lists import Listing, ListMixin, as_id
from lattis_app.ui.pages import page
from lattis_app.ui.records import HistoryRow, history, next_steps, record_head, record_panel, tabs
from lattis_app.ui.states import empty
from lattis_app.ui.tables import data_table, tally

LIST = ListSpec(
    "users",
    (
        Column("name", "Name", sortable=True, note="contact"),
        Column("role", "Role", sortable=True),
        Column("status", "Status", "badge"),
        Column("rights", "Permissions", "number", priority=3),
        Column("last_seen_at", "Last seen", "date", sortable=True, priority=2),
        Column("created_at", "Since", "date", sortable=True, hidden_by_default=True),
    ),
    filters=(
        Filter("role", "Role", options=ROLES),
        Filter("active", "Access", options=(("true", "Active"), ("false", "Inactive"))),
    ),
    views=(("Drivers", "role=DRIVER"), ("Closed accounts", "active=false")),
    search="Name, e-mail or phone",
    export="/v1/users",
)


class UsersState(ListMixin, FormMixin, rx.State):
    """The people who may sign in, one of them open beside the list."""

    record: dict[str, str] = {}
    rights: list[Right] = []
    devices: list[Device] = []
    events: list[HistoryRow] = []

    def _spec(self) -> ListSpec:
        return LIST

    async def _fetch(self, request: ListRequest) -> Listing:
        filters = parse(UserFilters, {"q": request.q, **request.filters})
        found = await run(self, queries.page, filters, PageRequest(request.page, request.limit, request.sort))
        rows = [user_row(user) for user in found.rows]
        for row in rows:
            row["last_seen_at"], row["created_at"] = row["last_seen"], row["created"]
        return Listing(rows, found.total)

    async def _fetch_record(self, record_id: str) -> None:
        user_id = as_id(record_id)
        user = await run(self, queries.find, user_id)
        self.record, self.rights = user_row(user), rights(user)
        self.devices = [device_row(one) for one in await run(self, queries.sessions_of, user_id)]
        self.events = history_rows(await run(self, entries.history_of, "users", user_id))

    async def _give_access(self, user_id: str, active: bool) -> str:
        await run(self, users.update, as_id(user_id), UserChanges(active=active))
        await self._again()
        return (await run(self, queries.find, as_id(user_id))).name

    async def _after(self, changed: Any, dialog: str, said: str) -> Any:
        if changed is None:
            return None
        await self._again()
        return [close_dialog(dialog), toasts.done(said)]

    @handler
    async def create(self, form: dict[str, Any]) -> Any:
        """Let somebody sign in."""
        made = await self._submit(users.create, Draft(UserEntry, form))
        return await self._after(made, "user-sheet", f"{form.get('name')} can sign in now")

    @handler
    async def edit(self) -> Any:
        """Open the form with what is known."""
        user = await run(self, queries.find, as_id(self.open_id))
        self._begin(form_values(user))
        return open_dialog("edit-sheet")

    @handler
    async def change(self, form: dict[str, Any]) -> Any:
        """Keep changed details."""
        known = form_values(await run(self, queries.find, as_id(self.open_id)))
        changed = {name: value for name, value in form.items() if name in known and value != known[name]}
        cleared = {name: None for name in ("email", "phone") if changed.get(name) == ""}
        draft = Changed(UserChanges, changed | cleared)
        saved = await self._submit(users.update, as_id(self.open_id), draft)
        return await self._after(saved, "edit-sheet", "Saved")

    @handler
    async def close_account(self, user_id: str) -> Any:
        """Let somebody in no longer; all their sessions end."""
        name = await self._give_access(user_id, False)
        said = f"{name} is signed out everywhere and can't sign in"
        return toasts.done(said, undo=UsersState.open_account(user_id))

    @handler
    async def open_account(self, user_id: str) -> Any:
        """Let somebody in again."""
        return toasts.done(f"{await self._give_access(user_id, True)} can sign in again")

    @handler
    async def new_password(self, form: dict[str, Any]) -> Any:
        """Set a password."""
        saved = await self._submit(users.reset_password, as_id(self.open_id), Draft(PasswordEntry, form))
        return await self._after(saved, "password-sheet", "The new password is set; all sessions have ended")

    @handler
    async def sign_out_everywhere(self) -> Any:
        """End all sessions of the open user."""
        await run(self, users.end_sessions, as_id(self.open_id))
        await self._again()
        return toasts.done(f"{self.record['name']} is signed out everywhere")

    @handler
    async def change_rights(self, form: dict[str, Any]) -> Any:
        """Keep what is granted and denied beside the role."""
        await self._submit(_set_rights, as_id(self.open_id), form)
        if self.form_error or self.errors:
            return None
        return await self._after(True, "rights-sheet", "The rights count from the next click on")


class Changed(Draft):
    """Changes keep their empty values: they clear a field."""

    def parse(self) -> UserChanges:
        """What to change."""
        return UserChanges.model_validate(dict(self.form))


def _set_rights(session: Any, actor: Any, user_id: UUID, form: dict[str, Any]) -> None:
    try:
        entry = overrides(form)
    except ValidationError as error:
        raise Invalid.fields(field_problems(error.errors(include_url=False))) from error
    users.set_overrides(session, actor, user_id, entry)


@page("/system/users", "People & roles", Permission.IDENTITY_USERS_READ, on_load=UsersState.load)
def people() -> rx.Component:
    """Everybody who may sign in."""
    new = button("New user", kind="primary", glyph="plus", opens="user-sheet")
    return rx.fragment(
        page_header("People & roles", tally(UsersState, "account", "accounts"), new),
        data_table(
            UsersState,
            LIST,
            label="Users",
            nothing=empty("Nobody can sign in yet", "Add the people who work here.", glyph="users"),
        ),
        record_panel(UsersState, *_record(), label="User"),
        _new_form(),
        _edit_form(),
        _password_form(),
        _rights_form(),
    )


def _record() -> list[rx.Component]:
    state, record = UsersState, UsersState.record
    more = more_menu(
        "user-more",
        menu_item("Set a new password", glyph="key-round", data_opens="password-sheet"),
        menu_item("Sign out everywhere", glyph="log-out", on_click=state.sign_out_everywhere),
    )
    is_open = record["active"] == "true"
    return [
        record_head(
            record["role"],
            record["name"],
            more,
            status=badge(record["status"], record["status_tone"]),
            on_close=state.close_record,
        ),
        next_steps(
            button("Edit", glyph="pencil", on_click=state.edit),
            button("Change rights", glyph="shield-check", opens="rights-sheet"),
            rx.cond(
                is_open,
                button("Close account", kind="danger", on_click=lambda: state.close_account(state.open_id)),
                button("Open account", on_click=lambda: state.open_account(state.open_id)),
            ),
        ),
        tabs(
            "user-tabs",
            ("Summary", _summary(record)),
            ("Permissions", _permissions()),
            ("Devices", _devices()),
            ("History", history(state.events)),
            counts={2: state.devices.length()},
        ),
    ]


def _summary(record: Any) -> rx.Component:
    return key_values(
        ("E-mail", record["email"]),
        ("Phone", record["phone"]),
        ("Role", record["role"]),
        ("Language", record["language"]),
        ("Signs in with", record["secret"]),
        ("Last seen", record["last_seen"]),
        ("Account since", record["created"]),
    )


def _permissions() -> rx.Component:
    return rx.el.div(
        rx.foreach(
            UsersState.rights,
            lambda right: rx.cond(
                right["origin_tone"] == NOT_HELD,
                rx.fragment(),
                rx.el.div(
                    rx.el.span(right["area"], " · ", right["what"], class_name="truncate"),
                    badge(right["origin"], right["origin_tone"]),
                    class_name="row row-between",
                    role="listitem",
                ),
            ),
        ),
        rx.el.p(
            "Nothing else is allowed. “Change rights” grants more or takes away.", class_name="muted small"
        ),
        class_name="stack-tight",
        role="list",
        aria_label="Permissions and where they come from",
    )


def _devices() -> rx.Component:
    line = rx.foreach(
        UsersState.devices,
        lambda one: rx.el.div(
            rx.el.div(one["device"], class_name="strong truncate"),
            rx.el.div(one["address"], " · since ", one["since"], class_name="muted small"),
        ),
    )
    return rx.cond(
        UsersState.devices.length() > 0,
        rx.el.div(line, class_name="stack-tight", role="list", aria_label="Signed-in devices"),
        rx.el.p("Not signed in anywhere.", class_name="muted small"),
    )


def _person(f: Fields) -> list[rx.Component]:
    return [
        f.text("name", "Name", required=True),
        side_by_side(f.email("email", "E-mail"), f.phone("phone", "Phone")),
        side_by_side(f.select("role", "Role", ROLES, required=True, empty="Choose…"), f.select("language", "Language", LANGUAGES, required=True)),
    ]  # fmt: skip


def _new_form() -> rx.Component:
    f = Fields(UsersState, "user")
    return form_sheet(
        UsersState,
        "user-sheet",
        "New user",
        *_person(f),
        f.text("password", "Password", type="password", auto_complete="new-password", hint="At least 8 characters; they can change it"),
        on_submit=UsersState.create,
        submit="Add user",
        note="Drivers get their account with their driver record.",
    )  # fmt: skip


def _edit_form() -> rx.Component:
    f = Fields(UsersState, "edit")
    return form_sheet(UsersState, "edit-sheet", "Edit user", *_person(f), on_submit=UsersState.change)


def _password_form() -> rx.Component:
    f = Fields(UsersState, "password")
    field = f.text("password", "New password", type="password", required=True, auto_complete="new-password")
    return form_sheet(
        UsersState, "password-sheet", "Set a new password", field, on_submit=UsersState.new_password,
        submit="Set password", note="Ends all their sessions.",
    )  # fmt: skip


def _rights_form() -> rx.Component:
    f = Fields(UsersState, "rights")
    lines = rx.el.div(
        rx.foreach(UsersState.rights, _right_choice), class_name="stack-tight", key=UsersState.open_id
    )
    return form_sheet(
        UsersState, "rights-sheet", "Rights beside the role", f.text("reason", "Reason", hint="Kept in the audit log"), lines,
        on_submit=UsersState.change_rights, submit="Save rights", wide=True,
    )  # fmt: skip


def _right_choice(right: Any) -> rx.Component:
    options = ((AS_ROLE, right["of_role"]), (GRANT, "Grant"), (DENY, "Deny"))
    return rx.el.label(
        rx.el.span(right["area"], " · ", right["what"]),
        rx.el.select(
            *[rx.el.option(words, value=value) for value, words in options],
            name=right["field"],
            default_value=right["chosen"],
            class_name="input",
            style={"inline_size": "10.5rem", "flex": "none"},
        ),
        class_name="row row-between",
    )
