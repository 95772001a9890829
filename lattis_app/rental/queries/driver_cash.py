"""The cash that drivers hold, by the ledger, and their hand-overs."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, SQLColumnExpression, bindparam, func, literal, select
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.errors import Forbidden, NotFound
from lattis_app.core.money import DEFAULT_CURRENCY, Money
from lattis_app.core.numbering import in_order
from lattis_app.core.pagination import Page, PageRequest, paginate, sorted_by
from lattis_app.identity.permissions import Permission, requires
from lattis_app.ledger.accounts import Account
from lattis_app.ledger.models import LedgerEntry, LedgerTransaction
from lattis_app.ledger.queries import balances
from lattis_app.rental.models import RentalDriver, RentalHandOver
from lattis_app.rental.queries import payments
from lattis_app.rental.rules import postings
from lattis_app.rental.schemas.hand_overs import (
    CashMonthOut,
    CashMovementOut,
    CashOut,
    DriverCashFilters,
    DriverCashOut,
    DriverCashRecord,
    HandOverFilters,
    HandOverOut,
)
from lattis_app.rental.statuses import HandOverStatus

E, T = columns(LedgerEntry), columns(LedgerTransaction)
D, H = columns(RentalDriver), columns(RentalHandOver)
MOST_SHOWN = 30
HELD = (
    select(E.holder_id, func.sum(E.amount_minor).label("minor"))
    .where(E.account == Account.DRIVER_CASH)
    .group_by(E.holder_id)
    .subquery("held")
)
COUNTS = (
    select(
        H.driver_id,
        func.max(H.counted_at).label("last"),
        func.bool_or(H.status == HandOverStatus.COUNTED).label("unsigned"),
    )
    .where(H.status != HandOverStatus.CANCELLED)
    .group_by(H.driver_id)
    .subquery("counts")
)
MINOR = func.coalesce(HELD.c.minor, 0)
UNSIGNED = func.coalesce(COUNTS.c.unsigned, False)
SORTS: dict[str, SQLColumnExpression[Any]] = {"held": MINOR, "driver_name": D.name}
DRIVERS: Select[Any] = (
    select(
        D.id.label("driver_id"),
        D.name.label("driver_name"),
        D.phone,
        D.status,
        literal(DEFAULT_CURRENCY).label("currency"),
        MINOR.label("held"),
        COUNTS.c.last.label("last_counted_at"),
        UNSIGNED.label("unsigned"),
    )
    .outerjoin_from(RentalDriver, HELD, HELD.c.holder_id == D.id)
    .outerjoin(COUNTS, COUNTS.c.driver_id == D.id)
)
NUMBER = in_order(H.hand_over_number)
COUNT_SORTS: dict[str, SQLColumnExpression[Any]] = {
    "hand_over_number": NUMBER,
    "counted_on": H.counted_on,
    "status": H.status,
}
HAND_OVERS: Select[Any] = select(
    H.id,
    H.hand_over_number,
    H.driver_id,
    D.name.label("driver_name"),
    H.status,
    H.currency,
    H.expected_minor.label("expected"),
    H.counted_minor.label("counted"),
    (H.counted_minor - H.expected_minor).label("difference"),
    H.note,
    H.counted_at,
    H.counted_on,
    H.counted_by,
    H.signed_at,
    H.signed_by,
    H.cancelled_at,
    H.cancellation,
    H.created_at,
    H.updated_at,
).join_from(RentalHandOver, RentalDriver, H.driver_id == D.id, isouter=True)
LATEST = HAND_OVERS.where(H.driver_id == bindparam("driver_id")).order_by(NUMBER.desc()).limit(MOST_SHOWN)
OF_DRIVER = (E.account == Account.DRIVER_CASH, E.holder_id == bindparam("driver_id"))
MOVEMENTS = (
    select(T.posted_at.label("at"), T.kind, T.memo, E.amount_minor.label("amount"))
    .join_from(LedgerEntry, LedgerTransaction, E.transaction_id == T.id)
    .where(*OF_DRIVER)
    .order_by(E.seq.desc())
    .limit(MOST_SHOWN)
)
BY_KIND = (
    select(T.kind, func.sum(E.amount_minor))
    .join_from(LedgerEntry, LedgerTransaction, E.transaction_id == T.id)
    .where(*OF_DRIVER, E.business_on >= bindparam("since"))
    .group_by(T.kind)
)


@requires(Permission.RENTAL_CASH_READ)
def page(
    session: Session, actor: Actor, filters: DriverCashFilters, request: PageRequest
) -> Page[DriverCashOut]:
    """List drivers with the cash they hold, the most first. Sorts: held, driver_name."""
    statement = DRIVERS
    if filters.q:
        statement = statement.where(D.name.icontains(filters.q, autoescape=True))
    if filters.holding is not None:
        statement = statement.where(MINOR != 0 if filters.holding else MINOR == 0)
    if filters.unsigned is not None:
        statement = statement.where(UNSIGNED.is_(filters.unsigned))
    statement = sorted_by(statement, request.sort, SORTS, "-held", D.name, D.id)
    return paginate(session, statement, request).map(lambda row: DriverCashOut(**row._mapping))


@requires(Permission.RENTAL_CASH_READ)
def summarise(session: Session, actor: Actor) -> Money:
    """The cash that all drivers hold together."""
    total = select(func.coalesce(func.sum(E.amount_minor), 0)).where(E.account == Account.DRIVER_CASH)
    return Money(int(session.scalar(total) or 0))


@requires(Permission.RENTAL_CASH_READ)
def find(session: Session, actor: Actor, driver_id: UUID) -> DriverCashRecord:
    """A driver's cash with its latest movements and hand-overs, or NotFound."""
    row = session.execute(DRIVERS.where(D.id == driver_id)).one_or_none()
    if row is None:
        raise NotFound.record("Driver", driver_id)
    moved = session.execute(MOVEMENTS, {"driver_id": driver_id})
    return DriverCashRecord(
        **row._mapping,
        month=_month(session, driver_id, int(row.held)),
        movements=[CashMovementOut(**each._mapping) for each in moved],
        hand_overs=_latest(session, driver_id),
    )


