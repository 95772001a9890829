"""What each line of a file would do: make something new, nothing since it is known, or nothing since it is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.orm import Session

from lattis_app.imports.files import Line
from lattis_app.imports.kinds import ImportColumn, ImportKind
from lattis_app.imports.rules import problems_of, values_of
from lattis_app.imports.statuses import RowState


@dataclass(slots=True)
class CheckedLine:
    """A line, what it would do and why not; `entry` is what its cells say, if they can be understood."""

    number: int
    cells: list[str]
    state: RowState = RowState.NEW
    label: str = ""
    problems: list[dict[str, str]] = field(default_factory=list)
    record_id: UUID | None = None
    entry: Any = None

    def is_known(self, column: str, reason: str, record_id: UUID | None = None) -> None:
        """Note that a line brings nothing new."""
        self.state, self.record_id = RowState.KNOWN, record_id
        self.problems = [{"field": column, "reason": reason}]


def check_lines(
    session: Session, kind: ImportKind, lines: Sequence[Line], places: Mapping[int, ImportColumn]
) -> list[CheckedLine]:
    """Understand every line, then find those that are known already or stand in the file before."""
    checked = [_understood(kind, line, places) for line in lines]
    readable = [line for line in checked if line.entry is not None]
    for line, known in zip(readable, kind.known(session, [line.entry for line in readable]), strict=True):
        if known is not None and known.is_sure:
            line.is_known(known.field, known.reason, known.record_id)
        elif known is not None:
            line.problems = [{"field": known.field, "reason": known.reason}]
    first: dict[tuple[str, str], int] = {}
    for line in readable:
        for column, sign in kind.signs(line.entry).items():
            before = first.setdefault((column, sign), line.number)
            if before != line.number and line.state is RowState.NEW:
                line.is_known(column, f"stands in line {before} too")
    return checked


def _understood(kind: ImportKind, line: Line, places: Mapping[int, ImportColumn]) -> CheckedLine:
    checked = CheckedLine(line.number, line.cells, label=next(filter(None, line.cells), ""))
    checked.problems = [
        {"field": places[place].heading, "reason": reason}
        for place, reason in line.problems.items()
        if place in places
    ]
    given = kind.shape(values_of(line.cells, places))
    try:
        entry = kind.schema.model_validate(given)
    except ValidationError as refusal:
        refused = {problem["field"] for problem in checked.problems}
        found = problems_of(refusal.errors(include_url=False), kind.columns, given)
        checked.problems += [problem for problem in found if problem["field"] not in refused]
    else:
        if not checked.problems:
            checked.entry, checked.label = entry, kind.label(entry)
    if checked.entry is None:
        checked.state = RowState.WRONG
    return checked
