"""Introducers' statements."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Date, Select, SQLColumnExpression, bindparam, cast, func, select
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.errors import Invalid
from lattis_app.core.money import DEFAULT_CURRENCY
from lattis_app.core.settings import settings
from lattis_app.identity.permissions import Permission, requires
from lattis_app.ledger import domains
from lattis_app.rental.documents import commission_statements as documents
from lattis_app.rental.models import RentalCommission, RentalDeliveryOrder, RentalRefund
from lattis_app.rental.schemas.commission_statements import (
    CommissionLineOut,
    CommissionStatementFilters,
    CommissionStatementOut,
)
from lattis_app.rental.statuses import CommissionStatus

C, D, R = columns(RentalCommission), columns(RentalDeliveryOrder), columns(RentalRefund)
MOST_LINES = 5_000
AGREED = (CommissionStatus.APPROVED, CommissionStatus.PAID)


def _day(moment: SQLColumnExpression[Any]) -> SQLColumnExpression[date | None]:
    return cast(func.timezone(settings().business_timezone, moment), Date)


@requires(Permission.RENTAL_COMMISSIONS_READ)
def find(session: Session, actor: Actor, filters: CommissionStatementFilters) -> CommissionStatementOut:
    """An introducer's statement in the order the commissions were agreed; nobody's is empty.

    Raises Invalid for more lines than anybody reads.
    """
    to_on = filters.to_on or clock.today()
    some = _lines(filters.from_on).limit(MOST_LINES + 1)
    found = session.execute(some, {"name": filters.introducer_name, "to_on": to_on}).all()
    if len(found) > MOST_LINES:
        raise Invalid.field("from", f"gives more than {MOST_LINES:,} lines: choose a shorter span")
    lines = [CommissionLineOut(**row._mapping) for row in found]
    earned = sum(line.amount for line in lines if line.amount > 0)
    total = sum(line.amount for line in lines)
    paid = sum(line.amount for line in lines if line.status is CommissionStatus.PAID)
    return CommissionStatementOut(
        introducer_name=filters.introducer_name,
        currency=lines[0].currency if lines else DEFAULT_CURRENCY,
        from_on=filters.from_on,
        to_on=to_on,
        lines=lines,
        earned=earned,
        clawed_back=total - earned,
        total=total,
        paid=paid,
        to_pay=total - paid,
    )


@requires(Permission.RENTAL_COMMISSIONS_READ)
def as_pdf(session: Session, actor: Actor, filters: CommissionStatementFilters) -> bytes:
    """The statement on the business's letterhead."""
    return documents.render(find(session, actor, filters), domains.letterhead(session), clock.now())


def _lines(from_on: date | None) -> Select[Any]:
    agreed_on = _day(C.approved_at)
    statement = (
        select(
            C.id,
            agreed_on.label("agreed_on"),
            func.coalesce(D.system_do_number, "").label("order_number"),
            D.company_name.label("customer_name"),
            func.coalesce(R.refund_number, "").label("refund_number"),
            C.status,
            C.amount_minor.label("amount"),
            _day(C.paid_at).label("paid_on"),
            C.reference,
            C.currency,
        )
        .join_from(RentalCommission, RentalDeliveryOrder, C.delivery_order_id == D.id)
        .outerjoin(RentalRefund, C.refund_id == R.id)
        .where(
            C.introducer_name == bindparam("name"),
            C.status.in_(AGREED),
            agreed_on <= bindparam("to_on", type_=Date),
        )
        .order_by(C.approved_at, D.system_do_number, C.id)
    )
    return statement if from_on is None else statement.where(agreed_on >= from_on)
