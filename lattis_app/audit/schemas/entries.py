"""Entries of the audit log as they are searched and shown."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from lattis_app.core.schemas import CLEAN, BusinessDate, Filters, Out


class AuditFilters(Filters):
    """Which entries to list. `actor` is a user's id or part of their name; `q` finds words anywhere in an entry."""

    entity: Annotated[str, Field(max_length=60), CLEAN] = ""
    entity_id: UUID | None = None
    actor: Annotated[str, Field(max_length=200), CLEAN] = ""
    action: Annotated[str, Field(max_length=60), CLEAN] = ""
    from_: Annotated[BusinessDate | None, Field(alias="from")] = None
    to: BusinessDate | None = None
    q: Annotated[str, Field(max_length=120), CLEAN] = ""


class AuditOut(Out):
    """Who did what to which record, with the values before and after. `label` is what people called it then.

    `seq` is the entry's place in the log.
    """

    id: UUID
    seq: int
    occurred_at: datetime
    actor_id: UUID | None
    actor: str
    actor_role: str
    action: str
    entity: str
    entity_id: UUID
    label: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    reason: str | None
    request_id: str
    address: str
