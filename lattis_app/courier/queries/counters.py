"""How much waits for somebody, for the navigation."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, literal_column, select
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.courier.models import CourierDispute, CourierMerchantInvoice
from lattis_app.courier.queries.merchant_invoices import UNPAID
from lattis_app.courier.statuses import DisputeStatus
from lattis_app.identity.permissions import Permission, requires

D, I = columns(CourierDispute), columns(CourierMerchantInvoice)  # noqa: E741 — one letter per table


MOST = 99
ONE: ColumnElement[int] = literal_column("1")


@requires(Permission.COURIER_DISPUTES_RESOLVE)
def disputes_to_answer(session: Session, actor: Actor) -> int | str:
    """Disputes that nobody has answered."""
    return _count(session, D.status == DisputeStatus.OPEN)


@requires(Permission.COURIER_INVOICES_MANAGE)
def invoices_to_pay(session: Session, actor: Actor) -> int | str:
    """Invoices whose merchants wait for their money."""
    return _count(session, UNPAID, I.payable_amount_minor > 0)


def _count(session: Session, *conditions: ColumnElement[bool]) -> int | str:
    found = select(ONE).where(*conditions).limit(MOST + 1).subquery()
    number = session.scalar(select(func.count()).select_from(found)) or 0
    return f"{MOST}+" if number > MOST else number
