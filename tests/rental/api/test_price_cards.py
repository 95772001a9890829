"""Price cards and rentable lorries over REST (contract: rental.md, "Records")."""

import pytest

from lattis_app.identity.permissions import Role
from tests.factories.rental_delivery_orders import order_payload
from tests.factories.rental_masters import (
    CARD,
    RENTABLE_LORRY,
    make_price_card,
    make_rentable_lorry,
)
from tests.factories.rental_operations import make_bin, make_driver, make_waste_item

LARGE = {"h_ft": 6, "l_ft": 14, "w_ft": 6}


@pytest.fixture
def office(api):
    return api.as_(Role.ADMIN)


def test_a_price_card_is_kept_and_found_by_its_size_and_waste(office, session):
    item = make_waste_item(session, name="Construction debris")
    made = office.post("/v1/price-cards", json=CARD | {"waste_item_id": str(item.id)})
    make_price_card(session, waste_item_id=item.id, bin_size=LARGE)
    found = office.get(f"/v1/price-cards?h_ft=4&l_ft=12&w_ft=6&waste_item_id={item.id}&active=true")

    assert made.status_code == 201
    card = made.json()["data"]
    assert {name: card[name] for name in CARD} == CARD
    assert (card["waste_item_name"], card["currency"], card["status"]) == (
        "Construction debris",
        "MYR",
        "active",
    )
    assert found.json()["data"] == [card]


def test_a_size_and_a_waste_have_one_card(office, session):
    card = make_price_card(session)
    body = CARD | {"waste_item_id": str(card.waste_item_id), "base_price": 1}
    again = office.post("/v1/price-cards", json=body)
    assert (again.status_code, again.json()["error"]["code"]) == (409, "CONFLICT")
    assert office.get("/v1/price-cards").json()["meta"]["total"] == 1


def test_a_card_changes_in_part(office, session):
    card = make_price_card(session)
    body = {"included_tonnes": "1.250", "per_extra_tonne": 99.95, "active": False}
    changed = office.patch(f"/v1/price-cards/{card.id}", json=body).json()["data"]
    shown = ("included_tonnes", "per_extra_tonne", "status", "base_price", "included_days")
    assert [changed[name] for name in shown] == [1.25, 99.95, "inactive", 350.0, 7]


@pytest.mark.parametrize(
    "wrong",
    [
        {"base_price": 0},
        {"base_price": -1},
        {"included_days": -1},
        {"included_tonnes": "0.0001"},
        {"overrun_per_day": "1.234"},
        {"bin_size": {"h_ft": 0, "l_ft": 12, "w_ft": 6}},
    ],
    ids=str,
)
def test_a_card_that_makes_no_sense_is_refused(office, session, wrong):
    body = CARD | {"waste_item_id": str(make_waste_item(session).id)} | wrong
    assert office.post("/v1/price-cards", json=body).status_code == 400
    assert office.get("/v1/price-cards").json()["meta"]["total"] == 0


def test_an_order_keeps_its_callers_amount_whatever_the_card_says(office, session):
    card = make_price_card(session, base_price=420)
    line = {"waste_item_id": str(card.waste_item_id), "quantity": 1, "price": 300}
    body = order_payload(session, amount=300, waste_items=[line], inventory_bin_id=make_bin(session).id)
    made = office.post("/v1/delivery-orders", json=body)
    assert (made.status_code, made.json()["data"]["amount"]) == (201, 300.0)


def test_a_rentable_lorry_is_kept_changed_and_found(office, session):
    body = RENTABLE_LORRY | {"registration_no": "jkl  88"}
    made = office.post("/v1/rentable-lorries", json=body)
    assert made.status_code == 201
    lorry = made.json()["data"]
    expected = RENTABLE_LORRY | {
        "registration_no": "JKL 88",
        "owner_phone": "+60123334444",
        "status": "active",
    }
    assert {name: lorry[name] for name in expected} == expected
    other = make_rentable_lorry(session, owner_name="Bakti", daily_rate=100, trip_rate=300)

    changed = office.patch(f"/v1/rentable-lorries/{lorry['id']}", json={"trip_rate": 200, "active": False})
    assert [changed.json()["data"][name] for name in ("trip_rate", "daily_rate", "status")] == [
        200.0,
        650.0,
        "inactive",
    ]

    def numbers(query):
        return [row["id"] for row in office.get(f"/v1/rentable-lorries?{query}").json()["data"]]

    assert numbers("active=true") == [str(other.id)]
    assert numbers("q=pengang") == [lorry["id"]]
    assert numbers("sort=-daily_rate") == [lorry["id"], str(other.id)]
    assert numbers("sort=-trip_rate") == [str(other.id), lorry["id"]]
    assert office.post("/v1/rentable-lorries", json=body).status_code == 409


@pytest.mark.parametrize(
    "path", ["/v1/price-cards", "/v1/rentable-lorries", "/v1/charges", "/v1/charges/unbilled"]
)
def test_drivers_see_none_of_these(api, session, path):
    assert api.as_(Role.DRIVER, subject_id=make_driver(session).id).get(path).status_code == 403
    assert api.anonymous().get(path).status_code == 401
