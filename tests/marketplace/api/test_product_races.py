"""A product changed at the same moment by many, and while it is ordered, each in real threads."""

import pytest
from sqlalchemy import select

from lattis_app.audit.queries import entries
from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import columns, reading, unit_of_work
from lattis_app.identity.permissions import Role
from lattis_app.marketplace.models import MarketplaceOrder, MarketplaceProduct
from tests.factories.marketplace import make_product, make_seller
from tests.races import at_once, caller, statuses

O = columns(MarketplaceOrder)  # noqa: E741 — one letter per table
TIMES = 4


@pytest.fixture
def world(committed_database, rest_api, clock):
    """Clients of one seller, who offers honey for 1,230.00 MKD."""
    with unit_of_work() as session:
        seller = make_seller(session)
        product_id, seller_id = make_product(session, seller).id, seller.id
    return [caller(rest_api, Role.SELLER, seller_id) for _ in range(TIMES)], product_id


def change(product_id, **values):
    return lambda client: client.patch(f"/api/seller/products/{product_id}", json=values)


def history_of(product_id):
    """The changes of the product, the first one first: what stood there and what stands there now."""
    with reading() as session:
        found = entries.history_of(session, SYSTEM, "marketplace_products", product_id)
    return [(each.before, each.after) for each in reversed(found) if each.action == "changed"]


def test_changes_of_different_fields_at_once_are_all_kept(world):
    clients, product_id = world
    said = ({"name": "Lime honey"}, {"description": "From Mavrovo"}, {"price": 20}, {"currency": "EUR"})
    changes = [change(product_id, **each) for each in said]
    assert statuses(at_once(list(zip(clients, changes, strict=True)))) == [200] * TIMES
    with reading() as session:
        kept = session.get_one(MarketplaceProduct, product_id)
    assert (kept.name, kept.description, kept.price_minor, kept.currency) == (
        "Lime honey",
        "From Mavrovo",
        2_000,
        "EUR",
    )
    steps = {name: (before[name], after[name]) for before, after in history_of(product_id) for name in after}
    assert steps == {
        "name": ("Honey", "Lime honey"),
        "description": ("", "From Mavrovo"),
        "price_minor": (123_000, 2_000),
        "currency": ("MKD", "EUR"),
    }


def test_prices_set_at_once_follow_one_another_in_the_history(world):
    clients, product_id = world
    changes = [change(product_id, price=price) for price in range(1, TIMES + 1)]
    assert statuses(at_once(list(zip(clients, changes, strict=True)))) == [200] * TIMES
    history = [(before["price_minor"], after["price_minor"]) for before, after in history_of(product_id)]
    prices = [after for _, after in history]
    assert sorted(prices) == [100, 200, 300, 400]
    assert [before for before, _ in history] == [123_000, *prices[:-1]]
    with reading() as session:
        assert session.get_one(MarketplaceProduct, product_id).price_minor == prices[-1]


def test_an_order_taken_while_its_product_changes_agrees_with_one_of_the_two(world):
    clients, product_id = world
    terms = change(product_id, name="Lime honey", price=20, currency="EUR")

    def order(client):
        return client.post("/api/orders", json={"productId": str(product_id), "buyerName": "Ana"})

    answers = at_once([(clients[0], terms), *((client, order) for client in clients[1:])])
    assert statuses(answers) == [200] + [201] * (TIMES - 1)
    with reading() as session:
        taken = session.execute(select(O.product_name, O.price_minor, O.currency)).all()
    assert {tuple(each) for each in taken} <= {("Honey", 123_000, "MKD"), ("Lime honey", 2_000, "EUR")}
    assert len(taken) == TIMES - 1


def test_an_order_against_its_products_end_is_taken_before_it_or_refused_after(world):
    clients, product_id = world

    def end(client):
        return client.put(f"/api/seller/products/{product_id}/deactivate")

    def order(client):
        return client.post("/api/orders", json={"productId": str(product_id)})

    ended, *ordered = at_once([(clients[0], end), *((client, order) for client in clients[1:])])
    assert ended.status_code == 200
    assert {answer.status_code for answer in ordered} <= {201, 400}
    with reading() as session:
        taken = session.execute(select(O.id)).all()
    assert len(taken) == [answer.status_code for answer in ordered].count(201)
    assert [order(client).status_code for client in clients] == [400] * TIMES
