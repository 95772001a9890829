"""The steps of a job as the driver sees them."""

from __future__ import annotations

import json
from typing import Any

import reflex as rx

from lattis_app.rental.documents.wording import payment_method
from lattis_app.rental.pages.driver_parts import step
from lattis_app.rental.rules.delivery_orders import PHOTOS_REQUIRED, PHOTOS_REQUIRED_TO_FAIL
from lattis_app.rental.statuses import FulfilmentStatus, PaymentMethod
from lattis_app.ui.buttons import button, icon_button
from lattis_app.ui.icons import icon
from lattis_app.ui.layout import card, key_values
from lattis_app.ui.money import money_lines
from lattis_app.ui.records import photos

F, M = FulfilmentStatus, PaymentMethod
ON_SITE = ((M.CASH, "Cash"), (M.EWALLET, "E-wallet"), (M.ONLINE, "Online"), (M.CHEQUE, "Cheque"))
REASONS = ("Gate locked", "Nobody there", "No room for the bin", "Wrong address", "Customer refused")


def facts(state: Any) -> rx.Component:
    """Where, what and when."""
    job = state.job
    return rx.fragment(
        card(
            key_values(
                ("Site", job["site"]),
                ("Bin", job["bin"]),
                ("Lorry", rx.cond(job["lorry"] != "", job["lorry"], "Not chosen yet")),
                ("Ordered by", job["ordered_by"]),
                ("Scheduled", job["scheduled"]),
                ("Fetch by", job["fetch_by"]),
                ("To collect", rx.cond(job["owes"] != "", job["due"], "Nothing")),
            ),
            rx.cond(job["notes"] != "", rx.el.p(job["notes"], class_name="job-notes"), rx.fragment()),
        ),
        rx.cond(state.lines.length() > 0, money_lines(state.lines, ("Total", job["amount"])), rx.fragment()),
    )


def lorry_choice(state: Any) -> rx.Component:
    """Which lorry is driven; asked only when the office has not said."""
    job = state.job
    listed = rx.el.select(
        rx.el.option("Choose…", value=""),
        rx.foreach(state.fleet, lambda each: rx.el.option(each["label"], value=each["value"])),
        name="lorry_id",
        required=True,
        class_name="input",
        aria_label="Lorry",
    )
    return card(
        rx.el.form(
            rx.el.label(rx.el.span("Which lorry?", class_name="field-label"), listed, class_name="field"),
            button("Take this lorry", kind="primary", type="submit", class_name="btn-big"),
            on_submit=None,
            class_name="stack-tight",
            data_do="PATCH",
            data_path=job["lorry_path"],
            data_version=job["version"],
            data_label="Lorry",
        )
    )


def photo_step(state: Any) -> rx.Component:
    """Photos of the placed bin, then the one button that says it stands."""
    job = state.job
    needed = _photos_needed(job, PHOTOS_REQUIRED)
    add = rx.fragment(_camera(job, "Serial visible"), _camera(job, "Whole site"))
    return rx.fragment(
        photos(state.photos, add),
        _unsent(job),
        rx.el.p(job["photo_words"], class_name="muted", role="status"),
        rx.el.div(
            button("Delivered", kind="primary", class_name="btn-big", opens="received", **needed),
            step(
                "Delivered, nobody there",
                job,
                F.DELIVERED,
                primary=False,
                says="Delivered",
                look="btn-mid",
                **needed,
            ),
            cant_deliver(state, look="btn-mid"),
            class_name="phone-foot",
        ),
        rx.el.dialog(
            icon_button("x", "Close", kind="ghost", data_closes="force", class_name="dialog-x"),
            _received(job, needed),
            id="received",
            class_name="dialog",
            aria_labelledby="received-title",
        ),
    )


def _photos_needed(job: Any, least: int) -> dict[str, Any]:
    """What holds a step back until the order has so many photos."""
    return {
        "data_needs_photos": str(least),
        "data_has_photos": job["photo_count"],
        "data_photos_of": job["photo_path"],
    }


def _signature_pad() -> rx.Component:
    return rx.el.div(
        rx.el.canvas(
            class_name="signature-pad",
            role="img",
            aria_label="Sign here with a finger",
            data_pad="true",
        ),
        rx.el.span("Sign here with a finger", class_name="signature-hint", aria_hidden="true"),
        button("Clear", small=True, class_name="signature-clear", data_pad_clear="true"),
        class_name="signature-paper",
        data_signed="false",
    )


def _received(job: Any, needed: dict[str, Any]) -> rx.Component:
    """Who received the bin, and their signature if they give one; both go before the step."""
    send = rx.el.button(
        rx.el.span(class_name="spinner", aria_hidden="true"),
        "Delivered",
        type="submit",
        class_name="btn btn-primary btn-big",
    )
    return rx.el.form(
        rx.el.h2("Who received the bin?", id="received-title"),
        _field(
            "Name",
            name="received_by",
            required=True,
            max_length=200,
            auto_capitalize="words",
            class_name="input",
        ),
        _signature_pad(),
        rx.el.div(send, button("Back", class_name="btn-big", data_closes="force"), class_name="job-steps"),
        on_submit=None,
        class_name="stack-tight",
        data_do="PATCH",
        data_path=job["step_path"],
        data_body=json.dumps({"status": str(F.DELIVERED)}),
        data_receiver=job["receiver_path"],
        data_version=job["version"],
        data_label="Delivered",
        **needed,
    )


