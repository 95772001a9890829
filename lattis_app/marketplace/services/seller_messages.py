"""What sellers are told: the five messages of seed 003, each with number, amount, due date or days overdue, and link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.identity.permissions import Permission, requires
from lattis_app.marketplace.rules.amounts import amount
from lattis_app.marketplace.rules.links import invoice_link
from lattis_app.marketplace.rules.weeks import ZONE, days_overdue
from lattis_app.notifications.services import notifications


class Told(Protocol):
    """What a message says of an invoice."""

    id: UUID
    invoice_number: str
    seller_id: UUID
    total_minor: int
    base_currency: str
    due_on: date


@dataclass(frozen=True, slots=True)
class About:
    """One kind of message."""

    kind: str
    title: str
    body: str
    tone: str


GENERATED = About(
    "seller_invoice.generated", "New invoice {number}", "{amount} to pay. It is due on {due}.", "info"
)
DUE_SOON = About(
    "seller_invoice.due_soon",
    "Invoice {number} is due soon",
    "{amount} to pay. It is due on {due}: pay in time to keep taking orders.",
    "warn",
)
OVERDUE = About(
    "seller_invoice.overdue",
    "Invoice {number} is overdue",
    "{amount} to pay. It was due on {due}: {days} overdue.",
    "bad",
)
RESTRICTED, UNRESTRICTED = "seller.restricted", "seller.unrestricted"


@requires(Permission.NOTIFICATIONS_MESSAGES_SEND)
def tell_of_invoice(
    session: Session, actor: Actor, about: About, invoice: Told, event_id: UUID | None = None
) -> int:
    """Tell a seller of one invoice; returns how many people were."""
    days = days_overdue(invoice.due_on, clock.today(ZONE))
    values = {
        "number": invoice.invoice_number,
        "amount": amount(invoice.total_minor, invoice.base_currency),
        "due": f"{invoice.due_on:%A, %-d %b %Y}",
        "days": "1 day" if days == 1 else f"{days} days",
    }
    return notifications.notify(
        session,
        actor,
        users=[invoice.seller_id],
        kind=about.kind,
        title=about.title.format(**values),
        body=about.body.format(**values),
        link=invoice_link(invoice.id),
        tone=about.tone,
        event_id=event_id,
    )
