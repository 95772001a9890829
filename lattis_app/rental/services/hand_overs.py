"""Drivers hand their cash over: the office counts it, and somebody signs (docs/domains/rental.md, "Driver's cash")."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lattis_app.core import clock, events
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.db import columns, find
from lattis_app.core.errors import NotFound, PreconditionFailed
from lattis_app.core.money import DEFAULT_CURRENCY
from lattis_app.core.numbering import take_number
from lattis_app.core.schemas import money_of
from lattis_app.core.transitions import move
from lattis_app.identity.permissions import Permission, requires
from lattis_app.ledger.services import entries
from lattis_app.rental.events import CashCountCancelled, CashCounted, CashSignedOff
from lattis_app.rental.models import RentalDriver, RentalHandOver
from lattis_app.rental.rules import postings
from lattis_app.rental.rules.hand_overs import require_countable
from lattis_app.rental.schemas.hand_overs import HandOverEntry
from lattis_app.rental.services import driver_cash
from lattis_app.rental.statuses import HAND_OVER_LIFECYCLE, HandOverStatus

SERIES, TABLE = "HO", "rental_hand_overs"
H = columns(RentalHandOver)


class CountUnsigned(PreconditionFailed):
    """The last count waits for a signature."""


@requires(Permission.RENTAL_CASH_MANAGE)
def count(session: Session, actor: Actor, driver_id: UUID, entry: HandOverEntry) -> RentalHandOver:
    """Take over all cash that a driver holds, as it was counted; the difference is the business's.

    Raises CashChanged when the driver holds something else than was believed, DifferenceUnexplained, NothingHeld,
    CountUnsigned.
    """
    driver = find(session, RentalDriver, driver_id, kind="Driver")
    held = driver_cash.hold(session, driver_id, DEFAULT_CURRENCY)
    _require_signed(session, driver_id)
    counted = money_of(entry.counted, held.currency)
    expected = None if entry.expected is None else money_of(entry.expected, held.currency)
    require_countable(held, expected, counted, entry.note)
    hand_over = RentalHandOver(
        hand_over_number=take_number(session, SERIES, clock.today().year),
        driver_id=driver.id,
        currency=held.currency,
        expected_minor=held.minor,
        counted_minor=counted.minor,
        note=entry.note,
        counted_on=clock.today(),
        counted_by=actor.name,
    )
    session.add(hand_over)
    entries.post(
        session,
        SYSTEM,
        postings.CASH_HANDED_OVER,
        (TABLE, hand_over.id),
        clock.today(),
        postings.cash_handed_over(held, counted, driver.id),
        hand_over.hand_over_number,
    )
    number, difference = hand_over.hand_over_number, counted.minor - held.minor
    events.record(session, CashCounted(hand_over.id, number, driver.id, counted.minor, difference))
    return hand_over


@requires(Permission.RENTAL_PAYMENTS_COLLECT)
def confirm(session: Session, actor: Actor, hand_over_id: UUID) -> RentalHandOver:
    """The driver agrees to what was counted. Another driver's hand-over is NotFound."""
    hand_over = find(session, RentalHandOver, hand_over_id, lock=True, kind="Hand-over")
    if not actor.is_system and hand_over.driver_id != actor.subject_id:
        raise NotFound.record("Hand-over", hand_over_id)
    return _sign(session, actor, hand_over)


@requires(Permission.RENTAL_CASH_MANAGE)
def sign_off(session: Session, actor: Actor, hand_over_id: UUID) -> RentalHandOver:
    """The office signs a hand-over when the driver does not confirm it."""
    return _sign(session, actor, find(session, RentalHandOver, hand_over_id, lock=True, kind="Hand-over"))


@requires(Permission.RENTAL_CASH_MANAGE)
def cancel(session: Session, actor: Actor, hand_over_id: UUID, reason: str) -> RentalHandOver:
    """Take back a count that nobody signed yet: the driver holds the cash again."""
    hand_over = find(session, RentalHandOver, hand_over_id, lock=True, kind="Hand-over")
    driver_cash.hold(session, hand_over.driver_id, hand_over.currency)
    event = CashCountCancelled(hand_over.id, hand_over.hand_over_number, hand_over.driver_id, reason)
    to = HandOverStatus.CANCELLED
    move(session, actor, hand_over, HAND_OVER_LIFECYCLE, to, reason=reason, event=event)
    hand_over.cancelled_at, hand_over.cancellation = clock.now(), reason
    source = (TABLE, hand_over.id)
    entries.reverse(
        session, SYSTEM, postings.CASH_HANDED_OVER, source, clock.today(), f"Count cancelled: {reason}"
    )
    return hand_over


def _sign(session: Session, actor: Actor, hand_over: RentalHandOver) -> RentalHandOver:
    event = CashSignedOff(hand_over.id, hand_over.hand_over_number, hand_over.driver_id, actor.name)
    move(session, actor, hand_over, HAND_OVER_LIFECYCLE, HandOverStatus.SIGNED_OFF, event=event)
    hand_over.signed_at, hand_over.signed_by = clock.now(), actor.name
    return hand_over


def _require_signed(session: Session, driver_id: UUID) -> None:
    waiting = select(H.hand_over_number).where(H.driver_id == driver_id, H.status == HandOverStatus.COUNTED)
    number = session.scalar(waiting)
    if number is not None:
        raise CountUnsigned(
            f"{number} waits for a signature: sign or cancel it first",
            field="driver_id",
            reason=f"{number} is not signed",
        )
