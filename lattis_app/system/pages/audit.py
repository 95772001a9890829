"""The audit log: who changed what, searchable and exportable."""

from __future__ import annotations

import re
from typing import Any

import reflex as rx

from lattis_app.audit.queries import entries
from lattis_app.audit.schemas.entries import AuditFilters, AuditOut
from lattis_app.core.pagination import PageRequest
from lattis_app.core.schemas import parse
from lattis_app.identity.permissions import Permission
from lattis_app.ui import moments
from lattis_app.ui.badges import words
from lattis_app.ui.buttons import link
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.handlers import run
from lattis_app.ui.histories import history_rows
from lattis_app.ui.layout import key_values, page_header
from lattis_app.ui.list_requests import Filter, ListRequest
from lattis_app.ui.lists import Listing, ListMixin
from lattis_app.ui.pages import PAGES, page
from lattis_app.ui.records import HistoryRow, history, record_head, record_panel
from lattis_app.ui.states import empty
from lattis_app.ui.tables import data_table

DOMAINS = ("rental", "courier", "crm", "marketplace", "retail")
LIST = ListSpec(
    "audit",
    (
        Column("what", "What", note="reason"),
        Column("record", "Record", note="kind"),
        Column("actor", "Who", note="role"),
        Column("occurred_at", "When", "date", sortable=True),
        Column("address", "From", priority=3, hidden_by_default=True),
    ),
    filters=(
        Filter("actor", "Who", "text"),
        Filter("entity", "Table", "text"),
        Filter("action", "Action", "text"),
        Filter("from", "From", "date"),
        Filter("to", "To", "date"),
    ),
    views=(("Sign-ins", "action=signed"), ("People", "entity=users")),
    search="Words, a value or a record's id",
    export="/v1/audit",
)


def kind(entity: str) -> str:
    """A table as people call its records: `rental_delivery_orders` becomes `Delivery orders`."""
    first, _, rest = entity.partition("_")
    return words(rest if first in DOMAINS and rest else entity)


def audit_row(entry: AuditOut) -> dict[str, str]:
    """One line of the list."""
    field, _, step = entry.action.rpartition(".")
    changed = ", ".join(_field(name) for name in entry.after or {}) if entry.action == "changed" else ""
    return {
        "id": str(entry.seq),
        "what": f"{words(step if field else entry.action)}{f': {changed}' if changed else ''}",
        "record": entry.label or kind(entry.entity),
        "kind": kind(entry.entity) if entry.label else "",
        "title": " · ".join(filter(None, (kind(entry.entity), entry.label))),
        "actor": entry.actor,
        "role": words(entry.actor_role),
        "occurred_at": moments.moment(entry.occurred_at),
        "reason": entry.reason or "",
        "address": entry.address or "–",
        "entity_id": str(entry.entity_id),
        "request": entry.request_id or "–",
        "href": _place(entry.entity, str(entry.entity_id)),
    }


def _field(name: str) -> str:
    return words(re.sub("_(id|minor|at|on)$", "", name)).lower()


def _place(entity: str, entity_id: str) -> str:
    """Where the record can be opened; empty when no page lists its kind."""
    domain, _, rest = entity.partition("_")
    route = f"/{domain}/{rest.replace('_', '-')}" if domain in DOMAINS else f"/system/{entity}"
    return f"{route}?open={entity_id}" if any(page.route == route for page in PAGES) else ""


class AuditState(ListMixin, rx.State):
    """Entries of the log, one open beside the list."""

    record: dict[str, str] = {}
    events: list[HistoryRow] = []

    def _spec(self) -> ListSpec:
        return LIST

    async def _fetch(self, request: ListRequest) -> Listing:
        filters = parse(AuditFilters, {"q": request.q[:120], **request.filters})
        found = await run(self, entries.page, filters, PageRequest(request.page, request.limit, request.sort))
        return Listing([audit_row(entry) for entry in found.rows], found.total)

    async def _fetch_record(self, record_id: str) -> None:
        entry = await run(self, entries.find, record_id)
        self.record = audit_row(entry)
        self.events = history_rows(await run(self, entries.history_of, entry.entity, entry.entity_id))


@page("/system/audit", "Audit", Permission.AUDIT_LOG_READ, on_load=AuditState.load)
def log() -> rx.Component:
    """Everything that anybody changed."""
    record: Any = AuditState.record
    return rx.fragment(
        page_header("Audit", "Every change, by whom and why. Nobody can change or remove an entry."),
        data_table(
            AuditState,
            LIST,
            label="Audit log",
            nothing=empty(
                "Nothing has happened yet",
                "Every sign-in and every change leaves an entry here: who, what, when and why.",
                glyph="history",
            ),
        ),
        record_panel(
            AuditState,
            record_head(record["title"], record["what"], on_close=AuditState.close_record),
            key_values(
                ("Who", record["actor"]),
                ("Role", record["role"]),
                ("When", record["occurred_at"]),
                ("From", record["address"]),
                ("Reason", rx.cond(record["reason"] != "", record["reason"], "–")),
                (
                    "Record",
                    rx.cond(
                        record["href"] != "",
                        link(record["record"], record["href"]),
                        rx.el.code(record["entity_id"]),
                    ),
                ),
                ("Request", rx.el.code(record["request"])),
            ),
            rx.el.h3("History of this record"),
            history(AuditState.events),
            label="Audit entry",
        ),
    )
