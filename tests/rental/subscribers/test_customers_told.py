"""What customers are told, from the event to the server that takes it: real queue, real SMTP, real HTTP."""

import email
import email.policy
from datetime import timedelta
from urllib.parse import parse_qs

import pytest
from sqlalchemy import select, text, update

from lattis_app.core import db
from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import columns
from lattis_app.notifications.models import Message
from lattis_app.notifications.services.messages import TOO_LATE
from lattis_app.rental.events import DoProgressed, InvoiceIssued
from lattis_app.rental.models import (
    RentalBin,
    RentalBusiness,
    RentalCustomer,
    RentalDeliveryOrder,
    RentalInvoice,
)
from lattis_app.rental.schemas.invoices import CollectionEntry
from lattis_app.rental.schemas.transfers import ExchangeEntry
from lattis_app.rental.services import invoices, payments, transfers
from lattis_app.rental.subscribers.messages import NEWS_FOR, send_invoice, tell_customer_of_job
from tests.core.worker import make_retries_due, waiting, work_off
from tests.factories.rental import make_customer
from tests.factories.rental_delivery_orders import drive, make_delivery_order, set_business
from tests.factories.rental_operations import make_bin, make_driver, make_lorry
from tests.rental.documents.printed import text_of

BUSINESS, PHONE, CHECK = "Lattis Bin Services Sdn Bhd", "+60123456789", "http://localhost:3000/check/"
pytestmark = pytest.mark.usefixtures("committed_database", "clock")


@pytest.fixture
def order(committed_database, clock):
    """Bin ASR01 for John Doe of ABC Construction, driven by Ahmad Rahman; nothing has been told yet."""
    with db.unit_of_work() as session:
        set_business(session)
        made = make_delivery_order(
            session,
            customer_id=make_customer(session, message_channel="sms").id,
            inventory_bin_id=make_bin(session, serial_number="ASR01").id,
            driver_id=make_driver(session, name="Ahmad Rahman").id,
            lorry_id=make_lorry(session, registration_no="WXY 1").id,
        )
    work_off()
    forget()
    return made


def forget() -> None:
    with db.unit_of_work() as session:
        session.execute(text("DELETE FROM messages"))


def change(model, **values) -> None:
    with db.unit_of_work() as session:
        session.execute(update(model).values(**values))


def step(order, to: str) -> None:
    with db.unit_of_work() as session:
        drive(session, session.get_one(RentalDeliveryOrder, order.id), to)
    work_off()


def issue(order) -> RentalInvoice:
    with db.unit_of_work() as session:
        issued = invoices.make_from_order(session, SYSTEM, order.id)
    work_off()
    return issued


def outbox(*kinds: str) -> list[tuple[str, str, str, str]]:
    written = columns(Message)
    chosen = select(Message).where(written.kind.in_(kinds)).order_by(written.created_at)
    with db.reading() as session:
        rows = session.scalars(chosen)
        return [(row.channel, row.state, row.subject, row.body) for row in rows]


def texted(twilio) -> list[tuple[str, str, str]]:
    fields = [parse_qs(request.body.decode()) for request in twilio.requests]
    return [(each["From"][0], each["To"][0], each["Body"][0]) for each in fields]


def test_an_issued_invoice_is_mailed_with_its_pdf(order, mailbox) -> None:
    invoice = issue(order)
    (envelope,) = mailbox.letters
    mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
    number = invoice.invoice_number
    assert (envelope.rcpt_tos, mail["Subject"]) == (["john@abc.com"], f"Invoice {number} from {BUSINESS}")
    body, (pdf,) = mail.get_body(("plain",)), mail.iter_attachments()
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == (
        f"Dear John Doe,\n\nplease find attached our invoice {number} of RM 350.00. It is due on 16 Mar 2026.\n\n"
        f"The invoice: {CHECK}{invoice.check_token}\n\n{BUSINESS}\n"
    )
    assert (pdf.get_filename(), pdf.get_content_type()) == (f"{number}.pdf", "application/pdf")
    assert number in text_of(pdf.get_content())
    assert outbox("invoice")[0][:2] == ("email", "sent")


@pytest.mark.parametrize(
    ("paid", "told"),
    [("350.00", "It is paid: thank you."), ("100.00", "RM 100.00 is paid; RM 250.00 is due on 16 Mar 2026.")],
)
def test_what_was_paid_on_site_is_said(order, mailbox, paid, told) -> None:
    with db.unit_of_work() as session:
        entry = CollectionEntry(payment_method="CASH", amount=paid)
        payments.collect(session, SYSTEM, order.id, entry)
    issue(order)
    ((*_, body),) = outbox("invoice")
    assert f"of RM 350.00. {told}\n\n" in body


@pytest.mark.parametrize(
    "why", ["the business does not", "the customer wants none", "no address", "voided meanwhile"]
)
def test_an_invoice_is_not_mailed_where_nobody_wants_it(order, mailbox, why) -> None:
    if why == "the business does not":
        change(RentalBusiness, email_invoices=False)
    elif why == "the customer wants none":
        change(RentalCustomer, email_messages=False)
    elif why == "no address":
        with db.unit_of_work() as session:
            session.execute(text("UPDATE parties SET email = NULL"))
    with db.unit_of_work() as session:
        issued = invoices.make_from_order(session, SYSTEM, order.id)
        if why == "voided meanwhile":
            invoices.void(session, SYSTEM, issued.id, "Made by mistake")
    work_off()
    assert (mailbox.letters, outbox("invoice")) == ([], [])


