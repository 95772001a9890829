"""Corrections of what was paid, end to end to SETTLED, and merchants' objections."""

import pytest
from sqlalchemy import select

from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import columns
from lattis_app.core.errors import Forbidden, Invalid, InvalidTransition, NotFound
from lattis_app.courier.models import CourierDispute, CourierInvoiceLine, CourierMerchant
from lattis_app.courier.rules.settlements import NothingToCorrect, NotPaidYet
from lattis_app.courier.schemas.disputes import AcceptEntry, DisputeEntry, RejectEntry
from lattis_app.courier.schemas.invoices import InvoiceEntry
from lattis_app.courier.schemas.parcels import ClearanceEntry
from lattis_app.courier.services import clearances, disputes, merchant_invoices
from lattis_app.identity.permissions import Role
from lattis_app.ledger.queries import checks
from tests.factories.courier import again, make_invoice, make_merchant, make_parcel, pay_invoice
from tests.factories.identity import make_actor

L = columns(CourierInvoiceLine)
WHY = "Customer paid less"
OBJECTION = DisputeEntry(reason="Our customer paid 3000 only")


@pytest.fixture(autouse=True)
def now(clock):
    """Everything happens on 16 March 2026."""


@pytest.fixture
def paid(session):
    """A delivered parcel that was paid with 4845.00."""
    parcel = make_parcel(session, make_merchant(session))
    pay_invoice(session, make_invoice(session, merchant_of(session, parcel)))
    return again(session, parcel)


def merchant_of(session, parcel):
    return session.get(CourierMerchant, parcel.merchant_id)


def clear(session, parcel, **correction):
    clearances.record(session, SYSTEM, parcel.id, ClearanceEntry(reason=WHY, **correction))
    session.flush()
    return parcel


def lines(session, invoice):
    found = select(
        L.kind, L.cod_collected_minor, L.delivery_charge_minor, L.return_charge_minor, L.net_minor
    ).where(L.invoice_id == invoice.id)
    return sorted(tuple(row) for row in session.execute(found))


@pytest.mark.parametrize(
    ("correction", "amount", "line"),
    [
        ({"cod_collected_amount": "5100"}, 10000, ("clearance", 10000, 0, 0, 10000)),
        ({"cod_collected_amount": 3000}, -200000, ("clearance", -200000, 0, 0, -200000)),
        ({"delivery_charge": "100.00"}, 5500, ("clearance", 0, -5500, 0, 5500)),
        (
            {"status": "RETURNED", "cod_collected_amount": 0, "return_charge": 60},
            -490500,
            ("clearance", -500000, -15500, 6000, -490500),
        ),
    ],
    ids=str,
)
def test_a_clearance_rides_on_the_next_invoice_even_alone_and_is_settled_with_it(
    session, paid, correction, amount, line
):
    clear(session, paid, **correction)
    assert (paid.financial_status, paid.clearance_required, paid.clearance_done) == (
        "CLEARANCE_PENDING",
        True,
        False,
    )
    assert (paid.clearance_amount_minor, paid.clearance_reason) == (amount, WHY)
    merchant = merchant_of(session, paid)
    invoice = make_invoice(session, merchant)
    assert (invoice.total_parcels, invoice.clearance_count, invoice.payable_amount_minor) == (0, 1, amount)
    assert lines(session, invoice) == [line]
    again(session, paid)
    assert (paid.financial_status, paid.clearance_invoice_id) == ("CLEARANCE_INVOICED", invoice.id)
    if amount < 0:
        make_parcel(session, merchant)
        invoice = make_invoice(session, merchant)
        assert (invoice.opening_minor, invoice.payable_amount_minor) == (amount, 484500 + amount)
    if invoice.payable_amount_minor > 0:
        pay_invoice(session, invoice)
        again(session, paid)
        assert (paid.financial_status, paid.clearance_done) == ("SETTLED", True)
        assert paid.paid_amount_minor == 484500 + amount
    assert checks.check(session, SYSTEM).status == "balanced"


