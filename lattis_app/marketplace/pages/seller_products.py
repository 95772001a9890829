"""A seller's products: what buyers can order, and what is hidden and why."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from lattis_app.core.actors import Actor
from lattis_app.core.language import say
from lattis_app.core.money import Money
from lattis_app.core.schemas import parse
from lattis_app.identity.permissions import Permission
from lattis_app.marketplace.pages.looks import CURRENCIES
from lattis_app.marketplace.pages.standing import SellerStanding, standing
from lattis_app.marketplace.queries import products as queries
from lattis_app.marketplace.rules.amounts import amount
from lattis_app.marketplace.rules.weeks import ZONE
from lattis_app.marketplace.schemas.products import (
    ProductChanges,
    ProductEntry,
    ProductFilters,
    ProductOut,
)
from lattis_app.marketplace.services import products as services
from lattis_app.ui import moments, toasts
from lattis_app.ui.badges import badge
from lattis_app.ui.buttons import button
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.conditions import only_while
from lattis_app.ui.dialogs import open_dialog
from lattis_app.ui.form_state import Corrections, Draft
from lattis_app.ui.forms import Fields, form_sheet, side_by_side
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import key_values, notice, page_header
from lattis_app.ui.list_requests import Filter, ListRequest
from lattis_app.ui.lists import Listing, as_id, display, wanted
from lattis_app.ui.money import money
from lattis_app.ui.pages import page
from lattis_app.ui.record_lists import RecordsMixin
from lattis_app.ui.records import next_steps, record_head, record_panel, step_if
from lattis_app.ui.states import empty
from lattis_app.ui.tables import counted, data_table
from lattis_app.ui.values import dash, typed

LIST = ListSpec(
    "seller-products",
    (
        Column("name", "Product", sortable=True),
        Column("status", "Status", "badge"),
        Column("added", "Added", "date", priority=2),
        Column("price", "Price", "money"),
    ),
    filters=(
        Filter("active", "On offer", options=(("true", "Yes"), ("false", "No"))),
        Filter("hidden", "Hidden by the system", options=(("true", "Yes"), ("false", "No"))),
    ),
    views=(("On offer", "active=true"), ("Hidden by the system", "hidden=true")),
    search="Name of the product",
    export="/api/seller/products",
)


def row(product: ProductOut) -> dict[str, str]:
    """One line of the list, and the record's facts."""
    status, tone = _status(product)
    return {
        "id": str(product.id),
        "name": product.name,
        "status": status,
        "status_tone": tone,
        "added": moments.day(product.created_at, ZONE),
        "price": amount(product.price, product.currency),
        "description": dash(product.description),
        "hidden": moments.moment(product.hidden_at, ZONE) if product.hidden_by_system else "",
    }


def values(product: ProductOut) -> dict[str, str]:
    """What the form of a product starts with."""
    return typed(
        {
            "name": product.name,
            "price": Money(product.price, product.currency).decimal,
            "currency": product.currency,
            "description": product.description,
        }
    )


def _status(product: ProductOut) -> tuple[str, str]:
    if product.active:
        return say("On offer"), "ok"
    return (say("Hidden by the system"), "bad") if product.hidden_by_system else (say("Inactive"), "neutral")


