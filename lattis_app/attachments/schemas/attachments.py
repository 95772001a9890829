"""Attachments as they are sent, filtered and shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, computed_field

from lattis_app.core.schemas import Filters, Out

TargetType = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[A-Z][A-Z_]*$", examples=["DO"])]
Slot = Annotated[
    str, Field(min_length=1, max_length=40, pattern=r"^[a-z][a-z0-9_]*$", examples=["placed_serial"])
]


SIGNATURE = "signature"
"""The slot of a picture that is no photo."""


class AttachmentFilters(Filters):
    """Whose files to list."""

    target_type: TargetType
    target_id: UUID


class AttachmentOut(Out):
    """One file of a record; the photo's own time and place where the camera wrote them."""

    id: UUID
    target_type: str
    target_id: UUID
    slot: str
    file_name: str
    content_type: str
    size_bytes: int
    sha256: str
    width: int | None
    height: int | None
    taken_at: datetime | None
    latitude: float | None
    longitude: float | None
    uploaded_by_id: UUID | None
    has_thumbnail: bool
    created_at: datetime
    updated_at: datetime

    @property
    def is_photo(self) -> bool:
        """Whether it shows what was photographed, not what was drawn by hand."""
        return self.content_type.startswith("image/") and self.slot != SIGNATURE

    @computed_field  # type: ignore[prop-decorator]  # pydantic's own pattern
    @property
    def url(self) -> str:
        """Where the file is downloaded."""
        return f"/v1/attachments/{self.id}/content"

    @computed_field  # type: ignore[prop-decorator]  # pydantic's own pattern
    @property
    def thumbnail_url(self) -> str | None:
        """Where its small picture is, if it has one."""
        return f"/v1/attachments/{self.id}/thumbnail" if self.has_thumbnail else None


@dataclass(frozen=True, slots=True)
class Download:
    """A file on its way to somebody who may see it."""

    file_name: str
    content_type: str
    etag: str
    data: bytes