def _camera(job: Any, label: str) -> rx.Component:
    return rx.el.label(
        icon("camera", size=22),
        rx.el.span(label),
        rx.el.input(
            type="file",
            accept="image/*",
            class_name="sr-only",
            data_photo=job["photo_path"],
            aria_label=f"Take a photo: {label.lower()}",
            custom_attrs={"capture": "environment"},
        ),
        class_name="photo photo-add",
    )


def _unsent(job: Any) -> rx.Component:
    return rx.el.div(class_name="photos photos-unsent", data_outbox=job["photo_path"])


def money_step(state: Any) -> rx.Component:
    """How much is due, how it comes, and the button that takes it."""
    job = state.job
    take = rx.el.button(
        rx.el.span(class_name="spinner", aria_hidden="true"),
        rx.el.span(data_pay_label="true"),
        type="submit",
        class_name="btn btn-primary btn-big",
    )
    return rx.el.form(
        card(rx.el.span("To collect", class_name="muted"), rx.el.b(job["due"]), class_name="amount"),
        rx.el.fieldset(
            rx.el.legend("How is it paid?", class_name="sr-only"),
            rx.el.div(*[_method(method, words) for method, words in ON_SITE], class_name="pair"),
        ),
        _field(
            "Amount (RM)",
            name="amount",
            default_value=job["due_plain"],
            input_mode="decimal",
            required=True,
            pattern=r"\d+([.]\d{1,2})?",
            class_name="input end",
        ),
        _field("Reference", name="reference", max_length=200, class_name="input"),
        take,
        on_submit=None,
        key=job["version"],
        class_name="stack-tight money-step",
        data_pay="true",
        data_do="POST",
        data_path=job["pay_path"],
        data_version=job["version"],
        data_label="Payment",
    )


def _method(method: PaymentMethod, words: str) -> rx.Component:
    choice = rx.el.input(
        type="radio",
        name="payment_method",
        value=str(method),
        default_checked=method is M.CASH,
        class_name="sr-only",
        custom_attrs={"data-word": payment_method(method)},
    )
    return rx.el.label(choice, words, class_name="btn btn-mid btn-choice")


def _field(label: str, **props: Any) -> rx.Component:
    return rx.el.label(
        rx.el.span(label, class_name="field-label"),
        rx.el.input(auto_complete="off", **props),
        class_name="field",
    )


def receipts_given(state: Any) -> rx.Component:
    """The receipts to show to the customer, each with its QR code."""
    return rx.foreach(
        state.receipts,
        lambda given: card(
            rx.el.span("Receipt ", given["number"], class_name="muted"),
            rx.el.b(given["amount"], class_name="receipt-amount"),
            rx.el.span(given["method"], " · ", given["when"], class_name="muted small"),
            rx.el.img(src=given["code"], alt="Check link of this receipt", class_name="receipt-code"),
            rx.el.a(
                icon("printer"),
                "Print",
                href=given["paper"],
                target="_blank",
                class_name="btn btn-small",
            ),
            class_name="receipt",
            key=given["id"],
        ),
    )


def cant_deliver(state: Any, look: str = "btn-big") -> rx.Component:
    """Why it could not be done, and a photo that shows it."""
    return rx.fragment(
        button("Can't deliver…", class_name=look, opens="cant-deliver"),
        rx.el.dialog(
            icon_button("x", "Close", kind="ghost", data_closes="force", class_name="dialog-x"),
            _failure(state.job),
            id="cant-deliver",
            class_name="dialog",
            aria_labelledby="cant-deliver-title",
        ),
    )


def _failure(job: Any) -> rx.Component:
    note = rx.el.textarea(name="notes", rows="2", max_length=2000, class_name="input")
    send = rx.el.button(
        rx.el.span(class_name="spinner", aria_hidden="true"),
        "Can't deliver",
        type="submit",
        class_name="btn btn-danger-solid btn-big",
    )
    return rx.el.form(
        rx.el.h2("Can't deliver?", id="cant-deliver-title"),
        rx.el.input(type="hidden", name="status", value=str(F.FAILED)),
        rx.el.fieldset(
            rx.el.legend("Why?", class_name="field-label"),
            *[_reason(words) for words in REASONS],
            class_name="stack-tight reasons",
        ),
        rx.el.label(rx.el.span("What happened", class_name="field-label"), note, class_name="field"),
        rx.el.div(_camera(job, "Photo of the site"), class_name="photos"),
        _unsent(job),
        rx.el.p(
            "A photo is needed. The trip ends and the failed-trip fee is added.", class_name="muted small"
        ),
        rx.el.div(
            send, button("Keep the job", class_name="btn-big", data_closes="force"), class_name="job-steps"
        ),
        on_submit=None,
        data_do="PATCH",
        data_path=job["step_path"],
        data_version=job["version"],
        data_label="Can't deliver",
        **_photos_needed(job, PHOTOS_REQUIRED_TO_FAIL),
    )


def _reason(words: str) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="radio", name="reason", value=words, required=True, class_name="box"),
        rx.el.span(words),
        class_name="check",
    )
