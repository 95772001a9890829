"""The office's pages of courier: settle one merchant or all, pay, carry, cancel, correct, answer."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import select

from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import columns
from lattis_app.courier.models import CourierMerchantInvoice
from lattis_app.courier.pages.clearances import Clearances
from lattis_app.courier.pages.disputes import Disputes
from lattis_app.courier.pages.generate import Generate
from lattis_app.courier.pages.merchant_access import MerchantAccess
from lattis_app.courier.pages.merchant_invoices import MerchantInvoices
from lattis_app.courier.pages.merchants import Merchants
from lattis_app.courier.pages.parcels import Parcels
from lattis_app.courier.pages.settlement_runs import Settle
from lattis_app.courier.schemas.disputes import DisputeEntry
from lattis_app.courier.services import disputes
from lattis_app.identity.models import User
from tests.factories.courier import WORKED, again, make_invoice, make_merchant, make_parcel, pay_invoice
from tests.ui.pipeline import pipeline
from tests.ui.visits import everything, signed_in, stay, visit

I = columns(CourierMerchantInvoice)  # noqa: E741 — one letter per table


@pytest.fixture
def office(session, clock):
    return signed_in(session)


@pytest.fixture
def merchant(session, clock):
    """A merchant with a parcel in each of the statuses of the contract's worked table."""
    found = make_merchant(session, name="Kedai Melati")
    for status in WORKED:
        make_parcel(session, found, status)
    return found


def settling(merchant):
    return {"address": f"/courier/generate?merchant_id={merchant.id}"}


def invoices(session):
    return session.scalars(select(CourierMerchantInvoice).order_by(I.created_at)).all()


# ---- settling ------------------------------------------------------------------------------------------------------


def test_the_totals_are_those_of_the_worked_table_and_follow_what_is_left_out(session, office, merchant):
    seen = visit(Generate, office, **settling(merchant))
    shown = seen["totals"]
    assert (shown["parcels"], shown["collected"], shown["delivery"], shown["returns"], shown["payable"]) == (
        "4 parcels",
        "RM 8,120.00",
        "−RM 310.00",
        "−RM 60.00",
        "RM 7,750.00",
    )
    delivered = next(row["id"] for row in seen["rows"] if row["net"] == "4,845.00")

    left = visit(Generate, office, ("toggle_row", {"record_id": delivered}), **settling(merchant))
    assert (left["totals"]["payable"], left["totals"]["left"]) == ("RM 2,905.00", "1 left out")
    assert delivered not in left["selected"]


def test_what_is_left_out_stays_out_of_the_invoice(session, office, merchant):
    seen = visit(Generate, office, **settling(merchant))
    returned = next(row["id"] for row in seen["rows"] if row["net"] == "−60.00")

    made = visit(
        Generate, office, ("toggle_row", {"record_id": returned}), ("generate", {}), **settling(merchant)
    )

    (invoice,) = invoices(session)
    assert (invoice.total_parcels, invoice.payable_amount_minor) == (3, 781000)
    assert f"/courier/invoices?open={invoice.id}" in made.said


def test_ticking_nothing_generates_nothing(session, office, merchant):
    before = everything(session)
    refused = visit(Generate, office, ("toggle_page", {}), ("generate", {}), **settling(merchant))
    assert everything(session) == before
    assert (refused["totals"]["count"], "toast" in refused.said) == ("0", True)


def test_parcels_a_dispute_holds_are_named_with_the_reason(session, office, merchant):
    held = make_parcel(session, merchant)
    disputes.open_(session, SYSTEM, held.id, DisputeEntry(reason="Paid more"))
    session.flush()

    seen = visit(Generate, office, **settling(merchant))

    assert [(row["tracking_number"], row["why"]) for row in seen["held"]] == [
        (held.tracking_number, "Disputed since 16 Mar 2026")
    ]
    assert held.tracking_number not in {row["tracking_number"] for row in seen["rows"]}


def test_a_run_is_looked_at_before_and_says_what_became_of_each(session, office, merchant):
    owing = make_merchant(session, name="Bunga Raya")
    make_parcel(session, owing, "RETURNED")
    before = everything(session)

    seen = visit(Settle, office)
    assert everything(session) == before
    assert [(line["merchant"], line["payable"], line["why"]) for line in seen["lines"]] == [
        ("Bunga Raya", "−60.00", "Merchant owes"),
        ("Kedai Melati", "7,750.00", ""),
    ]

    done = visit(Settle, office, ("generate", {"form": {}}))
    assert [(line["outcome"], line["invoice"]) for line in done["lines"]] == [
        ("Generated", invoices(session)[0].invoice_no),
        ("Generated", invoices(session)[1].invoice_no),
    ]
    assert len(done["past"]) == 1


