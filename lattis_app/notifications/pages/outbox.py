"""The outbox: what left for whom, what did not get through and why, and sending it again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from lattis_app.attachments.queries import attachments
from lattis_app.audit.queries import entries
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.language import say
from lattis_app.core.normal import spaced_phone
from lattis_app.core.pagination import PageRequest
from lattis_app.core.schemas import parse
from lattis_app.identity.permissions import Permission
from lattis_app.notifications.channels import LABELS, OUTSIDE, Channel
from lattis_app.notifications.kinds import KINDS
from lattis_app.notifications.queries import messages as queries
from lattis_app.notifications.schemas.messages import MessageFilters, MessageOut
from lattis_app.notifications.services import messages
from lattis_app.notifications.services.enclosures import MESSAGE
from lattis_app.notifications.statuses import STUCK, MessageState
from lattis_app.ui import moments, toasts
from lattis_app.ui.badges import badge, words
from lattis_app.ui.buttons import button
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.frame_facts import register_counter
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.histories import history_rows
from lattis_app.ui.layout import card, key_values, notice, page_header, stack
from lattis_app.ui.list_requests import Filter, ListRequest
from lattis_app.ui.lists import Listing, ListMixin, as_id
from lattis_app.ui.pages import page
from lattis_app.ui.records import HistoryRow, files, history, next_steps, record_head, record_panel, tabs
from lattis_app.ui.states import empty
from lattis_app.ui.tables import data_table, tally

TONES = {"sent": "ok", "waiting": "info", "failed": "bad", "not_configured": "warn"}
LIST = ListSpec(
    "messages",
    (
        Column("subject", "Message", note="kind", wraps=True),
        Column("to", "To", note="address"),
        Column("channel", "By", priority=2),
        Column("status", "Status", "badge"),
        Column("attempts", "Attempts", "number", hidden_by_default=True),
        Column("created_at", "Written", "date", sortable=True, priority=2),
    ),
    filters=(
        Filter("status", "Status", options=tuple((str(state), words(state)) for state in MessageState)),
        Filter("channel", "By", options=tuple((str(channel), LABELS[channel]) for channel in OUTSIDE)),
        Filter("from", "From", "date"),
        Filter("to", "To", "date"),
    ),
    views=(("Did not get through", "status=failed"), ("Waiting for settings", "status=not_configured")),
    search="E-mail address or phone",
    export="/v1/messages",
)

register_counter("notifications.failed_messages", queries.failed, Permission.NOTIFICATIONS_OUTBOX_MANAGE)


def message_row(message: MessageOut) -> dict[str, str]:
    """One line of the outbox, and the record's facts."""
    kind = KINDS.get(message.kind)
    return {
        "id": str(message.id),
        "subject": message.subject,
        "kind": say(kind.title) if kind else words(message.kind),
        "to": message.name or _readable(message),
        "address": _readable(message) if message.name else "",
        "address_text": _readable(message),
        "channel": say(LABELS[Channel(message.channel)]),
        "status": words(message.status),
        "status_tone": TONES[message.status],
        "attempts": str(message.attempts),
        "created_at": moments.moment(message.created_at),
        "sent": moments.moment(message.sent_at),
        "next": moments.moment(message.next_attempt_at) if message.next_attempt_at else "",
        "error": message.error,
        "body": message.body,
        "href": message.link,
        "stuck": "true" if message.status in STUCK else "",
        "held": "true" if message.status == MessageState.NOT_CONFIGURED else "",
    }


def _readable(message: MessageOut) -> str:
    return message.address if message.channel == Channel.EMAIL else spaced_phone(message.address)


Shown = tuple[dict[str, str], list[HistoryRow], list[dict[str, str]]]


def read(session: Any, actor: Actor, message_id: UUID) -> Shown:
    """A message, who sent it again, and the files that go with it. Raises NotFound."""
    message = queries.find(session, actor, message_id)
    kept = attachments.list_for(session, SYSTEM, MESSAGE, message_id)
    papers = [
        {
            "name": each.file_name,
            "note": f"{-(-each.size_bytes // 1024)} kB",
            "href": f"/v1/attachments/{each.id}/content",
        }
        for each in kept
    ]
    return (
        message_row(message),
        history_rows(entries.history_of(session, actor, "messages", message_id)),
        papers,
    )


