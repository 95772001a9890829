"""A person or company as other packages hand it over, and as it is listed and shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from lattis_app.core.schemas import CLEAN, Filters, Out


@dataclass(frozen=True, slots=True)
class PartyDetails:
    """Names and contacts; phone as E.164, e-mail in lower case."""

    name: str
    contact_name: str = ""
    phone: str | None = None
    email: str | None = None
    address: str = ""
    tax_ids: dict[str, str] = field(default_factory=dict)
    kind: str = "company"


class PartyFilters(Filters):
    """Which people and companies to list. `q` finds names, contacts, phones and e-mail addresses."""

    q: Annotated[str, Field(max_length=120), CLEAN] = ""
    kind: Annotated[str, Field(pattern="^(company|person)?$")] = ""


class DuplicateSigns(Filters):
    """What somebody is typing about a person or company."""

    name: Annotated[str, Field(max_length=200), CLEAN] = ""
    phone: Annotated[str, Field(max_length=40), CLEAN] = ""
    email: Annotated[str, Field(max_length=254), CLEAN] = ""
    apart_from: UUID | None = None


class PartyOut(Out):
    """A person or company; `merged_into_id` names the record that took its place."""

    id: UUID
    kind: str
    status: str
    name: str
    contact_name: str
    phone: str | None
    email: str | None
    address: str
    tax_ids: dict[str, str]
    merged_into_id: UUID | None
    created_at: datetime
    updated_at: datetime


class DuplicateOut(Out):
    """Somebody who may be the same, and why."""

    id: UUID
    name: str
    phone: str | None
    email: str | None
    because: list[str]
