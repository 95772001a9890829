"""Parcels, invoices, disputes and remittances as text, to the office and to the merchant."""

import pytest

from lattis_app.core.actors import SYSTEM
from lattis_app.core.files import Upload
from lattis_app.core.pagination import PageRequest
from lattis_app.courier.pages import dispute_rows, invoice_rows, parcel_rows, remittance_rows
from lattis_app.courier.queries import disputes as dispute_queries
from lattis_app.courier.queries import merchant_invoices, parcels
from lattis_app.courier.queries import remittances as remittance_queries
from lattis_app.courier.schemas.disputes import DisputeEntry, RejectEntry
from lattis_app.courier.schemas.invoices import MerchantInvoiceFilters
from lattis_app.courier.schemas.parcels import ClearanceEntry
from lattis_app.courier.schemas.remittances import RemittanceEntry, RemittanceLineFilters
from lattis_app.courier.services import clearances, disputes, remittances
from tests.factories.courier import again, make_invoice, make_merchant, make_parcel, pay_invoice

BREAKDOWN = PageRequest(limit=100)


@pytest.fixture
def merchant(session, clock):
    return make_merchant(session, name="Kedai Melati")


def shown(session, parcel, **told):
    return parcel_rows.facts(parcels.find(session, SYSTEM, again(session, parcel).id), **told)


def all_rows(session):
    found = merchant_invoices.page(session, SYSTEM, MerchantInvoiceFilters(), BREAKDOWN)
    return [invoice_rows.row(each) for each in found.rows]


@pytest.mark.parametrize(
    ("status", "charges", "net", "why"),
    [
        ("IN_TRANSIT", "–", "–", "Nothing is settled before the parcel has arrived or come back."),
        ("DELIVERED", "−155.00", "4,845.00", "Delivered: the delivery charge is taken off."),
        ("RETURNED", "−60.00", "−60.00", "Returned: only the return charge is taken off."),
        ("PAID_RETURN", "0.00", "120.00", "The recipient paid for the return: nothing is taken off."),
    ],
)
def test_a_parcel_says_what_it_is_worth_and_why(session, merchant, status, charges, net, why):
    found = shown(session, make_parcel(session, merchant, status))
    assert (found["charges"], found["net"], found["why_charges"]) == (charges, net, why)


def test_who_owes_is_said_to_each_in_their_words(session, merchant):
    parcel = make_parcel(session, merchant, "RETURNED")
    assert shown(session, parcel)["net_words"] == "Merchant owes"
    assert shown(session, parcel, to_merchant=True)["net_words"] == "You owe"


def test_how_far_the_money_of_a_parcel_is(session, merchant):
    moving = make_parcel(session, merchant, "IN_TRANSIT")
    parcel = make_parcel(session, merchant)
    assert [shown(session, each)["settled"] for each in (moving, parcel)] == ["Not yet", "Not settled"]

    dispute = disputes.open_(session, SYSTEM, parcel.id, DisputeEntry(reason="Paid more"))
    assert (shown(session, parcel)["settled"], shown(session, parcel)["disputed"]) == (
        "Disputed",
        "16 Mar 2026",
    )
    disputes.reject(session, SYSTEM, dispute.id, RejectEntry(answer="No more was paid"))
    invoice = make_invoice(session, merchant, again(session, parcel))
    found = shown(session, parcel, to_merchant=True)
    assert (found["settled"], found["invoice"], found["invoice_href"]) == (
        "Invoiced",
        invoice.invoice_no,
        f"/merchant/invoices?open={invoice.id}",
    )


