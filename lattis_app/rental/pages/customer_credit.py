"""What a customer owes, how long it is overdue, and what is left of their credit, beside the list."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import reflex as rx

from lattis_app.core import clock
from lattis_app.core.language import say
from lattis_app.core.money import Money
from lattis_app.identity.permissions import Permission
from lattis_app.rental.rules.ageing import due_between
from lattis_app.rental.schemas.customers import CustomerOut, CustomerStanding
from lattis_app.ui.buttons import link, menu_item, more_menu
from lattis_app.ui.conditions import if_may, only_while
from lattis_app.ui.forms import section
from lattis_app.ui.kpis import fall
from lattis_app.ui.layout import key_values

OPEN = "issued,partially_paid"
AGES = (
    ("current", "Not due yet"),
    ("days_1_30", "1–30 days"),
    ("days_31_60", "31–60 days"),
    ("days_61_90", "61–90 days"),
    ("over_90", "Over 90 days"),
)


def credit_facts(customer: CustomerOut, standing: CustomerStanding) -> dict[str, str]:
    """What the panel shows of a customer's debt and credit."""
    owed = {
        "owed_any": "true" if standing.owed else "",
        "statement": f"/v1/parties/{customer.party_id}/statement?format=",
    }
    return owed | _credit(customer, standing) | _aged(customer, standing)


def _credit(customer: CustomerOut, standing: CustomerStanding) -> dict[str, str]:
    on_order = Money(standing.on_order)
    shown = {"on_order": on_order.text() if on_order else "–", "credit_left": "", "credit_used_up": ""}
    if customer.credit_limit is None:
        return shown | {"credit": say("No limit")}
    limit = Money(customer.credit_limit)
    left = limit - Money(standing.owed) - on_order
    words = say("{amount} left", amount=left.text()) if left.minor > 0 else say("Nothing left")
    return shown | {
        "credit": limit.text(),
        "credit_left": words,
        "credit_used_up": "" if left.minor > 0 else "true",
    }


def _aged(customer: CustomerOut, standing: CustomerStanding) -> dict[str, str]:
    shown, today = {}, clock.today()
    for bucket, minor in standing.ageing.items():
        since, until = due_between(bucket, today)
        asked = {"customer_id": customer.id, "status": OPEN, "due_from": since, "due_to": until}
        given = urlencode({name: str(value) for name, value in asked.items() if value}, safe=",")
        shown |= {bucket: Money(minor).figures(), f"{bucket}_href": f"/rental/invoices?{given}"}
    return shown


def credit_limit(record: Any) -> rx.Component:
    """The limit, and what is left of it."""
    left = rx.cond(record["credit_used_up"] != "", fall(record["credit_left"]), record["credit_left"])
    return rx.el.span(
        record["credit"], rx.cond(record["credit_left"] != "", rx.fragment(" · ", left), rx.fragment()),
        class_name="num",
    )  # fmt: skip


def customer_menu(record: Any, *more: Any) -> rx.Component:
    """The statement of account, as a file of each kind, and what else can be done with a customer."""
    paper: dict[str, Any] = {"download": True, "target": "_blank"}
    items = [
        menu_item("Statement as PDF", href=record["statement"] + "pdf", glyph="printer", **paper),
        menu_item("Statement as CSV", href=record["statement"] + "csv", glyph="download", **paper),
        menu_item("Statement as Excel", href=record["statement"] + "xlsx", glyph="file-spreadsheet", **paper),
    ]
    papers = if_may(Permission.LEDGER_ENTRIES_READ, rx.fragment(*items))
    return more_menu("customer-more", papers, *more)


def owed_by_age(record: Any) -> rx.Component:
    """What is owed by days overdue, each with its invoices; nothing of somebody who owes nothing."""
    lines = key_values(
        *((words, link(record[name], record[f"{name}_href"], class_name="link num")) for name, words in AGES),
        figures=True,
    )
    return only_while(record["owed_any"] != "", section("Owed by days overdue (RM)", lines))
