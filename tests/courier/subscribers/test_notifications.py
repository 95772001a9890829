"""Who is told what when something happens in courier: only those concerned, and nobody of another merchant."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import columns
from lattis_app.courier import events
from lattis_app.courier.subscribers import notifications as told
from lattis_app.identity.permissions import Role
from lattis_app.notifications.models import Notification
from tests.factories.courier import make_merchant
from tests.factories.identity import make_user

N = columns(Notification)
RECORD, DISPUTE = uuid4(), uuid4()


@pytest.fixture
def people(session):
    merchant, other = make_merchant(session), make_merchant(session)
    return {
        "merchant_id": merchant.id,
        "owner": make_user(session, Role.MERCHANT, subject_id=merchant.id),
        "other": make_user(session, Role.MERCHANT, subject_id=other.id),
        "admin": make_user(session, Role.ADMIN),
        "driver": make_user(session, Role.DRIVER),
    }


def inbox(session, user):
    """What somebody was told; each reads their own only, as the database itself sees to."""
    session.connection().exec_driver_sql(f"SET LOCAL lattis.user_id = '{user.id}'")
    rows = session.execute(select(N.title, N.body, N.link, N.tone).where(N.user_id == user.id))
    return [tuple(row) for row in rows]


CASES = [
    (
        told.tell_merchant_of_settlement,
        lambda m: events.MerchantInvoiceGenerated(RECORD, "INV-2026-03-0001", m, 1200, 484500),
        "owner",
        ("INV-2026-03-0001: 1,200 parcels settled", "RM 4,845.00 will be paid to you",
         f"/merchant/invoices?open={RECORD}", "info"),
    ),
    (
        told.tell_merchant_of_settlement,
        lambda m: events.MerchantInvoiceGenerated(RECORD, "INV-2026-03-0002", m, 1, -6000),
        "owner",
        ("INV-2026-03-0002: 1 parcels settled", "RM 60.00 is owed and carried forward",
         f"/merchant/invoices?open={RECORD}", "info"),
    ),
    (
        told.tell_merchant_of_payment,
        lambda m: events.MerchantInvoicePaid(RECORD, "INV-2026-03-0001", m, 484500, "payout", "TXN-1"),
        "owner",
        ("INV-2026-03-0001 is paid: RM 4,845.00", "TXN-1", f"/merchant/invoices?open={RECORD}", "ok"),
    ),
    (
        told.tell_merchant_of_cancellation,
        lambda m: events.MerchantInvoiceCancelled(RECORD, "INV-2026-03-0001", m, "Wrong account"),
        "owner",
        ("INV-2026-03-0001 was cancelled", "Its parcels will be settled again. Wrong account",
         f"/merchant/invoices?open={RECORD}", "warn"),
    ),
    (
        told.tell_merchant_of_correction,
        lambda m: events.ParcelCleared(RECORD, "TRK1", m, -200000, "Counted again"),
        "owner",
        ("TRK1 was corrected by −RM 2,000.00", "Counted again", f"/merchant/parcels?open={RECORD}", "info"),
    ),
    (
        told.tell_office_of_dispute,
        lambda m: events.ParcelDisputed(RECORD, DISPUTE, "TRK1", m, "Never came"),
        "admin",
        ("TRK1 is disputed", "Never came", f"/courier/disputes?open={DISPUTE}", "warn"),
    ),
    (
        told.tell_merchant_of_answer,
        lambda m: events.ParcelDisputeResolved(RECORD, DISPUTE, "TRK1", m, "REJECTED", "It did"),
        "owner",
        ("Your dispute of TRK1 was rejected", "It did", f"/merchant/disputes?open={DISPUTE}", "info"),
    ),
    (
        told.tell_office_of_run,
        lambda m: events.SettlementRunFinished(RECORD, 3, 1500, 484500, 1),
        "admin",
        ("3 merchant invoices generated, 1 failed", "1,500 parcels, RM 4,845.00 payable",
         f"/courier/settle?run={RECORD}", "bad"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("tell", "happened", "who", "message"), CASES)
def test_only_those_concerned_are_told(session, people, tell, happened, who, message):
    tell(session, SYSTEM, happened(people["merchant_id"]))
    for name in ("owner", "other", "admin", "driver"):
        assert inbox(session, people[name]) == ([message] if name == who else [])


def test_nobody_is_told_of_what_was_carried_or_of_a_run_that_made_nothing(session, people):
    carried = events.MerchantInvoicePaid(
        RECORD, "INV-2026-03-0001", people["merchant_id"], -6000, "carried", ""
    )
    told.tell_merchant_of_payment(session, SYSTEM, carried)
    told.tell_office_of_run(session, SYSTEM, events.SettlementRunFinished(RECORD, 0, 0, 0, 0))
    assert [inbox(session, people[name]) for name in ("owner", "admin")] == [[], []]
