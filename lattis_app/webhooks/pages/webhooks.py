"""Webhooks: where events go, how that works, and every delivery with what came back."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import reflex as rx

from lattis_app.audit.queries import entries
from lattis_app.core.actors import Actor
from lattis_app.core.language import say
from lattis_app.core.pagination import PageRequest
from lattis_app.core.schemas import parse
from lattis_app.identity.permissions import Permission
from lattis_app.ui import toasts
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.dialogs import close_dialog, open_dialog
from lattis_app.ui.form_state import FormMixin
from lattis_app.ui.frame_facts import register_counter
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.histories import history_rows
from lattis_app.ui.list_requests import Filter, ListRequest
from lattis_app.ui.lists import Listing, ListMixin, as_id
from lattis_app.ui.records import HistoryRow
from lattis_app.webhooks.pages.webhook_rows import (
    WebhookDraft,
    attempt_row,
    delivery_row,
    has_events,
    opened_delivery,
    starting_values,
    webhook_row,
)
from lattis_app.webhooks.queries import deliveries as delivery_queries
from lattis_app.webhooks.queries import webhooks as queries
from lattis_app.webhooks.schemas.webhooks import (
    DeliveryFilters,
    WebhookChanges,
    WebhookEntry,
    WebhookFilters,
)
from lattis_app.webhooks.services import deliveries, webhooks

LOG_SHOWN = PageRequest(limit=30)
LOOKS, BETWEEN = 6, 0.5
"""How often a page looks whether a test has arrived, and the seconds between."""
LIST = ListSpec(
    "webhooks",
    (
        Column("url", "Address", sortable=True, note="description"),
        Column("events", "Hears of", priority=2),
        Column("status", "Status", "badge"),
        Column("created_at", "Since", "date", sortable=True, priority=2),
    ),
    search="Address or description",
    filters=(Filter("active", "Sending", options=(("true", "On"), ("false", "Off"))),),
    export="/v1/webhooks",
)

register_counter("webhooks.failing", queries.failing, Permission.PLATFORM_WEBHOOKS_MANAGE)


def read(session: Any, actor: Actor, webhook_id: UUID) -> tuple[dict[str, str], list[HistoryRow]]:
    """A webhook and its history. Raises NotFound."""
    webhook = queries.find(session, actor, webhook_id)
    return webhook_row(webhook), history_rows(entries.history_of(session, actor, "webhooks", webhook_id))


def create(session: Any, actor: Actor, entry: WebhookEntry) -> tuple[str, str]:
    """Make a webhook; its id, and the secret that is shown once."""
    made = webhooks.create(session, actor, entry)
    return str(made.id), made.secret


def renew(session: Any, actor: Actor, webhook_id: UUID) -> str:
    """A new secret, shown once."""
    return webhooks.renew_secret(session, actor, webhook_id).secret


def send_test(session: Any, actor: Actor, webhook_id: UUID) -> str:
    """Send a test; the id of its delivery."""
    return str(deliveries.test(session, actor, webhook_id).id)


class Webhooks(ListMixin, FormMixin, rx.State):
    """Webhooks with the open one and its log."""

    record: dict[str, str] = {}
    events: list[HistoryRow] = []
    log: list[dict[str, str]] = []
    log_status: str = ""
    log_total: int = 0
    delivery: dict[str, str] = {}
    tried: list[dict[str, str]] = []
    editing: str = ""
    secret: str = ""
    secret_of: str = ""

    def _spec(self) -> ListSpec:
        return LIST

    async def _fetch(self, request: ListRequest) -> Listing:
        filters = parse(WebhookFilters, {"q": request.q[:120], **request.filters})
        found = await run(self, queries.page, filters, PageRequest(request.page, request.limit, request.sort))
        return Listing([webhook_row(each) for each in found.rows], found.total)

    async def _fetch_record(self, record_id: str) -> None:
        if self.record.get("id") != record_id:
            self.delivery, self.tried, self.log_status = {}, [], ""
        if self.secret_of != record_id:
            self.secret, self.secret_of = "", ""
        self.record, self.events = await run(self, read, as_id(record_id))
        await self._read_log()

    async def _read_log(self) -> None:
        if not self.record:
            return
        filters = parse(DeliveryFilters, {"status": self.log_status})
        found = await run(self, delivery_queries.page, as_id(self.record["id"]), filters, LOG_SHOWN)
        self.log, self.log_total = [delivery_row(each) for each in found.rows], found.total
        if self.delivery:
            await self._look_at(self.delivery["id"])

    async def _look_at(self, delivery_id: str) -> int:
        found = await run(self, delivery_queries.find, as_id(delivery_id))
        self.delivery, self.tried = opened_delivery(found), [attempt_row(each) for each in found.tried]
        return found.attempts

    @handler
    async def begin(self) -> Any:
        """Open the form of a new webhook."""
        self.editing = ""
        self._begin({})
        return open_dialog("webhook-sheet")

    @handler
    async def edit(self) -> Any:
        """Open the form of the webhook beside the list."""
        self.editing = self.open_id
        self._begin(starting_values(await run(self, queries.find, as_id(self.open_id))))
        return open_dialog("webhook-sheet")

    @handler
    async def save(self, form: dict[str, Any]) -> Any:
        """Keep a new webhook, or the changes of an old one."""
        if not has_events(form):
            self.attempt += 1
            self.form_error = say("Choose at least one event")
            return None
        if self.editing:
            draft = WebhookDraft(WebhookChanges, form)
            if await self._submit(webhooks.update, as_id(self.editing), draft) is None:
                return None
        else:
            made = await self._submit(create, WebhookDraft(WebhookEntry, form))
            if made is None:
                return None
            self.open_id, self.secret = made
            self.secret_of = self.open_id
        await self._again()
        return [close_dialog("webhook-sheet"), toasts.done("Webhook saved")]

    @handler
    async def switch(self, active: bool) -> Any:
        """Switch the open webhook on or off."""
        await run(self, webhooks.update, as_id(self.open_id), WebhookChanges(active=active))
        await self._again()
        return toasts.done(say("The webhook is on") if active else say("The webhook is off"))

    @handler
    async def renew_secret(self, form: dict[str, Any]) -> Any:
        """Sign with a new secret from now on."""
        self.secret, self.secret_of = await run(self, renew, as_id(self.open_id)), self.open_id
        await self._again()
        return close_dialog("webhook-renew")

    @handler
    async def remove(self, form: dict[str, Any]) -> Any:
        """Forget the open webhook."""
        await run(self, webhooks.remove, as_id(self.open_id))
        self.open_id = ""
        await self._again()
        return [close_dialog("webhook-remove"), toasts.done("The webhook is removed")]


class WebhookLog(rx.State):
    """What is done with deliveries; what they show is the page's."""

    @handler
    async def send_test(self, webhook_id: str) -> Any:
        """Send a test and look for a moment whether it arrives."""
        sent = await run(self, send_test, as_id(webhook_id))
        shown = await self.get_state(Webhooks)
        for _ in range(LOOKS):
            if await shown._look_at(sent):
                break
            await asyncio.sleep(BETWEEN)
        await shown._again()
        if shown.delivery["status_tone"] == "ok":
            return toasts.done("The test has arrived")
        return toasts.warned("The test has not arrived yet", "Deliveries says why.")

    @handler
    async def filter_log(self, status: str) -> None:
        """Show the deliveries of one status, or all."""
        shown = await self.get_state(Webhooks)
        shown.log_status, shown.delivery = status, {}
        await shown._read_log()

    @handler
    async def open_delivery(self, delivery_id: str) -> None:
        """Show what was sent and what came back."""
        await (await self.get_state(Webhooks))._look_at(delivery_id)

    @handler
    async def close_delivery(self) -> None:
        """Go back to the log, with fresh data."""
        shown = await self.get_state(Webhooks)
        shown.delivery, shown.tried = {}, []
        await shown._read_log()

    @handler
    async def replay(self, delivery_id: str) -> Any:
        """Send a delivery again."""
        await run(self, _replay, as_id(delivery_id))
        await (await self.get_state(Webhooks))._read_log()
        return toasts.done("Sent again in a moment, under the same webhook-id")

    @handler
    async def replay_failed(self, webhook_id: str) -> Any:
        """Send everything again that did not arrive."""
        count = await run(self, deliveries.replay_failed, as_id(webhook_id))
        await (await self.get_state(Webhooks))._read_log()
        return (
            toasts.done(say("Sent again: {count}", count=count))
            if count
            else toasts.told("Nothing has failed")
        )


def _replay(session: Any, actor: Actor, delivery_id: UUID) -> None:
    deliveries.replay(session, actor, delivery_id)
