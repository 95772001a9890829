"""Customers over REST (contract: rental.md, "Records"; seed: "Customer Management")."""

import pytest

from lattis_app.identity.permissions import Role
from tests.factories.rental import SEED_CUSTOMER, make_customer


def test_the_seeds_customer_is_taken_on(api):
    answer = api.as_(Role.ADMIN).post("/v1/customers", json=SEED_CUSTOMER)

    assert answer.status_code == 201
    data = answer.json()["data"]
    assert data | SEED_CUSTOMER == data
    assert (data["payment_terms_days"], data["credit_limit"], data["status"]) == (30, None, "active")
    assert (data["email_messages"], data["message_channel"]) == (True, "none")


def test_a_customer_is_changed_in_part(api, session):
    customer = make_customer(session)
    client = api.as_(Role.ADMIN)

    answer = client.patch(
        f"/v1/customers/{customer.id}", json={"credit_limit": "5000.50", "on_stop": True, "gst_no": "G2"}
    )

    data = answer.json()["data"]
    assert (data["credit_limit"], data["status"], data["gst_no"]) == (5000.5, "on_stop", "G2")
    assert (data["company_name"], data["sst_no"]) == (SEED_CUSTOMER["company_name"], SEED_CUSTOMER["sst_no"])


def test_customers_are_listed_by_name_and_searched(api, session):
    make_customer(session, company_name="Setia Build Sdn Bhd", phone="012-2223333")
    make_customer(session)
    client = api.as_(Role.ADMIN)

    everyone = client.get("/v1/customers").json()
    found = client.get("/v1/customers", params={"q": "setia"}).json()
    by_phone = client.get("/v1/customers", params={"q": "0122223333"}).json()

    assert [row["company_name"] for row in everyone["data"]] == [
        "ABC Construction Sdn Bhd",
        "Setia Build Sdn Bhd",
    ]
    assert everyone["meta"] == {"page": 1, "limit": 20, "total": 2}
    assert [row["company_name"] for row in found["data"]] == ["Setia Build Sdn Bhd"]
    assert by_phone["meta"]["total"] == 1


@pytest.mark.parametrize(
    ("changed", "field", "reason"),
    [
        ({"company_name": ""}, "company_name", "must not be empty"),
        ({"phone": "call me"}, "phone", "must be a phone number such as 012-3456789"),
        ({"credit_limit": -1}, "credit_limit", "must not be negative"),
        ({"credit_limit": "NaN"}, "credit_limit", "must be a finite number"),
        ({"credit_limit": "1.001"}, "credit_limit", "must have at most 2 decimals"),
        ({"payment_terms_days": 366}, "payment_terms_days", "must be at most 365"),
        ({"compny": "x"}, "compny", "extra inputs are not permitted"),
    ],
)
def test_a_bad_field_is_named_and_nothing_is_kept(api, changed, field, reason):
    client = api.as_(Role.ADMIN)

    answer = client.post("/v1/customers", json=SEED_CUSTOMER | changed)

    assert answer.status_code == 400
    error = answer.json()["error"]
    assert (error["code"], error["details"]["field"], error["details"]["reason"]) == (
        "VALIDATION_ERROR",
        field,
        reason,
    )
    assert client.get("/v1/customers").json()["meta"]["total"] == 0


def test_several_bad_fields_come_back_together(api):
    answer = api.as_(Role.ADMIN).post("/v1/customers", json={"phone": "x", "on_stop": "perhaps"})

    fields = [problem["field"] for problem in answer.json()["error"]["details"]["errors"]]
    assert fields == ["company_name", "phone", "on_stop"]


def test_who_may_keep_customers(api):
    assert api.anonymous().post("/v1/customers", json=SEED_CUSTOMER).status_code == 401
    refused = api.as_(Role.DRIVER).post("/v1/customers", json=SEED_CUSTOMER)
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "FORBIDDEN")
    assert api.as_(Role.ADMIN).get("/v1/customers").json()["meta"]["total"] == 0


def test_one_idempotency_key_makes_one_customer(api):
    client = api.as_(Role.ADMIN)
    key = {"Idempotency-Key": "create abc"}

    first = client.post("/v1/customers", json=SEED_CUSTOMER, headers=key)
    second = client.post("/v1/customers", json=SEED_CUSTOMER, headers=key)
    other = client.post("/v1/customers", json=SEED_CUSTOMER | {"contact_name": "Jane"}, headers=key)

    assert second.json() == first.json()
    assert second.headers["Idempotency-Replayed"] == "true"
    assert (other.status_code, other.json()["error"]["code"]) == (409, "CONFLICT")
    assert client.get("/v1/customers").json()["meta"]["total"] == 1


def test_an_unknown_customer_is_not_found(api):
    answer = api.as_(Role.ADMIN).get("/v1/customers/6f9619ff-8b86-4d01-b42d-00cf4fc964ff")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "NOT_FOUND")


def test_a_malformed_body_is_a_bad_request(api):
    answer = api.as_(Role.ADMIN).post(
        "/v1/customers", content=b"{", headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "VALIDATION_ERROR")


def test_a_list_costs_one_query_and_one_count(api, session, queries):
    for number in range(21):
        make_customer(session, company_name=f"Customer {number:02}")
    client = api.as_(Role.ADMIN)

    with queries() as sent:
        client.get("/v1/customers")

    assert sent.count == 3, "one for who asks, one for the rows, one for the total"


def test_a_filtered_list_is_paged(api, session):
    for number in range(5):
        make_customer(session, company_name=f"Customer {number}")

    answer = api.as_(Role.ADMIN).get(
        "/v1/customers", params={"q": "customer", "page": 2, "limit": 2, "sort": "-company_name"}
    )

    assert [row["company_name"] for row in answer.json()["data"]] == ["Customer 2", "Customer 1"]
    assert answer.json()["meta"] == {"page": 2, "limit": 2, "total": 5}
