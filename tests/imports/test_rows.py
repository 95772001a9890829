"""What the page says of files in every state they can be in."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from lattis_app.imports.pages.import_rows import import_row, line_row, state_options, steps, summary
from lattis_app.imports.schemas.imports import ImportOut, ImportRowOut, ProblemOut
from lattis_app.imports.statuses import ImportStatus, RowState

AT = datetime(2026, 3, 16, 1, 0, tzinfo=UTC)
NOBODY = UUID(int=0)


def file_of(status: ImportStatus, **counts: int) -> ImportOut:
    """A file of bins in a state, with so many lines of each kind."""
    of = {
        f"{name}_count": counts.get(name, 0)
        for name in ("row", "new", "known", "wrong", "created", "removed", "kept")
    }
    return ImportOut.model_construct(
        id=NOBODY, kind="bins", title="Bins", file_name="bins.csv", status=status, **of, done=0, total=0, headings=[],
        ignored=[], uploaded_by="Nurul Aina", seen_at=None, finished_at=None, created_at=AT, updated_at=AT,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("status", "counts", "may"),
    [
        ("checked", {"new": 2}, ["can_run", "can_discard"]),
        ("checked", {"wrong": 2}, ["can_discard", "not_taken"]),
        ("running", {"new": 2}, ["at_work"]),
        ("done", {"created": 2, "known": 1}, ["can_undo", "not_taken"]),
        ("undoing", {"created": 2}, ["at_work", "undoing"]),
        ("undone", {"removed": 2}, ["can_discard"]),
        ("undone", {"removed": 1, "kept": 1}, ["can_undo"]),
    ],
)
def test_only_what_is_possible_now_is_offered(status, counts, may):
    shown = import_row(file_of(ImportStatus(status), **counts))
    flags = ("at_work", "undoing", "can_run", "can_undo", "can_discard", "not_taken")
    assert [flag for flag in flags if shown[flag]] == may


def test_a_file_says_what_it_came_to_and_what_needs_a_look_first():
    file = file_of(ImportStatus.UNDONE, removed=1200, kept=1, wrong=2)
    assert summary(file) == "1,200 removed · 1 kept · 2 wrong"
    assert [(each["label"], each["count"]) for each in state_options(file)] == [
        ("Wrong", "2"),
        ("Kept", "1"),
        ("Removed", "1,200"),
    ]


@pytest.mark.parametrize(
    ("status", "states"),
    [
        ("checked", ["done", "current", "todo", "todo"]),
        ("running", ["done", "done", "current", "todo"]),
        ("done", ["done", "done", "done", "done"]),
    ],
)
def test_the_strip_says_how_far_a_file_is(status, states):
    assert [step["state"] for step in steps(file_of(ImportStatus(status)))] == states


def test_a_file_that_was_taken_back_ends_its_strip():
    assert [(step["label"], step["state"]) for step in steps(file_of(ImportStatus.UNDONE))] == [
        ("Checked", "done"),
        ("Undone", "stopped"),
    ]


def test_a_line_says_why_it_is_what_it_is():
    problems = [
        ProblemOut(field="phone", reason="is required"),
        ProblemOut(field="", reason="is named in bookings (1)"),
    ]
    line = ImportRowOut.model_construct(
        line=1200, state=RowState.KEPT, label="Villa", href=None, problems=problems
    )
    assert line_row(line) == {
        "line": "1,200",
        "label": "Villa",
        "href": "",
        "state": "Kept",
        "state_tone": "warn",
        "why": "phone: is required · is named in bookings (1)",
    }
