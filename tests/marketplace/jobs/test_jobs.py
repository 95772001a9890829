"""The three jobs: when they fire in Skopje, what they tell, and that twice is once."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from lattis_app.core import events, jobs
from lattis_app.core.actors import SYSTEM
from lattis_app.core.names import JobName
from lattis_app.identity.permissions import Role
from lattis_app.marketplace.models import MarketplaceInvoice
from lattis_app.marketplace.schemas.invoices import ClaimEntry, PaymentEntry
from lattis_app.marketplace.services import invoices, reminders, seller_messages
from tests.factories.identity import make_user
from tests.factories.marketplace import make_delivered, make_seller, seller_actor
from tests.marketplace.conftest import SATURDAY, WEDNESDAY

GENERATE = JobName.MARKETPLACE_GENERATE_WEEKLY_INVOICES
LINK = "/seller/invoices/{}"


def deliver_all(session: Session) -> None:
    """Let every event reach its subscribers."""
    session.flush()
    session.commit()
    events.deliver([str(each) for each in session.scalars(text("SELECT id FROM events ORDER BY seq"))])


def told(session: Session, user_id: object) -> list[tuple[str, str, str, str]]:
    session.execute(text("SELECT set_config('lattis.user_id', :id, true)"), {"id": str(user_id)})
    rows = session.execute(
        text(
            "SELECT kind, title, body, link FROM notifications WHERE user_id = :id ORDER BY created_at, kind"
        ),
        {"id": user_id},
    )
    return [(row.kind, row.title, row.body, row.link) for row in rows]


@pytest.mark.parametrize(
    ("name", "now", "slot"),
    [
        (GENERATE, "2026-11-23T08:00:00Z", "2026-11-22T23:00:00+00:00"),
        (GENERATE, "2026-03-30T08:00:00Z", "2026-03-29T22:00:00+00:00"),
        (GENERATE, "2026-10-26T08:00:00Z", "2026-10-25T23:00:00+00:00"),
        (GENERATE, "2027-01-04T08:00:00Z", "2027-01-03T23:00:00+00:00"),
        (JobName.MARKETPLACE_MARK_OVERDUE, "2026-11-28T08:00:00Z", "2026-11-28T00:00:00+00:00"),
        (JobName.MARKETPLACE_MARK_OVERDUE, "2026-07-11T08:00:00Z", "2026-07-10T23:00:00+00:00"),
    ],
)
def test_jobs_are_due_by_the_clocks_of_skopje(name: JobName, now: str, slot: str) -> None:
    moment = datetime.fromisoformat(now)
    assert jobs.last_due(jobs.spec_of(name), moment).isoformat() == slot


def test_a_job_run_by_hand_bills_and_a_preview_only_counts(session: Session, admin, monday) -> None:
    make_delivered(session, make_seller(session), WEDNESDAY)
    looked = jobs.run_now(session, admin, GENERATE, preview=True)
    assert looked.result == {"weeks": ["2026-47"], "invoices": 1, "orders": 1}
    assert session.scalars(select(MarketplaceInvoice)).all() == []
    ran = jobs.run_now(session, admin, GENERATE)
    assert ran.status == "done"
    assert ran.result is not None
    assert (ran.result["weeks"], ran.result["invoices"], ran.result["orders"]) == ("2026-47", 1, 1)
    again = jobs.run_now(session, admin, GENERATE)
    assert again.result is not None
    assert again.result["invoices"] == 0


def test_checklist_implement_invoice_notifications_all_five_say_number_amount_day_and_link(
    session: Session, seller, invoice, clock
) -> None:
    user = make_user(session, Role.SELLER, subject_id=seller.id, email="ana@example.com")
    deliver_all(session)
    clock.set(datetime(2026, 11, 25, 8, 0, tzinfo=UTC))
    assert reminders.send_due(session, SYSTEM, clock.now()) == 1
    reminders.send_due(session, SYSTEM, clock.now())
    clock.set(SATURDAY)
    jobs.run_now(session, SYSTEM, JobName.MARKETPLACE_MARK_OVERDUE)
    deliver_all(session)
    clock.advance(hours=1)
    invoices.mark_paid(session, SYSTEM, invoice.id, PaymentEntry())
    deliver_all(session)
    link = LINK.format(invoice.id)
    number, amount = "INV-2026-47-ABCD", "MKD 307.50"
    assert told(session, user.id) == [
        (
            "seller_invoice.generated",
            f"New invoice {number}",
            f"{amount} to pay. It is due on Friday, 27 Nov 2026.",
            link,
        ),
        (
            "seller_invoice.due_soon",
            f"Invoice {number} is due soon",
            f"{amount} to pay. It is due on Friday, 27 Nov 2026: pay in time to keep taking orders.",
            link,
        ),
        (
            "seller.restricted",
            "Your shop is restricted",
            f"No new orders, and 2 products are hidden, until {amount} is paid: {number} (1 d overdue)",
            link,
        ),
        (
            "seller_invoice.overdue",
            f"Invoice {number} is overdue",
            f"{amount} to pay. It was due on Friday, 27 Nov 2026: 1 day overdue.",
            link,
        ),
        (
            "seller.unrestricted",
            "Your shop is open again",
            f"Invoice {number} is settled and nothing is overdue. 2 products wait to be reactivated.",
            "/seller/products",
        ),
    ]
    mails = session.execute(text("SELECT address, count(*) FROM messages WHERE channel = 'email' GROUP BY 1"))
    assert [tuple(row) for row in mails] == [("ana@example.com", 5)]


def test_a_reminder_goes_out_two_days_before_and_not_sooner(session: Session, seller, invoice, clock) -> None:
    make_user(session, Role.SELLER, subject_id=seller.id)
    clock.set(datetime(2026, 11, 24, 8, 0, tzinfo=UTC))
    assert reminders.send_due(session, SYSTEM, clock.now()) == 0
    clock.advance(days=1)
    assert reminders.send_due(session, SYSTEM, clock.now()) == 1


def test_reminders_go_out_in_steps_and_a_run_that_died_goes_on(
    session: Session, monday, clock, monkeypatch
) -> None:
    users = []
    for number in range(5):
        late = make_seller(session, code=f"R{number}")
        users.append(make_user(session, Role.SELLER, subject_id=late.id))
        make_delivered(session, late, WEDNESDAY)
    jobs.run_now(session, SYSTEM, GENERATE)
    session.commit()
    clock.set(datetime(2026, 11, 25, 8, 0, tzinfo=UTC))
    monkeypatch.setattr(reminders, "AT_ONCE", 2)
    tell, calls = seller_messages.tell_of_invoice, []

    def die_at_the_fourth(*given, **named):
        calls.append(given)
        if len(calls) == 4:
            raise ConnectionError("the power went")
        return tell(*given, **named)

    monkeypatch.setattr(seller_messages, "tell_of_invoice", die_at_the_fourth)
    with pytest.raises(ConnectionError):
        reminders.send_due(session, SYSTEM, clock.now())
    assert [len(told(session, user.id)) for user in users] == [1, 1, 0, 0, 0]
    monkeypatch.setattr(seller_messages, "tell_of_invoice", tell)
    assert reminders.send_due(session, SYSTEM, clock.now()) == 5
    assert [len(told(session, user.id)) for user in users] == [1, 1, 1, 1, 1]


def test_administrators_hear_of_a_claim_and_the_seller_of_its_refusal(
    session: Session, seller, invoice
) -> None:
    admin = make_user(session, Role.ADMIN)
    user = make_user(session, Role.SELLER, subject_id=seller.id)
    me = seller_actor(session, seller)
    invoices.claim_payment(session, me, invoice.id, ClaimEntry(proof="Stopanska 1"))
    deliver_all(session)
    invoices.reject_claim(session, SYSTEM, invoice.id, "Nothing came")
    deliver_all(session)
    assert [each[:2] for each in told(session, admin.id)] == [
        ("seller_invoice.payment_claimed", "Ohrid Pearls says INV-2026-47-ABCD is paid")
    ]
    refusal = next(each for each in told(session, user.id) if each[0] == "seller_invoice.claim_rejected")
    assert refusal[1:3] == ("No payment was found for INV-2026-47-ABCD", "Nothing came")
