"""From the cells of a line to what a schema reads, and back from its complaints to the column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lattis_app.core.errors import Invalid, field_problems
from lattis_app.imports.kinds import ImportColumn

_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_MONEY = re.compile(r"(?i)^(rm|myr)\s*")


def same_heading(heading: str) -> str:
    """A heading as it is compared: `Company name *` and `company_name` are one."""
    return re.sub(r"[^a-z0-9]+", "_", heading.casefold()).strip("_")


def placed(headings: Sequence[str], columns: Sequence[ImportColumn]) -> dict[int, ImportColumn]:
    """Which column of a file is which. Raises Invalid for one that stands twice or is missing."""
    known = {same_heading(column.heading): column for column in columns}
    found = {place: known[name] for place, name in enumerate(map(same_heading, headings)) if name in known}
    names = [column.heading for column in found.values()]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise Invalid.field("file", f"names columns twice: {', '.join(twice)}")
    missing = [column.heading for column in columns if column.required and column.heading not in names]
    if missing:
        raise Invalid.field("file", f"lacks the columns {', '.join(missing)}; the template has them")
    return found


def values_of(cells: Sequence[str], columns: Mapping[int, ImportColumn]) -> dict[str, Any]:
    """The filled cells of a line as values by their path: `size.h_ft` stands in `size`."""
    tree: dict[str, Any] = {}
    for place, column in columns.items():
        if text := cells[place]:
            *parents, leaf = column.place
            branch = tree
            for parent in parents:
                branch = branch.setdefault(parent, {})
            branch[leaf] = _typed(text, column)
    return tree


def _typed(text: str, column: ImportColumn) -> str:
    if column.form == "date" and (found := _DAY_FIRST.fullmatch(text)):
        day, month, year = found.groups()
        return f"{year}-{int(month):02}-{int(day):02}"
    if column.form == "choice":
        return same_heading(text)
    if column.form == "number":
        return _MONEY.sub("", text).replace(",", "")
    return text


def problems_of(
    errors: Iterable[Mapping[str, Any]], columns: Iterable[ImportColumn], given: Mapping[str, Any]
) -> list[dict[str, str]]:
    """A schema's complaints by the column that people see."""
    by_place = {column.place: column.heading for column in columns}
    found = []
    for error in errors:
        place = tuple(_named(error["loc"], given))
        heading = next((by_place[place[:depth]] for depth in (3, 2, 1) if place[:depth] in by_place), "")
        ((field, reason),) = field_problems([error])
        found.append({"field": heading or field, "reason": reason})
    return found


def _named(location: Sequence[str | int], given: Mapping[str, Any]) -> list[str]:
    """The place of a value, where a list of parts is told by the kind of each part."""
    named: list[str] = []
    here: Any = given
    for part in location:
        here = here[part] if isinstance(part, int) or part in here else {}
        named.append(str(here["kind"]) if isinstance(part, int) else str(part))
    return named
