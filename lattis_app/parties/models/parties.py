"""People and companies."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from lattis_app.core.db import Record

NAME_WORDS = "to_tsvector('simple'::regconfig, (name::text || ' '::text) || contact_name::text)"
"""The words of the names, in the form in which PostgreSQL keeps it; searches say the same, to be served by the index."""


class Party(Record, table=True):
    """A person or company. `name_key` is the name as duplicates are looked for; phone and e-mail are normalised."""

    __tablename__ = "parties"
    __table_args__ = (
        CheckConstraint("kind IN ('company', 'person')", name="kind"),
        Index("ix_parties_name", "name", "id"),
        Index("ix_parties_name_key", "name_key", postgresql_ops={"name_key": "text_pattern_ops"}),
        Index("ix_parties_phone", "phone"),
        Index("ix_parties_phone_start", "phone", postgresql_ops={"phone": "text_pattern_ops"}),
        Index("ix_parties_words", text(NAME_WORDS), postgresql_using="gin"),
        Index("ix_parties_email", "email"),
        Index("ix_parties_merged_into_id", "merged_into_id"),
    )
    unaudited_fields: ClassVar[frozenset[str]] = frozenset({"name_key"})
    labelled_by: ClassVar[tuple[str, ...]] = ("name",)

    kind: str = Field(default="company", max_length=10)
    name: str = Field(max_length=200)
    name_key: str = Field(max_length=200)
    contact_name: str = Field(default="", max_length=200)
    phone: str | None = Field(default=None, max_length=20)
    email: str | None = Field(default=None, max_length=254)
    address: str = Field(default="", max_length=2000)
    tax_ids: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    merged_into_id: UUID | None = Field(default=None, foreign_key="parties.id")
