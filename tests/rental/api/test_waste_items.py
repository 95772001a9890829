"""Kinds of waste over REST (contract: rental.md, "Records")."""

from lattis_app.identity.permissions import Role
from tests.factories.rental_operations import make_driver, make_waste_item


def test_a_driver_reads_kinds_of_waste_but_keeps_none(api, session):
    item = make_waste_item(session, name="Mixed waste")
    client = api.as_(Role.DRIVER, subject_id=make_driver(session).id)

    listed = client.get("/v1/waste-items")
    refused = client.patch(f"/v1/waste-items/{item.id}", json={"name": "Soil"})

    assert [row["name"] for row in listed.json()["data"]] == ["Mixed waste"]
    assert client.get(f"/v1/waste-items/{item.id}").json()["data"]["id"] == str(item.id)
    assert refused.status_code == 403
    session.refresh(item)
    assert item.name == "Mixed waste"


def test_customers_with_their_terms_stay_with_the_office(api, session):
    client = api.as_(Role.DRIVER, subject_id=make_driver(session).id)

    assert client.get("/v1/customers").status_code == 403
