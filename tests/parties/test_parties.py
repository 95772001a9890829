"""People and companies: found, shown, and hinted at before they are kept twice."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from lattis_app.core.actors import SYSTEM
from lattis_app.identity.permissions import Role
from lattis_app.parties.models import Party
from lattis_app.parties.schemas.parties import PartyDetails
from lattis_app.parties.services import parties


@pytest.fixture
def abc(session: Session) -> Party:
    return make_party(session, "ABC Construction Sdn. Bhd.", phone="+60123456789", email="john@abc.com")


def make_party(session: Session, name: str, **details: Any) -> Party:
    party = parties.create(session, SYSTEM, PartyDetails(name=name, **details))
    session.flush()
    return party


def test_parties_are_listed_searched_and_paged(api, session: Session, abc: Party) -> None:
    make_party(session, "Setia Build", contact_name="Siti", kind="company")
    make_party(session, "Lim Wei", kind="person")
    client = api.as_(Role.ADMIN)

    def names(**params: object) -> list[str]:
        return [row["name"] for row in client.get("/v1/parties", params=params).json()["data"]]

    assert names() == ["ABC Construction Sdn. Bhd.", "Lim Wei", "Setia Build"]
    assert names(q="siti") == ["Setia Build"]
    assert names(q="012-3456789") == names(q="JOHN@") == ["ABC Construction Sdn. Bhd."]
    assert names(kind="person") == ["Lim Wei"]
    assert names(sort="-name", limit=1, page=2) == ["Lim Wei"]


def test_one_party_is_shown(api, abc: Party) -> None:
    data = api.as_(Role.ADMIN).get(f"/v1/parties/{abc.id}").json()["data"]
    assert (data["name"], data["status"], data["phone"], data["tax_ids"]) == (
        "ABC Construction Sdn. Bhd.", "active", "+60123456789", {},
    )  # fmt: skip
    assert api.as_(Role.ADMIN).get(f"/v1/parties/{uuid4()}").status_code == 404


@pytest.mark.parametrize(
    ("typed", "because"),
    [
        ({"name": "abc construction"}, ["name"]),
        ({"name": "ABC cons"}, ["name"]),
        ({"name": "ABC"}, None),
        ({"name": "ABC  CONSTRUCTION PLT", "phone": "0123456789"}, ["name", "phone"]),
        ({"email": "John@ABC.com"}, ["email"]),
        ({"name": "ABC Constructions"}, None),
        ({"phone": "012"}, None),
        ({"email": "@"}, None),
        ({}, None),
    ],
)
def test_who_may_be_the_same_is_hinted_with_the_reason(
    api, abc: Party, typed: dict[str, str], because: list[str] | None
) -> None:
    answer = api.as_(Role.ADMIN).get("/v1/parties/duplicates", params=typed)
    assert answer.status_code == 200
    assert [(row["name"], row["because"]) for row in answer.json()["data"]] == (
        [("ABC Construction Sdn. Bhd.", because)] if because else []
    )


def test_a_party_is_no_duplicate_of_itself_or_of_what_was_merged(api, session: Session, abc: Party) -> None:
    merged = make_party(session, "ABC Construction")
    merged.merged_into_id = abc.id
    session.flush()
    params = {"name": "ABC Construction", "apart_from": str(abc.id)}
    assert api.as_(Role.ADMIN).get("/v1/parties/duplicates", params=params).json()["data"] == []
    assert api.as_(Role.ADMIN).get("/v1/parties").json()["meta"]["total"] == 1


@pytest.mark.parametrize(
    "path", ["/v1/parties", "/v1/parties/duplicates", "/v1/parties/6f9619ff-8b86-4d01-b42d-00cf4fc964ff"]
)
def test_who_may_read_parties(api, path: str) -> None:
    assert api.anonymous().get(path).status_code == 401
    assert api.as_(Role.DRIVER).get(path).status_code == 403
