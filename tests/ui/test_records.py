from enum import StrEnum

import pytest

from lattis_app.core.lifecycle import Lifecycle
from lattis_app.ui.records import lifecycle_steps


class Stage(StrEnum):
    ISSUED = "issued"
    PENDING_INVOICE = "pending_invoice"
    CLOSED = "closed"
    CANCELLED = "cancelled"


LIFECYCLE = Lifecycle(
    "Order", {Stage.ISSUED: {Stage.CANCELLED}}, happy_path=(Stage.ISSUED, Stage.PENDING_INVOICE, Stage.CLOSED)
)


@pytest.mark.parametrize(
    ("status", "states"),
    [
        (Stage.ISSUED, ["current", "todo", "todo"]),
        (Stage.PENDING_INVOICE, ["done", "current", "todo"]),
        (Stage.CLOSED, ["done", "done", "done"]),
    ],
)
def test_the_strip_shows_where_a_record_stands(status: Stage, states: list[str]) -> None:
    assert [step["state"] for step in lifecycle_steps(LIFECYCLE, status)] == states


def test_a_status_off_the_path_ends_the_strip() -> None:
    assert lifecycle_steps(LIFECYCLE, Stage.CANCELLED) == [
        {"label": "Issued", "state": "done"},
        {"label": "Cancelled", "state": "stopped"},
    ]
