"""Keeping customers within their credit limit."""

from __future__ import annotations

from sqlalchemy.orm import Session

from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.db import advisory_lock
from lattis_app.core.money import Money
from lattis_app.identity.permissions import Permission
from lattis_app.rental.models import RentalDeliveryOrder
from lattis_app.rental.queries import business, credit
from lattis_app.rental.rules.credit import CreditLimitExceeded, require_room
from lattis_app.rental.schemas.customers import CustomerOut
from lattis_app.rental.statuses import PaymentMethod


def check(session: Session, actor: Actor, order: RentalDeliveryOrder, customer: CustomerOut) -> None:
    """An order on terms fits under the customer's credit limit; one that is paid on the spot needs no credit.

    Orders of one customer are checked one after the other. Raises CreditLimitExceeded, with figures for whoever may
    see invoices.
    """
    if customer.credit_limit is None or order.payment_method != PaymentMethod.TERM:
        return
    advisory_lock(session, f"credit {customer.id}")
    owed = credit.owed(session, customer.id, but=order.id)
    rate = business.find(session, SYSTEM).sst_rate
    amount = Money(order.amount_minor, order.currency)
    try:
        require_room(Money(customer.credit_limit, order.currency), owed, amount + amount.times(rate))
    except CreditLimitExceeded as refusal:
        if actor.may(Permission.RENTAL_INVOICES_READ):
            raise
        reason = refusal.details["reason"]
        raise CreditLimitExceeded(f"The order {reason}", field="payment_method", reason=reason) from None