def test_a_disputed_clearance_is_held_although_its_parcel_was_invoiced_once(session, paid):
    clear(session, paid, cod_collected_amount=5100)
    disputes.open_(session, SYSTEM, paid.id, OBJECTION)
    session.flush()
    entry = InvoiceEntry(merchant_id=paid.merchant_id, parcel_ids=(paid.id,))
    with pytest.raises(merchant_invoices.ParcelsNotEligible):
        merchant_invoices.generate(session, SYSTEM, entry)
    assert again(session, paid).financial_status == "CLEARANCE_PENDING"


def test_cancelling_lets_a_clearance_wait_again(session, paid):
    clear(session, paid, cod_collected_amount=5100)
    invoice = make_invoice(session, merchant_of(session, paid))
    merchant_invoices.cancel(session, SYSTEM, invoice.id, "Wrong month")
    again(session, paid)
    assert (paid.financial_status, paid.clearance_invoice_id) == ("CLEARANCE_PENDING", None)
    assert paid.invoice_id is not None
    assert checks.check(session, SYSTEM).status == "balanced"


def test_only_what_was_paid_wrongly_is_cleared(session, paid):
    before = (paid.financial_status, paid.cod_collected_amount_minor, paid.clearance_required)
    for correction in ({}, {"cod_collected_amount": 5000}, {"return_charge": 60}):
        with pytest.raises(NothingToCorrect):
            clear(session, paid, **correction)
    with pytest.raises(Invalid):
        clear(session, paid, status="IN_TRANSIT")
    assert before == (paid.financial_status, paid.cod_collected_amount_minor, paid.clearance_required)
    fresh = make_parcel(session, merchant_of(session, paid))
    with pytest.raises(NotPaidYet):
        clear(session, fresh, cod_collected_amount=1)
    assert fresh.cod_collected_amount_minor == 500000


def test_a_clearance_that_stands_on_an_invoice_is_not_corrected_under_it(session, paid):
    clear(session, paid, cod_collected_amount=5100)
    make_invoice(session, merchant_of(session, paid))
    again(session, paid)
    with pytest.raises(NotPaidYet) as refused:
        clear(session, paid, cod_collected_amount=4000)
    assert refused.value.details == {"field": "financial_status", "reason": "is CLEARANCE_INVOICED"}
    session.flush()
    again(session, paid)
    assert (paid.financial_status, paid.cod_collected_amount_minor) == ("CLEARANCE_INVOICED", 510000)


def test_a_disputed_parcel_is_held_until_it_is_answered(session):
    merchant = make_merchant(session)
    parcel, other = make_parcel(session, merchant), make_parcel(session, merchant)
    owner = make_actor(session, Role.MERCHANT, merchant.id)
    dispute = disputes.open_(session, owner, parcel.id, OBJECTION)
    assert (dispute.status, dispute.raised_by) == ("OPEN", owner.name)
    with pytest.raises(disputes.DisputeOpen):
        disputes.open_(session, owner, parcel.id, OBJECTION)
    entry = InvoiceEntry(merchant_id=merchant.id, parcel_ids=(parcel.id, other.id))
    with pytest.raises(merchant_invoices.ParcelsNotEligible) as refused:
        merchant_invoices.generate(session, SYSTEM, entry)
    assert [each["reason"] for each in refused.value.details["parcels"]] == [
        "is held: disputed on 2026-03-16"
    ]
    assert make_invoice(session, merchant).total_parcels == 1
    disputes.reject(session, SYSTEM, dispute.id, RejectEntry(answer="The receipt says 5000"))
    assert (dispute.status, dispute.answer) == ("REJECTED", "The receipt says 5000")
    assert make_invoice(session, merchant, parcel).payable_amount_minor == 484500
    with pytest.raises(InvalidTransition):
        disputes.reject(session, SYSTEM, dispute.id, RejectEntry(answer="Once more"))


