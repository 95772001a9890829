"""What waits for the office: disputes to answer, and invoices to pay out."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.money import DEFAULT_CURRENCY
from lattis_app.courier.models import CourierDispute, CourierMerchantInvoice
from lattis_app.courier.queries.merchant_invoices import UNPAID
from lattis_app.courier.schemas.waiting import Waiting
from lattis_app.courier.statuses import DisputeStatus
from lattis_app.identity.permissions import Permission, requires

I, D = columns(CourierMerchantInvoice), columns(CourierDispute)  # noqa: E741 — one letter per table
DISPUTES = select(func.count()).where(D.status == DisputeStatus.OPEN).scalar_subquery()
TO_PAY = UNPAID & (I.payable_amount_minor > 0)
SUMS = select(
    func.count().label("unpaid"),
    func.coalesce(func.sum(I.payable_amount_minor), 0).label("payable"),
    DISPUTES.label("disputes"),
).where(TO_PAY)


@requires(Permission.COURIER_INVOICES_MANAGE)
def summarise(session: Session, actor: Actor) -> Waiting:
    """How many disputes are open, how many invoices unpaid, and what they come to."""
    found = session.execute(SUMS).one()
    return Waiting(
        disputes=found.disputes, unpaid=found.unpaid, payable=int(found.payable), currency=DEFAULT_CURRENCY
    )
