"""What an administrator decides for the whole marketplace: deadline, rate, fees, whose word counts."""

from __future__ import annotations

from typing import Any

import reflex as rx

from lattis_app.identity.permissions import Permission
from lattis_app.marketplace.pages.looks import plain
from lattis_app.marketplace.queries import settings as queries
from lattis_app.marketplace.schemas.settings import SettingsChanges, SettingsOut
from lattis_app.marketplace.services import settings as services
from lattis_app.ui import toasts
from lattis_app.ui.form_state import Corrections, FormMixin
from lattis_app.ui.forms import Fields, page_form, section, side_by_side
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import card, main_and_side, page_header, stack
from lattis_app.ui.pages import page
from lattis_app.ui.states import skeleton_block
from lattis_app.ui.values import typed

DEADLINES = (("5", "Friday"), ("4", "Thursday"), ("3", "Wednesday"))
MARK_PAID = (("trusted", "Settles it at once"), ("verify", "Waits for confirmation"))
NUMBERS = ("exchange_rate", "platform_fee_percent", "affiliate_fee_percent")
NAMES = {
    "name": "name",
    "address": "address",
    "email": "email",
    "bankDetails": "bank_details",
    "paymentDeadlineDays": "payment_deadline_days",
    "exchangeRate": "exchange_rate",
    "sellerMarkPaid": "seller_mark_paid",
    "platformFeePercent": "platform_fee_percent",
    "affiliateFeePercent": "affiliate_fee_percent",
}


def values(found: SettingsOut) -> dict[str, str]:
    """The settings as the form holds them."""
    return typed(
        {
            name: plain(getattr(found, field)) if field in NUMBERS else getattr(found, field)
            for name, field in NAMES.items()
        }
    )


class MarketplaceSettingsForm(FormMixin, rx.State):
    """The settings and their form."""

    ready: bool = False

    @handler
    async def load(self) -> None:
        """Show the settings as they are."""
        if not self.ready:
            await self._show()

    async def _show(self) -> None:
        self._begin(values(await run(self, queries.find)))
        self.ready = True

    @handler
    async def save(self, form: dict[str, Any]) -> Any:
        """Keep the changes."""
        changes = Corrections(SettingsChanges, form, dict(self.values))
        if await self._submit(services.update, changes) is None:
            return None
        await self._show()
        return toasts.done(
            "Marketplace settings saved", "They count from the next delivery and the next run."
        )


@page(
    "/marketplace/settings",
    "Marketplace settings",
    Permission.MARKETPLACE_SETTINGS_MANAGE,
    on_load=MarketplaceSettingsForm.load,
)
def marketplace_settings() -> rx.Component:
    """The settings as a form."""
    state, f = MarketplaceSettingsForm, Fields(MarketplaceSettingsForm, "marketplace")
    return rx.fragment(
        page_header("Marketplace settings", "For deliveries and weekly runs from now on"),
        rx.cond(state.ready, main_and_side(card(_form(f)), _what_changes()), skeleton_block("480px")),
    )


def _form(f: Fields) -> rx.Component:
    return page_form(
        MarketplaceSettingsForm,
        f.segmented(
            "paymentDeadlineDays",
            "Weekly invoices are due at the end of",
            DEADLINES,
            hint="3 to 5 days, the Monday of the run counted as day 1",
        ),
        f.segmented(
            "sellerMarkPaid",
            "When a seller marks an invoice as paid, it",
            MARK_PAID,
            hint="To wait: the seller gives a proof, an administrator confirms it",
        ),
        section(
            "Fees and rate",
            side_by_side(
                f.number("platformFeePercent", "Platform fee", unit="%", required=True),
                f.number("affiliateFeePercent", "Affiliate fee", unit="%", required=True),
            ),
            f.number("exchangeRate", "Rate", unit="MKD per EUR", required=True),
        ),
        section(
            "On every invoice",
            f.text("name", "Name", required=True),
            f.textarea("address", "Address"),
            f.email("email", "E-mail"),
            f.textarea("bankDetails", "Bank details"),
        ),
        on_submit=MarketplaceSettingsForm.save,
    )


def _what_changes() -> rx.Component:
    told = (
        (
            "Deadline",
            "Invoices made from now on. The next midnight makes them overdue and restricts the seller.",
        ),
        ("Whose word counts", "Invoices marked as paid from now on."),
        (
            "Fees",
            "Orders delivered from now on; a seller's own percentage goes first. Delivered ones keep theirs.",
        ),
        ("Rate", "How both currencies add up in a seller's own. Frozen on each invoice when it is made."),
        ("Bank details", "Where to pay, on the invoice's page and its PDF."),
    )
    lines = [
        stack(rx.el.div(what, class_name="strong"), rx.el.p(where, class_name="muted small"), tight=True)
        for what, where in told
    ]
    return card(stack(*lines), title="What a change reaches")
