"""The business's own profile: what its documents show, its tax rate and fees."""

from __future__ import annotations

from typing import Any

import reflex as rx

from lattis_app.core.money import Money
from lattis_app.identity.permissions import Permission
from lattis_app.rental.pages.delivery_order_forms import Corrections
from lattis_app.rental.pages.records import typed
from lattis_app.rental.queries import business as queries
from lattis_app.rental.schemas.business import BusinessChanges
from lattis_app.rental.services import business as services
from lattis_app.ui import toasts
from lattis_app.ui.form_state import FormMixin
from lattis_app.ui.forms import Fields, page_form, section, side_by_side
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import card, page_header
from lattis_app.ui.pages import page

EDITED = (
    "name",
    "roc_number",
    "sst_no",
    "address",
    "email",
    "phone",
    "bank_details",
    "sst_rate",
    "hire_days",
)


class BusinessProfile(FormMixin, rx.State):
    """The profile and its form."""

    ready: bool = False

    @handler
    async def load(self) -> None:
        """Show the profile as it is."""
        if not self.ready:
            await self._show()

    async def _show(self) -> None:
        found = await run(self, queries.find)
        fee = {"failed_trip_fee": str(Money(found.failed_trip_fee, found.currency).decimal)}
        self._begin(typed({name: getattr(found, name) for name in EDITED}) | fee)
        self.ready = True

    @handler
    async def save(self, form: dict[str, Any]) -> Any:
        """Keep the changes."""
        changes = Corrections(BusinessChanges, form, dict(self.values))
        if await self._submit(services.update, changes) is None:
            return None
        await self._show()
        return toasts.done("Business profile saved", "The next documents show it.")


@page("/system/business", "Business profile", Permission.RENTAL_BUSINESS_MANAGE, on_load=BusinessProfile.load)
def business() -> rx.Component:
    """The business profile as a form."""
    f = Fields(BusinessProfile, "business")
    return rx.fragment(
        page_header("Business profile", "Shown on delivery orders, invoices and receipts issued from now on"),
        card(
            page_form(
                BusinessProfile,
                f.text("name", "Name", required=True),
                side_by_side(f.text("roc_number", "Registration no."), f.text("sst_no", "SST no.")),
                f.textarea("address", "Address"),
                side_by_side(f.email("email", "E-mail"), f.text("phone", "Phone")),
                f.textarea("bank_details", "Bank details", hint="Printed on invoices"),
                section(
                    "Money and hire",
                    side_by_side(
                        f.text("sst_rate", "SST rate", hint="0.08 is 8 %"),
                        f.money("failed_trip_fee", "Failed-trip fee"),
                        f.number("hire_days", "Usual hire", unit="days"),
                    ),
                ),
                on_submit=BusinessProfile.save,
            ),
        ),
    )
