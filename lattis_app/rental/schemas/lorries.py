"""Lorries and their papers as they are typed, changed, filtered and shown."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from lattis_app.core.schemas import CLEAN, BusinessDate, Changes, Entry, Filters, LongText, Out, any_of
from lattis_app.rental.statuses import LorryDocumentKind, LorryStatus


def _plate(value: str) -> str:
    return " ".join(value.upper().split())


Plate = Annotated[str, Field(min_length=1, max_length=20), CLEAN, AfterValidator(_plate)]
Kind = Annotated[str, Field(max_length=60), CLEAN]
Capacity = Annotated[int, Field(ge=1, le=100_000)]


class LorryDocumentEntry(Entry):
    """One paper; a lorry has at most one of each kind."""

    kind: LorryDocumentKind
    number: Annotated[str, Field(max_length=60), CLEAN] = ""
    expires_on: BusinessDate


def _one_of_each(documents: list[LorryDocumentEntry]) -> list[LorryDocumentEntry]:
    kinds = [document.kind for document in documents]
    if len(set(kinds)) < len(kinds):
        raise ValueError("must hold at most one of each kind")
    return documents


Documents = Annotated[list[LorryDocumentEntry], Field(max_length=10), AfterValidator(_one_of_each)]


class LorryEntry(Entry):
    """A new lorry with its papers."""

    registration_no: Plate
    type: Kind = ""
    capacity_kg: Capacity | None = None
    status: LorryStatus = LorryStatus.AVAILABLE
    documents: Documents = []
    notes: LongText | None = None


class LorryChanges(Changes):
    """What to change about a lorry; papers given replace those of the same kind."""

    clearable = {"type": "", "capacity_kg": None, "notes": ""}

    registration_no: Plate | None = None
    type: Kind | None = None
    capacity_kg: Capacity | None = None
    status: LorryStatus | None = None
    documents: Documents | None = None
    notes: LongText | None = None


class LorryFilters(Filters):
    """Which lorries to list. `q` is part of a registration number or type; several statuses are separated by commas.

    `expires_within` finds lorries with a paper that runs out within so many days, or has.
    """

    q: Annotated[str, Field(max_length=120), CLEAN] = ""
    status: Annotated[tuple[LorryStatus, ...], any_of(LorryStatus)] = ()
    expires_within: Annotated[int, Field(ge=-1, le=365)] | None = None


class LorryDocumentOut(Out):
    """One paper of a lorry."""

    kind: LorryDocumentKind
    number: str
    expires_on: date


class LorryOut(Out):
    """A lorry with its papers; `next_expiry_on` is the first to run out."""

    id: UUID
    registration_no: str
    type: str
    capacity_kg: int | None
    status: LorryStatus
    notes: str
    documents: list[LorryDocumentOut]
    next_expiry_on: date | None
    created_at: datetime
    updated_at: datetime


class LorryAlertOut(Out):
    """A paper that has run out or soon will."""

    lorry_id: UUID
    registration_no: str
    kind: LorryDocumentKind
    number: str
    expires_on: date
    days_left: int
    expired: bool
