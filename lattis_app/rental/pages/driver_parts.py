"""What the driver's pages share: their frame, the actions that outlive a lost connection, and job cards.

An action is sent by `assets/js/driver/`, not by an event of the page: it carries one Idempotency-Key per tap and
is sent again until the server has answered.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import quote

import reflex as rx

from lattis_app.core.language import say
from lattis_app.core.money import Money
from lattis_app.rental.pages.delivery_order_rows import place
from lattis_app.rental.pages.job_words import bringing
from lattis_app.rental.schemas.delivery_orders import DeliveryOrderRow
from lattis_app.rental.statuses import FulfilmentStatus
from lattis_app.ui import moments
from lattis_app.ui.badges import badge
from lattis_app.ui.buttons import button, link
from lattis_app.ui.failures import unless_failed
from lattis_app.ui.frame import FrameState, live_refresh
from lattis_app.ui.icons import icon
from lattis_app.ui.layout import card
from lattis_app.ui.shell import driver_shell

F = FulfilmentStatus
VERBS_IN_WORDS = {
    F.DELIVERED: "Collect {bin}",
    F.COLLECTED: "Close {bin}",
    F.DONE: "Done {bin}",
    F.FAILED: "Failed {bin}",
}


def _what(order: DeliveryOrderRow) -> str:
    if order.fulfilment_status in (F.ASSIGNED, F.STARTED):
        return bringing(order)
    return say(VERBS_IN_WORDS[order.fulfilment_status], bin=order.bin_serial_number)


def driver_frame(state: Any, *content: Any, path: str, title: Any, subtitle: Any, back: str = "") -> Any:
    """A driver's page: `state` has `who`, `turn` and a `refresh` handler, which runs after every sent action."""
    return driver_shell(
        rx.el.div(
            custom_attrs={"id": "driver"},
            data_who=state.who,
            data_csrf=FrameState.csrf,
            data_name=FrameState.name,
            data_turn=state.turn,
            hidden=True,
        ),
        rx.el.button(
            type="button", hidden=True, tab_index=-1, on_click=state.refresh, data_driver_refresh="true"
        ),
        live_refresh(state.refresh, "do.", "payment.", "booking.", "cash."),
        unless_failed(rx.fragment(*content), [state.refresh]),
        path=path,
        title=title,
        subtitle=subtitle,
        back=back,
    )


def action(
    label: Any, path: Any, body: Mapping[str, str], *, method: str = "PATCH", version: Any = "", **props: Any
) -> rx.Component:
    """A button whose tap is sent once, whatever becomes of the connection."""
    said, look = props.pop("says", label), props.pop("look", "btn-big")
    return button(
        label,
        class_name=f"{look} {props.pop('class_name', '')}".strip(),
        data_do=method,
        data_path=path,
        data_body=json.dumps(body),
        data_version=version,
        data_label=said,
        **props,
    )


def step(label: str, job: Any, status: FulfilmentStatus, *, primary: bool = True, **props: Any) -> Any:
    """The driver's next step of a job, a var of `job_facts`."""
    return action(
        label,
        job["step_path"],
        {"status": str(status)},
        version=job["version"],
        kind="primary" if primary else "default",
        **props,
    )


def ways(job: Any) -> rx.Component:
    """Navigate to the site, and call it."""
    return rx.el.div(
        rx.el.a(icon("navigation"), "Navigate", href=job["map"], class_name="btn btn-mid", data_map="true"),
        rx.cond(
            job["phone"] != "",
            rx.el.a(icon("phone"), job["call"], href=job["tel"], class_name="btn btn-mid truncate"),
            rx.fragment(),
        ),
        class_name="pair",
    )


def install_hint() -> rx.Component:
    """How Lattis comes to the home screen; shown by the phone where that can be done."""
    return card(
        rx.el.b("Lattis on your home screen"),
        rx.el.p("It opens like an app, also where there is no signal.", class_name="muted"),
        rx.el.p(
            "Tap Share, then Add to Home Screen.", hidden=True, custom_attrs={"data-install-by-hand": "true"}
        ),
        rx.el.div(
            button("Install", glyph="download", class_name="btn-mid", data_install="true"),
            button("Not now", class_name="btn-mid", data_install_later="true"),
            class_name="pair",
        ),
        class_name="install",
        hidden=True,
        id="install",
    )


def job_card(job: Any) -> rx.Component:
    """A job that comes later; a tap opens it."""
    face = rx.fragment(
        badge(job["when"], job["tone"]),
        rx.el.h2(job["company"], class_name="job-title"),
        rx.el.p(job["what"], class_name="muted"),
    )
    return link(face, job["href"], class_name="card card-link")


def job_facts(order: DeliveryOrderRow, today: date) -> dict[str, str]:
    """A job as text: where, when, what is next, and the addresses of its actions."""
    fulfilment, path = order.fulfilment_status, f"/v1/delivery-orders/{order.id}"
    left = Money(order.to_pay, order.currency)
    site = place(order.site_address, order.area)
    due = order.expected_return_on if fulfilment is F.DELIVERED else order.service_on
    return {
        "id": str(order.id),
        "number": order.system_do_number or "",
        "company": order.company_name,
        "site": site,
        "what": _what(order) + (f" · {site}" if site else ""),
        "bin": f"{order.bin_serial_number} · {order.bin_size.text}",
        "when": _when(order, due, today),
        "tone": "warn" if due < today else "info" if due == today else "neutral",
        "status": fulfilment,
        "version": f"{fulfilment} {order.to_pay}",
        "href": f"/driver/job/{order.id}",
        "step_path": f"{path}/status",
        "photo_path": f"{path}/attach",
        "pay_path": f"{path}/receipt",
        "receiver_path": f"{path}/receiver",
        "lorry_path": f"{path}/assign-lorry",
        "lorry": order.lorry_registration_no or "",
        "map": f"geo:0,0?q={quote(site or order.company_name)}",
        "phone": order.phone,
        "tel": f"tel:{order.phone}",
        "call": say("Call the site"),
        "due": left.text(),
        "due_plain": str(left.decimal),
        "collected": Money(order.collected, order.currency).text(),
        "owes": "true"
        if left.minor > 0 and order.payment_method != "TERM" and fulfilment is not F.FAILED
        else "",
        "on_terms": "true" if order.payment_method == "TERM" else "",
        "is_paid": "true" if left.minor <= 0 else "",
        "method": order.payment_method,
        "amount": Money(order.amount, order.currency).text(),
    }


def _when(order: DeliveryOrderRow, due: date, today: date) -> str:
    if order.fulfilment_status is F.DELIVERED:
        return say("Collect today") if due == today else say("Collect by {day}", day=moments.day(due))
    if due == today:
        return moments.hour(order.scheduled_at)
    return f"{moments.day(due)}, {moments.hour(order.scheduled_at)}"
