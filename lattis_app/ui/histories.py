"""The audit log of one record as a History tab shows it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Protocol

from lattis_app.core.language import say
from lattis_app.core.money import Money
from lattis_app.ui import moments
from lattis_app.ui.badges import words
from lattis_app.ui.records import HistoryRow

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*")


class Trace(Protocol):
    """One entry of the audit log."""

    occurred_at: datetime
    actor: str
    action: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    reason: str | None


def history_rows(entries: Iterable[Trace], labels: Mapping[str, str] | None = None) -> list[HistoryRow]:
    """Entries of the audit log, latest first, ready for `history()`; `labels` renames fields and steps.

    One entry that changed several fields is several rows, of which only the first says what happened.
    """
    return [row for entry in entries for row in _rows(entry, labels or {})]


def _rows(entry: Trace, labels: Mapping[str, str]) -> list[HistoryRow]:
    field, _, step = entry.action.rpartition(".")
    if field:
        return [_row(entry, say(labels[step]) if step in labels else words(step))]
    if entry.action != "changed":
        return [_row(entry, words(entry.action))]
    before, after = entry.before or {}, entry.after or {}
    changed = [key for key in after if not (key.endswith("_at") or isinstance(after[key], (dict, list)))]
    return [
        _row(
            entry,
            say("Changed") if key == changed[0] else "",
            say(labels[key]) if key in labels else _label(key),
            "" if before.get(key) in (None, "") else _text(key, before[key]),
            "set" if _is_id(after[key]) and not before.get(key) else _text(key, after[key]),
        )
        for key in changed
    ]


def _row(entry: Trace, what: str, field: str = "", before: str = "", after: str = "") -> HistoryRow:
    return HistoryRow(
        what=what,
        who=entry.actor,
        when=moments.moment(entry.occurred_at),
        field=field,
        before=before,
        after=after,
        reason=entry.reason or "",
    )


def _label(key: str) -> str:
    return words(key.removesuffix("_minor").removesuffix("_id").removesuffix("_on"))


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def _text(key: str, value: Any) -> str:
    match value:
        case None | "":
            return say("nothing")
        case bool():
            return say("yes") if value else say("no")
        case int() if key.endswith("_minor"):
            return Money(value).figures()
        case _ if _is_id(value):
            return say("another")
        case str() if _DAY.fullmatch(value):
            return moments.day(date.fromisoformat(value))
        case str() if _MOMENT.fullmatch(value):
            return moments.moment(datetime.fromisoformat(value))
        case _:
            return str(value)
