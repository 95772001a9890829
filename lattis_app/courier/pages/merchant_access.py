"""Letting somebody of a merchant sign in: an account that sees the merchant's own parcels and money."""

from __future__ import annotations

from typing import Any

import reflex as rx

from lattis_app.core.language import say
from lattis_app.courier.queries import merchants
from lattis_app.identity.permissions import Permission, Role
from lattis_app.identity.schemas.users import UserEntry
from lattis_app.identity.services import users
from lattis_app.ui import toasts
from lattis_app.ui.buttons import button
from lattis_app.ui.conditions import if_may
from lattis_app.ui.dialogs import close_dialog, open_dialog
from lattis_app.ui.form_state import Draft, FormMixin
from lattis_app.ui.forms import Fields, form_sheet
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.lists import as_id

SHEET = "merchant-access-sheet"
STARTS = ("name", "email", "phone", "password")


class MerchantAccess(FormMixin, rx.State):
    """The merchant that gets an account."""

    merchant_id: str = ""
    merchant: str = ""

    @handler
    async def begin(self, merchant_id: str) -> Any:
        """Ask who it is; the merchant's contact to begin with."""
        found = await run(self, merchants.find, as_id(merchant_id))
        self.merchant_id, self.merchant = str(found.id), found.name
        self._begin({"name": found.contact_name, "email": found.email or "", "phone": found.phone or ""})
        return open_dialog(SHEET)

    @handler
    async def save(self, form: dict[str, Any]) -> Any:
        """Make the account."""
        typed = {name: form.get(name, "") for name in STARTS}
        account = typed | {"role": str(Role.MERCHANT), "subject_id": str(as_id(self.merchant_id))}
        made = await self._submit(users.create, Draft(UserEntry, account))
        if made is None:
            return None
        return [close_dialog(SHEET), toasts.done(say("{name} can sign in now", name=made.name))]


def access_button(merchant_id: Any) -> rx.Component:
    """Opens the sheet."""
    give = button("Give access…", glyph="key-round", on_click=MerchantAccess.begin(merchant_id))
    return if_may(Permission.IDENTITY_USERS_MANAGE, give)


def access_sheet() -> rx.Component:
    """The sheet itself, once on the page."""
    state, f = MerchantAccess, Fields(MerchantAccess, "access")
    return form_sheet(
        state,
        SHEET,
        "Give access",
        f.text("name", "Name", required=True),
        f.email("email", "E-mail", required=True),
        f.phone("phone", "Phone"),
        f.text(
            "password",
            "Password",
            type="password",
            required=True,
            auto_complete="new-password",
            hint="At least 8 characters; they can change it",
        ),
        on_submit=state.save,
        submit="Let them sign in",
        subtitle=state.merchant,
        note="They see this merchant's parcels, invoices and statement, nothing else",
    )