def test_an_accepted_dispute_corrects_what_was_not_settled_and_clears_what_was(session, paid):
    merchant = merchant_of(session, paid)
    fresh = make_parcel(session, merchant)
    for parcel in (fresh, paid):
        dispute = disputes.open_(session, SYSTEM, parcel.id, OBJECTION)
        session.flush()
        with pytest.raises(NothingToCorrect):
            disputes.accept(session, SYSTEM, dispute.id, AcceptEntry(answer="You are right"))
        assert (dispute.status, parcel.disputed_at is None) == ("OPEN", False)
        entry = AcceptEntry(answer="You are right", cod_collected_amount=3000)
        disputes.accept(session, SYSTEM, dispute.id, entry)
        assert (dispute.status, parcel.disputed_at) == ("ACCEPTED", None)
    session.flush()
    assert (fresh.financial_status, fresh.cod_collected_amount_minor) == ("PENDING", 300000)
    assert (paid.financial_status, paid.clearance_amount_minor) == ("CLEARANCE_PENDING", -200000)
    invoice = make_invoice(session, merchant)
    assert invoice.payable_amount_minor == 284500 - 200000


def test_a_parcel_whose_invoice_is_carried_forward_is_not_cleared_before_that_is_settled(session):
    merchant = make_merchant(session)
    back = make_parcel(session, merchant, "RETURNED")
    owing = make_invoice(session, merchant)
    make_parcel(session, merchant)
    later = make_invoice(session, merchant)
    assert (owing.carried_to_invoice_id, later.payable_amount_minor) == (later.id, 484500 - 6000)
    with pytest.raises(NotPaidYet):
        clear(session, again(session, back), return_charge=10)
    pay_invoice(session, later)
    clear(session, again(session, back), return_charge=10)
    assert (again(session, back).paid_amount_minor, back.clearance_amount_minor) == (-6000, 5000)
    assert checks.check(session, SYSTEM).status == "balanced"


def test_a_clearance_that_was_wrong_altogether_is_taken_back_by_a_dispute(session, paid):
    clear(session, paid, cod_collected_amount=3000)
    dispute = disputes.open_(session, SYSTEM, paid.id, OBJECTION)
    session.flush()
    answer = AcceptEntry(answer="5000 it was", cod_collected_amount=5000)
    disputes.accept(session, SYSTEM, dispute.id, answer)
    assert (paid.cod_collected_amount_minor, paid.clearance_amount_minor) == (500000, 0)
    invoice = make_invoice(session, merchant_of(session, paid))
    assert (invoice.clearance_count, invoice.payable_amount_minor) == (1, 0)
    pay_invoice(session, invoice)
    again(session, paid)
    assert (paid.financial_status, paid.paid_amount_minor) == ("SETTLED", 484500)
    assert checks.check(session, SYSTEM).status == "balanced"


def test_a_parcel_on_an_open_invoice_is_answered_once_that_is_paid(session):
    merchant = make_merchant(session)
    parcel = make_parcel(session, merchant)
    invoice = make_invoice(session, merchant)
    dispute = disputes.open_(session, SYSTEM, again(session, parcel).id, OBJECTION)
    session.flush()
    entry = AcceptEntry(answer="You are right", cod_collected_amount=3000)
    with pytest.raises(disputes.OnInvoice):
        disputes.accept(session, SYSTEM, dispute.id, entry)
    pay_invoice(session, invoice)
    disputes.accept(session, SYSTEM, dispute.id, entry)
    assert again(session, parcel).financial_status == "CLEARANCE_PENDING"


def test_nobody_disputes_what_is_not_theirs_or_not_delivered(session):
    merchant = make_merchant(session)
    parcel, moving = make_parcel(session, merchant), make_parcel(session, merchant, "IN_TRANSIT")
    stranger = make_actor(session, Role.MERCHANT, make_merchant(session).id)
    with pytest.raises(NotFound):
        disputes.open_(session, stranger, parcel.id, OBJECTION)
    with pytest.raises(disputes.NotDisputable):
        disputes.open_(session, SYSTEM, moving.id, OBJECTION)
    with pytest.raises(Forbidden):
        disputes.accept(session, stranger, parcel.id, AcceptEntry(answer="Yes"))
    assert session.scalars(select(CourierDispute)).all() == []
    assert (parcel.disputed_at, moving.disputed_at) == (None, None)