def test_a_correction_stands_beside_what_was_paid(session, merchant):
    parcel = make_parcel(session, merchant)
    pay_invoice(session, make_invoice(session, merchant, parcel))
    wrong = ClearanceEntry(cod_collected_amount="4900.00", reason="Counted again")
    clearances.record(session, SYSTEM, again(session, parcel).id, wrong)

    found = shown(session, parcel)
    assert (found["settled"], found["paid"], found["clearance"], found["clearance_reason"]) == (
        "Correction due",
        "RM 4,845.00",
        "Merchant owes RM 100.00",
        "Counted again",
    )
    invoice = make_invoice(session, merchant)
    (listed,) = (row for row in all_rows(session) if row["number"] == invoice.invoice_no)
    assert (listed["parcels"], listed["payable_amount"], listed["besides"]) == (
        "0",
        "−100.00",
        "1 correction",
    )
    read = merchant_invoices.find(session, SYSTEM, invoice.id, BREAKDOWN)
    line = invoice_rows.line(read.breakdown[0], to_merchant=True)
    assert (line["kind"], line["net"], line["what_href"]) == (
        "Correction",
        "−100.00",
        f"/merchant/parcels?open={parcel.id}",
    )


def test_what_was_carried_forward_is_a_line_of_the_next_invoice(session, merchant):
    owing = make_invoice(session, merchant, make_parcel(session, merchant, "RETURNED"))
    later = make_invoice(session, merchant, make_parcel(session, merchant))
    session.refresh(owing)

    first = invoice_rows.facts(merchant_invoices.find(session, SYSTEM, owing.id))
    assert (first["status"], first["payable_words"], first["carried_to"]) == (
        "Carried forward",
        "Merchant owes RM 60.00",
        later.invoice_no,
    )
    read = merchant_invoices.find(session, SYSTEM, later.id, BREAKDOWN)
    opening = next(
        line for line in map(invoice_rows.line, read.breakdown) if line["kind"] == "Carried forward"
    )
    assert (opening["what"], opening["what_href"], opening["collected"], opening["net"]) == (
        owing.invoice_no,
        f"/courier/invoices?open={owing.id}",
        "–",
        "−60.00",
    )


@pytest.mark.parametrize(("to_merchant", "word"), [(False, "To pay"), (True, "On its way")])
def test_an_open_invoice_is_named_as_each_sees_it(session, merchant, to_merchant, word):
    invoice = make_invoice(session, merchant, make_parcel(session, merchant))
    found = merchant_invoices.find(session, SYSTEM, invoice.id)
    told = invoice_rows.facts(found, to_merchant=to_merchant)
    assert (told["status"], told["collected"], told["charges"], told["payable_text"]) == (
        word,
        "5,000.00",
        "−155.00",
        "RM 4,845.00",
    )


def test_a_dispute_on_an_open_invoice_waits_for_that(session, merchant):
    parcel = make_parcel(session, merchant)
    make_invoice(session, merchant, parcel)
    dispute = disputes.open_(session, SYSTEM, again(session, parcel).id, DisputeEntry(reason="Paid more"))
    session.flush()

    found = dispute_rows.facts(dispute_queries.find(session, SYSTEM, dispute.id))
    assert (found["is_open"], found["waits"], found["answer"], found["resolved"]) == ("true", "true", "–", "")
    assert found["invoices_href"] == f"/courier/invoices?merchant_id={merchant.id}&status=GENERATED"

    disputes.reject(session, SYSTEM, dispute.id, RejectEntry(answer="No more was paid"))
    session.flush()
    answered = dispute_rows.facts(dispute_queries.find(session, SYSTEM, dispute.id))
    assert (answered["is_open"], answered["waits"], answered["answer"]) == ("", "", "No more was paid")
    assert answered["resolved"] == "16 Mar 2026, 10:00 · Lattis"
    assert [
        step["label"] for step in dispute_rows.steps(dispute_queries.find(session, SYSTEM, dispute.id))
    ] == [
        "Open",
        "Rejected",
    ]


@pytest.fixture
def remittance(session, merchant):
    """A partner's file: one parcel right, one 1,000.00 short, one still on its way, one unknown and one left out."""
    for name, status in (
        ("RIGHT", "DELIVERED"),
        ("SHORT", "DELIVERED"),
        ("MISSING", "DELIVERED"),
        ("MOVING", "IN_TRANSIT"),
    ):
        make_parcel(session, merchant, status, tracking_number=name, partner="Ninja Van")
    days = {"partner": "Ninja Van", "from": "2026-03-02", "to": "2026-03-16"}
    text = b"tracking_number,amount\nRIGHT,5000\nSHORT,4000\nMOVING,30\nNOBODY,7.50\n"
    upload = Upload("paid.csv", text)
    made = remittances.compare_file(session, SYSTEM, RemittanceEntry.model_validate(days), upload)
    session.flush()
    return made


