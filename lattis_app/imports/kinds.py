"""What can be imported: each domain registers its kinds of record, with the schema that its forms use."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import Record
from lattis_app.core.errors import NotFound
from lattis_app.identity.permissions import Permission


@dataclass(frozen=True, slots=True)
class ImportColumn:
    """One column of a file; `path` is where its value stands in the schema, by default under the heading.

    A `date` may be written day first, a `choice` with capitals and spaces, a `number` with commas.
    """

    heading: str
    note: str
    sample: str = ""
    required: bool = False
    path: tuple[str, ...] = ()
    form: Literal["text", "date", "choice", "number"] = "text"

    @property
    def place(self) -> tuple[str, ...]:
        """Where the value stands in the schema."""
        return self.path or (self.heading,)


@dataclass(frozen=True, slots=True)
class Known:
    """A record that a line means, or only looks like when `is_sure` is off."""

    record_id: UUID
    field: str
    reason: str
    is_sure: bool = True


@dataclass(frozen=True, kw_only=True)
class ImportKind:
    """A kind of record that files can bring.

    `shape` makes schema input of the values by their path; `label` is what people call an entry; `signs` are the
    values that no two lines share; `known` finds, for all entries at once, the record that each one already is;
    `remove` deletes what nothing depends on and says of each other record why it stays.
    """

    name: str
    title: str
    permission: Permission
    columns: Sequence[ImportColumn]
    schema: type[BaseModel]
    label: Callable[[Any], str]
    signs: Callable[[Any], Mapping[str, str]]
    known: Callable[[Session, Sequence[Any]], Sequence[Known | None]]
    create: Callable[[Session, Actor, Any], Record]
    remove: Callable[[Session, Actor, Sequence[UUID]], Mapping[UUID, str]]
    href: str
    shape: Callable[[dict[str, Any]], dict[str, Any]] = dict
    at_once: int = 100


_kinds: dict[str, ImportKind] = {}


def register_kind(kind: ImportKind) -> None:
    """Make a kind of record importable; called once by its domain."""
    if _kinds.setdefault(kind.name, kind) is not kind:
        raise ValueError(f"{kind.name} is registered already")


def kinds_for(actor: Actor) -> list[ImportKind]:
    """The kinds that an actor may import, by title."""
    allowed = [kind for kind in _kinds.values() if actor.may(kind.permission)]
    return sorted(allowed, key=lambda kind: kind.title)


def kind_for(actor: Actor, name: str) -> ImportKind:
    """The kind of this name, if the actor may import it. Raises NotFound."""
    kind = _kinds.get(name)
    if kind is None or not actor.may(kind.permission):
        raise NotFound.record("Kind of import", name)
    return kind
