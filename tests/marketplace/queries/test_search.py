"""Any marketplace record is found by what people remember of it, and only by those who may see it."""

import pytest
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.identity.permissions import Role
from lattis_app.marketplace.queries import search
from tests.factories.identity import make_actor
from tests.factories.marketplace import make_order, make_product, make_seller, seller_actor


@pytest.fixture
def ohrid(session: Session, clock):
    seller = make_seller(session, storeName="Ohrid Honey", code="OHRID", contactName="Elena Petrova")
    make_order(session, seller, order_number="ORD-2026-00001", buyer_name="Marko")
    make_product(session, seller, name="Chestnut honey")
    other = make_seller(session, storeName="Bitola Shoes", code="BITOLA")
    make_order(session, other, order_number="ORD-2026-00002")
    make_product(session, other, name="Chestnut boots")
    return seller


def found(session: Session, actor: Actor, words: str) -> list[tuple[str, str, str]]:
    return [(each.kind, each.title, each.text) for each in search.find(session, actor, words)]


@pytest.mark.parametrize(
    ("words", "records"),
    [
        ("ohr", [("seller", "Ohrid Honey", "OHRID · Elena Petrova")]),
        ("petrova", [("seller", "Ohrid Honey", "OHRID · Elena Petrova")]),
        ("bitol", [("seller", "Bitola Shoes", "BITOLA")]),
        ("chestnut", []),
    ],
)
def test_the_office_finds_sellers(session, admin, ohrid, words, records) -> None:
    assert found(session, admin, words) == records


def test_the_office_finds_orders_of_all_sellers(session: Session, admin, ohrid) -> None:
    assert [record[:2] for record in found(session, admin, "ord-2026")] == [
        ("order", "ORD-2026-00002"),
        ("order", "ORD-2026-00001"),
    ]


def test_a_seller_finds_only_its_own(session: Session, ohrid) -> None:
    own = seller_actor(session, ohrid)
    assert found(session, own, "ord-2026") == [("order", "ORD-2026-00001", "pending · Marko")]
    assert found(session, own, "chestnut") == [("product", "Chestnut honey", "on offer")]
    assert found(session, own, "bitola") == []
    nobody = make_actor(session, Role.SELLER)
    assert found(session, nobody, "ord-2026") == found(session, nobody, "chestnut") == []


@pytest.mark.parametrize("role", [Role.DRIVER, Role.MERCHANT, Role.VIEWER])
def test_others_find_nothing(session: Session, ohrid, role: Role) -> None:
    assert found(session, make_actor(session, role), "ord-2026") == []
