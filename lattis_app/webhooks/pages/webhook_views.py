"""The page of webhooks: the list, the record with its log, and the forms."""

from __future__ import annotations

from typing import Any

import reflex as rx

from lattis_app.identity.permissions import Permission
from lattis_app.ui.badges import badge
from lattis_app.ui.buttons import button, menu_item, more_menu, segmented
from lattis_app.ui.dialogs import confirm
from lattis_app.ui.forms import Fields, form_sheet, section
from lattis_app.ui.layout import card, key_values, notice, page_header, row, stack
from lattis_app.ui.pages import page
from lattis_app.ui.records import history, next_steps, record_head, record_panel, tabs
from lattis_app.ui.states import empty
from lattis_app.ui.tables import data_table, tally
from lattis_app.webhooks.pages.webhook_rows import EVENT, event_groups
from lattis_app.webhooks.pages.webhooks import LIST, WebhookLog, Webhooks

LOG_FILTERS = (("", "All"), ("waiting", "Waiting"), ("failed", "Failed"), ("delivered", "Delivered"))


@page("/system/webhooks", "Webhooks", Permission.PLATFORM_WEBHOOKS_MANAGE, on_load=Webhooks.load)
def every_webhook() -> rx.Component:
    """Webhooks with the record beside the list."""
    state = Webhooks
    new = button("New webhook", kind="primary", glyph="plus", on_click=state.begin)
    return rx.fragment(
        page_header("Webhooks", tally(state, "webhook", "webhooks"), new),
        data_table(
            state,
            LIST,
            label="Webhooks",
            nothing=empty(
                "Nobody listens yet",
                "A webhook tells another program what happens here, signed and within seconds: an invoice is paid, an order issued.",
                button("New webhook", kind="primary", on_click=state.begin),
                glyph="zap",
            ),
        ),
        record_panel(state, *_record(), label="Webhook"),
        _form(),
        confirm(
            "webhook-renew",
            "Renew the secret?",
            "Deliveries are signed with the new one from now on. The receiver refuses them until it knows it.",
            action="Renew",
            on_confirm=state.renew_secret,
            attempt=state.attempt,
        ),
        confirm(
            "webhook-remove",
            "Remove this webhook?",
            "It hears of nothing any more, and the log of its deliveries goes with it.",
            action="Remove",
            on_confirm=state.remove,
            attempt=state.attempt,
        ),
    )


def _record() -> list[rx.Component]:
    state, record = Webhooks, Webhooks.record
    more = more_menu(
        "webhook-more",
        menu_item(
            "Send failed ones again", glyph="refresh-cw", on_click=WebhookLog.replay_failed(state.open_id)
        ),
        menu_item("Renew the secret…", glyph="key-round", data_opens="webhook-renew"),
        menu_item("Remove…", glyph="trash-2", tone="bad", data_opens="webhook-remove"),
    )
    return [
        record_head(
            "Webhook",
            record["url"],
            more,
            status=badge(record["status"], record["status_tone"]),
            on_close=state.close_record,
        ),
        rx.cond(state.secret != "", _secret(), rx.fragment()),
        rx.cond(record["switched_off"] != "", _switched_off(record), rx.fragment()),
        next_steps(_steps(record)),
        tabs(
            "webhook-tabs",
            ("Deliveries", rx.cond(state.delivery["id"], _delivery(), _log())),
            ("Summary", _summary(record)),
            ("History", history(state.events)),
        ),
    ]


def _steps(record: Any) -> rx.Component:
    return rx.cond(
        record["active"] != "",
        rx.fragment(
            button("Send a test", glyph="send", on_click=WebhookLog.send_test(Webhooks.open_id)),
            button("Edit", glyph="pencil", on_click=Webhooks.edit),
            button("Switch off", on_click=Webhooks.switch(False)),
        ),
        rx.fragment(
            button("Switch on", kind="primary", on_click=Webhooks.switch(True)),
            button("Edit", glyph="pencil", on_click=Webhooks.edit),
        ),
    )


def _secret() -> rx.Component:
    return stack(
        notice(
            "Copy the secret now",
            "The receiver checks signatures with it. It is not shown again.",
            tone="warn",
        ),
        rx.el.pre(Webhooks.secret, class_name="pre", translate="no", tab_index=0),
        tight=True,
    )


