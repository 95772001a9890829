"""A merchant's own pages: their money, their parcels, and nobody else's."""

import asyncio
from datetime import UTC, datetime

import pytest

from lattis_app.core.actors import SYSTEM
from lattis_app.core.jobs import next_due, spec_of
from lattis_app.core.names import JobName
from lattis_app.courier.pages.own_disputes import OwnDisputes
from lattis_app.courier.pages.own_home import MerchantHome, next_note
from lattis_app.courier.pages.own_invoices import OwnInvoices
from lattis_app.courier.pages.own_parcels import OwnParcels, missing_words, numbers_in
from lattis_app.courier.pages.own_statement import OwnStatement
from lattis_app.courier.queries import standings
from lattis_app.courier.schemas.disputes import DisputeEntry, RejectEntry
from lattis_app.courier.schemas.invoices import PaymentEntry
from lattis_app.courier.services import disputes, merchant_invoices
from lattis_app.identity.permissions import Role
from tests.factories.courier import WORKED, make_invoice, make_merchant, make_parcel, pay_invoice
from tests.ui.pipeline import pipeline
from tests.ui.visits import everything, signed_in, stay, visit


@pytest.fixture
def merchant(session, clock):
    found = make_merchant(session, name="Kedai Melati")
    for status in WORKED:
        make_parcel(session, found, status)
    return found


@pytest.fixture
def mei(session, merchant):
    return signed_in(session, Role.MERCHANT, name="Mei Ling", subject_id=merchant.id)


@pytest.fixture
def stranger(session, clock):
    """Another merchant with a parcel on an invoice."""
    other = make_merchant(session, name="Sambal Nyonya")
    parcel = make_parcel(session, other)
    return parcel, make_invoice(session, other)


def test_home_says_what_is_theirs_and_when_it_is_settled(session, mei, merchant):
    seen = visit(MerchantHome, mei, address="/merchant")
    shown = seen["shown"]
    assert (seen["hello"], shown["yours"], shown["next"]) == (
        "Good morning, Mei",
        "RM 7,750.00",
        "RM 7,750.00",
    )
    assert (shown["next_note"], shown["open_note"], shown["last"]) == (
        "4 parcels · on Mon 23",
        "Nothing is on its way",
        "–",
    )
    assert [(week["week"], week["collected"]) for week in seen["weeks"]][-1] == ("16 Mar", "8,120.00")

    pay_invoice(session, make_invoice(session, merchant))
    paid = visit(MerchantHome, mei, address="/merchant")
    assert (paid["shown"]["last"], paid["shown"]["last_note"]) == ("RM 7,750.00", "16 Mar 2026 · TXN-1")
    assert [payment["payable_amount"] for payment in paid["payments"]] == ["7,750.00"]


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2026, 3, 22, 18, 59, tzinfo=UTC), "Mon 23"),
        (datetime(2026, 3, 22, 19, 1, tzinfo=UTC), "Mon 30"),
        (datetime(2026, 3, 24, 4, 0, tzinfo=UTC), "Mon 30"),
    ],
    ids=["Monday, a minute before three", "a minute after", "Tuesday"],
)
def test_the_next_settlement_is_when_the_scheduled_run_is_due(session, mei, merchant, clock, now, day):
    clock.set(now)
    (standing,) = [standings.find(session, SYSTEM, merchant.id)]
    assert standing.next_settlement_at == next_due(spec_of(JobName.COURIER_GENERATE_SETTLEMENTS), now)
    assert next_note(standing) == f"4 parcels · on {day}"


def test_a_week_of_the_chart_opens_its_parcels(mei):
    pressed = [{"pointIndex": 11, "curveNumber": 0}]
    assert (
        "/merchant/parcels?from=2026-03-16&to=2026-03-22"
        in visit(MerchantHome, mei, ("open_week", {"points": pressed})).said
    )
    for forged in ([], [{"pointIndex": 99}], [{"pointIndex": -1}]):
        assert "/merchant/parcels" not in visit(MerchantHome, mei, ("open_week", {"points": forged})).said


def test_a_merchant_who_owes_is_told_so_in_their_words(session, clock):
    owing = make_merchant(session)
    make_parcel(session, owing, "RETURNED")
    cookie = signed_in(session, Role.MERCHANT, subject_id=owing.id)
    seen = visit(MerchantHome, cookie)
    assert seen["shown"]["next_owed"] == "You owe RM 60.00"

    invoice = make_invoice(session, owing)
    listed = visit(OwnInvoices, cookie, ("open_record", {"record_id": str(invoice.id)}))
    assert (listed["rows"][0]["payable_amount"], listed["rows"][0]["status"]) == ("−60.00", "You owe")
    assert listed["record"]["payable_words"] == "You owe RM 60.00"


