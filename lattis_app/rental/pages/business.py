"""The business's own profile: what its documents show, its tax rate and fees."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

import reflex as rx

from lattis_app.core.errors import Invalid
from lattis_app.core.money import Money
from lattis_app.identity.permissions import Permission
from lattis_app.rental.queries import business as queries
from lattis_app.rental.schemas.business import BusinessChanges
from lattis_app.rental.services import business as services
from lattis_app.ui import toasts
from lattis_app.ui.form_state import Corrections, FormMixin
from lattis_app.ui.forms import Fields, page_form, section, side_by_side
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import card, main_and_side, page_header, stack
from lattis_app.ui.pages import page
from lattis_app.ui.states import skeleton_block
from lattis_app.ui.values import typed

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
    "email_invoices",
)


YES_NO = (("true", "Yes"), ("false", "No"))


class ProfileChanges(Corrections):
    """What was corrected of the profile; the rate is typed in percent."""

    def parse(self) -> BusinessChanges:
        """The typed input; raises Invalid for a rate that is none, or pydantic's ValidationError."""
        changed = self.changed()
        if typed_rate := changed.get("sst_rate"):
            changed["sst_rate"] = str(_share(typed_rate))
        return BusinessChanges.model_validate(changed)


def _share(percent: str) -> Decimal:
    try:
        rate = Decimal(percent.removesuffix("%").strip())
    except InvalidOperation:
        rate = Decimal(-1)
    if not (rate.is_finite() and 0 <= rate <= 100):
        raise Invalid.field("sst_rate", "must be a percentage from 0 to 100")
    return rate / 100


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
        rate = {"sst_rate": f"{(found.sst_rate * 100).normalize():f}"}
        known = typed({name: getattr(found, name) for name in EDITED})
        self._begin(known | fee | rate | {"email_invoices": str(found.email_invoices).lower()})
        self.ready = True

    @handler
    async def save(self, form: dict[str, Any]) -> Any:
        """Keep the changes."""
        changes = ProfileChanges(BusinessChanges, form, dict(self.values))
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
        rx.cond(BusinessProfile.ready, main_and_side(card(_form(f)), _where()), skeleton_block("480px")),
    )


def _form(f: Fields) -> rx.Component:
    return page_form(
        BusinessProfile,
        f.text("name", "Name", required=True),
        side_by_side(f.text("roc_number", "Registration no."), f.text("sst_no", "SST no.")),
        f.textarea("address", "Address"),
        side_by_side(f.email("email", "E-mail"), f.text("phone", "Phone")),
        f.textarea("bank_details", "Bank details"),
        section(
            "Money and hire",
            side_by_side(
                f.number("sst_rate", "SST rate", unit="%"),
                f.money("failed_trip_fee", "Failed-trip fee"),
                f.number("hire_days", "Usual hire", unit="days"),
            ),
        ),
        section(
            "Messages to customers",
            f.segmented(
                "email_invoices",
                "E-mail invoices to customers when issued",
                YES_NO,
                hint="With the invoice as PDF, to customers who have an e-mail address and take e-mails",
            ),
        ),
        on_submit=BusinessProfile.save,
    )


def _where() -> rx.Component:
    told = (
        ("Name, address, contacts", "At the head of every delivery order, invoice and receipt."),
        ("Bank details", "Under the total of an invoice: where to pay."),
        ("SST rate", "Added to invoices made from now on; issued ones keep theirs."),
        ("Failed-trip fee", "Added to an order whose bin could not be delivered."),
        ("E-mailed invoices", "Sent when an invoice is issued; a customer's own record can say no."),
        ("Usual hire", "Days after which a bin should be back, unless a price card says otherwise."),
    )
    lines = [
        stack(rx.el.div(what, class_name="strong"), rx.el.p(where, class_name="muted small"), tight=True)
        for what, where in told
    ]
    return card(stack(*lines), title="Where this shows")