def test_a_receipt_is_not_mailed_to_who_wants_no_mail(order, mailbox) -> None:
    change(RentalCustomer, email_messages=False)
    with db.unit_of_work() as session:
        payments.collect(session, SYSTEM, order.id, CollectionEntry(payment_method="CASH", amount="100.00"))
    work_off()
    assert mailbox.letters == []


def test_the_phone_hears_of_each_step_of_the_job(order, twilio) -> None:
    for to in ("started", "delivered", "collected", "done"):
        step(order, to)
    number = order.system_do_number
    assert texted(twilio) == [
        ("+15550001", PHONE, f"{BUSINESS}: bin ASR01 is on its way to you. Driver: Ahmad Rahman, WXY 1. ({number})"),
        ("+15550001", PHONE, f"{BUSINESS}: bin ASR01 was delivered. We expect it back on 30 Mar 2026. ({number})"),
        ("+15550001", PHONE, f"{BUSINESS}: bin ASR01 was collected. Thank you. ({number})"),
    ]  # fmt: skip
    assert [subject for *_, subject, _ in outbox("job_step")] == [
        f"{number}: bin on its way", f"{number}: bin delivered", f"{number}: bin collected",
    ]  # fmt: skip


def test_whatsapp_is_used_where_the_customer_chose_it(order, twilio) -> None:
    change(RentalCustomer, message_channel="whatsapp")
    step(order, "started")
    ((sender, to, _),) = texted(twilio)
    assert (sender, to) == ("whatsapp:+15550002", f"whatsapp:{PHONE}")


@pytest.mark.parametrize("why", ["opted out", "no phone"])
def test_who_opted_out_or_has_no_phone_hears_nothing(order, twilio, why) -> None:
    if why == "opted out":
        change(RentalCustomer, message_channel="none")
    else:
        with db.unit_of_work() as session:
            session.execute(text("UPDATE parties SET phone = NULL"))
    step(order, "delivered")
    assert (texted(twilio), outbox("job_step")) == ([], [])


def test_a_failed_trip_is_no_news_for_the_customer(order, twilio) -> None:
    with db.unit_of_work() as session:
        failed = DoProgressed(order.id, order.system_do_number, "failed", order.driver_id)
        session.execute(update(RentalDeliveryOrder).values(fulfilment_status="failed"))
        tell_customer_of_job(session, SYSTEM, failed)
    work_off()
    assert texted(twilio) == []


def test_an_exchange_says_that_the_full_bin_goes_back(order, twilio) -> None:
    step(order, "delivered")
    with db.unit_of_work() as session:
        empty = make_bin(session, serial_number="ASR02")
        entry = ExchangeEntry(inventory_bin_id=empty.id, amount="360.00", scheduled_at=order.scheduled_at)
        made = transfers.exchange(session, SYSTEM, order.id, entry)
    step(made, "started")
    assert texted(twilio)[-1][2] == (
        f"{BUSINESS}: bin ASR02 is on its way to you, and the full one will be taken back. "
        f"Driver: Ahmad Rahman, WXY 1. ({made.system_do_number})"
    )


def test_an_event_delivered_again_tells_nothing_twice(order, mailbox, twilio) -> None:
    invoice = issue(order)
    step(order, "started")
    with db.unit_of_work() as session:
        session.execute(text("UPDATE event_deliveries SET delivered_at = NULL"))
        session.execute(
            text("SELECT procrastinate_defer_jobs_v1(ARRAY[ROW('default', 'lattis.deliver_events', 0, NULL, NULL, "
                 "jsonb_build_object('event_ids', (SELECT jsonb_agg(id) FROM events)), NULL)"
                 "::procrastinate_job_to_defer_v1])")
        )  # fmt: skip
    work_off()
    for act, event in (
        (send_invoice, InvoiceIssued(invoice.id, invoice.invoice_number, order.id, 35000)),
        (tell_customer_of_job, DoProgressed(order.id, order.system_do_number, "started", order.driver_id)),
    ):
        with db.unit_of_work() as session:
            session.info["event_id"] = session.scalar(
                text("SELECT id FROM events WHERE name = :name ORDER BY seq DESC LIMIT 1"),
                {"name": event.name},
            )
            act(session, SYSTEM, event)
    work_off()
    assert (len(mailbox.letters), len(texted(twilio)), waiting()) == (1, 1, 0)


def test_what_can_not_be_sent_stays_in_the_outbox(order) -> None:
    issue(order)
    step(order, "started")
    assert [(channel, state) for channel, state, *_ in outbox("invoice", "job_step")] == [
        ("email", "not_configured"),
        ("sms", "not_configured"),
    ]


def test_news_of_the_moment_is_not_sent_hours_later(order, twilio, clock) -> None:
    twilio.answers = [(503, b"{}"), (201, b'{"sid": "SM1"}')]
    step(order, "started")
    clock.advance(seconds=NEWS_FOR.total_seconds() + 1)
    make_retries_due()
    work_off()
    assert len(texted(twilio)) == 1
    with db.reading() as session:
        message = session.scalars(select(Message).where(columns(Message).kind == "job_step")).one()
    assert (message.state, message.error) == ("failed", TOO_LATE)


def test_a_step_that_is_over_when_it_is_told_is_not_told(order, twilio, clock) -> None:
    with db.unit_of_work() as session:
        drive(session, session.get_one(RentalDeliveryOrder, order.id), "delivered")
    work_off()
    assert [body.partition(": ")[2][:23] for *_, body in texted(twilio)] == ["bin ASR01 was delivered"]
    assert timedelta(hours=1) < NEWS_FOR
    with db.reading() as session:
        assert session.scalars(select(RentalBin.status)).one() == "with_customer"
