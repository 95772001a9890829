"""Any report as a file."""

from __future__ import annotations

import io
from typing import Any

from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.exports import MEDIA_TYPES, FileKind, write
from lattis_app.core.files import PDF, MadeFile, made
from lattis_app.core.pagination import LARGEST_EXPORT
from lattis_app.core.schemas import Span
from lattis_app.identity.permissions import Permission, requires
from lattis_app.ledger.domains import letterhead
from lattis_app.rental.documents import reports as documents
from lattis_app.rental.queries.reports.catalog import Report
from lattis_app.rental.rules.report_schedules import ReportFile


@requires(Permission.RENTAL_REPORTS_READ)
def as_pdf(session: Session, actor: Actor, report: Report, filters: Span) -> bytes:
    """A report as PDF: its totals, and as many rows as are shown at once."""
    return _drawn(session, report, report.find(session, actor, filters))


@requires(Permission.RENTAL_REPORTS_READ)
def as_file(
    session: Session, actor: Actor, report: Report, filters: Span, kind: ReportFile
) -> tuple[MadeFile, Any]:
    """A report as a file to send, and what it says."""
    name = f"{report.slug}-{clock.today()}.{kind}"
    if kind is ReportFile.PDF:
        found = report.find(session, actor, filters)
        return made(name, PDF, _drawn(session, report, found)), found
    most = {"most": LARGEST_EXPORT} if report.is_long else {}
    found = report.find(session, actor, filters, **most)
    content = io.BytesIO()
    write(FileKind(kind), report.row, found.rows, content)
    return made(name, MEDIA_TYPES[FileKind(kind)], content.getvalue()), found


def _drawn(session: Session, report: Report, found: Any) -> bytes:
    return documents.render(report.title, report.about, found, report.row, letterhead(session), clock.now())
