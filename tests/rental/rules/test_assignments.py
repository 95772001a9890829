"""Jobs of one driver or lorry begin at least an hour apart; a driver has so many a day."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from lattis_app.rental.rules.assignments import (
    DriverBusy,
    Job,
    LorryBusy,
    clash,
    require_driver_free,
    require_lorry_free,
)

NINE, DAY = datetime(2026, 3, 17, 1, 0, tzinfo=UTC), date(2026, 3, 17)
AHMAD, SITI, WXY, ABC = uuid4(), uuid4(), uuid4(), uuid4()


def job(minutes, driver=AHMAD, lorry=WXY, on=DAY, number="BK-2026-00001"):
    return Job(number, NINE + timedelta(minutes=minutes), on, driver, lorry)


@pytest.mark.parametrize(
    ("minutes", "clashes"), [(-60, False), (-59, True), (0, True), (59, True), (60, False), (600, False)]
)
def test_jobs_clash_when_they_begin_less_than_an_hour_apart(minutes, clashes):
    assert clash(NINE, NINE + timedelta(minutes=minutes)) is clashes


def test_a_driver_with_a_job_within_the_hour_is_busy_and_the_job_is_named():
    with pytest.raises(DriverBusy) as refused:
        require_driver_free("Ahmad", AHMAD, [job(300), job(-30, number="DO-2026-00007")], NINE, DAY, 6)
    assert refused.value.message == "Ahmad has DO-2026-00007 within 60 minutes of that time"
    assert refused.value.details == {
        "field": "driver_id",
        "reason": "has DO-2026-00007 within 60 minutes",
        "job": "DO-2026-00007",
        "minutes_apart": 60,
    }


def test_a_driver_with_a_full_day_is_busy_and_the_limit_is_named():
    jobs = [job(120), job(240), job(-120, on=date(2026, 3, 16)), job(0, driver=SITI)]
    require_driver_free("Ahmad", AHMAD, jobs, NINE, DAY, 3)
    with pytest.raises(DriverBusy) as refused:
        require_driver_free("Ahmad", AHMAD, jobs, NINE, DAY, 2)
    assert refused.value.message == "Ahmad has 2 of at most 2 jobs that day already"
    assert (refused.value.details["jobs"], refused.value.details["jobs_per_day"]) == (2, 2)


def test_a_lorry_that_another_driver_has_within_the_hour_is_busy():
    with pytest.raises(LorryBusy) as refused:
        require_lorry_free("WXY 4521", WXY, [job(45, driver=SITI)], NINE)
    assert refused.value.details["field"] == "lorry_id"
    assert refused.value.message == "WXY 4521 drives BK-2026-00001 within 60 minutes of that time"


def test_other_lorries_and_later_jobs_are_no_matter():
    require_lorry_free("WXY 4521", WXY, [job(0, lorry=ABC), job(0, lorry=None), job(60)], NINE)
