"""Drivers are told what was counted, so that they can confirm it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.events import subscribe
from lattis_app.core.money import Money
from lattis_app.notifications.services import notifications
from lattis_app.rental.events import CashCounted


@subscribe(CashCounted)
def tell_of_count(session: Session, actor: Actor, counted: CashCounted) -> None:
    """A driver learns what the office counted, and by how much it was off."""
    off = Money(abs(counted.difference_minor))
    words = f"{off} {'short' if counted.difference_minor < 0 else 'too much'}. " if off else ""
    notifications.notify(
        session,
        actor,
        users=[counted.driver_id],
        kind=counted.name,
        title=f"{Money(counted.counted_minor)} counted: please confirm",
        body=f"{words}{counted.number}",
        link="/driver/cash",
        tone="warn" if off else "info",
    )
