"""Merchants: the list, the record with where each stands, and the form."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from lattis_app.audit.pages.histories import history
from lattis_app.core.actors import Actor
from lattis_app.core.language import say
from lattis_app.core.money import Money
from lattis_app.core.normal import spaced_phone
from lattis_app.courier.pages.counts import invoices, parcels
from lattis_app.courier.pages.merchant_access import access_button, access_sheet
from lattis_app.courier.pages.words import owed
from lattis_app.courier.queries import merchants as queries
from lattis_app.courier.queries import standings
from lattis_app.courier.schemas.merchants import (
    MerchantChanges,
    MerchantEntry,
    MerchantFilters,
    MerchantOut,
    MerchantStanding,
)
from lattis_app.courier.services import merchants as services
from lattis_app.identity.permissions import Permission
from lattis_app.ui import moments, toasts
from lattis_app.ui.badges import badge
from lattis_app.ui.buttons import button, link, menu_item, more_menu
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.conditions import if_may, only_while
from lattis_app.ui.dialogs import close_dialog, confirm
from lattis_app.ui.forms import Fields, form_sheet, section, side_by_side
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import key_values, notice, page_header, stack
from lattis_app.ui.list_requests import Filter
from lattis_app.ui.lists import address, as_id
from lattis_app.ui.masters import ACTIVE, Master, MasterMixin, import_button
from lattis_app.ui.money import money
from lattis_app.ui.pages import page
from lattis_app.ui.records import HistoryRow, next_steps, record_head, record_panel, tabs
from lattis_app.ui.records import history as history_tab
from lattis_app.ui.states import empty
from lattis_app.ui.tables import counted, data_table
from lattis_app.ui.values import dash, reach, typed

MANAGE = Permission.COURIER_MERCHANTS_MANAGE
LIST = ListSpec(
    "courier-merchants",
    (
        Column("name", "Merchant", sortable=True, note="contact"),
        Column("code", "Code", sortable=True),
        Column("phone", "Phone", priority=2),
        Column("bank", "Bank account", priority=3),
        Column("status", "Status", "badge"),
        Column("delivery", "Delivery (RM)", "money", priority=2),
        Column("back", "Return (RM)", "money", priority=2),
    ),
    filters=(Filter("active", "Status", options=ACTIVE),),
    search="Name, contact or code",
    export="/v1/merchants",
)
EDITED = (
    "name", "code", "contact_name", "phone", "email", "address", "bank_name", "bank_account_number",
    "bank_account_holder", "notes",
)  # fmt: skip
CHARGES = ("delivery_charge", "return_charge")
REMOVAL = "remove-merchant"


def row(merchant: MerchantOut) -> dict[str, str]:
    """One line of the list."""

    def charge(minor: int | None) -> str:
        return "–" if minor is None else Money(minor, merchant.currency).figures()

    return {
        "id": str(merchant.id),
        "name": merchant.name,
        "contact": merchant.contact_name,
        "code": merchant.code,
        "phone": dash(spaced_phone(merchant.phone) if merchant.phone else ""),
        "bank": dash(" ".join(part for part in (merchant.bank_name, merchant.bank_account_number) if part)),
        "status": say("Active") if merchant.active else say("Inactive"),
        "status_tone": "ok" if merchant.active else "neutral",
        "delivery": charge(merchant.delivery_charge),
        "back": charge(merchant.return_charge),
    }


def facts(merchant: MerchantOut, standing: MerchantStanding) -> dict[str, str]:
    """The merchant as label and value, with where they stand."""
    return row(merchant) | {
        "email": dash(merchant.email),
        "email_href": f"mailto:{merchant.email}" if merchant.email else "",
        "phone_href": f"tel:{merchant.phone}" if merchant.phone else "",
        "address": dash(merchant.address),
        "holder": dash(merchant.bank_account_holder),
        "notes": dash(merchant.notes),
        "delivery_text": charge_text(merchant.delivery_charge, merchant.currency),
        "return_text": charge_text(merchant.return_charge, merchant.currency),
        "no_account": "" if merchant.bank_account_number else "true",
        "next": owed(standing.eligible_payable + standing.carried, standing.currency),
        "next_parcels": parcels(standing.eligible_parcels),
        "held": parcels(standing.held_parcels) if standing.held_parcels else "",
        "open": owed(standing.open_payable, standing.currency),
        "open_invoices": invoices(standing.open_invoices),
        "last": Money(standing.last_paid, standing.currency).text()
        if standing.last_paid is not None
        else "–",
        "last_at": moments.day(standing.last_paid_at) if standing.last_paid_at else "",
        "paid": Money(standing.paid_in_all, standing.currency).text(),
        "settle_href": f"/courier/generate?merchant_id={merchant.id}",
        "parcels_href": f"/courier/parcels?merchant_id={merchant.id}",
        "held_href": f"/courier/parcels?merchant_id={merchant.id}&disputed=true",
        "open_href": f"/courier/invoices?merchant_id={merchant.id}&status=GENERATED",
        "paid_href": f"/courier/invoices?merchant_id={merchant.id}&status=PAID",
        "statement_href": f"/v1/merchants/{merchant.id}/statement?format=pdf",
    }


def charge_text(minor: int | None, currency: str) -> str:
    """A charge with its currency."""
    return "–" if minor is None else Money(minor, currency).text()


def read(session: Any, actor: Actor, merchant_id: UUID) -> tuple[dict[str, str], list[HistoryRow]]:
    """A merchant with their standing and history. Raises NotFound."""
    found = queries.find(session, actor, merchant_id)
    standing = standings.find(session, actor, merchant_id)
    return facts(found, standing), history(session, actor, "courier_merchants", merchant_id)


def starting_values(merchant: MerchantOut) -> dict[str, str]:
    """The merchant as the form holds it."""
    charged = {name: getattr(merchant, name) for name in CHARGES}
    return typed({name: getattr(merchant, name) for name in EDITED}) | {
        name: "" if minor is None else str(Money(minor).decimal) for name, minor in charged.items()
    }


MASTER = Master(
    spec=LIST,
    queries=queries,
    services=services,
    filters=MerchantFilters,
    entry=MerchantEntry,
    changes=MerchantChanges,
    read=read,
    row=row,
    values=starting_values,
    name=lambda merchant: str(merchant.code),
    fresh={"active": "true"},
)


class Merchants(MasterMixin, rx.State):
    """Merchants with the open one."""

    @classmethod
    def _master(cls) -> Master:
        return MASTER

    async def _fetch_record(self, record_id: str) -> None:
        self.record, self.events = await run(self, read, as_id(record_id))

    @handler
    async def remove(self, form: dict[str, Any]) -> Any:
        """Forget the merchant beside the list; one with parcels, invoices or accounts stays, and why is said."""
        try:
            await run(self, services.remove, as_id(self.open_id))
        except services.MerchantInUse as refusal:
            return [close_dialog(REMOVAL), toasts.refused(refusal.message)]
        self.open_id, self.record, self.record_ready = "", {}, False
        await self._again()
        away = address(self._request(), replace_entry=True)
        return [close_dialog(REMOVAL), toasts.done(say("Merchant deleted")), away]


@page("/courier/merchants", "Merchants", MANAGE, on_load=Merchants.load)
def merchants() -> rx.Component:
    """Merchants with the record beside the list."""
    state = Merchants
    add = button("New merchant", kind="primary", glyph="plus", on_click=state.begin)
    return rx.fragment(
        page_header(
            "Merchants",
            counted(state, "merchant", "merchants"),
            import_button("merchants", MANAGE),
            if_may(MANAGE, add),
        ),
        data_table(
            state,
            LIST,
            label="Merchants",
            nothing=empty(
                "No merchants yet",
                "A merchant is whose parcels you carry. Their charges become those of new parcels, their bank account "
                "is where settlements go.",
                if_may(MANAGE, button("New merchant", kind="primary", on_click=state.begin)),
                import_button("merchants", MANAGE),
                glyph="store",
            ),
        ),
        record_panel(state, *_record(), label="Merchant"),
        _form(),
        access_sheet(),
        confirm(
            REMOVAL,
            "Delete this merchant?",
            "Only for one taken on by mistake. A merchant with parcels, invoices or accounts stays; make it inactive.",
            action="Delete",
            on_confirm=state.remove,
            attempt=state.attempt,
        ),
    )


def _record() -> list[rx.Component]:
    state, record = Merchants, Merchants.record
    delete = menu_item("Delete…", glyph="trash-2", data_opens=REMOVAL)
    return [
        record_head(
            "Merchant",
            record["name"],
            if_may(MANAGE, more_menu("merchant-more", delete)),
            on_close=state.close_record,
        ),
        next_steps(
            if_may(
                Permission.COURIER_INVOICES_MANAGE,
                link("Settle", record["settle_href"], class_name="btn btn-primary"),
            ),
            link(
                "Statement",
                record["statement_href"],
                class_name="btn",
                reload_document=True,
                target="_blank",
            ),
            if_may(MANAGE, button("Edit", glyph="pencil", on_click=state.edit)),
            access_button(record["id"]),
        ),
        tabs("merchant-tabs", ("Summary", _summary(record)), ("History", history_tab(state.events))),
    ]


def _summary(record: Any) -> rx.Component:
    return stack(
        only_while(
            record["no_account"] != "",
            notice(
                "No bank account",
                "Settlements are left out of the bank transfers until there is one.",
                tone="warn",
            ),
        ),
        _standing(record),
        key_values(
            ("Status", badge(record["status"], record["status_tone"])),
            ("Code", record["code"]),
            ("Delivery charge", money(record["delivery_text"])),
            ("Return charge", money(record["return_text"])),
            ("Contact", record["contact"]),
            ("Phone", reach(record["phone"], record["phone_href"])),
            ("E-mail", reach(record["email"], record["email_href"])),
            ("Address", record["address"]),
            ("Bank account", record["bank"]),
            ("Account holder", record["holder"]),
            ("Notes", record["notes"]),
        ),
    )


def _standing(record: Any) -> rx.Component:
    held = rx.cond(record["held"] != "", link(record["held"], record["held_href"]), "–")
    return key_values(
        ("Next settlement", rx.fragment(money(record["next"], strong=True), " · ", record["next_parcels"])),
        ("To pay", rx.fragment(link(record["open"], record["open_href"]), " · ", record["open_invoices"])),
        ("Held by disputes", held),
        ("Last paid", rx.fragment(money(record["last"]), " ", record["last_at"])),
        ("Paid in all", link(record["paid"], record["paid_href"])),
        ("Parcels", link("All parcels", record["parcels_href"])),
    )


def _form() -> rx.Component:
    f = Fields(Merchants, "merchant")
    return form_sheet(
        Merchants,
        MASTER.sheet,
        rx.cond(Merchants.editing, "Edit merchant", "New merchant"),
        side_by_side(
            f.text("name", "Merchant", required=True),
            f.text("code", "Code", required=True, hint="Short, for files: KEDAI-01"),
        ),
        side_by_side(f.text("contact_name", "Contact"), f.phone("phone", "Phone")),
        f.email("email", "E-mail"),
        f.textarea("address", "Address"),
        section(
            "Charges of new parcels",
            side_by_side(f.money("delivery_charge", "Delivery"), f.money("return_charge", "Return")),
        ),
        section(
            "Where settlements go",
            side_by_side(f.text("bank_name", "Bank"), f.text("bank_account_number", "Account number")),
            f.text("bank_account_holder", "Account holder"),
        ),
        f.segmented("active", "Status", ACTIVE),
        f.textarea("notes", "Notes"),
        on_submit=Merchants.save,
        submit="Save merchant",
    )
