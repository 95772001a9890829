"""Who is told of a lorry's papers."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.events import subscribe
from lattis_app.identity.permissions import Permission
from lattis_app.notifications.services import notifications
from lattis_app.rental.events import LorryAlert
from lattis_app.rental.rules.lorry_documents import EXPIRED

PAPER_LABELS = {
    "road_tax": "Road tax",
    "insurance": "Insurance",
    "puspakom": "Puspakom inspection",
    "permit": "Permit",
}


@subscribe(LorryAlert)
def tell_of_paper(session: Session, actor: Actor, alert: LorryAlert) -> None:
    """Whoever keeps lorries learns which paper to renew, and by when."""
    is_over = alert.days_before == EXPIRED
    paper, day = PAPER_LABELS[alert.document], f"{date.fromisoformat(alert.expires_on):%-d %b %Y}"
    notifications.notify(
        session,
        actor,
        users=Permission.RENTAL_LORRIES_MANAGE,
        kind=alert.name,
        title=f"{alert.registration_no}: {paper} ran out on {day}"
        if is_over
        else f"{alert.registration_no}: {paper} runs out on {day}",
        body="It can't be assigned to jobs until the paper is renewed."
        if is_over
        else "It can't be assigned to jobs after that day.",
        link=f"/rental/lorries?open={alert.entity_id}",
        tone="bad" if is_over else "warn",
    )