def told(session, remittance):
    return remittance_rows.facts(remittance_queries.find(session, SYSTEM, remittance.id))


def test_a_remittance_says_how_far_what_was_paid_is_from_what_was_expected(session, remittance):
    found = told(session, remittance)
    row = {
        "partner": "Ninja Van",
        "reference": "paid.csv",
        "created_at": "16 Mar 2026",
        "days": "2 – 16 Mar 2026",
        "status": "To check",
        "differences": "4",
        "expected": "15,000.00",
        "remitted": "9,037.50",
    }
    assert {name: found[name] for name in row} == row
    assert (found["expected_text"], found["remitted_text"]) == ("RM 15,000.00", "RM 9,037.50")
    assert (found["difference_text"], found["short"]) == ("−RM 5,962.50", "true")
    assert (found["is_open"], found["file"]) == ("true", "paid.csv")
    assert (found["sent"], found["accepted"]) == ("16 Mar 2026, 10:00 · Lattis", "–")


def test_an_accepted_remittance_says_by_whom_and_waits_for_nobody(session, remittance):
    remittance.reference = "NV-2207"
    remittances.accept(session, SYSTEM, remittance.id)
    session.flush()
    found = told(session, remittance)
    assert (found["reference"], found["status"], found["is_open"]) == ("NV-2207", "Accepted", "")
    assert found["accepted"] == "16 Mar 2026, 10:00 · Lattis"


def test_a_remittance_that_pays_more_than_expected_is_not_short(session, merchant):
    days = RemittanceEntry.model_validate({"partner": "Ninja Van", "from": "2026-03-16", "to": "2026-03-16"})
    upload = Upload("paid.csv", b"tracking_number,amount\nNOBODY,1234.50\n")
    made = remittances.compare_file(session, SYSTEM, days, upload)
    session.flush()
    found = told(session, made)
    assert (found["difference_text"], found["short"], found["days"]) == ("RM 1,234.50", "", "16 Mar 2026")


def test_the_lines_of_a_remittance_are_counted_what_needs_somebody_first(session, remittance):
    found = remittance_rows.tallies(remittance_queries.find(session, SYSTEM, remittance.id))
    assert [(each["match"], each["word"], each["count"]) for each in found] == [
        ("short", "Too little", "1"),
        ("missing", "Missing", "1"),
        ("extra", "Not expected", "2"),
        ("matched", "Matched", "1"),
    ]


def test_a_line_of_a_remittance_says_what_differs_and_leads_to_its_parcel(session, remittance):
    found = remittance_queries.lines(session, SYSTEM, remittance.id, RemittanceLineFilters(), BREAKDOWN)
    lines = {each.tracking_number: remittance_rows.line(each) for each in found.rows}
    shown = ("expected", "remitted", "difference", "note")
    assert {number: tuple(line[name] for name in shown) for number, line in lines.items()} == {
        "RIGHT": ("5,000.00", "5,000.00", "0.00", ""),
        "SHORT": ("5,000.00", "4,000.00", "−1,000.00", "RM 1,000.00 short"),
        "MISSING": ("5,000.00", "–", "−5,000.00", "is not in the file"),
        "MOVING": ("0.00", "30.00", "30.00", "is IN_TRANSIT: counts towards what will be collected"),
        "NOBODY": ("0.00", "7.50", "7.50", "is no parcel of ours"),
    }
    (right,) = (each for each in found.rows if each.tracking_number == "RIGHT")
    assert lines["RIGHT"]["tracking_number_href"] == f"/courier/parcels?open={right.parcel_id}"
    assert lines["NOBODY"]["tracking_number_href"] == "/courier/parcels"
    assert lines["SHORT"]["id"] == "short-SHORT"
