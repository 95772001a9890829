"""Customers are reminded of invoices, each step once, a missed day caught up (contract: rental.md, "Jobs")."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from lattis_app.core import jobs
from lattis_app.core.actors import SYSTEM
from lattis_app.core.names import JobName
from lattis_app.notifications.models import Message
from lattis_app.parties.models import Party
from lattis_app.rental.jobs import send_payment_reminders
from lattis_app.rental.models import RentalCustomer, RentalInvoice
from lattis_app.rental.schemas.invoices import PaymentEntry
from lattis_app.rental.services import invoices, payments
from tests.factories.rental import make_customer
from tests.factories.rental_delivery_orders import make_delivery_order


@pytest.fixture
def invoice(session: Session, clock) -> RentalInvoice:
    """RM 350.00 due on Thursday 26 March, ten days from now."""
    buyer = make_customer(session, message_channel="sms")
    order = make_delivery_order(session, customer_id=buyer.id)
    made = invoices.make_from_order(session, SYSTEM, order.id)
    session.flush()
    made.due_on = made.issued_on + timedelta(days=10)
    customer = session.get_one(RentalCustomer, made.customer_id)
    party = session.get_one(Party, customer.party_id)
    party.email, party.name, party.contact_name = "john@abc.com", "ABC Construction", "John Doe"
    session.flush()
    return made


def run(session: Session, clock) -> int:
    return send_payment_reminders(session, SYSTEM, clock.now())["sent"]


def letters(session: Session, channel: str = "email") -> list[Message]:
    by_time = select(Message).order_by(text("created_at")).where(text("channel = :channel"))
    return list(session.scalars(by_time, {"channel": channel}))


def test_every_step_is_written_once_and_on_its_day(session, clock, invoice) -> None:
    written = []
    for day in range(40):
        written += [day - 10] * run(session, clock)
        assert run(session, clock) == 0
        clock.advance(days=1)
    assert written == [-3, 0, 3, 7, 14]
    number = invoice.invoice_number
    assert [letter.subject for letter in letters(session)][:3] == [
        f"Invoice {number} is due on 26 Mar 2026",
        f"Invoice {number} is due today",
        f"Invoice {number} was due on 26 Mar 2026",
    ]


def test_the_letter_says_what_is_owed_and_where_the_invoice_is(session, clock, invoice) -> None:
    entry = PaymentEntry(method="ONLINE", amount="100.00")
    payments.record(session, SYSTEM, invoice.id, entry)
    clock.advance(days=10)
    run(session, clock)
    (letter,) = letters(session)
    assert (letter.channel, letter.address, letter.name, letter.kind) == (
        "email", "john@abc.com", "ABC Construction", "payment_reminder",
    )  # fmt: skip
    assert letter.body == (
        f"Dear John Doe,\n\nRM 250.00 of our invoice {invoice.invoice_number} is due today.\n\n"
        f"The invoice: http://localhost:3000/check/{invoice.check_token}\n\n"
        f"If you have paid meanwhile, please disregard this message.\n\n{invoice.issuer['name']}\n"
    )
    assert letter.link == f"/rental/invoices?open={invoice.id}"


def test_the_phone_is_reminded_in_one_line_by_the_way_the_customer_chose(session, clock, invoice) -> None:
    clock.advance(days=7)
    run(session, clock)
    customer = session.get_one(RentalCustomer, invoice.customer_id)
    customer.message_channel = "whatsapp"
    session.flush()
    clock.advance(days=3)
    assert (run(session, clock), run(session, clock)) == (1, 0)
    phone, (sms,), (whatsapp,) = "+60123456789", letters(session, "sms"), letters(session, "whatsapp")
    assert (sms.address, sms.kind, sms.name) == (phone, "payment_reminder", "ABC Construction")
    business, check = invoice.issuer["name"], f"http://localhost:3000/check/{invoice.check_token}"
    number = invoice.invoice_number
    assert sms.body == f"{business}: RM 350.00 of invoice {number} is due on 26 Mar 2026. {check}"
    assert whatsapp.body == f"{business}: RM 350.00 of invoice {number} is due today. {check}"
    assert (sms.of_use_until, whatsapp.address) == (None, phone)


@pytest.mark.parametrize(("mails", "phone"), [(True, "none"), (False, "sms"), (False, "none")])
def test_a_customer_who_opted_out_is_left_in_peace(session, clock, invoice, mails, phone) -> None:
    customer = session.get_one(RentalCustomer, invoice.customer_id)
    customer.email_messages, customer.message_channel = mails, phone
    session.flush()
    clock.advance(days=10)
    assert run(session, clock) == int(mails or phone == "sms")
    assert (len(letters(session)), len(letters(session, "sms"))) == (int(mails), int(phone == "sms"))


def test_a_missed_day_is_caught_up_by_the_step_that_counts_now(session, clock, invoice) -> None:
    clock.advance(days=15)
    assert (run(session, clock), run(session, clock)) == (1, 0)
    clock.advance(days=2)
    assert run(session, clock) == 1
    assert [letter.cause.rpartition("/")[2] for letter in letters(session)] == ["3", "7"]


@pytest.mark.parametrize("why", ["paid", "voided", "no address"])
def test_who_owes_nothing_or_has_no_address_is_left_in_peace(session, clock, invoice, why: str) -> None:
    if why == "paid":
        payments.record(session, SYSTEM, invoice.id, PaymentEntry(method="CASH", amount="350.00"))
    elif why == "voided":
        invoices.void(session, SYSTEM, invoice.id, "Made by mistake")
    else:
        session.execute(text("UPDATE parties SET email = NULL, phone = NULL"))
    session.flush()
    clock.advance(days=10)
    assert (run(session, clock), letters(session)) == (0, [])


def test_a_look_at_what_would_be_sent_sends_nothing(session, clock, admin, invoice) -> None:
    clock.advance(days=10)
    looked = jobs.run_now(session, admin, JobName.RENTAL_SEND_PAYMENT_REMINDERS, preview=True)
    assert (looked.result, letters(session)) == ({"sent": 1}, [])
    ran = jobs.run_now(session, admin, JobName.RENTAL_SEND_PAYMENT_REMINDERS)
    assert (ran.result, len(letters(session))) == ({"sent": 1}, 1)