@requires(Permission.RENTAL_CASH_READ)
def hand_overs(
    session: Session, actor: Actor, filters: HandOverFilters, request: PageRequest
) -> Page[HandOverOut]:
    """List hand-overs, the newest first. Sorts: hand_over_number, counted_on, status."""
    statement = HAND_OVERS
    if filters.driver_id is not None:
        statement = statement.where(H.driver_id == filters.driver_id)
    if filters.status:
        statement = statement.where(H.status.in_(filters.status))
    if filters.from_on is not None:
        statement = statement.where(H.counted_on >= filters.from_on)
    if filters.to_on is not None:
        statement = statement.where(H.counted_on <= filters.to_on)
    statement = sorted_by(statement, request.sort, COUNT_SORTS, "-hand_over_number", NUMBER)
    return paginate(session, statement, request).map(lambda row: HandOverOut(**row._mapping))


@requires(Permission.RENTAL_CASH_READ)
def hand_over(session: Session, actor: Actor, hand_over_id: UUID) -> HandOverOut:
    """One hand-over, or NotFound."""
    row = session.execute(HAND_OVERS.where(H.id == hand_over_id)).one_or_none()
    if row is None:
        raise NotFound.record("Hand-over", hand_over_id)
    return HandOverOut(**row._mapping)


@requires(Permission.RENTAL_OWN_DAY_READ)
def own_held(session: Session, actor: Actor) -> Money:
    """The cash that the driver holds."""
    return Money(balances.held_by(session, Account.DRIVER_CASH, _driver(actor)))


@requires(Permission.RENTAL_OWN_DAY_READ)
def own(session: Session, actor: Actor) -> CashOut:
    """What the driver took today, by method, gave back and handed over this month, and the cash they hold."""
    driver_id = _driver(actor)
    held, by_method = own_held(session, actor).minor, payments.taken_on(session, driver_id, clock.today())
    return CashOut(
        driver_id=driver_id,
        currency=DEFAULT_CURRENCY,
        held=held,
        collected_today=sum(by_method.values()),
        by_method=by_method,
        month=_month(session, driver_id, held),
        payments=payments.latest_of(session, driver_id),
        hand_overs=_latest(session, driver_id),
    )


def _driver(actor: Actor) -> UUID:
    if actor.subject_id is None:
        raise Forbidden("Only drivers hold cash")
    return actor.subject_id


def _latest(session: Session, driver_id: UUID) -> list[HandOverOut]:
    return [HandOverOut(**row._mapping) for row in session.execute(LATEST, {"driver_id": driver_id})]


def _month(session: Session, driver_id: UUID, held: int) -> CashMonthOut:
    since: date = clock.today().replace(day=1)
    sums = session.execute(BY_KIND, {"driver_id": driver_id, "since": since})
    by_kind = {kind: int(minor) for kind, minor in sums}
    back = postings.CASH_HANDED_OVER, f"{postings.CASH_HANDED_OVER}.reversed"
    return CashMonthOut(
        since=since,
        brought_forward=held - sum(by_kind.values()),
        collected=by_kind.get(postings.PAYMENT_RECEIVED, 0),
        given_back=-by_kind.get(postings.REFUND_PAID, 0),
        handed_over=-sum(by_kind.get(kind, 0) for kind in back),
    )
