"""Two parties of one company, whatever they do: what can become one does, with nothing lost; what can't is refused first."""

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import columns
from lattis_app.courier.models import CourierMerchant
from lattis_app.identity.permissions import Role
from lattis_app.ledger.queries import checks, statements
from lattis_app.ledger.schemas.statements import StatementFilters
from lattis_app.marketplace.models import MarketplaceSeller
from lattis_app.marketplace.services import generation
from lattis_app.parties.models import Party
from lattis_app.parties.schemas.parties import PartyDetails
from lattis_app.parties.services import parties
from lattis_app.rental.pages.customer_merges import CustomerMerge
from lattis_app.rental.services import invoices as rental_invoices
from tests.factories.courier import make_invoice, make_merchant, make_parcel
from tests.factories.marketplace import make_delivered, make_seller
from tests.factories.rental import make_customer
from tests.factories.rental_delivery_orders import make_delivery_order
from tests.ui.pipeline import pipeline
from tests.ui.visits import everything, signed_in, stay

MONDAY = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
WEDNESDAY = datetime(2026, 11, 18, 10, tzinfo=UTC)


def merchant(session, code):
    """A merchant to whom 4,845.00 is owed by an invoice."""
    made = make_merchant(session, code=code, name=f"{code} Trading", email=None)
    make_invoice(session, made, make_parcel(session, made))
    return made


def seller(session, code):
    """A seller who owes 123.00 by a weekly invoice."""
    made = make_seller(session, code=code, storeName=f"{code} Store", email=f"{code.lower()}@example.com")
    make_delivered(session, made, WEDNESDAY)
    generation.generate_due(session, SYSTEM, MONDAY)
    return made


def customer(session, code):
    """A customer who owes 200.00 or more by an invoice."""
    made = make_customer(session, company_name=f"{code} Sdn Bhd")
    rental_invoices.make_from_order(session, SYSTEM, make_delivery_order(session, customer_id=made.id).id)
    session.flush()
    return made


MAKE = {"merchant": merchant, "seller": seller, "customer": customer}


@pytest.fixture
def office(api, clock):
    clock.set(MONDAY)
    return api.as_(Role.ADMIN)


def closing(session, party_id, currency):
    return statements.find(session, SYSTEM, party_id, StatementFilters(currency=currency)).closing


@pytest.mark.parametrize(("kind", "what"), [("merchant", "merchants"), ("seller", "sellers")])
def test_two_with_accounts_of_their_own_are_refused_before_anything_changes(
    session, office, kind, what
) -> None:
    old, new = MAKE[kind](session, "ONE"), MAKE[kind](session, "TWO")
    reason = f"both are {what} (ONE and TWO), each with documents and an account of its own"
    address = f"/v1/parties/{old.party_id}/merge"
    office.get("/v1/me")
    before = everything(session)

    dry = office.post(address, json={"into": str(new.party_id), "dry_run": True})
    assert (dry.status_code, dry.json()["data"]) == (
        200,
        {
            "name": session.get_one(Party, old.party_id).name,
            "into_name": session.get_one(Party, new.party_id).name,
            "moves": [],
            "stays": [],
            "fills": [],
            "obstacles": [{"what": what, "reason": reason}],
            "done": False,
        },
    )
    refused = office.post(address, json={"into": str(new.party_id)})
    assert (refused.status_code, refused.json()["error"]["message"]) == (409, f"Cannot merge: {reason}")
    assert refused.json()["error"]["details"] == {"field": "into", "reason": reason}
    assert everything(session) == before


def test_every_obstacle_is_named_at_once(session, office) -> None:
    """Both are customers, who could become one, and merchants and sellers, who cannot."""
    both = [parties.create(session, SYSTEM, PartyDetails(name=f"Both {n}")) for n in (1, 2)]
    session.flush()
    for place, party in enumerate(both, start=1):
        for kind, make in MAKE.items():
            made = make(session, f"{kind[:3].upper()}{place}")
            made.party_id = party.id
    session.flush()
    before = everything(session)
    dry = office.post(
        f"/v1/parties/{both[0].id}/merge", json={"into": str(both[1].id), "dry_run": True}
    ).json()["data"]
    assert [each["what"] for each in dry["obstacles"]] == ["merchants", "sellers"]
    assert office.post(f"/v1/parties/{both[0].id}/merge", json={"into": str(both[1].id)}).status_code == 409
    assert everything(session) == before


