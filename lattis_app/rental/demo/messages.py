"""The receipts of the last days, in the outbox of a company that has no mail server yet."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import columns
from lattis_app.rental.events import PaymentReceived
from lattis_app.rental.models import RentalPayment
from lattis_app.rental.subscribers.messages import send_receipt

Y = columns(RentalPayment)
LATEST = select(RentalPayment).order_by(Y.received_at.desc(), Y.receipt_number.desc()).limit(12)


def mail_latest_receipts(session: Session) -> None:
    """Write the messages that the latest payments would have brought about."""
    for payment in reversed(session.scalars(LATEST).all()):
        received = PaymentReceived(payment.id, payment.receipt_number, payment.amount_minor, payment.method)
        with clock.freeze(payment.received_at):
            send_receipt(session, SYSTEM, received)
