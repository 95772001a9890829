"""What customers get by mail when something happens in rental."""

from __future__ import annotations

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.events import subscribe
from lattis_app.core.money import Money
from lattis_app.notifications.channels import Channel
from lattis_app.notifications.services import messages
from lattis_app.parties.models import Party
from lattis_app.rental.events import PaymentReceived
from lattis_app.rental.models import RentalCustomer, RentalPayment, RentalReceipt
from lattis_app.rental.queries.checks import link

C, P, R, Y = columns(RentalCustomer), columns(Party), columns(RentalReceipt), columns(RentalPayment)
RECEIPT = (
    select(
        P.name,
        func.coalesce(func.nullif(P.contact_name, ""), P.name).label("greeted"),
        P.email,
        R.receipt_number,
        R.check_token,
        R.content["business"]["name"].astext.label("business"),
        Y.amount_minor,
        Y.currency,
    )
    .join_from(RentalReceipt, RentalPayment, R.payment_id == Y.id)
    .join(RentalCustomer, C.id == Y.customer_id)
    .join(Party, P.id == C.party_id)
    .where(R.payment_id == bindparam("id"), P.email.is_not(None))
)


@subscribe(PaymentReceived)
def send_receipt(session: Session, actor: Actor, received: PaymentReceived) -> None:
    """A customer with an e-mail address gets the receipt, with the link that proves it."""
    receipt = session.execute(RECEIPT, {"id": received.entity_id}).one_or_none()
    if receipt is not None:
        messages.write(
            session,
            actor,
            channel=Channel.EMAIL,
            address=receipt.email,
            name=receipt.name,
            kind="receipt",
            subject=f"Receipt {receipt.receipt_number} from {receipt.business}",
            body=f"Dear {receipt.greeted},\n\nthank you: we have received "
            f"{Money(receipt.amount_minor, receipt.currency)}.\n\n"
            f"Your receipt {receipt.receipt_number}: {link(receipt.check_token)}\n\n{receipt.business}\n",
            link=f"/rental/payments?open={received.entity_id}",
        )
