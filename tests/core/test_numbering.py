"""Document numbers: no gap, no duplicate, whatever happens meanwhile."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import ARRAY, Text, cast, func, select
from sqlalchemy.orm import Session

from lattis_app.core import db
from lattis_app.core.numbering import in_order, take_number


def test_numbers_read_series_period_and_five_digits(session: Session) -> None:
    assert [take_number(session, "INV", 2026) for _ in range(2)] == ["INV-2026-00001", "INV-2026-00002"]
    assert take_number(session, "INV", "2026-12", digits=4) == "INV-2026-12-0001"


def test_each_series_and_period_counts_for_itself(session: Session) -> None:
    taken = [
        take_number(session, series, year) for series, year in (("DO", 2026), ("BK", 2026), ("DO", 2027))
    ]
    assert taken == ["DO-2026-00001", "BK-2026-00001", "DO-2027-00001"]


def test_fifty_at_once_get_fifty_numbers_without_a_gap(committed_database: str) -> None:
    def take(_: int) -> str:
        with db.unit_of_work() as session:
            return take_number(session, "INV", 2026)

    with ThreadPoolExecutor(50) as pool:
        taken = list(pool.map(take, range(50)))

    assert sorted(taken) == [f"INV-2026-{number:05}" for number in range(1, 51)]


def test_a_number_of_a_failed_transaction_is_given_to_the_next(committed_database: str) -> None:
    with db.unit_of_work() as session:
        take_number(session, "INV", 2026)
    with pytest.raises(ZeroDivisionError), db.unit_of_work() as session:
        assert take_number(session, "INV", 2026) == "INV-2026-00002"
        raise ZeroDivisionError
    with db.unit_of_work() as session:
        assert take_number(session, "INV", 2026) == "INV-2026-00002"


def test_every_third_of_sixty_failing_leaves_no_gap(committed_database: str) -> None:
    def take(turn: int) -> str | None:
        try:
            with db.unit_of_work() as session:
                number = take_number(session, "DO", 2026)
                if turn % 3 == 0:
                    raise ZeroDivisionError
                return number
        except ZeroDivisionError:
            return None

    with ThreadPoolExecutor(20) as pool:
        taken = [number for number in pool.map(take, range(60)) if number]

    assert sorted(taken) == [f"DO-2026-{number:05}" for number in range(1, 41)]


NUMBERS = [
    "BK-2026-00001",
    "DO-2025-100000",
    "DO-2026-00009",
    "DO-2026-00010",
    "DO-2026-99999",
    "DO-2026-100000",
    "DO-2026-999999",
    "DO-2026-1000000",
    "DO-2027-00001",
    "Draft",
    "INV-2026-12-0034",
    "INV-2026-12-9999",
    "INV-2026-12-10000",
    "INV-2027-01-0001",
]


def test_numbers_of_more_digits_come_after_those_of_fewer(session: Session) -> None:
    number = func.unnest(cast(sorted(NUMBERS), ARRAY(Text))).column_valued("number")
    assert list(session.scalars(select(number).order_by(in_order(number)))) == NUMBERS
