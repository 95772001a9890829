"""Any report on the business's letterhead."""

from __future__ import annotations

from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.identity.permissions import Permission, requires
from lattis_app.ledger.domains import letterhead
from lattis_app.rental.documents import reports as documents
from lattis_app.rental.queries.reports.catalog import Report
from lattis_app.rental.schemas.parts import Span


@requires(Permission.RENTAL_REPORTS_READ)
def as_pdf(session: Session, actor: Actor, report: Report, filters: Span) -> bytes:
    """A report as PDF: its totals, and as many rows as are shown at once."""
    found = report.find(session, actor, filters)
    return documents.render(report.title, report.about, found, report.row, letterhead(session), clock.now())
