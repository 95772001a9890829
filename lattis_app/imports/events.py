"""What happens to a file of records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from lattis_app.core.names import EventName


@dataclass(frozen=True, slots=True)
class ImportProgressed:
    """Some lines of a file were dealt with; with status `done` or `undone` they were the last."""

    name: ClassVar = EventName.IMPORT_PROGRESSED
    entity: ClassVar = "import_batches"
    entity_id: UUID
    kind: str
    status: str
    done: int
    total: int
