"""Lorries: the list, the record beside it, and the form with the papers a lorry must carry."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from lattis_app.core import clock
from lattis_app.core.language import say
from lattis_app.core.schemas import parse
from lattis_app.identity.permissions import Permission
from lattis_app.rental.pages.records import dash, display, typed, wanted, with_history
from lattis_app.rental.queries import lorries as queries
from lattis_app.rental.schemas.lorries import LorryChanges, LorryEntry, LorryFilters, LorryOut
from lattis_app.rental.services import lorries as services
from lattis_app.rental.statuses import LorryDocumentKind, LorryStatus
from lattis_app.ui import moments, toasts
from lattis_app.ui.badges import badge, words
from lattis_app.ui.buttons import button
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.dialogs import close_dialog, open_dialog
from lattis_app.ui.form_state import Draft, FormMixin
from lattis_app.ui.forms import Fields, form_sheet, section, side_by_side
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import key_values, page_header
from lattis_app.ui.list_requests import Filter, ListRequest
from lattis_app.ui.lists import Listing, ListMixin
from lattis_app.ui.pages import page
from lattis_app.ui.records import HistoryRow, history, next_steps, record_head, record_panel, tabs
from lattis_app.ui.states import empty
from lattis_app.ui.tables import data_table, simple_table

STATUSES = tuple((str(status), words(status)) for status in LorryStatus)
TONES = {"available": "ok", "in_use": "info", "maintenance": "warn", "inactive": "neutral"}
SOON = 30
LIST = ListSpec(
    "lorries",
    (
        Column("registration_no", "Lorry", sortable=True, note="type"),
        Column("capacity", "Capacity", "number", priority=2),
        Column("paper", "Papers", "badge"),
        Column("status", "Status", "badge", sortable=True),
    ),
    filters=(Filter("status", "Status", options=STATUSES, several=True),),
    search="Registration number or type",
    export="/v1/lorries",
)
PAPERS = (Column("kind", "Paper"), Column("number", "Number"), Column("state", "Expires", "badge"))
EDITED = ("registration_no", "type", "capacity_kg", "status", "notes")
read = with_history(queries.find, "rental_lorries")


def expiry(expires_on: Any) -> tuple[str, str]:
    """When a paper runs out, in words and tone."""
    if expires_on is None:
        return say("No papers"), "neutral"
    left = (expires_on - clock.today()).days
    if left < 0:
        return say("Expired {day}", day=moments.day(expires_on)), "bad"
    return say("Until {day}", day=moments.day(expires_on)), "warn" if left <= SOON else "ok"


def row(lorry: LorryOut) -> dict[str, str]:
    """One line of the list, and the record's facts."""
    paper, tone = expiry(lorry.next_expiry_on)
    return {
        "id": str(lorry.id),
        "registration_no": lorry.registration_no,
        "type": lorry.type,
        "capacity": f"{lorry.capacity_kg:,} kg" if lorry.capacity_kg else "–",
        "paper": paper,
        "paper_tone": tone,
        "status": words(lorry.status),
        "status_tone": TONES[lorry.status],
        "notes": dash(lorry.notes),
    }


def papers(lorry: LorryOut) -> list[dict[str, str]]:
    """The lorry's papers, each with its state."""
    rows = []
    for each in lorry.documents:
        state, tone = expiry(each.expires_on)
        rows.append(
            {
                "id": each.kind,
                "kind": words(each.kind),
                "number": dash(each.number),
                "state": state,
                "state_tone": tone,
            }
        )
    return rows


class LorryDraft(Draft):
    """A lorry's form: the fields of each kind of paper become the list of papers."""

    def parse(self) -> Any:
        """The typed input; raises pydantic's ValidationError."""
        plain = {name: value or None for name, value in self.form.items() if "__" not in name}
        documents = [
            {"kind": str(kind), "number": self.form.get(f"{kind}__number", ""), "expires_on": expires_on}
            for kind in LorryDocumentKind
            if (expires_on := self.form.get(f"{kind}__expires_on"))
        ]
        given = {name: value for name, value in plain.items() if value is not None}
        return self.schema.model_validate(given | {"documents": documents})