def test_a_run_of_many_merchants_is_read_page_by_page(session, office):
    for number in range(27):
        make_parcel(session, make_merchant(session, name=f"Kedai {number:02}"))

    first = visit(Settle, office)
    assert (first["line_extent"], len(first["lines"]), first["sums"]["invoices"]) == (
        "1–25 of 27",
        25,
        "27 invoices",
    )
    second = visit(Settle, office, ("turn_lines", {"number": 2}))
    assert [line["merchant"] for line in second["lines"]] == ["Kedai 25", "Kedai 26"]
    for forged in (99, -5):
        turned = visit(Settle, office, ("turn_lines", {"number": forged}))
        assert len(turned["lines"]) in (2, 25)

    done = visit(Settle, office, ("turn_lines", {"number": 2}), ("generate", {"form": {}}))
    assert (done["line_page"], len(done["lines"]), done["lines"][0]["merchant"]) == (1, 25, "Kedai 00")


def test_without_a_merchant_one_is_picked_first(session, office, merchant):
    assert "/courier/settle" in visit(Generate, office, ("choose", {}), address="/courier/generate").said
    assert "/courier/settle" not in visit(Generate, office, ("choose", {}), **settling(merchant)).said
    assert visit(Generate, office, **settling(merchant))["chips"] == []
    unknown = visit(Generate, office, address=f"/courier/generate?merchant_id={UUID(int=7)}")
    assert (unknown["loaded"], bool(unknown["problem"])) == (True, True)


def test_a_merchant_is_deleted_only_when_nothing_depends_on_it(session, office, merchant):
    spare = make_merchant(session, name="Typed Twice")
    before = everything(session)
    opened = ("open_record", {"record_id": str(merchant.id)})
    kept = visit(Merchants, office, opened, ("remove", {"form": {}}))
    assert everything(session) == before
    assert "is named in parcels (4): make it inactive instead" in kept.said

    gone = visit(Merchants, office, ("open_record", {"record_id": str(spare.id)}), ("remove", {"form": {}}))
    assert (gone["open_id"], [row["name"] for row in gone["rows"]]) == ("", ["Kedai Melati"])


def test_a_run_with_nothing_to_settle_leaves_nothing_behind(session, office):
    before = everything(session)
    refused = visit(Settle, office, ("generate", {"form": {}}))
    assert everything(session) == before
    assert "There is nothing to settle" in refused.said


@pytest.mark.parametrize("day", ["2026-03-17", "yesterday", "'; drop", "9999-99-99"])
def test_a_run_counts_only_days_that_were(session, office, merchant, day):
    before = everything(session)
    seen = visit(Settle, office, ("look", {"form": {"as_of": day}}))
    assert everything(session) == before
    assert seen["as_of"] == "2026-03-16"
    assert seen["errors"]["as_of"]


# ---- invoices ------------------------------------------------------------------------------------------------------


def test_an_invoice_is_paid_once_with_its_reference(session, office, merchant):
    invoice = make_invoice(session, merchant)
    opened = ("open_record", {"record_id": str(invoice.id)})
    seen = visit(MerchantInvoices, office, opened)
    assert (seen["allowed"], seen["record"]["payable_text"], seen["line_total"]) == (
        ["cancel", "pay"],
        "RM 7,750.00",
        4,
    )

    paid = visit(
        MerchantInvoices, office, opened, ("begin_pay", {}), ("pay", {"form": {"payment_reference": "MBB-1"}})
    )
    assert (paid["allowed"], paid["record"]["status"], paid["record"]["reference"]) == ([], "Paid", "MBB-1")
    session.flush()
    before = everything(session)
    again_ = visit(MerchantInvoices, office, opened, ("pay", {"form": {"payment_reference": "MBB-2"}}))
    assert everything(session) == before
    assert again_["form_error"]


def test_what_a_merchant_owes_cant_be_paid_out_but_paid_in(session, office):
    owing = make_merchant(session)
    make_parcel(session, owing, "RETURNED")
    invoice = make_invoice(session, owing)
    opened = ("open_record", {"record_id": str(invoice.id)})
    before = everything(session)

    refused = visit(MerchantInvoices, office, opened, ("pay", {"form": {"payment_reference": "X"}}))
    assert everything(session) == before
    assert (refused["allowed"], refused["record"]["payable_words"]) == (
        ["cancel", "carry", "receive"],
        "Merchant owes RM 60.00",
    )
    assert "owes" in refused["form_error"]

    settled = visit(MerchantInvoices, office, opened, ("receive", {"form": {"payment_reference": "FPX-9"}}))
    assert settled["record"]["settled"] == "Paid by the merchant"


def test_cancelling_needs_a_reason_and_frees_the_parcels(session, office, merchant):
    invoice = make_invoice(session, merchant)
    opened = ("open_record", {"record_id": str(invoice.id)})
    before = everything(session)
    refused = visit(MerchantInvoices, office, opened, ("cancel", {"form": {"reason": " "}}))
    assert everything(session) == before
    assert "toast" in refused.said

    seen = visit(MerchantInvoices, office, opened, ("cancel", {"form": {"reason": "Wrong week"}}))
    assert (seen["record"]["status"], seen["record"]["cancel_reason"]) == ("Cancelled", "Wrong week")
    assert visit(Generate, office, **settling(merchant))["totals"]["parcels"] == "4 parcels"


# ---- parcels, corrections and disputes -----------------------------------------------------------------------------


