"""One clock, and business dates in the business's own zone."""

from datetime import UTC, date, datetime, timedelta
from threading import Thread

import pytest

from lattis_app.core import clock as lattis_clock


@pytest.mark.parametrize(
    ("moment", "zone", "day"),
    [
        (datetime(2026, 3, 15, 15, 59, tzinfo=UTC), "Asia/Kuala_Lumpur", date(2026, 3, 15)),
        (datetime(2026, 3, 15, 16, 0, tzinfo=UTC), "Asia/Kuala_Lumpur", date(2026, 3, 16)),
        (datetime(2026, 3, 28, 23, 0, tzinfo=UTC), "Europe/Skopje", date(2026, 3, 29)),
        (datetime(2026, 3, 29, 22, 0, tzinfo=UTC), "Europe/Skopje", date(2026, 3, 30)),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), None, date(2027, 1, 1)),
    ],
)
def test_today_is_the_date_where_the_business_is(
    clock, moment: datetime, zone: str | None, day: date
) -> None:
    clock.set(moment)
    assert lattis_clock.today(zone) == day
    assert lattis_clock.date_of(moment, zone) == day


def test_a_business_day_begins_at_its_own_midnight() -> None:
    assert lattis_clock.start_of(date(2026, 3, 16)) == datetime(2026, 3, 15, 16, 0, tzinfo=UTC)
    skopje = [lattis_clock.start_of(date(2026, 3, day), "Europe/Skopje") for day in (29, 30)]
    assert skopje[1] - skopje[0] == timedelta(hours=23), "the night summer time begins"


def test_time_frozen_for_one_task_goes_on_for_others(clock) -> None:
    seen: list[datetime] = []
    held = datetime(2020, 1, 1, tzinfo=UTC)
    with lattis_clock.freeze(held):
        thread = Thread(target=lambda: seen.append(lattis_clock.now()))
        thread.start()
        thread.join()
        assert lattis_clock.now() == held
    assert seen == [clock.now()]
    assert lattis_clock.now() == clock.now()


def test_a_demonstration_runs_ahead_of_time() -> None:
    before = datetime.now(UTC)
    lattis_clock.move_by(timedelta(days=3))
    try:
        ahead = lattis_clock.now() - before
    finally:
        lattis_clock.move_by(timedelta(0))
    assert timedelta(days=3) <= ahead < timedelta(days=3, minutes=1)