@pytest.mark.parametrize(
    ("old_kind", "new_kind", "moves", "stays"),
    [
        ("merchant", "seller", ["merchants"], 1),
        ("seller", "merchant", ["sellers"], 1),
        ("merchant", "customer", ["merchants"], 1),
        ("customer", "seller", ["customers"], 1),
    ],
)
def test_one_company_of_two_kinds_becomes_one_with_all_its_money(
    session, office, old_kind, new_kind, moves, stays
) -> None:
    old, new = MAKE[old_kind](session, "ONE"), MAKE[new_kind](session, "TWO")
    old_party, new_party = old.party_id, new.party_id
    held = {
        currency: closing(session, old_party, currency) + closing(session, new_party, currency)
        for currency in ("MYR", "MKD")
    }
    dry = office.post(
        f"/v1/parties/{old_party}/merge", json={"into": str(new_party), "dry_run": True}
    ).json()["data"]
    assert ([each["what"] for each in dry["moves"]], dry["obstacles"]) == (moves, [])

    merged = office.post(f"/v1/parties/{old_party}/merge", json={"into": str(new_party)})
    assert (merged.status_code, merged.json()["data"]["done"]) == (200, True)
    assert merged.json()["data"]["stays"] == [{"what": "ledger entries", "count": stays}]
    session.expire_all()
    assert old.party_id == new.party_id == new_party
    assert {currency: closing(session, new_party, currency) for currency in held} == held
    assert closing(session, old_party, "MYR") == held["MYR"]
    assert checks.check(session, SYSTEM).status == "balanced"


def test_two_customers_of_whom_one_also_sells_become_one(session, office) -> None:
    old, new = customer(session, "ONE"), customer(session, "TWO")
    shop, courier = seller(session, "SHOP"), merchant(session, "MER")
    shop.party_id, courier.party_id = old.party_id, new.party_id
    session.flush()
    assert (
        office.post(f"/v1/parties/{old.party_id}/merge", json={"into": str(new.party_id)}).status_code == 200
    )
    session.expire_all()
    assert (old.merged_into_id, shop.party_id, courier.party_id) == (new.id, new.party_id, new.party_id)
    kept = [
        session.scalars(select(C[name]).order_by(C[name])).all()
        for C, name in ((columns(MarketplaceSeller), "code"), (columns(CourierMerchant), "code"))
    ]
    assert kept == [["SHOP"], ["MER"]]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            "These two cannot become one: both are merchants (MER1 and MER2), each with documents and an account "
            "of its own",
        ),
        (
            "ms",
            "Kedua-dua ini tidak boleh menjadi satu: kedua-duanya peniaga (MER1 dan MER2), masing-masing dengan "
            "dokumen dan akaun sendiri",
        ),
    ],
)
def test_the_customers_page_says_why_two_cannot_become_one(session, office, language, words) -> None:
    old, new = customer(session, "ONE"), customer(session, "TWO")
    for place, mine in enumerate((old, new), start=1):
        merchant(session, f"MER{place}").party_id = mine.party_id
    session.flush()
    cookie = signed_in(session, language=language)
    before = everything(session)
    begin = ("begin", {"customer_id": str(old.id), "name": "ONE"})
    plan = ("merge", {"form": {"into": str(new.id)}})
    seen = asyncio.run(_stay(cookie, begin, plan))
    assert (seen["into"], seen["form_error"]) == ("", words)
    assert everything(session) == before


async def _stay(cookie, *events):
    async with pipeline() as tab:
        return await stay(tab, CustomerMerge, cookie, *events)
