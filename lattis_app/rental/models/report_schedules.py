"""Reports that are sent by e-mail again and again."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import ARRAY, CheckConstraint, Column, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from lattis_app.core.columns import one_of
from lattis_app.core.db import Record
from lattis_app.rental.rules.report_schedules import ReportFile, ReportFrequency, ReportPeriod


class RentalReportSchedule(Record, table=True):
    """One report, what it is asked, when it is sent and to whom. There are few: the service keeps their number small."""

    __tablename__ = "rental_report_schedules"
    __table_args__ = (
        one_of("frequency", ReportFrequency),
        one_of("period", ReportPeriod),
        one_of("file_kind", ReportFile),
        CheckConstraint("hour BETWEEN 0 AND 23", name="hour"),
        Index("ix_rental_report_schedules_next_due_at", "next_due_at", postgresql_where=text("active")),
    )
    unaudited_fields: ClassVar[frozenset[str]] = frozenset({"next_due_at", "last_sent_at", "last_error"})
    labelled_by: ClassVar[tuple[str, ...]] = ("report",)

    report: str = Field(max_length=60)
    asked: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    frequency: str = Field(max_length=10)
    period: str = Field(max_length=10)
    hour: int
    file_kind: str = Field(max_length=4)
    recipients: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    active: bool = True
    next_due_at: datetime
    last_sent_at: datetime | None = None
    last_error: str = Field(default="", max_length=500)
    created_by: str = Field(default="", max_length=200)