def _switched_off(record: Any) -> rx.Component:
    return notice(
        rx.fragment("Switched off ", record["switched_off"]),
        "It had failed for days. Mend the receiver, switch the webhook on, then send the failed ones again.",
        tone="bad",
    )


def _summary(record: Any) -> rx.Component:
    return key_values(
        ("Address", record["url"]),
        ("Description", rx.cond(record["description"] != "", record["description"], "–")),
        ("Hears of", record["event_names"]),
        ("Failing since", rx.cond(record["failing_since"] != "", record["failing_since"], "–")),
        ("Since", record["created_at"]),
        ("Signature", "Standard Webhooks, version 1"),
    )


def _log() -> rx.Component:
    state = Webhooks
    more = rx.el.p("The latest ", state.log.length(), " of ", state.log_total, class_name="muted small num")
    return stack(
        segmented(LOG_FILTERS, state.log_status, WebhookLog.filter_log, label="Status"),
        rx.cond(
            state.log.length() > 0,
            rx.fragment(
                rx.el.div(rx.foreach(state.log, _log_line)),
                rx.cond(state.log_total > state.log.length(), more, rx.fragment()),
            ),
            rx.el.p("Nothing here. A test shows whether the address works.", class_name="muted small"),
        ),
    )


def _log_line(delivery: Any) -> rx.Component:
    return rx.el.button(
        badge(delivery["status"], delivery["status_tone"]),
        rx.el.span(delivery["event"], rx.el.small(delivery["how"]), translate="no"),
        rx.el.small(delivery["when"], class_name="nowrap"),
        type="button",
        class_name="log-line",
        on_click=lambda: WebhookLog.open_delivery(delivery["id"]),
        key=delivery["id"],
    )


def _delivery() -> rx.Component:
    delivery = Webhooks.delivery
    return stack(
        row(
            button(
                "All deliveries",
                kind="ghost",
                small=True,
                glyph="arrow-left",
                on_click=WebhookLog.close_delivery,
            ),
            button("Send again", small=True, glyph="refresh-cw", on_click=WebhookLog.replay(delivery["id"])),
            between=True,
        ),
        key_values(
            ("Event", delivery["event"]),
            ("Status", badge(delivery["status"], delivery["status_tone"])),
            ("Happened", delivery["when"]),
            ("Next attempt", rx.cond(delivery["next"] != "", delivery["next"], "–")),
            (
                rx.el.span("webhook-id", translate="no"),
                rx.el.code(delivery["id"], class_name="code", translate="no"),
            ),
        ),
        rx.cond(
            delivery["body"] != "",
            card(rx.el.pre(delivery["body"], class_name="pre", tab_index=0), title="What is sent"),
            rx.fragment(),
        ),
        rx.cond(
            Webhooks.tried.length() > 0,
            card(rx.el.div(rx.foreach(Webhooks.tried, _attempt), class_name="stack"), title="Attempts"),
            rx.el.p("Not tried yet.", class_name="muted small"),
        ),
    )


def _attempt(attempt: Any) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            badge(attempt["got"], attempt["tone"]),
            rx.el.span(attempt["when"], " · ", attempt["took"], class_name="muted small num"),
            class_name="row row-between row-wrap",
        ),
        rx.cond(attempt["error"] != "", rx.el.p(attempt["error"], class_name="small"), rx.fragment()),
        rx.cond(
            attempt["response"] != "",
            rx.el.pre(attempt["response"], class_name="pre", tab_index=0),
            rx.fragment(),
        ),
        class_name="stack-tight",
    )


def _form() -> rx.Component:
    f = Fields(Webhooks, "webhook")
    groups = [
        section(what, rx.el.div(*[f.checkbox(f"{EVENT}{name}", rx.el.span(name, translate="no")) for name in names], class_name="choices choices-wide"))
        for what, names in event_groups()
    ]  # fmt: skip
    return form_sheet(
        Webhooks,
        "webhook-sheet",
        rx.cond(Webhooks.editing, "Edit webhook", "New webhook"),
        f.text("url", "Address", required=True, type="url", hint="Gets a POST for every event you tick"),
        f.text("description", "Description", hint="Whose server it is, and what for"),
        *groups,
        on_submit=Webhooks.save,
        submit="Save webhook",
    )  # fmt: skip