def test_only_own_parcels_and_invoices_are_seen(session, mei, merchant, stranger):
    parcel, invoice = stranger
    listed = visit(OwnParcels, mei, address=f"/merchant/parcels?merchant_id={parcel.merchant_id}")
    assert listed["total"] == 4
    assert visit(OwnInvoices, mei)["total"] == 0
    for state, record_id in ((OwnParcels, parcel.id), (OwnInvoices, invoice.id)):
        seen = visit(state, mei, ("open_record", {"record_id": str(record_id)}))
        assert (seen["open_id"], seen["record_ready"]) == ("", False)
        assert "Sambal" not in f"{seen.values}{seen.said}"
    assert "Sambal" not in str(visit(OwnStatement, mei).values)


def test_a_pasted_list_shows_what_is_found_and_names_what_is_not(session, mei, merchant, stranger):
    own = make_parcel(session, merchant).tracking_number
    pasted = f" {own.lower()},\n{stranger[0].tracking_number} NOBODY"
    seen = visit(OwnParcels, mei, ("search_many", {"form": {"numbers": pasted}}))
    assert ([row["tracking_number"] for row in seen["rows"]], seen["found_words"]) == ([own], "1 of 3 found")
    assert seen["missing"] == f"{stranger[0].tracking_number}, NOBODY"

    for way_back in ("forget_numbers", "clear_filters"):
        again = visit(OwnParcels, mei, ("search_many", {"form": {"numbers": pasted}}), (way_back, {}))
        assert (again["total"], again["found_words"]) == (5, "")


def test_a_link_with_filters_forgets_the_pasted_list(mei, merchant):
    async def scene():
        async with pipeline() as tab:
            searched = ("search_many", {"form": {"numbers": "NOBODY"}})
            await stay(tab, OwnParcels, mei, ("load", {}), searched, address="/merchant/parcels")
            followed = "/merchant/parcels?status=RETURNED"
            return await stay(tab, OwnParcels, mei, ("load", {}), address=followed)

    seen = asyncio.run(scene())
    assert (seen["pasted"], seen["total"]) == ([], 1)


@pytest.mark.parametrize("numbers", ["", " ,; ", " ".join(f"N{place}" for place in range(501))])
def test_a_list_of_none_or_of_too_many_is_refused_beside_the_field(mei, numbers):
    seen = visit(OwnParcels, mei, ("search_many", {"form": {"numbers": numbers}}))
    assert seen["errors"]["numbers"]
    assert seen["total"] == 4


def test_numbers_are_read_from_any_paste():
    assert numbers_in("a1\tb2;\r\nA1,, c3 ") == ["A1", "B2", "C3"]
    assert missing_words([str(place) for place in range(10)]) == "0, 1, 2, 3, 4, 5, 6, 7 and 2 more"


def test_a_parcel_is_disputed_once_and_shows_the_answer(session, mei, merchant):
    parcel = make_parcel(session, merchant)
    opened = ("open_record", {"record_id": str(parcel.id)})
    before = everything(session)
    refused = visit(OwnParcels, mei, opened, ("dispute", {"form": {"reason": ""}}))
    assert everything(session) == before
    assert refused["errors"]["reason"]

    raised = visit(OwnParcels, mei, opened, ("dispute", {"form": {"reason": "He paid RM 5,100"}}))
    assert (raised["allowed"], raised["record"]["settled"]) == ([], "Disputed")
    session.flush()
    before = everything(session)
    twice = visit(OwnParcels, mei, opened, ("dispute", {"form": {"reason": "Again"}}))
    assert everything(session) == before
    assert "already" in twice["form_error"]

    (asked,) = raised["asked"]
    disputes.reject(session, SYSTEM, asked["id"], RejectEntry(answer="The receipt says otherwise"))
    session.flush()
    answered = visit(OwnParcels, mei, opened)
    assert (answered["asked"][0]["answer"], answered["allowed"]) == (
        "The receipt says otherwise",
        ["dispute"],
    )


def test_a_strangers_parcel_cant_be_disputed(session, mei, stranger):
    before = everything(session)
    visit(
        OwnParcels,
        mei,
        ("open_record", {"record_id": str(stranger[0].id)}),
        ("dispute", {"form": {"reason": "Mine"}}),
    )
    assert everything(session) == before


