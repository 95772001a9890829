"""Lists of parcels and invoices: what each filter finds, in a fixed number of statements, and nobody else's rows."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from lattis_app.core.actors import SYSTEM
from lattis_app.core.errors import Invalid, NotFound
from lattis_app.core.pagination import PageRequest
from lattis_app.courier.queries import merchant_invoices, parcels
from lattis_app.courier.schemas.disputes import DisputeEntry
from lattis_app.courier.schemas.invoices import LineFilters, MerchantInvoiceFilters
from lattis_app.courier.schemas.parcels import EligibleFilters, ParcelFilters
from lattis_app.courier.services import disputes
from lattis_app.identity.permissions import Role
from tests.factories.courier import make_invoice, make_merchant, make_parcel, pay_invoice
from tests.factories.identity import make_actor
from tests.worlds import standing, visited

EVERYTHING = PageRequest(limit=100)
EARLY = datetime(2026, 2, 3, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def world(database):
    with standing(make) as made:
        yield made


def make(session: Session):
    ours, theirs = make_merchant(session, name="Aroma", code="AROMA"), make_merchant(session, name="Batik")
    paid = make_parcel(session, ours, tracking_number="TRKPAID", delivered_at=EARLY)
    invoice = pay_invoice(session, make_invoice(session, ours, paid))
    make_parcel(session, ours, "RETURNED", tracking_number="TRKBACK", order_reference="SO-7")
    make_parcel(session, ours, "IN_TRANSIT", tracking_number="TRKMOVING")
    held = make_parcel(session, ours, tracking_number="TRKHELD")
    disputes.open_(session, SYSTEM, held.id, DisputeEntry(reason="Never came"))
    make_parcel(session, theirs, tracking_number="TRKTHEIRS")
    owing = make_invoice(session, ours)
    return {"ours": ours.id, "theirs": theirs.id, "invoice": invoice.id, "owing": owing.id}


@pytest.fixture
def session(world, monkeypatch):
    with visited(world[0], monkeypatch) as opened:
        yield opened


@pytest.fixture
def made(world):
    return world[1]


def numbers(session, actor=SYSTEM, **asked):
    found = parcels.page(session, actor, ParcelFilters.model_validate(asked), EVERYTHING)
    assert found.total == len(found.rows)
    return {row.tracking_number.removeprefix("TRK") for row in found.rows}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, {"PAID", "BACK", "MOVING", "HELD", "THEIRS"}),
        ({"status": "RETURNED,IN_TRANSIT"}, {"BACK", "MOVING"}),
        ({"financial_status": "PAID"}, {"PAID"}),
        ({"eligible": True}, {"THEIRS"}),
        ({"disputed": True}, {"HELD"}),
        ({"clearance_required": True}, set()),
        ({"q": "trkh"}, {"HELD"}),
        ({"q": "SO-7"}, set()),
        ({"q": "%"}, set()),
        ({"tracking": "trkpaid, TRKHELD ,NONE"}, {"PAID", "HELD"}),
        ({"from": "2026-02-03", "to": "2026-02-03"}, {"PAID"}),
        ({"from": date(2026, 3, 1)}, {"BACK", "HELD", "THEIRS"}),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
def test_parcels_are_found_by_what_is_asked(session, asked, found):
    assert numbers(session, **asked) == found


def test_a_merchant_finds_its_own_parcels_whatever_it_asks(session, made):
    owner = make_actor(session, Role.MERCHANT, made["theirs"])
    assert numbers(session, owner) == {"THEIRS"}
    assert numbers(session, make_actor(session, Role.MERCHANT, made["ours"]), q="SO-7") == {"BACK"}
    assert numbers(session, q="SO-7", merchant_id=made["ours"]) == {"BACK"}
    assert numbers(session, owner, merchant_id=made["ours"]) == set()
    assert parcels.summarise(session, owner, ParcelFilters()).payable == 484500
    with pytest.raises(NotFound):
        parcels.eligible(session, owner, EligibleFilters(merchant_id=made["ours"]), EVERYTHING)


def test_the_office_names_the_merchant_whose_parcels_it_would_settle(session, made):
    found = parcels.eligible(session, SYSTEM, EligibleFilters(merchant_id=made["theirs"]), EVERYTHING)
    assert [row.net_payable for row in found.rows] == [484500]
    sums = parcels.sum_eligible(session, SYSTEM, EligibleFilters(merchant_id=made["theirs"]))
    assert (sums.parcels, sums.delivered, sums.payable) == (1, 1, 484500)
    with pytest.raises(Invalid):
        parcels.eligible(session, SYSTEM, EligibleFilters(), EVERYTHING)


def invoices(session, actor=SYSTEM, **asked):
    filters = MerchantInvoiceFilters.model_validate(asked)
    return [row.payable_amount for row in merchant_invoices.page(session, actor, filters, EVERYTHING).rows]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, [-6000, 484500]),
        ({"status": "PAID"}, [484500]),
        ({"owing": True}, [-6000]),
        ({"q": "aroma"}, [-6000, 484500]),
        ({"q": "inv-2026-03-0001"}, [484500]),
        ({"q": "batik"}, []),
        ({"to": "2026-03-15"}, []),
    ],
    ids=str,
)
def test_invoices_are_found_by_what_is_asked(session, asked, found):
    assert sorted(invoices(session, **asked)) == found


def test_sums_of_invoices_count_what_is_open_and_what_was_settled(session, made):
    found = merchant_invoices.summarise(session, SYSTEM, MerchantInvoiceFilters(merchant_id=made["ours"]))
    assert (found.to_pay, found.owed, found.settled) == (0, 6000, 484500)


def test_lists_take_two_statements_however_long(session, made, queries):
    pages = {
        "parcels": lambda request: parcels.page(session, SYSTEM, ParcelFilters(), request),
        "invoices": lambda request: merchant_invoices.page(
            session, SYSTEM, MerchantInvoiceFilters(), request
        ),
    }
    for page in pages.values():
        for limit in (1, 2):
            with queries() as sent:
                page(PageRequest(limit=limit))
            assert sent.count == 2


def test_the_breakdown_is_read_page_by_page(session, made):
    shown = merchant_invoices.find(session, SYSTEM, made["invoice"], PageRequest(limit=1))
    assert (shown.breakdown_meta.total, [line.tracking_number for line in shown.breakdown]) == (
        1,
        ["TRKPAID"],
    )
    lines = merchant_invoices.lines(session, SYSTEM, made["owing"], LineFilters(q="trkb"), EVERYTHING)
    assert [(line.kind, line.return_charge, line.net_payable) for line in lines.rows] == [
        ("parcel", 6000, -6000)
    ]
    with pytest.raises(Invalid):
        merchant_invoices.lines(session, SYSTEM, made["owing"], LineFilters(), PageRequest(sort="id"))
