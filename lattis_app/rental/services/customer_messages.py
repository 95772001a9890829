"""Telling customers, by the ways they agreed to (docs/domains/rental.md, "What customers are told")."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import columns
from lattis_app.notifications.channels import Channel
from lattis_app.notifications.services import messages
from lattis_app.parties.models import Party
from lattis_app.rental.models import RentalCustomer
from lattis_app.rental.statuses import ShortMessages

C, P = columns(RentalCustomer), columns(Party)
TOLD = (
    P.name,
    func.coalesce(func.nullif(P.contact_name, ""), P.name).label("greeted"),
    P.email,
    P.phone,
    C.email_messages,
    C.message_channel,
)
"""What a statement about customers selects, so that its rows can be told something."""


@dataclass(frozen=True, slots=True)
class About:
    """What a message is about: shown in the outbox, opened by its link, told once per cause, and the document it encloses."""

    kind: str
    subject: str
    link: str
    cause: str = ""
    prints: str = ""


def joined(statement: Select[Any], customer_id: Any) -> Select[Any]:
    """A statement with the customer of this column and their contacts."""
    return statement.join(RentalCustomer, C.id == customer_id).join(Party, P.id == C.party_id)


def told(customer_id: Any) -> Select[Any]:
    """How one customer is told."""
    return select(*TOLD).join_from(RentalCustomer, Party).where(C.id == customer_id)


def email(session: Session, customer: Any, about: About, body: str) -> bool:
    """Write an e-mail, unless the customer has no address, wants none, or has it already."""
    if not (customer.email and customer.email_messages):
        return False
    written = messages.write(
        session,
        SYSTEM,
        channel=Channel.EMAIL,
        address=customer.email,
        name=customer.name,
        kind=about.kind,
        subject=about.subject,
        body=body,
        link=about.link,
        cause=about.cause,
        prints=about.prints,
    )
    return written is not None


def text(
    session: Session, customer: Any, about: About, body: str, of_use_for: timedelta | None = None
) -> bool:
    """Write an SMS or WhatsApp message, unless the customer has no phone, wants none, or has it already."""
    if not customer.phone or customer.message_channel == ShortMessages.NONE:
        return False
    written = messages.write(
        session,
        SYSTEM,
        channel=Channel(customer.message_channel),
        address=customer.phone,
        name=customer.name,
        kind=about.kind,
        subject=about.subject,
        body=body,
        link=about.link,
        cause=about.cause,
        of_use_for=of_use_for,
    )
    return written is not None
