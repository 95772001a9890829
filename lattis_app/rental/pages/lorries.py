"""Lorries: the list, the record beside it, and the form with the papers a lorry must carry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import reflex as rx
from pydantic import BaseModel, ValidationError
from pydantic_core import InitErrorDetails

from lattis_app.attachments.queries import attachments
from lattis_app.attachments.schemas.attachments import AttachmentOut
from lattis_app.audit.pages.histories import history
from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.language import say
from lattis_app.core.schemas import parse
from lattis_app.identity.permissions import Permission
from lattis_app.rental.pages.delivery_order_rows import paper
from lattis_app.rental.queries import lorries as queries
from lattis_app.rental.schemas.lorries import LorryChanges, LorryEntry, LorryFilters, LorryOut
from lattis_app.rental.services import lorries as services
from lattis_app.rental.statuses import LorryDocumentKind, LorryStatus
from lattis_app.ui import moments, toasts
from lattis_app.ui.badges import badge, words
from lattis_app.ui.buttons import button
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.conditions import if_may, only_while
from lattis_app.ui.dialogs import close_dialog, open_dialog
from lattis_app.ui.form_state import Draft, FormMixin
from lattis_app.ui.forms import Fields, form_sheet, section, side_by_side, upload
from lattis_app.ui.frame import FrameState
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import key_values, notice, page_header, stack
from lattis_app.ui.list_requests import Filter, ListRequest
from lattis_app.ui.lists import Listing, ListMixin, as_id, display, wanted
from lattis_app.ui.masters import import_button
from lattis_app.ui.pages import page
from lattis_app.ui.records import HistoryRow, files, next_steps, record_head, record_panel, tabs
from lattis_app.ui.records import history as history_tab
from lattis_app.ui.states import empty
from lattis_app.ui.tables import counted, data_table, simple_table
from lattis_app.ui.values import dash, typed

STATUSES = tuple((str(status), words(status)) for status in LorryStatus)
TONES = {"available": "ok", "in_use": "info", "maintenance": "warn", "inactive": "neutral"}
SOON = 30
LIST = ListSpec(
    "lorries",
    (
        Column("registration_no", "Lorry", sortable=True, note="type"),
        Column("capacity", "Capacity", "number", priority=2),
        Column("next_expiry_on", "Next paper", "badge", sortable=True),
        Column("status", "Status", "badge", sortable=True),
    ),
    filters=(
        Filter("status", "Status", options=STATUSES, several=True),
        Filter("expires_within", "Papers", options=(("-1", "Expired"), ("30", "Expired or within 30 days"))),
    ),
    views=(
        ("Papers to renew", "expires_within=30&sort=next_expiry_on"),
        ("In the workshop", "status=maintenance"),
    ),
    search="Registration number or type",
    export="/v1/lorries",
)
MANAGE = Permission.RENTAL_LORRIES_MANAGE
PAPERS = (Column("kind", "Paper"), Column("number", "Number"), Column("state", "Expires", "badge"))
EDITED = ("registration_no", "type", "capacity_kg", "status", "notes")


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
    until, tone = expiry(lorry.next_expiry_on)
    first = next((each.kind for each in lorry.documents if each.expires_on == lorry.next_expiry_on), "")
    can_drive = lorry.status in (LorryStatus.AVAILABLE, LorryStatus.IN_USE) and tone != "bad"
    status, shown_as = words(lorry.status), TONES[lorry.status]
    if lorry.status == LorryStatus.AVAILABLE and not can_drive:
        status, shown_as = say("Papers expired"), "warn"
    return {
        "id": str(lorry.id),
        "registration_no": lorry.registration_no,
        "type": lorry.type,
        "capacity": f"{lorry.capacity_kg:,} kg" if lorry.capacity_kg else "–",
        "next_expiry_on": f"{words(first)} · {until[:1].lower()}{until[1:]}" if first else until,
        "next_expiry_on_tone": tone,
        "blocked": "" if can_drive else "true",
        "in_workshop": "true" if lorry.status == LorryStatus.MAINTENANCE else "",
        "is_available": "true" if lorry.status == LorryStatus.AVAILABLE else "",
        "orders_href": f"/rental/delivery-orders?lorry_id={lorry.id}",
        "status": status,
        "status_tone": shown_as,
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


def read(
    session: Any, actor: Actor, lorry_id: UUID
) -> tuple[LorryOut, list[AttachmentOut], list[HistoryRow]]:
    """A lorry with the scans of its papers and its history. Raises NotFound."""
    found = queries.find(session, actor, lorry_id)
    kept = attachments.list_for(session, actor, "LORRY", lorry_id)
    return found, list(kept), history(session, actor, "rental_lorries", lorry_id)


@dataclass(frozen=True)
class LorryDraft(Draft):
    """A lorry's form: the fields of each kind of paper become the list of papers.

    With `stood`, only what differs from what stood there is changed, and an emptied field is cleared.
    """

    stood: Mapping[str, str] | None = None

    def parse(self) -> BaseModel:
        """The typed input; raises pydantic's ValidationError with a paper's problem beside its own field."""
        typed_in = {name: str(value).strip() for name, value in self.form.items()}
        named = {
            kind: {name: typed_in.get(f"{kind}__{name}", "") for name in ("number", "expires_on")}
            for kind in LorryDocumentKind
        }
        papers = {kind: fields for kind, fields in named.items() if any(fields.values())}
        documents = [
            {"kind": str(kind)} | {name: value for name, value in fields.items() if value}
            for kind, fields in papers.items()
        ]
        try:
            return self.schema.model_validate(self._plain(typed_in) | {"documents": documents})
        except ValidationError as refusal:
            raise _beside_its_field(refusal, list(papers)) from None

    def _plain(self, typed_in: Mapping[str, str]) -> dict[str, str | None]:
        plain = {name: value for name, value in typed_in.items() if "__" not in name}
        if self.stood is None:
            return {name: value for name, value in plain.items() if value}
        return {name: value or None for name, value in plain.items() if value != self.stood.get(name, "")}


def _beside_its_field(refusal: ValidationError, papers: Sequence[LorryDocumentKind]) -> ValidationError:
    problems = []
    for problem in refusal.errors():
        place = problem["loc"]
        if place[0] == "documents" and len(place) > 2:
            place = (f"{papers[int(place[1])]}__{place[2]}",)
        again = InitErrorDetails(type=problem["type"], loc=place, input=problem["input"])
        problems.append(again | {"ctx": problem.get("ctx", {})})
    return ValidationError.from_exception_data(refusal.title, problems)


class Lorries(ListMixin, FormMixin, rx.State):
    """Lorries with the open one."""

    record: dict[str, str] = {}
    documents: list[dict[str, str]] = []
    scans: list[dict[str, str]] = []
    events: list[HistoryRow] = []
    editing: str = ""

    def _spec(self) -> ListSpec:
        return LIST

    async def _fetch(self, request: ListRequest) -> Listing:
        filters = parse(LorryFilters, {"q": request.q, **request.filters})
        found = await run(self, queries.page, filters, wanted(request))
        return Listing(display(found, row), found.total)

    async def _fetch_record(self, record_id: str) -> None:
        found, kept, self.events = await run(self, read, as_id(record_id))
        self.record, self.documents = row(found), papers(found)
        self.scans = [paper(each) for each in kept]

    @handler
    async def begin(self) -> Any:
        """Open the form of a new lorry."""
        self.editing = ""
        self._begin({"status": str(LorryStatus.AVAILABLE)})
        return open_dialog("lorry-sheet")

    @handler
    async def edit(self) -> Any:
        """Open the form of the lorry beside the list."""
        self.editing = self.open_id
        found = await run(self, queries.find, as_id(self.open_id))
        values = typed({name: getattr(found, name) for name in EDITED})
        for each in found.documents:
            values |= {f"{each.kind}__number": each.number, f"{each.kind}__expires_on": str(each.expires_on)}
        self._begin(values)
        return open_dialog("lorry-sheet")

    @handler
    async def send(self, status: LorryStatus) -> Any:
        """Send the open lorry to the workshop, or have it back; the toast takes it back."""
        before = await run(self, queries.find, as_id(self.open_id))
        changed = await run(self, services.update, before.id, LorryChanges(status=status))
        await self._again()
        said = f"{changed.registration_no}: {words(status).lower()}"
        return toasts.done(said, undo=Lorries.send(str(before.status)))

    @handler
    async def save(self, form: dict[str, Any]) -> Any:
        """Keep a new lorry, or the changes of an old one."""
        if self.editing:
            changes = LorryDraft(LorryChanges, form, dict(self.values))
            saved = await self._submit(services.update, as_id(self.editing), changes)
        else:
            saved = await self._submit(services.create, LorryDraft(LorryEntry, form))
        if saved is None:
            return None
        self.open_id, self.editing = str(saved.id), ""
        await self._again()
        return [close_dialog("lorry-sheet"), toasts.done(say("{name} saved", name=saved.registration_no))]


@page("/rental/lorries", "Lorries", Permission.RENTAL_LORRIES_READ, on_load=Lorries.load)
def lorries() -> rx.Component:
    """Lorries with the record beside the list."""
    state = Lorries
    return rx.fragment(
        page_header(
            "Lorries",
            counted(state, "lorry", "lorries"),
            import_button("lorries", MANAGE),
            if_may(MANAGE, button("New lorry", kind="primary", glyph="plus", on_click=state.begin)),
        ),
        data_table(
            state,
            LIST,
            label="Lorries",
            nothing=empty(
                "No lorries yet",
                "A job is given to a driver and a lorry whose papers are in date. With the dates of road tax, insurance "
                "and inspection, Lattis warns before one runs out.",
                if_may(MANAGE, button("New lorry", kind="primary", on_click=state.begin)),
                import_button("lorries", MANAGE),
                glyph="truck",
            ),
        ),
        record_panel(state, *_record(), label="Lorry"),
        _form(),
    )


def _record() -> list[rx.Component]:
    state, record = Lorries, Lorries.record
    workshop = rx.fragment(
        rx.cond(
            record["is_available"] != "",
            button("To the workshop", on_click=state.send(str(LorryStatus.MAINTENANCE))),
            rx.fragment(),
        ),
        rx.cond(
            record["in_workshop"] != "",
            button("Back from the workshop", kind="primary", on_click=state.send(str(LorryStatus.AVAILABLE))),
            rx.fragment(),
        ),
    )
    return [
        record_head("Lorry", record["registration_no"], on_close=state.close_record),
        next_steps(
            if_may(MANAGE, rx.fragment(button("Edit", glyph="pencil", on_click=state.edit), workshop)),
        ),
        tabs(
            "lorry-tabs",
            ("Summary", _summary(record)),
            ("Papers", _papers()),
            ("History", history_tab(state.events)),
            counts={1: state.documents.length()},
        ),
    ]


def _summary(record: Any) -> rx.Component:
    blocked = notice(
        "Can't be assigned", "It is out of service, or a paper has run out. Renew it under Edit.", tone="bad"
    )
    return stack(
        only_while(record["blocked"] != "", blocked),
        key_values(
            ("Status", badge(record["status"], record["status_tone"])),
            ("Next paper", badge(record["next_expiry_on"], record["next_expiry_on_tone"])),
            ("Type", record["type"]),
            ("Capacity", record["capacity"]),
            ("Notes", record["notes"]),
        ),
    )


def _papers() -> rx.Component:
    state = Lorries
    none = rx.el.p(
        "No papers yet. Add road tax, insurance, inspection and permit under Edit.", class_name="muted small"
    )
    return stack(
        rx.cond(state.documents.length() > 0, simple_table(PAPERS, state.documents, label="Papers"), none),
        rx.cond(state.scans.length() > 0, files(state.scans), rx.fragment()),
        if_may(
            MANAGE,
            upload(
                "LORRY", state.open_id, then=state.load, csrf=FrameState.csrf, label="Add scans of papers"
            ),
        ),
    )


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
