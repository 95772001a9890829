"""Warning of lorries' papers before they run out (contract: rental.md, "Jobs")."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.db import columns
from lattis_app.core.events import record
from lattis_app.rental.events import LorryAlert
from lattis_app.rental.models import RentalLorry, RentalLorryDocument
from lattis_app.rental.rules.lorry_documents import EXPIRED, STEPS, step_reached
from lattis_app.rental.statuses import LorryStatus

D, L = columns(RentalLorryDocument), columns(RentalLorry)


def send_due(session: Session, as_of: datetime) -> int:
    """Warn of every paper that has come to a step; each step is warned of once. Returns how many."""
    today = clock.date_of(as_of)
    due = (
        select(RentalLorryDocument, L.registration_no)
        .join_from(RentalLorryDocument, RentalLorry, L.id == D.lorry_id)
        .where(
            D.expires_on <= today + timedelta(days=STEPS[0]),
            or_(D.alerted_step.is_(None), D.alerted_step > EXPIRED),
            L.status != LorryStatus.INACTIVE,
        )
        .order_by(D.expires_on, L.registration_no, D.kind)
        .with_for_update(of=RentalLorryDocument)
    )
    warned = 0
    for document, registration_no in session.execute(due).all():
        step = step_reached(document.expires_on, today)
        if step is None or (document.alerted_step is not None and document.alerted_step <= step):
            continue
        document.alerted_step = step
        record(
            session,
            LorryAlert(
                document.lorry_id, registration_no, document.kind, document.expires_on.isoformat(), step
            ),
        )
        warned += 1
    return warned