def test_a_parcel_goes_along_its_road_and_ends_with_what_was_collected(session, office, merchant):
    parcel = make_parcel(session, merchant, "PENDING")
    opened = ("open_record", {"record_id": str(parcel.id)})
    for word in ("Picked up", "In transit", "Out for delivery"):
        seen = visit(Parcels, office, opened, ("advance", {}))
        assert seen["record"]["status"] == word
    assert seen["allowed"] == ["arrive", "edit"]

    form = {"status": "PARTIAL_DELIVERY", "cod_collected_amount": ""}
    refused = visit(Parcels, office, opened, ("arrive", {"form": form}))
    assert refused["errors"]["cod_collected_amount"]

    form |= {"cod_collected_amount": "60.00"}
    done = visit(Parcels, office, opened, ("arrive", {"form": form}))
    assert (done["record"]["net"], done["record"]["status"]) == ("−95.00", "Partly delivered")


def test_a_paid_parcel_is_corrected_and_shows_up_among_clearances(session, office, merchant):
    parcel = make_parcel(session, merchant)
    pay_invoice(session, make_invoice(session, merchant, parcel))
    opened = ("open_record", {"record_id": str(parcel.id)})

    form = {"cod_collected_amount": "4900.00", "reason": "Counted again"}
    seen = visit(Parcels, office, opened, ("correct", {"form": form}))
    assert (seen["record"]["clearance"], seen["record"]["settled"]) == (
        "Merchant owes RM 100.00",
        "Correction due",
    )

    listed = visit(Clearances, office)
    assert [(row["tracking_number"], row["correction"]) for row in listed["rows"]] == [
        (parcel.tracking_number, "−100.00")
    ]
    assert listed["note"] == "−RM 100.00"


@pytest.mark.parametrize(
    ("event", "form", "status"),
    [
        ("accept", {"cod_collected_amount": "5100.00", "answer": "You are right"}, "Accepted"),
        ("reject", {"answer": "The receipt says otherwise"}, "Rejected"),
    ],
)
def test_a_dispute_is_answered(session, office, merchant, event, form, status):
    parcel = make_parcel(session, merchant)
    dispute = disputes.open_(session, SYSTEM, parcel.id, DisputeEntry(reason="Paid more"))
    session.flush()
    opened = ("open_record", {"record_id": str(dispute.id)})
    before = everything(session)
    refused = visit(Disputes, office, opened, (event, {"form": form | {"answer": ""}}))
    assert everything(session) == before
    assert refused["errors"]["answer"]

    seen = visit(Disputes, office, opened, (event, {"form": form}))

    assert (seen["record"]["status"], seen["record"]["answer"]) == (status, form["answer"])
    assert again(session, parcel).disputed_at is None


def test_a_merchant_is_kept_with_where_they_stand(session, office, merchant):
    form = {"name": "Sambal Nyonya", "code": "nyonya", "delivery_charge": "8.50", "active": "true"}
    made = visit(Merchants, office, ("begin", {}), ("save", {"form": form}))
    assert (made["record"]["code"], made["record"]["delivery_text"]) == ("NYONYA", "RM 8.50")
    assert made["record"]["no_account"] == "true"
    assert "NYONYA saved" in made.said

    twice = visit(Merchants, office, ("begin", {}), ("save", {"form": form}))
    assert twice["errors"] or twice["form_error"]

    seen = visit(Merchants, office, ("open_record", {"record_id": str(merchant.id)}))
    assert (seen["record"]["next"], seen["record"]["next_parcels"]) == ("RM 7,750.00", "4 parcels")


def test_a_merchant_is_edited_by_what_differs(session, office, merchant):
    editing = (("open_record", {"record_id": str(merchant.id)}), ("edit", {}))
    begun = visit(Merchants, office, *editing)
    stood = {"name": "Kedai Melati", "code": merchant.code, "active": "true"}
    assert stood.items() <= begun["values"].items()

    form = begun["values"] | {"delivery_charge": "8.50", "active": "false"}
    seen = visit(Merchants, office, *editing, ("save", {"form": form}))
    assert (seen["record"]["delivery_text"], seen["record"]["status"]) == ("RM 8.50", "Inactive")
    assert seen["editing"] == ""


def test_an_account_for_a_merchant_sees_that_merchant_and_no_other_role_is_given(session, office, merchant):
    async def scene(*events):
        async with pipeline() as tab:
            return await stay(tab, MerchantAccess, office, *events)

    form = {"name": "Mei Ling", "email": "mei@melati.example", "password": "long-enough-8", "role": "ADMIN"}
    begun = ("begin", {"merchant_id": str(merchant.id)})
    refused = asyncio.run(scene(begun, ("save", {"form": form | {"password": "short"}})))
    assert refused["errors"]["password"]

    made = asyncio.run(scene(begun, ("save", {"form": form})))
    assert "Mei Ling can sign in now" in made.said
    account = session.scalars(select(User).where(columns(User).email == "mei@melati.example")).one()
    assert (account.role, account.subject_id) == ("MERCHANT", merchant.id)
