"""Files and their lines as the page shows them."""

from __future__ import annotations

from lattis_app.core.language import say
from lattis_app.imports.schemas.imports import ImportOut, ImportRowOut
from lattis_app.imports.statuses import AT_WORK, IMPORT_LIFECYCLE, ImportStatus, RowState
from lattis_app.ui import moments
from lattis_app.ui.badges import words
from lattis_app.ui.records import Step, lifecycle_steps

TONES = {"checked": "info", "running": "info", "done": "ok", "undoing": "warn", "undone": "neutral"}
STATE_TONES = {
    "new": "info",
    "known": "neutral",
    "wrong": "bad",
    "created": "ok",
    "removed": "neutral",
    "kept": "warn",
}
COUNTS = ("row", "new", "known", "wrong", "created", "removed", "kept")


def import_row(batch: ImportOut) -> dict[str, str]:
    """One line of the list, and the record's facts."""
    counts = {f"{name}_count": f"{getattr(batch, f'{name}_count'):,}" for name in COUNTS}
    is_over = batch.status in (ImportStatus.DONE, ImportStatus.UNDONE)
    return counts | {
        "id": str(batch.id),
        "kind": batch.kind,
        "file_name": batch.file_name,
        "uploaded_by": batch.uploaded_by,
        "title": say(batch.title),
        "status": words(batch.status),
        "status_tone": TONES[batch.status],
        "result": summary(batch),
        "created_at": moments.moment(batch.created_at),
        "finished_at": moments.moment(batch.finished_at),
        "ignored": ", ".join(batch.ignored),
        "seen_at": moments.moment(batch.seen_at) if batch.seen_at else "",
        "at_work": "true" if batch.status in AT_WORK else "",
        "undoing": "true" if batch.status == ImportStatus.UNDOING else "",
        "can_run": "true" if batch.status == ImportStatus.CHECKED and batch.new_count else "",
        "can_undo": "true" if is_over and batch.created_count + batch.kept_count else "",
        "can_discard": "true"
        if batch.status not in AT_WORK and not batch.created_count + batch.kept_count
        else "",
        "not_taken": "true" if batch.wrong_count + batch.known_count else "",
    }


def summary(batch: ImportOut) -> str:
    """What a file came to, in a few words."""
    told = (
        (batch.new_count, say("{count} to create", count=f"{batch.new_count:,}")),
        (batch.created_count, say("{count} created", count=f"{batch.created_count:,}")),
        (batch.removed_count, say("{count} removed", count=f"{batch.removed_count:,}")),
        (batch.kept_count, say("{count} kept", count=f"{batch.kept_count:,}")),
        (batch.known_count, say("{count} known", count=f"{batch.known_count:,}")),
        (batch.wrong_count, say("{count} wrong", count=f"{batch.wrong_count:,}")),
    )
    return " · ".join(text for count, text in told if count)


def steps(batch: ImportOut) -> list[Step]:
    """Where a file stands: chosen, checked, run, done."""
    if batch.status in (ImportStatus.UNDOING, ImportStatus.UNDONE):
        return lifecycle_steps(IMPORT_LIFECYCLE, batch.status)
    labels = (say("File"), say("Check"), say("Run"), say("Result"))
    here = {ImportStatus.CHECKED: 1, ImportStatus.RUNNING: 2, ImportStatus.DONE: 4}[batch.status]
    return [
        Step(label=label, state="done" if place < here else "current" if place == here else "todo")
        for place, label in enumerate(labels)
    ]


def line_row(row: ImportRowOut) -> dict[str, str]:
    """One line of a file, and why it is what it is."""
    reasons = [f"{each.field}: {each.reason}" if each.field else each.reason for each in row.problems]
    return {
        "line": f"{row.line:,}",
        "label": row.label,
        "href": row.href or "",
        "state": words(row.state),
        "state_tone": STATE_TONES[row.state],
        "why": " · ".join(reasons),
    }


def state_options(batch: ImportOut) -> list[dict[str, str]]:
    """The states that lines of a file are in, those that need a look first."""
    order = (RowState.WRONG, RowState.KEPT, RowState.NEW, RowState.CREATED, RowState.KNOWN, RowState.REMOVED)
    counts = {state: getattr(batch, f"{state}_count") for state in order}
    return [
        {"value": str(state), "label": words(state), "count": f"{count:,}"}
        for state, count in counts.items()
        if count
    ]
