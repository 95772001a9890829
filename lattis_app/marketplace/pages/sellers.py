"""Sellers: the list with who is restricted, the record with what clears it, and the form."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from lattis_app.audit.pages.histories import history
from lattis_app.core.actors import Actor
from lattis_app.core.language import say
from lattis_app.core.normal import spaced_phone
from lattis_app.identity.permissions import Permission
from lattis_app.marketplace.pages.looks import CURRENCIES, days_late, percent, plain
from lattis_app.marketplace.queries import restrictions
from lattis_app.marketplace.queries import sellers as queries
from lattis_app.marketplace.rules.amounts import figures, per_currency
from lattis_app.marketplace.rules.weeks import ZONE
from lattis_app.marketplace.schemas.restrictions import OverdueInvoiceOut, RestrictionOut
from lattis_app.marketplace.schemas.sellers import SellerChanges, SellerEntry, SellerFilters, SellerOut
from lattis_app.marketplace.services import sellers as services
from lattis_app.ui import moments
from lattis_app.ui.badges import badge
from lattis_app.ui.buttons import button, link, menu_item, more_menu
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.conditions import if_may, only_while
from lattis_app.ui.forms import Fields, form_sheet, section, side_by_side
from lattis_app.ui.frame import live_refresh
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import key_values, notice, page_header, stack
from lattis_app.ui.list_requests import Filter
from lattis_app.ui.lists import as_id
from lattis_app.ui.masters import Master, MasterMixin
from lattis_app.ui.money import money
from lattis_app.ui.pages import page
from lattis_app.ui.records import history as history_tab
from lattis_app.ui.records import next_steps, record_head, record_panel, tabs
from lattis_app.ui.states import empty
from lattis_app.ui.tables import counted, data_table
from lattis_app.ui.values import dash, reach, typed

MANAGE = Permission.MARKETPLACE_SELLERS_MANAGE
LIST = ListSpec(
    "marketplace-sellers",
    (
        Column("store_name", "Store", sortable=True, note="contact"),
        Column("code", "Code", priority=3),
        Column("email", "E-mail", priority=3),
        Column("status", "Status", "badge"),
        Column("open", "Open invoices", "number", priority=2),
        Column("mkd", "Owes (MKD)", "money"),
        Column("eur", "Owes (EUR)", "money"),
    ),
    filters=(Filter("restricted", "Status", options=(("true", "Restricted"), ("false", "Free to sell"))),),
    views=(("Restricted", "restricted=true"),),
    search="Store, owner, code or e-mail",
    export="/api/sellers",
)
LABELS = {"restricted_at": "Restricted since", "code": "Code in invoice numbers"}
EDITED = {
    "storeName": "store_name",
    "contactName": "contact_name",
    "email": "email",
    "phone": "phone",
    "address": "address",
    "baseCurrency": "base_currency",
}
FEES = {"platformFeePercent": "platform_fee_percent", "affiliateFeePercent": "affiliate_fee_percent"}


def row(seller: SellerOut) -> dict[str, str]:
    """One line of the list."""

    def owes(minor: int, currency: str) -> str:
        return figures(minor, currency) if minor else "–"

    return {
        "id": str(seller.id),
        "store_name": seller.store_name,
        "contact": seller.contact_name,
        "code": seller.code,
        "email": dash(seller.email),
        "status": say("Restricted") if seller.restricted else say("Free to sell"),
        "status_tone": "bad" if seller.restricted else "ok",
        "open": str(seller.open_invoices),
        "mkd": owes(seller.open_amount_mkd, "MKD"),
        "eur": owes(seller.open_amount_eur, "EUR"),
    }


def facts(seller: SellerOut, found: RestrictionOut) -> dict[str, str]:
    """The seller as label and value."""
    usual = say("The marketplace's")
    hidden = found.hidden_products
    return row(seller) | {
        "contact": dash(seller.contact_name),
        "email_href": f"mailto:{seller.email}" if seller.email else "",
        "phone": dash(spaced_phone(seller.phone)),
        "phone_href": f"tel:{seller.phone}" if seller.phone else "",
        "address": dash(seller.address),
        "currency": seller.base_currency,
        "platform": usual if seller.platform_fee_percent is None else percent(seller.platform_fee_percent),
        "affiliate": usual if seller.affiliate_fee_percent is None else percent(seller.affiliate_fee_percent),
        "owes": per_currency(seller.open_amount_mkd, seller.open_amount_eur),
        "since": moments.moment(seller.restricted_at, ZONE) if seller.restricted_at else "",
        "to_clear": per_currency(found.amount_to_clear_mkd, found.amount_to_clear_eur),
        "hidden": str(hidden) if hidden else say("None"),
        "invoices_href": f"/marketplace/invoices?sellerId={seller.id}",
        "orders_href": f"/marketplace/orders?sellerId={seller.id}",
        "open_href": f"/marketplace/invoices?sellerId={seller.id}&status=pending,overdue",
        "statement": f"/v1/parties/{seller.party_id}/statement?format=",
    }


def late(invoice: OverdueInvoiceOut) -> dict[str, str]:
    """One overdue invoice of the open seller."""
    return {
        "id": str(invoice.id),
        "number": invoice.invoice_number,
        "href": f"/marketplace/invoices?open={invoice.id}",
        "late": days_late(invoice.days_overdue),
        "amount": per_currency(invoice.total_amount_mkd, invoice.total_amount_eur),
    }


def values(seller: SellerOut) -> dict[str, str]:
    """What the form of a seller starts with."""
    fees = {name: getattr(seller, field) for name, field in FEES.items()}
    known = {name: getattr(seller, field) for name, field in EDITED.items()}
    return typed(known) | {name: "" if fee is None else plain(fee) for name, fee in fees.items()}


def read(session: Any, actor: Actor, seller_id: UUID) -> dict[str, Any]:
    """A seller with what is overdue and their history. Raises NotFound."""
    seller = queries.find(session, actor, seller_id)
    found = restrictions.find(session, actor, seller_id)
    return {
        "record": facts(seller, found),
        "overdue": [late(each) for each in found.invoices],
        "events": history(session, actor, "marketplace_sellers", seller_id, LABELS),
    }


MASTER = Master(
    spec=LIST,
    queries=queries,
    services=services,
    filters=SellerFilters,
    entry=SellerEntry,
    changes=SellerChanges,
    read=read,
    row=row,
    values=values,
    name=lambda seller: str(seller.store_name),
    fresh={"baseCurrency": "MKD"},
)


class Sellers(MasterMixin, rx.State):
    """Sellers with the open one."""

    overdue: list[dict[str, str]] = []

    @classmethod
    def _master(cls) -> Master:
        return MASTER

    async def _fetch_record(self, record_id: str) -> None:
        shown = await run(self, read, as_id(record_id))
        self.record, self.overdue, self.events = shown["record"], shown["overdue"], shown["events"]

    @handler
    async def refresh(self) -> None:
        """Show list and record with fresh data."""
        if self.loaded:
            await self._again()


@page("/marketplace/sellers", "Sellers", Permission.MARKETPLACE_SELLERS_READ, on_load=Sellers.load)
def sellers() -> rx.Component:
    """Sellers with the record beside the list."""
    state = Sellers
    new = if_may(MANAGE, button("New seller", kind="primary", glyph="plus", on_click=state.begin))
    return rx.fragment(
        live_refresh(state.refresh, "seller"),
        page_header("Sellers", counted(state, "seller", "sellers"), new),
        data_table(
            state,
            LIST,
            label="Sellers",
            nothing=empty(
                "No sellers yet",
                "A seller delivers orders for cash and pays the marketplace's fees once a week. Their code "
                "stands in the numbers of their invoices.",
                if_may(MANAGE, button("New seller", kind="primary", on_click=state.begin)),
                glyph="store",
            ),
        ),
        record_panel(state, *_record(), label="Seller"),
        _form(),
    )


def _record() -> list[rx.Component]:
    state, record = Sellers, Sellers.record
    paper: dict[str, Any] = {"download": True, "target": "_blank"}
    statement = more_menu(
        "seller-more",
        menu_item("Statement as PDF", href=record["statement"] + "pdf", glyph="printer", **paper),
        menu_item("Statement as Excel", href=record["statement"] + "xlsx", glyph="file-spreadsheet", **paper),
    )
    return [
        record_head(
            "Seller",
            record["store_name"],
            if_may(Permission.LEDGER_ENTRIES_READ, statement),
            status=badge(record["status"], record["status_tone"]),
            on_close=state.close_record,
        ),
        next_steps(
            button("Invoices", glyph="receipt-text", href=record["invoices_href"]),
            if_may(
                Permission.MARKETPLACE_ORDERS_READ,
                button("Orders", glyph="shopping-bag", href=record["orders_href"]),
            ),
            if_may(MANAGE, button("Edit", glyph="pencil", on_click=state.edit)),
        ),
        tabs("seller-tabs", ("Summary", _summary(record)), ("History", history_tab(state.events))),
    ]


def _summary(record: Any) -> rx.Component:
    return stack(
        only_while(record["since"] != "", _restriction(record)),
        key_values(
            ("Owes", link(money(record["owes"], strong=True), record["open_href"])),
            ("Open invoices", link(record["open"], record["open_href"], class_name="link num")),
            ("Hidden products", rx.el.span(record["hidden"], class_name="num")),
        ),
        key_values(
            ("Code", record["code"]),
            ("Owner", record["contact"]),
            ("Phone", reach(record["phone"], record["phone_href"])),
            ("E-mail", reach(record["email"], record["email_href"])),
            ("Address", rx.el.span(record["address"], class_name="pre-line")),
            ("Counts in", record["currency"]),
            ("Platform fee", record["platform"]),
            ("Affiliate fee", record["affiliate"]),
        ),
    )


def _restriction(record: Any) -> rx.Component:
    told = rx.Var.create("Since ") + record["since"] + ". " + record["to_clear"] + " clears it."
    return stack(
        notice("No new orders, products hidden", told, tone="bad"),
        rx.el.ul(
            rx.foreach(
                Sellers.overdue,
                lambda each: rx.el.li(
                    link(each["number"], each["href"]),
                    badge(each["late"], "bad"),
                    rx.el.span(money(each["amount"]), class_name="push"),
                    class_name="row row-wrap list-line",
                    key=each["id"],
                ),
            ),
            class_name="plain-list",
        ),
        tight=True,
    )


def _form() -> rx.Component:
    state, f = Sellers, Fields(Sellers, "seller")
    code = f.text("code", "Code", hint="2–12 letters and digits, in invoice numbers; empty: from the name")
    return form_sheet(
        state,
        MASTER.sheet,
        rx.cond(state.editing, "Edit seller", "New seller"),
        f.text("storeName", "Store", required=True),
        rx.cond(state.editing, rx.fragment(), code),
        side_by_side(f.text("contactName", "Owner"), f.text("phone", "Phone", type="tel")),
        f.email("email", "E-mail"),
        f.textarea("address", "Address"),
        section(
            "Billing",
            f.segmented("baseCurrency", "Counts in", CURRENCIES),
            side_by_side(
                f.number("platformFeePercent", "Platform fee", unit="%", hint="Empty: the marketplace's"),
                f.number("affiliateFeePercent", "Affiliate fee", unit="%", hint="Empty: the marketplace's"),
            ),
        ),
        on_submit=state.save,
        submit="Save seller",
        note="Orders already delivered keep their fees",
    )
