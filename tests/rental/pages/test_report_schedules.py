"""E-mailing reports from their pages: the sheet, the list, and what it does."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select, text

from lattis_app.core.actors import SYSTEM
from lattis_app.identity.permissions import Role
from lattis_app.notifications.models import Message
from lattis_app.rental.models import RentalReportSchedule
from lattis_app.rental.pages.report_mails import ReportMail
from lattis_app.rental.pages.report_schedules import ReportSchedules
from lattis_app.rental.schemas.report_schedules import ReportScheduleEntry
from lattis_app.rental.services import report_schedules
from tests.factories.rental_world import SCHEDULE
from tests.ui.pipeline import pipeline
from tests.ui.visits import everything, signed_in, stay, visit

FORM = {
    "frequency": "weekly",
    "period": "last_week",
    "hour": "8",
    "file_kind": "pdf",
    "recipients": "ada@example.com; bob@example.com",
}
ASKED = (
    "begin",
    {"slug": "invoices-period-sales", "question": "/v1/reports/x?granularity=daily&from=2026-01-01&format="},
)


@pytest.fixture
def office(session, clock):
    return signed_in(session, name="Aminah")


@pytest.fixture
def schedule(session, clock) -> RentalReportSchedule:
    """Every Monday at 08:00, to Ada."""
    made = report_schedules.create(session, SYSTEM, ReportScheduleEntry.model_validate(SCHEDULE))
    session.flush()
    return made


def sheet(cookie: str, *events: Any):
    async def perform():
        async with pipeline() as tab:
            return await stay(tab, ReportMail, cookie, *events)

    return asyncio.run(perform())


def opened(schedule: RentalReportSchedule) -> tuple[str, dict[str, str]]:
    return ("open_record", {"record_id": str(schedule.id)})


def test_a_report_is_e_mailed_as_it_is_looked_at(session, office):
    seen = sheet(office, ASKED, ("save", {"form": FORM}))
    assert "Sales by period is sent from now on" in seen.said
    (made,) = session.scalars(select(RentalReportSchedule))
    assert (made.report, made.asked, made.frequency, made.period, made.hour, made.file_kind, made.recipients) == (
        "invoices-period-sales", {"granularity": "daily"}, "weekly", "last_week", 8, "pdf",
        ["ada@example.com", "bob@example.com"],
    )  # fmt: skip
    assert (made.created_by, made.next_due_at.isoformat()) == ("Aminah", "2026-03-23T00:00:00+00:00")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"recipients": ""}, "recipients"),
        ({"recipients": "ada@example.com, nobody"}, "recipients"),
        ({"hour": "25"}, "hour"),
        ({"frequency": "hourly"}, "frequency"),
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused_beside_its_field(session, office, wrong, field):
    seen = sheet(office, ASKED, ("save", {"form": FORM | wrong}))
    assert set(seen["errors"]) == {field}
    assert session.scalars(select(RentalReportSchedule)).all() == []


def test_the_list_says_when_what_and_to_whom(session, office, schedule):
    (row,) = visit(ReportSchedules, office)["rows"]
    shown = ("title", "about", "often", "file", "to", "status", "status_tone", "next_due_at")
    assert tuple(row[name] for name in shown) == (
        "Sales by period", "The last week, Monday to Sunday", "Every Monday, 08:00", "CSV", "ada@example.com",
        "On", "ok", "23 Mar 2026, 08:00",
    )  # fmt: skip


@pytest.mark.parametrize(("words", "found"), [("sales", 1), ("ada@", 1), ("bob", 0), ("%", 0)])
def test_the_list_is_searched_by_title_and_address(session, office, schedule, words, found):
    assert (
        len(visit(ReportSchedules, office, address=f"/page?q={words.replace('%', '%25')}")["rows"]) == found
    )


def test_a_scheduled_report_is_changed_paused_and_removed(session, office, schedule):
    form = FORM | {"recipients": "eve@example.com", "hour": "7"}
    visit(ReportSchedules, office, opened(schedule), ("edit", {}), ("save", {"form": form}))
    session.refresh(schedule)
    assert (schedule.recipients, schedule.hour, schedule.file_kind) == (["eve@example.com"], 7, "pdf")
    seen = visit(ReportSchedules, office, opened(schedule), ("pause", {"paused": True}))
    session.refresh(schedule)
    assert (schedule.active, seen["record"]["status"], seen["record"]["next_due_at"]) == (
        False,
        "Paused",
        "–",
    )
    visit(ReportSchedules, office, opened(schedule), ("remove", {"form": {}}))
    assert session.scalars(select(RentalReportSchedule)).all() == []


def test_a_scheduled_report_is_sent_at_once(session, office, schedule):
    seen = visit(ReportSchedules, office, opened(schedule), ("send", {}))
    assert "E-mails on their way: 1" in seen.said
    (letter,) = session.scalars(select(Message).where(text("kind = 'report'")))
    assert (letter.address, letter.subject) == (
        "ada@example.com",
        "Sales by period, 9 Mar 2026 – 15 Mar 2026",
    )


def test_a_driver_neither_sees_nor_makes_any(session, clock, schedule):
    driver = signed_in(session, Role.DRIVER)
    before = everything(session)
    assert visit(ReportSchedules, driver)["rows"] == []
    sheet(driver, ASKED, ("save", {"form": FORM}))
    visit(ReportSchedules, driver, ("remove", {"form": {}}), ("send", {}))
    assert everything(session) == before
