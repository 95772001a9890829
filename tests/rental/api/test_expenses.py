"""Expenses over REST (seed: "Expense Management")."""

import pytest

from lattis_app.identity.permissions import Role
from tests.factories.rental_delivery_orders import photo
from tests.factories.rental_masters import SEED_EXPENSE, make_expense
from tests.factories.rental_operations import make_driver, make_lorry


def test_the_seeds_expense_is_recorded_and_listed(api, clock):
    client = api.as_(Role.ADMIN)
    made = client.post("/v1/expenses", json=SEED_EXPENSE)
    listed = client.get("/v1/expenses?from=2024-01-01&to=2024-01-31&category=fuel")
    assert made.status_code == 201
    expense = made.json()["data"]
    assert {name: expense[name] for name in SEED_EXPENSE} == SEED_EXPENSE
    assert (expense["status"], expense["payment_method"], expense["lorry_id"]) == (
        "recorded",
        "BANK_TRANSFER",
        None,
    )
    assert listed.json() == {"data": [expense], "meta": {"page": 1, "limit": 20, "total": 1}}
    assert client.get(f"/v1/expenses/{expense['id']}").json()["data"] == expense


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "Wages Tyres Fuel"),
        ("category=fuel,salary", "Wages Fuel"),
        ("status=voided", "Tyres"),
        ("q=kedai", "Tyres"),
        ("from=2026-03-02", "Wages"),
        ("to=2026-03-01&sort=amount", "Fuel Tyres"),
        ("sort=category", "Fuel Tyres Wages"),
        ("lorry_id={lorry}", "Fuel"),
    ],
)
def test_expenses_are_found_by_what_is_known_of_them(api, session, clock, query, found):
    lorry = make_lorry(session)
    make_expense(session, description="Fuel", amount=10, expense_date="2026-03-01", lorry_id=lorry.id)
    tyres = make_expense(
        session,
        description="Tyres",
        category="maintenance",
        payee="Kedai Tayar",
        expense_date="2026-03-01",
        amount=20,
    )
    make_expense(session, description="Wages", category="salary", expense_date="2026-03-02")
    client = api.as_(Role.ADMIN)
    client.post(f"/v1/expenses/{tyres.id}/void", json={"reason": "Returned"})
    rows = client.get(f"/v1/expenses?{query.format(lorry=lorry.id)}").json()["data"]
    assert sorted(row["description"] for row in rows) == sorted(found.split())


def test_an_expense_is_voided_with_a_reason(api, session):
    expense, client = make_expense(session), api.as_(Role.ADMIN)
    without = client.post(f"/v1/expenses/{expense.id}/void", json={})
    voided = client.post(f"/v1/expenses/{expense.id}/void", json={"reason": "Typed twice"})
    again = client.post(f"/v1/expenses/{expense.id}/void", json={"reason": "Typed twice"})
    assert (without.status_code, voided.status_code, again.status_code) == (400, 200, 412)
    assert (voided.json()["data"]["status"], voided.json()["data"]["void_reason"]) == (
        "voided",
        "Typed twice",
    )


def test_receipts_are_attached_to_an_expense_by_the_office_only(api, session):
    expense, driver = make_expense(session), make_driver(session)
    picture = photo("receipt.jpg")
    form = {"target_type": "EXPENSE", "target_id": str(expense.id)}

    def attach(client):
        return client.post(
            "/v1/attachments", data=form, files={"files[]": (picture.file_name, picture.data, "image/jpeg")}
        )

    assert attach(api.as_(Role.DRIVER, subject_id=driver.id)).status_code == 403
    assert attach(api.as_(Role.ADMIN)).status_code == 201
    kept = (
        api.as_(Role.ADMIN).get(f"/v1/attachments?target_type=EXPENSE&target_id={expense.id}").json()["data"]
    )
    assert [each["file_name"] for each in kept] == ["receipt.jpg"]


def test_drivers_see_no_expenses(api, session):
    client = api.as_(Role.DRIVER, subject_id=make_driver(session).id)
    assert client.get("/v1/expenses").status_code == 403
    assert client.post("/v1/expenses", json=SEED_EXPENSE).status_code == 403
    assert api.anonymous().get("/v1/expenses").status_code == 401
