"""What happened to a record, in words."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from lattis_app.ui.histories import history_rows

MOMENT = datetime(2026, 11, 21, 1, 42, tzinfo=UTC)


@dataclass
class Entry:
    action: str
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    reason: str | None = None
    actor: str = "Aina"
    occurred_at: datetime = MOMENT


def test_a_step_is_named_by_where_it_led() -> None:
    (row,) = history_rows([Entry("fulfilment_status.delivered", reason="Gate open")])
    assert (row["what"], row["who"], row["when"], row["reason"], row["field"]) == (
        "Delivered",
        "Aina",
        "21 Nov 2026, 09:42",
        "Gate open",
        "",
    )


def test_each_changed_field_is_a_line_and_moments_of_steps_are_none() -> None:
    rows = history_rows(
        [
            Entry(
                "changed",
                {"weight_kg": None, "amount_minor": 35000, "notes": "a", "issued_at": None},
                {"weight_kg": 1400, "amount_minor": 43000, "notes": "", "issued_at": "2026-11-21T01:42:00Z"},
            )
        ],
        {"weight_kg": "Weight (kg)"},
    )
    assert [row["what"] for row in rows] == ["Changed", "", ""]
    assert [(row["field"], row["before"], row["after"]) for row in rows] == [
        ("Weight (kg)", "", "1400"),
        ("Amount", "350.00", "430.00"),
        ("Notes", "a", "nothing"),
    ]


def test_a_record_is_created_and_ids_are_not_shown() -> None:
    other = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"
    rows = history_rows(
        [
            Entry("changed", {"driver_id": other}, {"driver_id": other.replace("6f", "7f")}),
            Entry("changed", {"driver_id": None}, {"driver_id": other}),
            Entry("created"),
        ]
    )
    assert [(row["what"], row["field"], row["before"], row["after"]) for row in rows] == [
        ("Changed", "Driver", "another", "another"),
        ("Changed", "Driver", "", "set"),
        ("Created", "", "", ""),
    ]