def test_an_invoice_is_broken_down_by_parcel(session, mei, merchant):
    invoice = make_invoice(session, merchant)
    seen = visit(OwnInvoices, mei, ("open_record", {"record_id": str(invoice.id)}))
    assert sorted(line["net"] for line in seen["lines"]) == ["120.00", "2,845.00", "4,845.00", "−60.00"]
    assert {line["kind"] for line in seen["lines"]} == {
        "Delivered",
        "Partly delivered",
        "Returned",
        "Paid return",
    }
    assert all(line["what_href"].startswith("/merchant/parcels?open=") for line in seen["lines"])
    turned = visit(
        OwnInvoices, mei, ("open_record", {"record_id": str(invoice.id)}), ("turn_lines", {"number": 99})
    )
    assert turned["line_page"] == 1


def test_the_statement_is_read_from_the_merchants_side(session, mei, merchant):
    pay_invoice(session, make_invoice(session, merchant))
    make_parcel(session, merchant)
    make_invoice(session, merchant)

    seen = visit(OwnStatement, mei)

    assert [(line["earned"], line["paid"], line["balance"]) for line in seen["lines"]] == [
        ("4,845.00", "–", "4,845.00"),
        ("–", "−7,750.00", "0.00"),
        ("7,750.00", "–", "7,750.00"),
    ]
    assert (seen["sums"]["closing"], seen["sums"]["closing_note"]) == ("RM 4,845.00", "We owe you this")
    assert visit(OwnStatement, mei, ("choose", {"span": "'; drop"}))["span"] == "90"


def test_a_statement_counts_only_payments_as_paid_out(session, mei, merchant):
    pay_invoice(session, make_invoice(session, merchant))
    owing = make_invoice(session, merchant, make_parcel(session, merchant, "RETURNED"))
    merchant_invoices.record_merchant_payment(
        session, SYSTEM, owing.id, PaymentEntry(payment_reference="M-1")
    )
    mistake = make_invoice(session, merchant, make_parcel(session, merchant))
    merchant_invoices.cancel(session, SYSTEM, mistake.id, "Made by mistake")
    session.flush()

    seen = visit(OwnStatement, mei)

    assert [(line["what"].split(" · ")[0], line["earned"], line["paid"]) for line in seen["lines"]] == [
        ("Settlement cancelled", "−4,845.00", "–"),
        ("Settlement", "4,845.00", "–"),
        ("Paid by you", "–", "60.00"),
        ("Settlement", "−60.00", "–"),
        ("Paid to you", "–", "−7,750.00"),
        ("Settlement", "7,750.00", "–"),
    ]
    sums = seen["sums"]
    assert (sums["earned"], sums["paid"], sums["closing"]) == ("RM 7,690.00", "RM 7,690.00", "RM 0.00")


@pytest.mark.parametrize("state", [MerchantHome, OwnParcels, OwnInvoices, OwnStatement])
def test_an_account_that_stands_for_no_merchant_sees_nothing(session, merchant, state):
    cookie = signed_in(session, Role.MERCHANT)
    seen = visit(state, cookie)
    assert "Kedai" not in f"{seen.values}{seen.said}"
    assert "TRK" not in str(seen.values)


def test_own_disputes_are_listed_with_the_answer_and_nobody_elses(session, mei, merchant, stranger):
    mine, theirs = make_parcel(session, merchant), stranger[0]
    asked = disputes.open_(session, SYSTEM, mine.id, DisputeEntry(reason="It was paid in full"))
    other = disputes.open_(session, SYSTEM, theirs.id, DisputeEntry(reason="Not yours to read"))
    session.flush()

    waiting = visit(OwnDisputes, mei, ("open_record", {"record_id": str(asked.id)}))
    assert [(row["tracking_number"], row["status"], row["answer"]) for row in waiting["rows"]] == [
        (mine.tracking_number, "Open", "–")
    ]
    assert (waiting["record"]["is_open"], waiting["record"]["resolved"]) == ("true", "")

    disputes.reject(session, SYSTEM, asked.id, RejectEntry(answer="The receipt says otherwise"))
    session.flush()
    answered = visit(OwnDisputes, mei, ("open_record", {"record_id": str(asked.id)}))
    assert [(row["status"], row["answer"]) for row in answered["rows"]] == [
        ("Rejected", "The receipt says otherwise")
    ]
    assert answered["record"]["own_parcel_href"] == f"/merchant/parcels?open={mine.id}"

    before = everything(session)
    forged = visit(OwnDisputes, mei, ("open_record", {"record_id": str(other.id)}))
    assert "Not yours to read" not in str(forged.values)
    assert everything(session) == before