class Outbox(ListMixin, rx.State):
    """Messages with the open one."""

    record: dict[str, str] = {}
    events: list[HistoryRow] = []
    papers: list[dict[str, str]] = []
    held: int = 0

    def _spec(self) -> ListSpec:
        return LIST

    async def _prepare(self) -> None:
        self.held = await run(self, queries.held)

    async def _fetch(self, request: ListRequest) -> Listing:
        filters = parse(MessageFilters, {"q": request.q[:120], **request.filters})
        found = await run(self, queries.page, filters, PageRequest(request.page, request.limit, request.sort))
        return Listing([message_row(message) for message in found.rows], found.total)

    async def _fetch_record(self, record_id: str) -> None:
        self.record, self.events, self.papers = await run(self, read, as_id(record_id))

    @handler
    async def retry(self) -> Any:
        """Send the open message again."""
        await run(self, messages.retry, as_id(self.open_id))
        await self._prepare()
        await self._again()
        return toasts.done("The message is sent again in a moment")

    @handler
    async def send_waiting(self) -> Any:
        """Send what waited for settings that are there now."""
        sent = await run(self, messages.send_waiting)
        await self._prepare()
        await self._again()
        if not sent:
            return toasts.warned("The settings are still missing", "Ask whoever runs Lattis to set them.")
        return toasts.done(say("Sent in a moment: {count}", count=sent))


@page("/system/messages", "Outbox", Permission.NOTIFICATIONS_OUTBOX_MANAGE, on_load=Outbox.load)
def outbox() -> rx.Component:
    """Messages with the record beside the list."""
    state = Outbox
    return rx.fragment(
        page_header("Outbox", tally(state, "message", "messages")),
        rx.cond(state.held > 0, _held(), rx.fragment()),
        data_table(
            state,
            LIST,
            label="Messages",
            nothing=empty(
                "Nothing has left yet",
                "Receipts to customers, and what people want to be told outside the app, appear here.",
                glyph="mail",
            ),
        ),
        record_panel(state, *_record(), label="Message"),
    )


def _held() -> rx.Component:
    return notice(
        rx.fragment("Waiting for settings: ", Outbox.held),
        "No mail server or Twilio account is set up for them. They leave once there is one.",
        tone="warn",
        action=button("Send now", small=True, glyph="send", on_click=Outbox.send_waiting),
    )


def _record() -> list[rx.Component]:
    state, record = Outbox, Outbox.record
    about = button("Open what it is about", glyph="external-link", href=record["href"])
    return [
        record_head(
            record["channel"],
            record["subject"],
            status=badge(record["status"], record["status_tone"]),
            on_close=state.close_record,
        ),
        rx.cond(
            record["error"] != "",
            notice("It did not get through", record["error"], tone="bad"),
            rx.fragment(),
        ),
        next_steps(
            rx.cond(
                record["stuck"] != "",
                button("Send again", kind="primary", glyph="refresh-cw", on_click=state.retry),
                rx.fragment(),
            ),
            rx.cond(record["href"] != "", about, rx.fragment()),
        ),
        tabs(
            "message-tabs",
            (
                "Message",
                stack(
                    _facts(record),
                    card(rx.el.p(record["body"], class_name="pre-line"), title="Text"),
                    rx.cond(
                        state.papers.length() > 0, card(files(state.papers), title="Files"), rx.fragment()
                    ),
                ),
            ),
            ("History", history(state.events)),
        ),
    ]


def _facts(record: Any) -> rx.Component:
    return key_values(
        ("To", record["to"]),
        ("Address", record["address_text"]),
        ("About", record["kind"]),
        ("Written", record["created_at"]),
        ("Sent", record["sent"]),
        ("Attempts", record["attempts"]),
        ("Next attempt", rx.cond(record["next"] != "", record["next"], "–")),
    )
