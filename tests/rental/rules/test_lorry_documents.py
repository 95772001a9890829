"""A lorry's paper is warned of 30, 14, 7 and 1 days ahead and once it has run out (contract: rental.md, "Jobs")."""

from datetime import date, timedelta

import pytest

from lattis_app.rental.rules.lorry_documents import EXPIRED, step_reached

TODAY = date(2026, 3, 16)


@pytest.mark.parametrize(
    ("left", "step"),
    [(31, None), (30, 30), (15, 30), (14, 14), (8, 14), (7, 7), (2, 7), (1, 1), (0, 1), (-1, EXPIRED), (-400, EXPIRED)],
)  # fmt: skip
def test_the_step_that_counts_is_the_last_that_has_come(left: int, step: int | None) -> None:
    assert step_reached(TODAY + timedelta(days=left), TODAY) == step