class Lorries(ListMixin, FormMixin, rx.State):
    """Lorries with the open one."""

    record: dict[str, str] = {}
    documents: list[dict[str, str]] = []
    events: list[HistoryRow] = []
    editing: str = ""

    def _spec(self) -> ListSpec:
        return LIST

    async def _fetch(self, request: ListRequest) -> Listing:
        filters = parse(LorryFilters, {"q": request.q, **request.filters})
        found = await run(self, queries.page, filters, wanted(request))
        return Listing(display(found, row), found.total)

    async def _fetch_record(self, record_id: str) -> None:
        found, self.events = await run(self, read, UUID(record_id))
        self.record, self.documents = row(found), papers(found)

    @handler
    async def begin(self) -> Any:
        """Open the form of a new lorry."""
        self.editing = ""
        self._begin({"status": "available"})
        return open_dialog("lorry-sheet")

    @handler
    async def edit(self) -> Any:
        """Open the form of the lorry beside the list."""
        self.editing = self.open_id
        found = await run(self, queries.find, UUID(self.open_id))
        values = typed({name: getattr(found, name) for name in EDITED})
        for each in found.documents:
            values |= {f"{each.kind}__number": each.number, f"{each.kind}__expires_on": str(each.expires_on)}
        self._begin(values)
        return open_dialog("lorry-sheet")

    @handler
    async def save(self, form: dict[str, Any]) -> Any:
        """Keep a new lorry, or the changes of an old one."""
        if self.editing:
            changes = LorryDraft(LorryChanges, form)
            saved = await self._submit(services.update, UUID(self.editing), changes)
        else:
            saved = await self._submit(services.create, LorryDraft(LorryEntry, form))
        if saved is None:
            return None
        self.open_id, self.editing = str(saved.id), ""
        await self._again()
        return [close_dialog("lorry-sheet"), toasts.done(f"{saved.registration_no} saved")]


@page("/rental/lorries", "Lorries", Permission.RENTAL_LORRIES_READ, on_load=Lorries.load)
def lorries() -> rx.Component:
    """Lorries with the record beside the list."""
    state = Lorries
    return rx.fragment(
        page_header(
            "Lorries",
            rx.el.span(state.total, " match", class_name="num"),
            button("New lorry", kind="primary", glyph="plus", on_click=state.begin),
        ),
        data_table(
            state,
            LIST,
            label="Lorries",
            nothing=empty(
                "No lorries yet", "A job is assigned to a driver and a lorry whose papers are in date."
            ),
        ),
        record_panel(state, *_record(), label="Lorry"),
        _form(),
    )


def _record() -> list[rx.Component]:
    record = Lorries.record
    return [
        record_head("Lorry", record["registration_no"], on_close=Lorries.close_record),
        next_steps(button("Edit", glyph="pencil", on_click=Lorries.edit)),
        tabs(
            "lorry-tabs",
            (
                "Summary",
                rx.fragment(
                    key_values(
                        ("Status", badge(record["status"], record["status_tone"])),
                        ("Type", record["type"]),
                        ("Capacity", record["capacity"]),
                        ("Notes", record["notes"]),
                    ),
                    simple_table(PAPERS, Lorries.documents, label="Papers"),
                ),
            ),
            ("History", history(Lorries.events)),
        ),
    ]


def _form() -> rx.Component:
    f = Fields(Lorries, "lorry")
    return form_sheet(
        Lorries,
        "lorry-sheet",
        rx.cond(Lorries.editing, "Edit lorry", "New lorry"),
        side_by_side(f.text("registration_no", "Registration no.", required=True), f.text("type", "Type")),
        side_by_side(
            f.number("capacity_kg", "Capacity", unit="kg"),
            f.select("status", "Status", STATUSES, required=True),
        ),
        section(
            "Papers",
            *[
                side_by_side(
                    f.text(f"{kind}__number", f"{words(kind)} no."),
                    f.date(f"{kind}__expires_on", "Expires on"),
                )
                for kind in LorryDocumentKind
            ],
        ),
        f.textarea("notes", "Notes"),
        on_submit=Lorries.save,
        submit="Save lorry",
    )