class SellerProducts(RecordsMixin, rx.State):
    """The signed-in seller's products with the open one."""

    record: dict[str, str] = {}
    allowed: list[str] = []
    editing: str = ""

    def _spec(self) -> ListSpec:
        return LIST

    async def _fetch(self, request: ListRequest) -> Listing:
        filters = parse(ProductFilters, {"q": request.q, **request.filters})
        found = await run(self, queries.mine, filters, wanted(request))
        return Listing(display(found, row), found.total)

    async def _fetch_record(self, record_id: str) -> None:
        found = await run(self, queries.find, as_id(record_id))
        self.record = row(found)
        self.allowed = ["deactivate"] if found.active else ["activate"]

    @handler
    async def begin(self) -> Any:
        """Open the form of a new product."""
        self.editing = ""
        self._begin({"currency": "MKD"})
        return open_dialog("product-sheet")

    @handler
    async def edit(self) -> Any:
        """Open the form of the product beside the list."""
        self.editing = self.open_id
        self._begin(values(await run(self, queries.find, as_id(self.open_id))))
        return open_dialog("product-sheet")

    @handler
    async def save(self, form: dict[str, Any]) -> Any:
        """Offer something new, or keep the changes of what is offered."""
        if not self.editing:
            return await self._create(form)
        changes = Corrections(ProductChanges, form, dict(self.values))
        saved = await self._submit(services.update, as_id(self.editing), changes)
        if saved is None:
            return None
        self.editing = ""
        return await self._done(say("{name} saved", name=saved.name), closes="product-sheet")

    async def _create(self, form: dict[str, Any]) -> Any:
        made = await self._submit(services.create, Draft(ProductEntry, form))
        if made is None:
            return None
        if made.active:
            return await self._done(say("{name} is on offer", name=made.name), closes="product-sheet")
        return await self._done(
            say("{name} is kept, hidden until overdue invoices are paid", name=made.name),
            closes="product-sheet",
        )

    @handler
    async def activate(self) -> Any:
        """Offer the open product to buyers."""
        return await self._turn(
            services.activate, say("{name} is on offer", name=self.record.get("name", ""))
        )

    @handler
    async def deactivate(self) -> Any:
        """Take the open product off the market."""
        return await self._turn(
            services.deactivate, say("{name} is inactive", name=self.record.get("name", ""))
        )

    async def _turn(self, service: Any, said: str) -> Any:
        await run(self, _quietly, service, as_id(self.open_id))
        await self._again()
        return [SellerStanding.load, toasts.done(said)]


def _quietly(session: Any, actor: Actor, service: Any, product_id: UUID) -> None:
    service(session, actor, product_id)


@page(
    "/seller/products",
    "My products",
    Permission.MARKETPLACE_OWN_PRODUCTS_MANAGE,
    on_load=[SellerProducts.load, SellerStanding.load],
)
def seller_products() -> rx.Component:
    """A seller's products with the record beside the list."""
    state = SellerProducts
    add = button("New product", kind="primary", glyph="plus", on_click=state.begin)
    return rx.fragment(
        page_header("Products", counted(state, "product", "products"), add),
        standing(brief=True, also=state.refresh),
        data_table(
            state,
            LIST,
            label="Products",
            nothing=empty(
                "No products yet",
                "Buyers order what you offer here. A name and a price are enough to begin with.",
                button("New product", kind="primary", on_click=state.begin),
                glyph="tag",
            ),
        ),
        record_panel(state, *_record(), label="Product"),
        _form(),
    )


def _record() -> list[rx.Component]:
    state, record = SellerProducts, SellerProducts.record
    activate = button(
        "Offer to buyers", kind="primary", on_click=state.activate, disabled=SellerStanding.restricted
    )
    return [
        record_head("Product", record["name"], on_close=state.close_record),
        next_steps(
            step_if(state.allowed, "activate", activate),
            button("Edit", glyph="pencil", on_click=state.edit),
            step_if(state.allowed, "deactivate", button("Take off the market", on_click=state.deactivate)),
        ),
        only_while(
            record["hidden"] != "",
            notice(
                "Hidden by the system",
                rx.cond(
                    SellerStanding.restricted,
                    "Since an invoice became overdue. Once everything overdue is paid you can bring it back.",
                    "Since an invoice became overdue. Everything is paid now: bring it back when you like.",
                ),
                tone="warn",
            ),
        ),
        key_values(
            ("Status", badge(record["status"], record["status_tone"])),
            ("Price", money(record["price"], strong=True)),
            ("Added", record["added"]),
            ("Hidden since", rx.cond(record["hidden"] != "", record["hidden"], "–")),
            ("Description", rx.el.span(record["description"], class_name="pre-line")),
        ),
    ]


def _form() -> rx.Component:
    state, f = SellerProducts, Fields(SellerProducts, "product")
    return form_sheet(
        state,
        "product-sheet",
        rx.cond(state.editing, "Edit product", "New product"),
        f.text("name", "Name", required=True),
        side_by_side(
            f.money("price", "Price", currency="", required=True, hint="What the buyer pays"),
            f.segmented("currency", "Currency", CURRENCIES),
        ),
        f.textarea("description", "Description"),
        on_submit=state.save,
        submit=rx.cond(state.editing, "Save product", "Offer it"),
        note=rx.cond(state.editing, "Orders already taken keep their price", ""),
    )
