"""Keeping users over REST: who may change whom, and that somebody always remains in charge."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lattis_app.core import db
from lattis_app.core.audit import AuditEntry
from lattis_app.core.db import columns
from lattis_app.core.errors import DomainError
from lattis_app.identity.models import PermissionOverride, User, UserSession
from lattis_app.identity.passwords import hash_secret
from lattis_app.identity.permissions import Permission, Role
from lattis_app.identity.schemas.users import UserChanges
from lattis_app.identity.services import users
from tests.factories.identity import actor_for, make_user

SALES = {
    "name": "Siti",
    "email": "Siti@Example.com",
    "phone": "012-9998888",
    "role": "SALES_REP",
    "password": "correct horse",
}
READ, MANAGE = Permission.RENTAL_INVOICES_READ, Permission.IDENTITY_USERS_MANAGE


def test_a_user_is_made_and_can_sign_in(api, session: Session) -> None:
    answer = api.as_(Role.ADMIN).post("/v1/users", json=SALES)
    data = answer.json()["data"]
    assert (answer.status_code, data["email"], data["phone"]) == (201, "siti@example.com", "+60129998888")
    assert (data["status"], data["has_password"], data["grants"], data["denials"]) == ("active", True, [], [])
    assert data["permissions"] == [
        "identity:profile:manage", "notifications:inbox:manage", "platform:search:use",
    ]  # fmt: skip
    assert "password" not in str(data).replace("has_password", "")
    signed_in = api.anonymous().post(
        "/v1/auth/login", json={"email": "siti@example.com", "password": "correct horse"}
    )
    assert signed_in.status_code == 200


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"password": "short"}, "password"),
        ({"role": "KING"}, "role"),
        ({"role": "DRIVER"}, "subject_id"),
        ({"role": "DRIVER", "subject_id": str(UUID(int=404))}, "subject_id"),
        ({"name": ""}, "name"),
        ({"active": False}, "active"),
        ({"email": None, "phone": None}, "body"),
    ],
)
def test_a_bad_user_is_refused(api, session: Session, changed: dict[str, object], field: str) -> None:
    client = api.as_(Role.ADMIN)
    answer = client.post("/v1/users", json=SALES | changed)
    assert (answer.status_code, answer.json()["error"]["details"]["field"]) == (400, field)
    assert client.get("/v1/users").json()["meta"]["total"] == 1


def test_an_address_belongs_to_one_user(api, session: Session) -> None:
    client = api.as_(Role.ADMIN)
    client.post("/v1/users", json=SALES)
    answer = client.post("/v1/users", json=SALES | {"phone": "012-1112222", "email": "SITI@example.com"})
    assert (answer.status_code, answer.json()["error"]["details"]["field"]) == (409, "email")


def test_users_are_listed_searched_and_paged(api, session: Session) -> None:
    admin = make_user(session, name="Zara")
    for name in ("Aina", "Lim Wei", "Siva"):
        make_user(session, Role.VIEWER, name=name)
    client = api.as_(admin)
    everyone = client.get("/v1/users").json()
    assert [user["name"] for user in everyone["data"]] == ["Aina", "Lim Wei", "Siva", "Zara"]
    assert [user["name"] for user in client.get("/v1/users", params={"q": "wei"}).json()["data"]] == [
        "Lim Wei"
    ]
    page = client.get("/v1/users", params={"role": "VIEWER", "limit": 2, "page": 2, "sort": "-name"}).json()
    assert ([user["name"] for user in page["data"]], page["meta"]["total"]) == (["Aina"], 3)
    assert client.get("/v1/users", params={"role": "KING"}).status_code == 400


def test_a_list_of_users_costs_one_query_and_one_count(api, session: Session, queries) -> None:
    for _ in range(21):
        make_user(session, Role.VIEWER)
    client = api.as_(Role.ADMIN)
    with queries() as sent:
        client.get("/v1/users")
    assert sent.count == 3


def test_grants_and_denials_count_from_the_next_request(api, session: Session) -> None:
    viewer = make_user(session, Role.VIEWER)
    client, office = api.as_(viewer), api.as_(Role.ADMIN)
    assert client.get("/v1/customers").status_code == 403
    path = f"/v1/users/{viewer.id}/permissions"
    answer = office.put(path, json={"grants": ["rental:customers:read"], "reason": "Helps out"}).json()[
        "data"
    ]
    assert (answer["grants"], "rental:customers:read" in answer["permissions"]) == (
        ["rental:customers:read"],
        True,
    )
    assert client.get("/v1/customers").status_code == 200
    office.put(path, json={"grants": [], "denials": ["platform:search:use"]})
    assert client.get("/v1/customers").status_code == 403
    assert "platform:search:use" not in client.get("/v1/me").json()["data"]["permissions"]
    entries = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.entity_id == viewer.id, AuditEntry.action == "changed")
        .order_by(AuditEntry.seq)
    ).all()
    assert [(entry.before, entry.after, entry.reason) for entry in entries] == [
        ({"grants": "", "denials": ""}, {"grants": "rental:customers:read", "denials": ""}, "Helps out"),
        (
            {"grants": "rental:customers:read", "denials": ""},
            {"grants": "", "denials": "platform:search:use"},
            None,
        ),
    ]


def test_what_cannot_be_granted(api, session: Session) -> None:
    viewer = make_user(session, Role.VIEWER)
    office, path = api.as_(Role.ADMIN), f"/v1/users/{viewer.id}/permissions"
    both = office.put(path, json={"grants": [READ], "denials": [READ]})
    unknown = office.put(path, json={"grants": ["rental:everything:do"]})
    beyond = office.put(path, json={"grants": ["ledger:entries:post"]})
    assert [answer.status_code for answer in (both, unknown, beyond)] == [400, 400, 403]
    assert office.get(f"/v1/users/{viewer.id}").json()["data"]["grants"] == []


def test_an_admin_is_below_the_platform(api, session: Session) -> None:
    boss = make_user(session, Role.SUPER_ADMIN, password_hash=hash_secret("correct horse"))
    viewer = make_user(session, Role.VIEWER)
    office = api.as_(Role.ADMIN)
    refused = [
        office.post("/v1/users", json=SALES | {"role": "SUPER_ADMIN"}),
        office.patch(f"/v1/users/{viewer.id}", json={"role": "SUPER_ADMIN"}),
        office.patch(f"/v1/users/{boss.id}", json={"active": False}),
        office.put(f"/v1/users/{boss.id}/permissions", json={"denials": [MANAGE]}),
        office.post(f"/v1/users/{boss.id}/reset-password", json={"password": "mine now, boss"}),
        office.post(f"/v1/users/{boss.id}/end-sessions"),
    ]
    assert [answer.status_code for answer in refused] == [403] * 6
    session.expire_all()
    assert (boss.active, boss.role, viewer.role) == (True, "SUPER_ADMIN", "VIEWER")
    assert api.as_(boss).patch(f"/v1/users/{viewer.id}", json={"role": "SUPER_ADMIN"}).status_code == 200


def test_who_manages_users_by_grant_cannot_make_or_become_an_admin(api, session: Session) -> None:
    helper, other = make_user(session, Role.VIEWER), make_user(session, Role.VIEWER)
    session.add(PermissionOverride(user_id=helper.id, permission=MANAGE, granted=True))
    session.flush()
    client = api.as_(helper)
    assert client.patch(f"/v1/users/{other.id}", json={"role": "ADMIN"}).status_code == 403
    assert client.patch(f"/v1/users/{helper.id}", json={"role": "ADMIN"}).status_code == 412
    assert client.put(f"/v1/users/{other.id}/permissions", json={"grants": [READ]}).status_code == 403
    session.expire_all()
    assert (helper.role, other.role) == ("VIEWER", "VIEWER")


@pytest.mark.parametrize("body", [{"active": False}, {"role": "VIEWER"}])
def test_nobody_takes_away_their_own_rights(api, session: Session, body: dict[str, object]) -> None:
    admin, _other = make_user(session), make_user(session)
    client = api.as_(admin)
    assert client.patch(f"/v1/users/{admin.id}", json=body).status_code == 412
    assert client.put(f"/v1/users/{admin.id}/permissions", json={"denials": [MANAGE]}).status_code == 412
    assert client.patch(f"/v1/users/{admin.id}", json={"name": "Aina", "active": True}).status_code == 200
    session.expire_all()
    assert (admin.active, admin.role, admin.name) == (True, "ADMIN", "Aina")


def test_two_admins_removing_each_other_at_once_leave_one(
    committed_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    both, check = Barrier(2), users._keep_an_administrator

    def check_side_by_side(session: Session) -> None:
        check(session)
        with suppress(BrokenBarrierError):
            both.wait(0.5)

    monkeypatch.setattr(users, "_keep_an_administrator", check_side_by_side)
    with db.unit_of_work() as session:
        pair = [make_user(session), make_user(session)]

    def remove(index: int) -> bool:
        try:
            with db.unit_of_work() as session:
                users.update(session, actor_for(pair[index]), pair[1 - index].id, UserChanges(active=False))
        except DomainError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        removed = list(pool.map(remove, range(2)))
    with db.unit_of_work() as session:
        left = session.scalar(select(func.count()).where(columns(User).active))
    assert (sorted(removed), left) == ([False, True], 1)


def test_closing_an_account_ends_its_sessions(api, session: Session) -> None:
    person = make_user(
        session, Role.VIEWER, email="v@example.com", password_hash=hash_secret("correct horse")
    )
    client, office = api.as_(person), api.as_(Role.ADMIN)
    assert (
        office.patch(f"/v1/users/{person.id}", json={"active": False}).json()["data"]["status"] == "inactive"
    )
    assert client.get("/v1/me").status_code == 401
    sign_in = {"email": "v@example.com", "password": "correct horse"}
    assert api.anonymous().post("/v1/auth/login", json=sign_in).status_code == 401
    office.patch(f"/v1/users/{person.id}", json={"active": True})
    assert client.get("/v1/me").status_code == 401, "the old session stays ended"
    assert api.anonymous().post("/v1/auth/login", json=sign_in).status_code == 200


def test_a_new_password_unlocks_and_ends_all_sessions(api, session: Session, clock) -> None:
    person = make_user(
        session, Role.VIEWER, email="v@example.com", locked_until=clock.now().replace(year=2027)
    )
    client, office = api.as_(person), api.as_(Role.ADMIN)
    assert office.get(f"/v1/users/{person.id}").json()["data"]["locked_until"] == "2027-03-16T02:00:00Z"
    answer = office.post(f"/v1/users/{person.id}/reset-password", json={"password": "battery staple"})
    assert (answer.status_code, answer.json()["data"]["locked_until"]) == (200, None)
    assert client.get("/v1/me").status_code == 401
    sign_in = {"email": "v@example.com", "password": "battery staple"}
    assert api.anonymous().post("/v1/auth/login", json=sign_in).status_code == 200


def test_devices_are_listed_and_signed_out(api, session: Session) -> None:
    person = make_user(session, Role.VIEWER)
    api.as_(person)
    client, office = api.as_(person), api.as_(Role.ADMIN)
    listed = office.get(f"/v1/users/{person.id}/sessions").json()["data"]
    assert [row["device"] for row in listed] == ["tests", "tests"]
    assert "token_hash" not in listed[0]
    assert office.post(f"/v1/users/{person.id}/end-sessions").json()["data"] == []
    assert client.get("/v1/me").status_code == 401
    ended = session.scalars(select(UserSession.revoked_because).where(UserSession.user_id == person.id)).all()
    assert ended == ["signed out by the office"] * 2


def test_the_office_sets_and_clears_a_pin(api, session: Session) -> None:
    driver = make_user(session, Role.DRIVER, subject_id=UUID(int=5))
    office, path = api.as_(Role.ADMIN), f"/v1/users/{driver.id}"
    assert office.patch(path, json={"pin": "4711"}).json()["data"]["has_pin"] is True
    assert office.patch(path, json={"pin": "47"}).status_code == 400
    assert office.patch(path, json={"pin": None}).json()["data"]["has_pin"] is False


def test_who_may_keep_users(api, session: Session) -> None:
    for client, status in ((api.anonymous(), 401), (api.as_(Role.DRIVER), 403), (api.as_(Role.VIEWER), 403)):
        assert client.get("/v1/users").status_code == status
        assert client.post("/v1/users", json=SALES).status_code == status
        assert client.get(f"/v1/users/{uuid4()}").status_code == status
    assert api.as_(Role.ADMIN).get(f"/v1/users/{uuid4()}").status_code == 404
