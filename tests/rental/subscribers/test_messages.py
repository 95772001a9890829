"""What customers get by mail."""

from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from lattis_app.core.actors import SYSTEM
from lattis_app.notifications.models import Message
from lattis_app.parties.models import Party
from lattis_app.rental.events import PaymentReceived
from lattis_app.rental.models import RentalCustomer, RentalPayment, RentalReceipt
from lattis_app.rental.schemas.invoices import CollectionEntry
from lattis_app.rental.services import payments
from lattis_app.rental.subscribers.messages import send_receipt
from tests.factories.rental_delivery_orders import drive, make_delivery_order


@pytest.fixture
def paid(session: Session) -> RentalPayment:
    """Money that a driver took."""
    order = drive(session, make_delivery_order(session), "delivered")
    payments.collect(session, SYSTEM, order.id, CollectionEntry(payment_method="CASH", amount="100.00"))
    session.flush()
    return session.scalars(select(RentalPayment)).one()


def known_as(session: Session, payment: RentalPayment, **details: str | None) -> None:
    party = session.get_one(Party, session.get_one(RentalCustomer, payment.customer_id).party_id)
    for name, value in details.items():
        setattr(party, name, value)
    session.flush()


def deliver(session: Session, payment: RentalPayment) -> list[Message]:
    session.info["event_id"] = UUID(int=5)
    send_receipt(
        session, SYSTEM, PaymentReceived(payment.id, payment.receipt_number, payment.amount_minor, "CASH")
    )
    return list(session.scalars(select(Message).order_by(text("created_at, address"))))


def test_a_customer_with_an_email_address_gets_the_receipt_once(
    session: Session, paid: RentalPayment
) -> None:
    known_as(session, paid, email="john@abc.com", name="ABC Construction", contact_name="John Doe")
    deliver(session, paid)
    (message,) = deliver(session, paid)
    receipt = session.scalars(select(RentalReceipt)).one()
    business = receipt.content["business"]["name"]
    assert (message.channel, message.address, message.name, message.kind) == (
        "email", "john@abc.com", "ABC Construction", "receipt",
    )  # fmt: skip
    assert message.subject == f"Receipt {paid.receipt_number} from {business}"
    assert message.body == (
        f"Dear John Doe,\n\nthank you: we have received RM 100.00.\n\nYour receipt {paid.receipt_number}: "
        f"http://localhost:3000/check/{receipt.check_token}\n\n{business}\n"
    )
    assert message.link == f"/rental/payments?open={paid.id}"


def test_a_customer_without_an_address_is_written_nothing(session: Session, paid: RentalPayment) -> None:
    known_as(session, paid, email=None)
    assert deliver(session, paid) == []


def test_a_company_without_a_contact_is_greeted_by_its_name(session: Session, paid: RentalPayment) -> None:
    known_as(session, paid, email="a@b.co", name="ABC", contact_name="")
    assert deliver(session, paid)[0].body.startswith("Dear ABC,")
