"""Generating, paying and cancelling: the worked table end to end, in the records, the history and the books."""

from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from lattis_app.core.actors import SYSTEM
from lattis_app.core.audit import AuditEntry
from lattis_app.core.db import columns
from lattis_app.core.errors import InvalidTransition, NotFound
from lattis_app.core.events import EventRow
from lattis_app.courier.models import CourierInvoiceLine, CourierMerchantInvoice, CourierParcel
from lattis_app.courier.schemas.invoices import InvoiceEntry, PaymentEntry
from lattis_app.courier.services import merchant_invoices as service
from lattis_app.courier.statuses import FinancialStatus
from lattis_app.ledger.models import LedgerEntry, LedgerTransaction
from lattis_app.ledger.queries import checks
from tests.factories.courier import (
    NETS,
    WORKED,
    again,
    make_invoice,
    make_merchant,
    make_parcel,
    pay_invoice,
)

A, E, T = columns(AuditEntry), columns(LedgerEntry), columns(LedgerTransaction)
L, I = columns(CourierInvoiceLine), columns(CourierMerchantInvoice)  # noqa: E741 — one letter per table
PAID_NOW = PaymentEntry(payment_reference="TXN-1")


@pytest.fixture(autouse=True)
def now(clock):
    """Everything happens on 16 March 2026."""


def books(session, source_id):
    """What the books say of an invoice: kind, account and amount."""
    session.flush()
    rows = session.execute(
        select(T.kind, E.account, E.amount_minor)
        .join_from(LedgerTransaction, LedgerEntry, E.transaction_id == T.id)
        .where(T.source_id == source_id)
    )
    return sorted(tuple(row) for row in rows)


def well(session):
    return checks.check(session, SYSTEM).status == "balanced"


def standing(session):
    """Everything that generating may change: parcels, lines, invoices, entries, events."""
    session.flush()
    parcels = session.execute(
        select(
            columns(CourierParcel).id,
            columns(CourierParcel).financial_status,
            columns(CourierParcel).invoice_id,
        ).order_by(columns(CourierParcel).id)
    )
    models = (CourierInvoiceLine, CourierMerchantInvoice, LedgerTransaction, AuditEntry, EventRow)
    counts = [session.scalar(select(func.count()).select_from(model)) for model in models]
    return [tuple(row) for row in parcels], counts


def history(session, parcel):
    """The steps of a parcel's money, as its History shows them."""
    found = select(A.action, A.before, A.after, A.label).where(
        A.entity_id == parcel.id, A.action.startswith("financial_status.")
    )
    return [tuple(row) for row in session.execute(found.order_by(A.seq))]


def test_the_worked_table_becomes_one_invoice_and_one_entry_in_the_books(session):
    merchant = make_merchant(session)
    parcels = {status: make_parcel(session, merchant, status) for status in WORKED}
    invoice = make_invoice(session, merchant)
    assert invoice.invoice_no == "INV-2026-03-0001"
    assert (invoice.total_parcels, invoice.delivered_count, invoice.returned_count) == (4, 2, 2)
    assert invoice.total_cod_collected_minor == 812000
    assert invoice.total_delivery_charges_minor == 31000
    assert invoice.total_return_charges_minor == 6000
    assert invoice.payable_amount_minor == sum(NETS.values()) == 775000
    lines = session.execute(select(L.parcel_id, L.kind, L.net_minor).where(L.invoice_id == invoice.id))
    assert {row.parcel_id: (row.kind, row.net_minor) for row in lines} == {
        parcel.id: ("parcel", NETS[status]) for status, parcel in parcels.items()
    }
    for parcel in parcels.values():
        assert (again(session, parcel).financial_status, parcel.invoice_id) == ("INVOICED", invoice.id)
        assert history(session, parcel) == [
            (
                "financial_status.INVOICED",
                {"financial_status": "PENDING"},
                {"financial_status": "INVOICED"},
                parcel.tracking_number,
            )
        ]
    assert books(session, invoice.id) == [
        ("merchant_invoice.generated", "cod_collected", 812000),
        ("merchant_invoice.generated", "delivery_income", -37000),
        ("merchant_invoice.generated", "merchant_payable", -775000),
    ]
    assert well(session)


def test_paying_gives_every_parcel_its_own_amount_and_owes_nothing_any_more(session):
    merchant = make_merchant(session)
    parcels = {status: make_parcel(session, merchant, status) for status in WORKED}
    invoice = pay_invoice(session, make_invoice(session, merchant))
    assert (invoice.invoice_status, invoice.settled_by, invoice.payment_reference) == (
        "PAID",
        "payout",
        "TXN-1",
    )
    for status, parcel in parcels.items():
        again(session, parcel)
        assert (parcel.financial_status, parcel.paid_amount_minor) == ("PAID", NETS[status])
        assert (parcel.paid_to_merchant, parcel.paid_to_merchant_at) == (True, invoice.paid_at)
        assert [step[0] for step in history(session, parcel)] == [
            "financial_status.INVOICED",
            "financial_status.PAID",
        ]
    assert books(session, invoice.id)[3:] == [
        ("merchant_invoice.paid", "bank", -775000),
        ("merchant_invoice.paid", "merchant_payable", 775000),
    ]
    assert well(session)


