"""When a customer is reminded: 3 days before, on the day, 3, 7 and 14 days after (contract: rental.md, "Jobs")."""

from datetime import date, timedelta

import pytest

from lattis_app.rental.rules.payment_reminders import step_reached

DUE = date(2026, 3, 16)


@pytest.mark.parametrize(
    ("late", "step"),
    [
        (-4, None), (-3, -3), (-1, -3), (0, 0), (2, 0), (3, 3), (6, 3), (7, 7), (13, 7), (14, 14), (21, 14), (22, None),
    ],
)  # fmt: skip
def test_the_step_that_has_come(late: int, step: int | None) -> None:
    assert step_reached(DUE, DUE + timedelta(days=late)) == step
