"""Customers: the list, the record beside it, and the form, which hints at customers that may be the same."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from lattis_app.audit.pages.histories import history
from lattis_app.core.actors import Actor
from lattis_app.core.language import say
from lattis_app.core.money import Money
from lattis_app.core.normal import spaced_phone
from lattis_app.identity.permissions import Permission
from lattis_app.rental.pages.customer_credit import (
    OPEN,
    credit_facts,
    credit_limit,
    customer_menu,
    owed_by_age,
)
from lattis_app.rental.pages.customer_doubles import CustomerDoubles, double_hints, looks
from lattis_app.rental.pages.customer_merges import CustomerMerge, merge_sheet
from lattis_app.rental.queries import customer_standings
from lattis_app.rental.queries import customers as queries
from lattis_app.rental.schemas.customers import (
    CustomerChanges,
    CustomerEntry,
    CustomerFilters,
    CustomerOut,
    CustomerStanding,
)
from lattis_app.rental.services import customers as services
from lattis_app.ui import toasts
from lattis_app.ui.badges import badge
from lattis_app.ui.buttons import button, link, menu_item
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.conditions import if_may
from lattis_app.ui.dialogs import open_dialog
from lattis_app.ui.forms import Fields, form_sheet, section, side_by_side
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.kpis import fall
from lattis_app.ui.layout import key_values, page_header, stack
from lattis_app.ui.list_requests import Filter
from lattis_app.ui.lists import as_id
from lattis_app.ui.masters import Master, MasterMixin, import_button
from lattis_app.ui.pages import page
from lattis_app.ui.records import HistoryRow, next_steps, record_head, record_panel, tabs
from lattis_app.ui.records import history as history_tab
from lattis_app.ui.states import empty
from lattis_app.ui.tables import counted, data_table
from lattis_app.ui.values import dash, reach, typed

MANAGE = Permission.RENTAL_CUSTOMERS_MANAGE
YES_NO = (("false", "No"), ("true", "Yes"))
TAKES_EMAIL = (("true", "Yes"), ("false", "No"))
ON_THE_PHONE = (("none", "None"), ("sms", "SMS"), ("whatsapp", "WhatsApp"))
LIST = ListSpec(
    "customers",
    (
        Column("company_name", "Customer", sortable=True, note="contact"),
        Column("phone", "Phone"),
        Column("email", "E-mail", priority=3),
        Column("terms", "Terms", priority=2),
        Column("status", "Status", "badge"),
        Column("credit", "Credit limit (RM)", "money", priority=3),
    ),
    filters=(Filter("on_stop", "Status", options=(("true", "On stop"), ("false", "Active"))),),
    views=(("On stop", "on_stop=true"),),
    search="Name, phone or e-mail",
    export="/v1/customers",
)
EDITED = (
    "company_name", "contact_name", "phone", "email", "address", "gst_no", "sst_no", "payment_terms_days",
    "introducer_name", "notes", "message_channel",
)  # fmt: skip


def row(customer: CustomerOut) -> dict[str, str]:
    """One line of the list."""
    limit = customer.credit_limit
    return {
        "id": str(customer.id),
        "company_name": customer.company_name,
        "contact": customer.contact_name,
        "phone": dash(spaced_phone(customer.phone)),
        "email": dash(customer.email),
        "terms": say("{count} days", count=customer.payment_terms_days),
        "status": say("On stop") if customer.on_stop else say("Active"),
        "status_tone": "bad" if customer.on_stop else "ok",
        "credit": "–" if limit is None else Money(limit).figures(),
    }


def facts(customer: CustomerOut, standing: CustomerStanding) -> dict[str, str]:
    """The customer as label and value, with what they owe and have."""
    overdue = Money(standing.overdue)
    return (
        row(customer)
        | credit_facts(customer, standing)
        | {
            "contact": dash(customer.contact_name),
            "phone_href": f"tel:{customer.phone}" if customer.phone else "",
            "email_href": f"mailto:{customer.email}" if customer.email else "",
            "on_stop": "true" if customer.on_stop else "",
            "address": dash(customer.address),
            "gst_no": dash(customer.gst_no),
            "sst_no": dash(customer.sst_no),
            "po": say("Required") if customer.po_required else say("Not required"),
            "introducer": dash(customer.introducer_name),
            "notes": dash(customer.notes),
            "messages": ways(customer),
            "owed": Money(standing.owed).text(),
            "overdue": say("{amount} overdue", amount=overdue.text()) if overdue else "",
            "bins": str(standing.bins),
            "bookings": str(standing.bookings),
            "book_href": f"/rental/bookings?new=1&customer={customer.id}",
            "bookings_href": f"/rental/bookings?customer_id={customer.id}&status=pending,confirmed,assigned",
            "bins_href": f"/rental/bins?customer_id={customer.id}&status=with_customer",
            "orders_href": f"/rental/delivery-orders?customer_id={customer.id}",
            "invoices_href": f"/rental/invoices?customer_id={customer.id}&status={OPEN}",
        }
    )


def ways(customer: CustomerOut) -> str:
    """How the customer is told, in words."""
    by_mail = [say("E-mail")] if customer.email_messages else []
    by_phone = [say(words) for way, words in ON_THE_PHONE[1:] if customer.message_channel == way]
    return ", ".join(by_mail + by_phone) or say("Nothing is sent")


def read(session: Any, actor: Actor, customer_id: UUID) -> tuple[dict[str, str], list[HistoryRow]]:
    """A customer with their standing and history. Raises NotFound."""
    found = queries.find(session, actor, customer_id)
    standing = customer_standings.find(session, actor, customer_id)
    return facts(found, standing), history(session, actor, "rental_customers", customer_id)


def starting_values(customer: CustomerOut) -> dict[str, str]:
    """The customer as the form holds it."""
    limit = customer.credit_limit
    return typed({name: getattr(customer, name) for name in EDITED}) | {
        "credit_limit": "" if limit is None else str(Money(limit).decimal),
        "on_stop": str(customer.on_stop).lower(),
        "po_required": str(customer.po_required).lower(),
        "email_messages": str(customer.email_messages).lower(),
    }


MASTER = Master(
    spec=LIST,
    queries=queries,
    services=services,
    filters=CustomerFilters,
    entry=CustomerEntry,
    changes=CustomerChanges,
    read=read,
    row=row,
    values=starting_values,
    name=lambda _: say("Customer"),
    fresh={"payment_terms_days": "30"},
)


class Customers(MasterMixin, rx.State):
    """Customers with the open one."""

    @classmethod
    def _master(cls) -> Master:
        return MASTER

    async def _fetch_record(self, record_id: str) -> None:
        self.record, self.events = await run(self, read, as_id(record_id))

    @handler
    async def begin(self) -> Any:
        """Open the form of a new customer."""
        self.editing = ""
        self._begin(MASTER.fresh)
        return [CustomerDoubles.forget, open_dialog(MASTER.sheet)]

    @handler
    async def stop(self, on_stop: bool) -> Any:
        """Put the open customer on stop, or lift the stop; the toast takes it back."""
        customer_id = as_id(self.open_id)
        await run(self, services.update, customer_id, CustomerChanges(on_stop=on_stop))
        await self._again()
        name = self.record.get("company_name", "")
        said = say("{name} is on stop", name=name) if on_stop else say("The stop is lifted")
        return toasts.done(said, undo=Customers.stop(not on_stop))


@page("/rental/customers", "Customers", Permission.RENTAL_CUSTOMERS_READ, on_load=Customers.load)
def customers() -> rx.Component:
    """Customers with the record beside the list."""
    state = Customers
    add = button("New customer", kind="primary", glyph="plus", on_click=state.begin)
    return rx.fragment(
        page_header(
            "Customers",
            counted(state, "customer", "customers"),
            import_button("customers", MANAGE),
            if_may(MANAGE, add),
        ),
        data_table(
            state,
            LIST,
            label="Customers",
            nothing=empty(
                "No customers yet",
                "A booking starts with a customer: who orders, where to send the bill, and how long they may take to pay.",
                if_may(MANAGE, button("New customer", kind="primary", on_click=state.begin)),
                import_button("customers", MANAGE),
                glyph="building-2",
            ),
        ),
        record_panel(state, *_record(), label="Customer"),
        _form(),
        merge_sheet(),
    )


def _record() -> list[rx.Component]:
    state, record = Customers, Customers.record
    book = link("New booking", record["book_href"], class_name="btn btn-primary")
    stop = rx.cond(
        record["on_stop"] != "",
        button("Lift the stop", on_click=state.stop(False)),
        button("Put on stop", on_click=state.stop(True)),
    )
    merge = menu_item(
        "Merge into another…",
        glyph="merge",
        on_click=CustomerMerge.begin(record["id"], record["company_name"]),
    )
    return [
        record_head(
            "Customer",
            record["company_name"],
            customer_menu(record, if_may(MANAGE, merge)),
            on_close=state.close_record,
        ),
        next_steps(
            rx.cond(record["on_stop"] != "", rx.fragment(), if_may(Permission.RENTAL_BOOKINGS_CREATE, book)),
            if_may(MANAGE, rx.fragment(button("Edit", glyph="pencil", on_click=state.edit), stop)),
        ),
        tabs("customer-tabs", ("Summary", _summary(record)), ("History", history_tab(state.events))),
    ]


def _summary(record: Any) -> rx.Component:
    owed = rx.fragment(
        link(record["owed"], record["invoices_href"], class_name="link num"),
        rx.cond(record["overdue"] != "", rx.el.span(" · ", fall(record["overdue"])), rx.fragment()),
    )
    return stack(
        key_values(
            ("Status", badge(record["status"], record["status_tone"])),
            ("Owes", owed),
            ("To be invoiced", rx.el.span(record["on_order"], class_name="num")),
            ("Bins on site", link(record["bins"], record["bins_href"], class_name="link num")),
            ("Bookings to come", link(record["bookings"], record["bookings_href"], class_name="link num")),
            ("Orders", link("All delivery orders", record["orders_href"])),
        ),
        owed_by_age(record),
        key_values(
            ("Contact", record["contact"]),
            ("Phone", reach(record["phone"], record["phone_href"])),
            ("E-mail", reach(record["email"], record["email_href"])),
            ("Messages", record["messages"]),
            ("Address", record["address"]),
            ("Payment terms", record["terms"]),
            ("Credit limit", credit_limit(record)),
            ("Purchase order", record["po"]),
            ("Introducer", record["introducer"]),
            ("SST no.", record["sst_no"]),
            ("GST no.", record["gst_no"]),
            ("Notes", record["notes"]),
        ),
    )


def _form() -> rx.Component:
    f = Fields(Customers, "customer")
    return form_sheet(
        Customers,
        MASTER.sheet,
        rx.cond(Customers.editing, "Edit customer", "New customer"),
        f.text("company_name", "Company", required=True, on_change=looks("name")),
        rx.cond(Customers.editing == "", double_hints(), rx.fragment()),
        side_by_side(
            f.text("contact_name", "Contact"),
            f.phone("phone", "Phone", required=True, on_change=looks("phone")),
        ),
        f.email("email", "E-mail", on_change=looks("email")),
        f.textarea("address", "Address"),
        side_by_side(f.text("gst_no", "GST no."), f.text("sst_no", "SST no.")),
        _messages(f),
        section(
            "Terms",
            side_by_side(
                f.number("payment_terms_days", "Payment terms", unit="days"),
                f.money("credit_limit", "Credit limit"),
            ),
            side_by_side(
                f.segmented("on_stop", "On stop", YES_NO),
                f.segmented("po_required", "Purchase order needed", YES_NO),
            ),
            f.text("introducer_name", "Introducer", hint="Earns a commission on every order"),
        ),
        f.textarea("notes", "Notes"),
        on_submit=Customers.save,
        submit="Save customer",
    )


def _messages(f: Fields) -> rx.Component:
    return section(
        "Messages",
        side_by_side(
            f.segmented(
                "email_messages", "By e-mail", TAKES_EMAIL, hint="Invoices, receipts, payment reminders"
            ),
            f.segmented(
                "message_channel",
                "On the phone",
                ON_THE_PHONE,
                hint="Bin on its way, payment reminders. Each costs what your provider asks",
            ),
        ),
    )