def test_an_invoice_is_paid_once(session):
    merchant = make_merchant(session)
    make_parcel(session, merchant)
    invoice = pay_invoice(session, make_invoice(session, merchant))
    before = books(session, invoice.id)
    for refused in (
        lambda: service.pay(session, SYSTEM, invoice.id, PAID_NOW),
        lambda: service.cancel(session, SYSTEM, invoice.id, "Too late"),
    ):
        with pytest.raises(InvalidTransition):
            refused()
    assert (books(session, invoice.id), invoice.invoice_status) == (before, "PAID")


def test_cancelling_frees_the_parcels_reverses_the_books_and_keeps_the_breakdown(session):
    merchant = make_merchant(session)
    parcel = make_parcel(session, merchant)
    invoice = make_invoice(session, merchant)
    service.cancel(session, SYSTEM, invoice.id, "Wrong bank account")
    session.flush()
    assert (again(session, parcel).financial_status, parcel.invoice_id) == ("PENDING", None)
    assert (invoice.invoice_status, invoice.cancel_reason) == ("CANCELLED", "Wrong bank account")
    assert [step[0] for step in history(session, parcel)] == [
        "financial_status.INVOICED",
        "financial_status.PENDING",
    ]
    lines = session.execute(select(L.parcel_id, L.live, L.net_minor).where(L.invoice_id == invoice.id))
    assert [tuple(row) for row in lines] == [(parcel.id, False, 484500)]
    assert sum(entry[2] for entry in books(session, invoice.id) if entry[1] == "merchant_payable") == 0
    second = make_invoice(session, merchant)
    assert (second.invoice_no, second.payable_amount_minor) == ("INV-2026-03-0002", 484500)
    assert well(session)


def test_one_bad_parcel_stops_all_and_each_bad_one_is_named_with_its_reason(session):
    merchant, stranger = make_merchant(session), make_merchant(session)
    good, moving = make_parcel(session, merchant), make_parcel(session, merchant, "IN_TRANSIT")
    foreign, taken = make_parcel(session, stranger), make_parcel(session, merchant)
    invoice = make_invoice(session, merchant, taken)
    before = standing(session)

    def refused(error, *named):
        with pytest.raises(error) as refusal:
            service.generate(session, SYSTEM, InvoiceEntry(merchant_id=merchant.id, parcel_ids=tuple(named)))
        return {each["parcel_id"]: each["reason"] for each in refusal.value.details["parcels"]}

    not_final = "is IN_TRANSIT: only DELIVERED, PARTIAL_DELIVERY, RETURNED, PAID_RETURN are settled"
    assert refused(service.ParcelsNotEligible, good.id, moving.id) == {str(moving.id): not_final}
    assert refused(service.ParcelsNotFound, good.id, moving.id, foreign.id) == {
        str(moving.id): not_final,
        str(foreign.id): "is no parcel of this merchant",
    }
    assert refused(service.ParcelsAlreadyInvoiced, good.id, moving.id, foreign.id, taken.id) == {
        str(moving.id): not_final,
        str(foreign.id): "is no parcel of this merchant",
        str(taken.id): f"is on invoice {invoice.invoice_no} already",
    }
    assert standing(session) == before


def test_nothing_to_settle_takes_no_number(session):
    merchant = make_merchant(session)
    make_parcel(session, merchant, "IN_TRANSIT")
    before = standing(session)
    with pytest.raises(service.NothingEligible), session.begin_nested():
        make_invoice(session, merchant)
    with pytest.raises(NotFound):
        service.generate(session, SYSTEM, InvoiceEntry(merchant_id=uuid4()))
    assert standing(session) == before
    make_parcel(session, merchant)
    assert make_invoice(session, merchant).invoice_no == "INV-2026-03-0001"


