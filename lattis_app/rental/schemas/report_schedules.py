"""Scheduled reports as they are typed, changed and shown."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field

from lattis_app.core.errors import Invalid
from lattis_app.core.normal import normal_email
from lattis_app.core.schemas import CLEAN, Changes, Entry, Filters, Out
from lattis_app.rental.rules.report_schedules import ReportFile, ReportFrequency, ReportPeriod

MOST_RECIPIENTS = 20


def _split(given: Any) -> Any:
    return [each for each in re.split(r"[,;\s]+", given) if each] if isinstance(given, str) else given


def _addresses(given: list[str]) -> list[str]:
    return list(dict.fromkeys(_address(each) for each in given))


def _address(given: str) -> str:
    try:
        return normal_email(given)
    except Invalid as error:
        raise ValueError(f"{given} is no e-mail address") from error


Recipients = Annotated[
    list[Annotated[str, Field(max_length=254)]],
    BeforeValidator(_split),
    Field(min_length=1, max_length=MOST_RECIPIENTS),
    AfterValidator(_addresses),
]
"""Addresses as a list, or in one text with commas or spaces between them."""
Hour = Annotated[int, Field(ge=0, le=23)]
Asked = Annotated[dict[Annotated[str, Field(max_length=40)], Annotated[str, Field(max_length=120), CLEAN]],
                  Field(max_length=20)]  # fmt: skip


class ReportScheduleEntry(Entry):
    """A report to be sent from now on. `asked` is what it is asked, as in its address; its days follow `period`."""

    report: Annotated[str, Field(max_length=60), CLEAN]
    asked: Asked = {}
    frequency: ReportFrequency
    period: ReportPeriod
    hour: Hour = 8
    file_kind: ReportFile = ReportFile.PDF
    recipients: Recipients


class ReportScheduleChanges(Changes):
    """What to change about a scheduled report."""

    frequency: ReportFrequency | None = None
    period: ReportPeriod | None = None
    hour: Hour | None = None
    file_kind: ReportFile | None = None
    recipients: Recipients | None = None
    active: bool | None = None


class ReportScheduleFilters(Filters):
    """Which scheduled reports to list. `q` is part of a report's title or of an address."""

    q: Annotated[str, Field(max_length=120), CLEAN] = ""
    active: bool | None = None


class ReportScheduleOut(Out):
    """A scheduled report: `report` is its name in addresses, `title` for people; `status` is active, paused or failing."""

    id: UUID
    report: str
    title: str
    asked: dict[str, str]
    frequency: ReportFrequency
    period: ReportPeriod
    hour: int
    file_kind: ReportFile
    recipients: list[str]
    active: bool
    status: str
    next_due_at: datetime
    last_sent_at: datetime | None
    last_error: str
    created_by: str
    created_at: datetime
    updated_at: datetime


class ReportsSentOut(Out):
    """How many e-mails were written."""

    sent: int
