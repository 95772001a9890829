"""What people type about a parcel: a new one, how its delivery ended, and a correction after it was paid."""

from __future__ import annotations

from typing import Any

import reflex as rx

from lattis_app.core.actors import Actor
from lattis_app.core.money import Money
from lattis_app.core.pagination import PageRequest
from lattis_app.courier.pages.words import FINAL_OPTIONS
from lattis_app.courier.queries import merchants
from lattis_app.courier.schemas.merchants import MerchantFilters
from lattis_app.courier.schemas.parcels import ParcelOut
from lattis_app.ui.forms import Fields, form_sheet, section, side_by_side
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import notice
from lattis_app.ui.list_requests import Option
from lattis_app.ui.record_lists import RecordsMixin
from lattis_app.ui.values import typed

FEW = PageRequest(limit=12)
EDITED = ("order_reference", "recipient_name", "recipient_phone", "recipient_address", "partner")
AMOUNTS = ("cod_amount", "total_charge", "return_charge")


def merchants_like(session: Any, actor: Actor, words: str) -> list[Option]:
    """Active merchants by name or code."""
    found = merchants.page(session, actor, MerchantFilters(q=words[:120], active=True), FEW)
    return [Option(value=str(each.id), label=each.name, note=each.code) for each in found.rows]


def starting_values(parcel: ParcelOut) -> dict[str, str]:
    """A parcel as the form holds it."""
    return typed({name: getattr(parcel, name) for name in EDITED}) | {
        name: str(Money(getattr(parcel, name), parcel.currency).decimal) for name in AMOUNTS
    }


class ParcelFormMixin(RecordsMixin, mixin=True):
    """What the parcel's form offers while somebody types."""

    merchant_options: list[Option] = []
    editing: str = ""

    @handler
    async def find_merchants(self, words: str) -> None:
        """Offer merchants whose name or code begins with what was typed."""
        self.merchant_options = await run(self, merchants_like, words)


def parcel_forms(state: Any) -> list[rx.Component]:
    """The three sheets of the page."""
    return [_parcel(state), _arrival(state), clearance_sheet(state)]


def _parcel(state: Any) -> rx.Component:
    f = Fields(state, "parcel")
    fresh = rx.cond(
        state.editing == "",
        rx.fragment(
            f.combobox(
                "merchant_id",
                "Merchant",
                options=state.merchant_options,
                search=state.find_merchants,
                required=True,
            ),
            f.text("tracking_number", "Tracking number", required=True),
        ),
        rx.fragment(),
    )
    return form_sheet(
        state,
        "parcel-sheet",
        rx.cond(state.editing != "", "Edit parcel", "New parcel"),
        fresh,
        side_by_side(f.text("order_reference", "Merchant's order"), f.text("partner", "Delivery partner")),
        section(
            "Recipient",
            side_by_side(f.text("recipient_name", "Name"), f.text("recipient_phone", "Phone", type="tel")),
            f.textarea("recipient_address", "Address"),
        ),
        section(
            "Money",
            f.money("cod_amount", "Cash on delivery"),
            side_by_side(
                f.money("total_charge", "Delivery charge", hint="Empty: the merchant's usual one"),
                f.money("return_charge", "Return charge", hint="Empty: the merchant's usual one"),
            ),
        ),
        on_submit=state.save,
        submit="Save parcel",
    )


def _arrival(state: Any) -> rx.Component:
    f = Fields(state, "arrival")
    return form_sheet(
        state,
        "arrival-sheet",
        "How did the delivery end?",
        f.select("status", "Status", FINAL_OPTIONS, required=True),
        f.money(
            "cod_collected_amount",
            "Collected",
            hint="Empty: the whole amount when delivered, nothing when returned",
        ),
        on_submit=state.arrive,
        submit="Close the delivery",
        subtitle=rx.fragment(state.record["tracking_number"], " · ", state.record["cod_text"], " to collect"),
    )


def clearance_sheet(state: Any) -> rx.Component:
    """The sheet that corrects a parcel which was paid."""
    f = Fields(state, "clearance")
    return form_sheet(
        state,
        "clearance-sheet",
        "Record a correction",
        notice(
            "This parcel was paid already",
            "Type what is right. The difference to what was paid rides on the merchant's next invoice.",
        ),
        f.select("status", "Status", FINAL_OPTIONS, empty="As it was reported"),
        f.money("cod_collected_amount", "Collected", placeholder="As it was"),
        side_by_side(
            f.money("delivery_charge", "Delivery charge", placeholder="As it was"),
            f.money("return_charge", "Return charge", placeholder="As it was"),
        ),
        f.textarea("reason", "Reason", required=True, hint="The merchant reads it on the invoice"),
        on_submit=state.correct,
        submit="Record the correction",
        subtitle=rx.fragment(state.record["tracking_number"], " · ", state.record["net_text"], " payable"),
    )