def test_a_negative_invoice_is_carried_to_the_next_one_and_settled_with_it(session):
    merchant = make_merchant(session)
    returned = make_parcel(session, merchant, "RETURNED")
    owing = make_invoice(session, merchant)
    assert owing.payable_amount_minor == -6000
    with pytest.raises(service.MerchantOwes):
        service.pay(session, SYSTEM, owing.id, PAID_NOW)
    make_parcel(session, merchant)
    invoice = make_invoice(session, merchant)
    assert (invoice.opening_minor, invoice.payable_amount_minor) == (-6000, 478500)
    assert owing.carried_to_invoice_id == invoice.id
    assert ("merchant_invoice.generated", "merchant_payable", -484500) in books(session, invoice.id)
    assert well(session)
    for refused in (
        lambda: service.cancel(session, SYSTEM, owing.id, "No"),
        lambda: service.record_merchant_payment(session, SYSTEM, owing.id, PAID_NOW),
    ):
        with pytest.raises(service.CarriedForward):
            refused()
    pay_invoice(session, invoice)
    assert (owing.invoice_status, owing.settled_by) == ("PAID", "carried")
    assert owing.payment_reference == invoice.invoice_no
    assert (again(session, returned).financial_status, returned.paid_amount_minor) == ("PAID", -6000)
    assert len(books(session, owing.id)) == 2
    assert well(session)


def test_what_is_still_negative_is_carried_on_and_what_is_cancelled_lets_go(session):
    merchant = make_merchant(session)
    make_parcel(session, merchant, "RETURNED")
    first = make_invoice(session, merchant)
    make_parcel(session, merchant, "RETURNED")
    second = make_invoice(session, merchant)
    assert second.payable_amount_minor == -12000
    make_parcel(session, merchant)
    third = make_invoice(session, merchant)
    assert (third.opening_minor, third.payable_amount_minor) == (-12000, 472500)
    service.cancel(session, SYSTEM, third.id, "Paid by hand")
    session.flush()
    assert (first.carried_to_invoice_id, second.carried_to_invoice_id) == (second.id, None)
    fourth = pay_invoice(session, make_invoice(session, merchant))
    assert fourth.payable_amount_minor == 472500
    assert [each.settled_by for each in (first, second)] == ["carried", "carried"]
    assert well(session)


def test_a_merchant_may_pay_what_it_owes(session):
    merchant = make_merchant(session)
    parcel = make_parcel(session, merchant, "RETURNED")
    owing = make_invoice(session, merchant)
    service.record_merchant_payment(session, SYSTEM, owing.id, PAID_NOW)
    assert (owing.invoice_status, owing.settled_by) == ("PAID", "merchant_payment")
    assert again(session, parcel).paid_amount_minor == -6000
    assert books(session, owing.id)[2:] == [
        ("merchant_invoice.merchant_paid", "bank", 6000),
        ("merchant_invoice.merchant_paid", "merchant_payable", -6000),
    ]
    assert well(session)
    make_parcel(session, merchant)
    positive = make_invoice(session, merchant)
    assert positive.opening_minor == 0
    with pytest.raises(service.MerchantOwesNothing):
        service.record_merchant_payment(session, SYSTEM, positive.id, PAID_NOW)


def test_an_invoice_of_nothing_is_paid_without_a_trace_in_the_books(session):
    merchant = make_merchant(session)
    make_parcel(session, merchant, "PAID_RETURN", cod_collected_amount="0")
    invoice = pay_invoice(session, make_invoice(session, merchant))
    assert (invoice.payable_amount_minor, invoice.invoice_status) == (0, "PAID")
    assert books(session, invoice.id) == []


def test_the_database_itself_keeps_a_parcel_off_a_second_invoice(session):
    merchant = make_merchant(session)
    parcel = make_parcel(session, merchant)
    invoice = make_invoice(session, merchant)
    with pytest.raises(IntegrityError, match="uq_courier_invoice_lines_parcel_id"), session.begin_nested():
        session.add(
            CourierInvoiceLine(
                invoice_id=invoice.id,
                kind="parcel",
                tracking_number="TWICE",
                parcel_id=parcel.id,
                net_minor=0,
            )
        )
        session.flush()
    assert again(session, parcel).financial_status == FinancialStatus.INVOICED


def test_an_invoice_takes_the_same_statements_however_many_parcels(session, queries):
    counts = []
    for parcels in (1, 12):
        merchant = make_merchant(session)
        for _ in range(parcels):
            make_parcel(session, merchant)
        session.flush()
        with queries() as sent:
            make_invoice(session, merchant)
        counts.append(sent.count)
    assert counts == [7, 7]


def test_what_is_generated_is_told_and_its_details_are_frozen(session):
    merchant = make_merchant(session)
    make_parcel(session, merchant)
    invoice = make_invoice(session, merchant)
    merchant.bank_account_number = "999"
    session.flush()
    assert invoice.bill_to["bank_account_number"] == "5140 1122 3344"
    assert invoice.bill_to["name"] == "Kedai Batik Melati"
    found = select(columns(EventRow).payload).where(columns(EventRow).entity_id == invoice.id)
    assert session.scalars(found).one()["payable_minor"] == 484500
