"""How far a file is, and what became of each of its lines."""

from __future__ import annotations

from enum import StrEnum

from lattis_app.core.lifecycle import Lifecycle


class ImportStatus(StrEnum):
    """`undone` may have kept what other records depend on by then."""

    CHECKED = "checked"
    RUNNING = "running"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


class RowState(StrEnum):
    """A line is new, known already or wrong; a new one is created, and perhaps removed again or kept."""

    NEW = "new"
    KNOWN = "known"
    WRONG = "wrong"
    CREATED = "created"
    REMOVED = "removed"
    KEPT = "kept"


S = ImportStatus
IMPORT_LIFECYCLE = Lifecycle(
    "Import",
    {
        S.CHECKED: {S.RUNNING},
        S.RUNNING: {S.DONE},
        S.DONE: {S.UNDOING},
        S.UNDOING: {S.UNDONE},
        S.UNDONE: {S.UNDOING},
    },
    happy_path=(S.CHECKED, S.RUNNING, S.DONE),
)
AT_WORK = (S.RUNNING, S.UNDOING)
