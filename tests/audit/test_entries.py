"""The audit log as the office reads it."""

import csv
import io
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from lattis_app.audit.queries import entries
from lattis_app.core.audit import act_as, because, record_action
from lattis_app.core.errors import Forbidden
from lattis_app.identity.permissions import Role
from lattis_app.rental.models import RentalCustomer
from tests.factories.identity import actor_for, make_actor, make_user
from tests.factories.rental import make_customer


@pytest.fixture
def customer(session: Session, clock) -> RentalCustomer:
    """Taken on by Aina on 14 March, stopped by Lim on 16 March."""
    aina, lim = make_user(session, name="Aina"), make_user(session, name="Lim Wei")
    clock.set(datetime(2026, 3, 14, 2, 0, tzinfo=UTC))
    act_as(session, actor_for(aina))
    customer = make_customer(session)
    clock.set(datetime(2026, 3, 15, 16, 0, tzinfo=UTC))
    act_as(session, actor_for(lim))
    because(session, "Did not pay")
    customer.on_stop = True
    session.flush()
    return customer


def test_the_history_of_a_record_is_the_latest_first(
    session: Session, customer: RentalCustomer, admin
) -> None:
    history = entries.history_of(session, admin, "rental_customers", customer.id)
    assert [(entry.action, entry.actor, entry.reason) for entry in history] == [
        ("changed", "Lim Wei", "Did not pay"),
        ("created", "Aina", None),
    ]
    assert (history[0].before, history[0].after) == ({"on_stop": False}, {"on_stop": True})


@pytest.mark.parametrize(
    ("filters", "actions"),
    [
        ({"entity": "rental_customers"}, ["changed", "created"]),
        ({"entity": "rental_customers", "actor": "aina"}, ["created"]),
        ({"entity": "rental_customers", "action": "chan"}, ["changed"]),
        ({"entity": "rental_customers", "to": "2026-03-15"}, ["created"]),
        ({"entity": "rental_customers", "from": "2026-03-16"}, ["changed"]),
        ({"entity": "rental_customers", "from": "2026-03-14", "to": "2026-03-16"}, ["changed", "created"]),
        ({"q": "did not pay"}, ["changed"]),
        ({"q": "100%"}, []),
        ({"q": "abc construction", "entity": "rental_customers"}, ["changed", "created"]),
    ],
)
def test_the_log_is_searched(
    api, customer: RentalCustomer, filters: dict[str, str], actions: list[str]
) -> None:
    found = api.as_(Role.ADMIN).get("/v1/audit", params=filters).json()
    assert [entry["action"] for entry in found["data"]] == actions
    assert found["meta"]["total"] == len(actions)


def test_the_log_of_one_record_and_of_one_person(api, session: Session, customer: RentalCustomer) -> None:
    client = api.as_(Role.ADMIN)
    of_record = client.get("/v1/audit", params={"entity_id": str(customer.id), "limit": 1, "page": 2}).json()
    assert ([entry["action"] for entry in of_record["data"]], of_record["meta"]) == (
        ["created"], {"page": 2, "limit": 1, "total": 2},
    )  # fmt: skip
    lim = client.get("/v1/audit", params={"entity_id": str(customer.id), "actor": "Lim"}).json()["data"][0][
        "actor_id"
    ]
    assert (
        client.get("/v1/audit", params={"actor": lim, "entity": "rental_customers"}).json()["meta"]["total"]
        == 1
    )
    for bad in ({"from": "yesterday"}, {"from": "0001-01-01"}, {"to": "9999-12-31"}):
        assert client.get("/v1/audit", params=bad).status_code == 400
    assert client.get("/v1/audit", params={"entity_id": "x"}).status_code == 400


def test_the_export_holds_what_the_filter_shows_and_runs_nothing(
    api, session: Session, customer: RentalCustomer
) -> None:
    record_action(session, "rental_customers", customer.id, "noted", reason='=HYPERLINK("http://evil")')
    session.flush()
    answer = api.as_(Role.ADMIN).get("/v1/audit", params={"format": "csv", "entity": "rental_customers"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="audit-2026-03-16.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [(row["action"], row["label"], row["reason"]) for row in rows] == [
        ("noted", "", '\'=HYPERLINK("http://evil")'),
        ("changed", "ABC Construction Sdn Bhd", "Did not pay"),
        ("created", "ABC Construction Sdn Bhd", ""),
    ]
    assert rows[1]["after"] == '{"on_stop":true}'


@pytest.mark.parametrize("path", ["/v1/audit", "/v1/audit?format=csv"])
def test_who_may_read_the_log(api, path: str) -> None:
    assert api.anonymous().get(path).status_code == 401
    assert api.as_(Role.DRIVER).get(path).status_code == 403
    assert api.as_(Role.SUPER_ADMIN).get(path).status_code == 200


def test_a_driver_reads_no_history(session: Session) -> None:
    with pytest.raises(Forbidden):
        entries.history_of(session, make_actor(session, Role.DRIVER), "rental_customers", uuid4())
