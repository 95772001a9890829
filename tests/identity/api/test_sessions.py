"""Signing in and out over REST (contract: api.md, "Who is who")."""

import base64
import json
from typing import Any
from uuid import uuid4

import jwt
import pytest
from passlib.hash import argon2
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from lattis_app.core import limits
from lattis_app.core.audit import AuditEntry
from lattis_app.core.settings import settings
from lattis_app.identity.models import PermissionOverride, RefreshToken, User, UserSession
from lattis_app.identity.passwords import hash_secret
from lattis_app.identity.permissions import Permission, Role
from lattis_app.identity.queries import actors
from lattis_app.identity.queries import profiles as profile_queries
from lattis_app.identity.services import driver_accounts, profiles
from lattis_app.web import routing
from tests.factories.identity import make_actor, make_user

PASSWORD = "correct horse"
ADMIN = {"email": "admin@example.com", "password": PASSWORD}
DRIVER = {"driverName": "Ahmad Rahman", "icNumber": "920815-14-5678", "phoneNumber": "012-3456789"}


@pytest.fixture
def person(session: Session) -> User:
    return make_user(
        session, Role.ADMIN, name="Aina", email="admin@example.com", phone="+60112223333",
        password_hash=hash_secret(PASSWORD),
    )  # fmt: skip


@pytest.fixture
def driver(session: Session) -> User:
    return driver_accounts.keep(
        session,
        make_actor(session),
        uuid4(),
        name="Ahmad Rahman",
        ic_number="920815-14-5678",
        phone="+60123456789",
    )


def signed_in(api: Any, body: dict[str, str] | None = None, path: str = "login") -> dict[str, Any]:
    answer = api.anonymous().post(f"/v1/auth/{path}", json=body or ADMIN)
    assert answer.status_code == 200, answer.text
    return dict(answer.json()["data"])


def me(api: Any, token: str) -> Any:
    return api.anonymous().get("/v1/me", headers={"Authorization": f"Bearer {token}"})


def test_signing_in_answers_tokens_and_who_it_is(api, person: User) -> None:
    data = signed_in(api)
    assert data["user"] == {
        "id": str(person.id), "role": "ADMIN", "email": "admin@example.com", "name": "Aina",
    }  # fmt: skip
    assert (data["token_type"], data["expires_in"]) == ("Bearer", 900)
    claims = jwt.decode(data["access_token"], options={"verify_signature": False})
    assert {"sub", "role", "jti", "iat", "exp"} <= set(claims)
    assert (claims["sub"], claims["role"], claims["exp"] - claims["iat"]) == (str(person.id), "ADMIN", 900)


@pytest.mark.parametrize(
    "account",
    [{"email": "ADMIN@Example.com "}, {"phone": "011-2223333"}, {"phone": "+60 11-222 3333"}],
)
def test_an_account_is_found_however_it_is_written(api, person: User, account: dict[str, str]) -> None:
    assert signed_in(api, account | {"password": PASSWORD})["user"]["id"] == str(person.id)


@pytest.mark.parametrize(
    "body",
    [
        {"email": "admin@example.com", "password": "wrong"},
        {"email": "nobody@example.com", "password": PASSWORD},
        {"phone": "011-9999999", "password": PASSWORD},
    ],
)
def test_wrong_details_never_say_which_part_is_wrong(
    api, person: User, session: Session, body: dict[str, str]
) -> None:
    answer = api.anonymous().post("/v1/auth/login", json=body)
    assert answer.status_code == 401
    error = answer.json()["error"]
    assert (error["code"], error["details"]) == ("UNAUTHORIZED", {})
    assert error["message"].startswith("These sign-in details are not right")
    assert session.scalars(select(UserSession)).all() == []


def test_an_unknown_account_costs_the_same_hashing_as_a_known_one(api, person: User, monkeypatch) -> None:
    verified: list[str] = []
    real = argon2.verify

    def counting(secret: str, stored: str) -> bool:
        verified.append(stored.rsplit("$", 2)[0])
        return bool(real(secret, stored))

    monkeypatch.setattr(argon2, "verify", counting)
    for email in ("admin@example.com", "nobody@example.com"):
        api.anonymous().post("/v1/auth/login", json={"email": email, "password": "wrong"})
    assert len(verified) == 2
    assert verified[0] == verified[1], "same algorithm, same cost"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"password": PASSWORD}, "body"),
        ({"email": "a@b.c", "phone": "0123456789", "password": PASSWORD}, "body"),
        ({"email": "not an address", "password": PASSWORD}, "email"),
        ({"email": "admin@example.com"}, "password"),
        ({"email": "admin@example.com", "password": ""}, "password"),
        (ADMIN | {"role": "SUPER_ADMIN"}, "role"),
    ],
)
def test_a_malformed_sign_in_is_a_bad_request(api, person: User, body: dict[str, str], field: str) -> None:
    answer = api.anonymous().post("/v1/auth/login", json=body)
    assert (answer.status_code, answer.json()["error"]["details"]["field"]) == (400, field)


def test_the_sixth_attempt_on_an_account_in_a_minute_waits(api, person: User) -> None:
    for spelling in (
        "admin@example.com",
        "Admin@example.com",
        "ADMIN@EXAMPLE.COM",
        " admin@example.com",
        "admin@example.com ",
    ):
        signed_in(api, ADMIN | {"email": spelling})
    answer = api.anonymous().post("/v1/auth/login", json=ADMIN)
    assert (answer.status_code, answer.json()["error"]["code"]) == (429, "RATE_LIMITED")
    assert 1 <= int(answer.headers["Retry-After"]) <= 60


def test_an_address_that_guesses_five_accounts_waits_with_the_sixth(api, person: User) -> None:
    for number in range(5):
        body = {"email": f"guess{number}@example.com", "password": "wrong"}
        assert api.anonymous().post("/v1/auth/login", json=body).status_code == 401
    answer = api.anonymous().post("/v1/auth/login", json=ADMIN)
    assert (answer.status_code, "Retry-After" in answer.headers) == (429, True)


def test_an_office_behind_one_address_may_sign_in_together(api, session: Session) -> None:
    for number in range(8):
        make_user(session, email=f"u{number}@example.com", password_hash=hash_secret(PASSWORD))
        signed_in(api, {"email": f"u{number}@example.com", "password": PASSWORD})


def test_a_driver_signs_in_with_name_card_and_phone(api, driver: User) -> None:
    spelled = {"driverName": " ahmad  RAHMAN ", "icNumber": "920815145678", "phoneNumber": "+60123456789"}
    for body in (DRIVER, spelled):
        user = signed_in(api, body, "driver-login")["user"]
        assert (user["id"], user["role"]) == (str(driver.id), "DRIVER")


@pytest.mark.parametrize(
    "changed", [{"driverName": "Ahmad"}, {"icNumber": "920815-14-5679"}, {"phoneNumber": "012-3456780"}]
)
def test_a_driver_needs_all_three(api, driver: User, changed: dict[str, str]) -> None:
    assert api.anonymous().post("/v1/auth/driver-login", json=DRIVER | changed).status_code == 401


def test_a_pin_once_set_is_required(api, driver: User) -> None:
    token = signed_in(api, DRIVER, "driver-login")["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    changed = api.anonymous().patch("/v1/me", json={"new_pin": "4711"}, headers=headers)
    assert (changed.status_code, changed.json()["data"]["has_pin"]) == (200, True)

    assert api.anonymous().post("/v1/auth/driver-login", json=DRIVER).status_code == 401
    assert api.anonymous().post("/v1/auth/driver-login", json=DRIVER | {"pin": "0000"}).status_code == 401
    signed_in(api, DRIVER | {"pin": "4711"}, "driver-login")
    refused = api.anonymous().patch("/v1/me", json={"new_pin": "0815"}, headers=headers)
    assert (refused.status_code, refused.json()["error"]["details"]["field"]) == (400, "current_password")
    moved = {"new_pin": "0815", "current_password": "4711"}
    assert api.anonymous().patch("/v1/me", json=moved, headers=headers).status_code == 200


def test_five_failures_lock_a_driver_out_for_fifteen_minutes(
    api, driver: User, session: Session, clock
) -> None:
    wrong = DRIVER | {"icNumber": "920815-14-0000"}
    for _ in range(5):
        assert api.anonymous().post("/v1/auth/driver-login", json=wrong).status_code == 401
        limits.forget()
    locked = api.anonymous().post("/v1/auth/driver-login", json=DRIVER)
    assert locked.status_code == 401
    assert session.scalars(select(AuditEntry.action).where(AuditEntry.action == "locked")).all() == ["locked"]

    clock.advance(minutes=14, seconds=59)
    limits.forget()
    assert api.anonymous().post("/v1/auth/driver-login", json=DRIVER).status_code == 401
    clock.advance(seconds=1)
    signed_in(api, DRIVER, "driver-login")


def test_refreshing_rotates_the_token(api, person: User) -> None:
    first = signed_in(api)
    second = signed_in(api, {"refresh_token": first["refresh_token"]}, "refresh")
    third = signed_in(api, {"refresh_token": second["refresh_token"]}, "refresh")
    assert len({first["refresh_token"], second["refresh_token"], third["refresh_token"]}) == 3
    assert me(api, third["access_token"]).status_code == 200


def test_presenting_a_used_refresh_token_ends_the_whole_family(api, person: User, session: Session) -> None:
    first = signed_in(api)
    second = signed_in(api, {"refresh_token": first["refresh_token"]}, "refresh")
    other = signed_in(api)

    reused = api.anonymous().post("/v1/auth/refresh", json={"refresh_token": first["refresh_token"]})
    newest = api.anonymous().post("/v1/auth/refresh", json={"refresh_token": second["refresh_token"]})

    assert (reused.status_code, newest.status_code) == (401, 401)
    assert me(api, second["access_token"]).status_code == 401
    assert me(api, other["access_token"]).status_code == 200, "another device stays signed in"
    reasons = session.scalars(select(AuditEntry.reason).where(AuditEntry.action == "session_revoked")).all()
    assert reasons == ["A used refresh token was presented"]


def test_a_refresh_token_ends_after_thirty_days(api, person: User, clock) -> None:
    token = signed_in(api)["refresh_token"]
    clock.advance(days=30)
    assert api.anonymous().post("/v1/auth/refresh", json={"refresh_token": token}).status_code == 401


def test_only_hashes_of_tokens_are_stored(api, person: User, session: Session) -> None:
    data = signed_in(api)
    stored = (
        session.scalars(select(RefreshToken.token_hash)).all()
        + session.scalars(select(UserSession.token_hash)).all()
    )
    assert len(stored) == 2
    assert not {data["refresh_token"], data["access_token"]} & set(stored)


def test_signing_out_ends_the_session_at_once(api, person: User) -> None:
    data = signed_in(api)
    headers = {"Authorization": f"Bearer {data['access_token']}"}
    assert api.anonymous().post("/v1/auth/logout", headers=headers).status_code == 200
    assert me(api, data["access_token"]).status_code == 401
    again = api.anonymous().post("/v1/auth/refresh", json={"refresh_token": data["refresh_token"]})
    assert again.status_code == 401


def test_an_access_token_ends_after_fifteen_minutes(api, person: User, clock) -> None:
    token = signed_in(api)["access_token"]
    clock.advance(minutes=14, seconds=59)
    assert me(api, token).status_code == 200
    clock.advance(seconds=1)
    assert me(api, token).status_code == 401


def _part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "forgery", ["none", "HS512", "other key", "tampered role", "no session", "garbage", "no expiry"]
)
def test_a_forged_token_is_refused(api, person: User, forgery: str) -> None:
    token = signed_in(api)["access_token"]
    claims = jwt.decode(token, options={"verify_signature": False})
    secret = settings().secret("jwt_secret")
    header, payload, signature = token.split(".")
    forged = {
        "none": f"{_part({'alg': 'none', 'typ': 'JWT'})}.{payload}.",
        "HS512": jwt.encode(claims, secret, "HS512"),
        "other key": jwt.encode(claims, "x" * 64, "HS256"),
        "tampered role": f"{header}.{_part(claims | {'role': 'SUPER_ADMIN'})}.{signature}",
        "no session": jwt.encode(claims | {"sid": str(uuid4())}, secret, "HS256"),
        "garbage": "not.a.token",
        "no expiry": jwt.encode({k: v for k, v in claims.items() if k != "exp"}, secret, "HS256"),
    }[forgery]
    answer = me(api, forged)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "UNAUTHORIZED")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_changed_role_counts_from_the_next_request(api, person: User, session: Session) -> None:
    token = signed_in(api)["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert api.anonymous().get("/v1/users", headers=headers).status_code == 200
    person.role = Role.VIEWER
    session.flush()
    assert api.anonymous().get("/v1/users", headers=headers).status_code == 403
    session.add(
        PermissionOverride(user_id=person.id, permission=Permission.IDENTITY_USERS_READ, granted=True)
    )
    session.flush()
    assert api.anonymous().get("/v1/users", headers=headers).status_code == 200
    person.active = False
    session.flush()
    assert api.anonymous().get("/v1/users", headers=headers).status_code == 401


def test_a_new_password_needs_the_old_one_and_ends_all_other_sessions(api, person: User) -> None:
    here, elsewhere = signed_in(api), signed_in(api)
    headers = {"Authorization": f"Bearer {here['access_token']}"}
    wrong = {"new_password": "battery staple", "current_password": "wrong"}
    refused = api.anonymous().patch("/v1/me", json=wrong, headers=headers)
    assert (refused.status_code, refused.json()["error"]["details"]["field"]) == (400, "current_password")
    assert me(api, elsewhere["access_token"]).status_code == 200

    right = wrong | {"current_password": PASSWORD}
    assert api.anonymous().patch("/v1/me", json=right, headers=headers).status_code == 200
    assert me(api, here["access_token"]).status_code == 200
    assert me(api, elsewhere["access_token"]).status_code == 401
    assert api.anonymous().post("/v1/auth/login", json=ADMIN).status_code == 401
    signed_in(api, ADMIN | {"password": "battery staple"})


@pytest.mark.parametrize(
    ("body", "field", "reason"),
    [
        ({"new_password": "short"}, "new_password", "must have at least 8 characters"),
        ({"new_pin": "4711"}, "new_pin", "is for drivers"),
        ({"name": None}, "name", "must not be empty"),
        ({"language": "xx"}, "language", "must match pattern '^(en|ms|ar)$'"),
        ({"role": "SUPER_ADMIN"}, "role", "extra inputs are not permitted"),
    ],
)
def test_a_bad_change_of_the_profile_is_named(
    api, person: User, body: dict[str, Any], field: str, reason: str
) -> None:
    answer = api.as_(person).patch("/v1/me", json=body)
    details = answer.json()["error"]["details"]
    assert (answer.status_code, details["field"], details["reason"]) == (400, field, reason)


def test_the_profile_shows_who_and_what_one_may(api, person: User) -> None:
    client = api.as_(person)
    data = client.get("/v1/me").json()["data"]
    assert (data["name"], data["language"], data["has_pin"]) == ("Aina", "en", False)
    assert "identity:users:manage" in data["permissions"]
    assert client.patch("/v1/me", json={"language": "ms"}).json()["data"]["language"] == "ms"


def test_what_the_office_keeps_a_driver_cannot_change(api, driver: User) -> None:
    answer = api.as_(driver).patch("/v1/me", json={"phone": "012-9999999"})
    assert (answer.status_code, answer.json()["error"]["details"]["field"]) == (400, "phone")


def test_nobody_learns_what_is_wrong_with_a_request_they_may_not_make(api, session: Session) -> None:
    for body in (b"{", b'{"role": "KING"}'):
        options: dict[str, Any] = {"content": body, "headers": {"Content-Type": "application/json"}}
        assert api.anonymous().post("/v1/users", **options).status_code == 401
        assert api.as_(Role.DRIVER).post("/v1/users", **options).status_code == 403
        assert api.as_(Role.ADMIN).post("/v1/users", **options).status_code == 400


def test_sign_in_leaves_a_trace(api, person: User, session: Session) -> None:
    token = signed_in(api)["access_token"]
    api.anonymous().post("/v1/auth/logout", headers={"Authorization": f"Bearer {token}"})
    made = select(AuditEntry.action).where(AuditEntry.entity_id == person.id).order_by(text("seq"))
    assert session.scalars(made).all() == ["created", "signed_in", "signed_out"]


def test_one_sees_ones_own_devices_and_signs_the_others_out(api, person: User, session: Session) -> None:
    here, elsewhere = signed_in(api), signed_in(api)
    actor = actors.by_access_token(session, here["access_token"])
    assert len(profile_queries.sessions(session, actor)) == 2
    profiles.end_other_sessions(session, actor)
    assert [one.id for one in profile_queries.sessions(session, actor)] == [actor.session_id]
    assert me(api, elsewhere["access_token"]).status_code == 401
    assert me(api, here["access_token"]).status_code == 200


def test_refreshing_is_limited_per_address(api, monkeypatch: pytest.MonkeyPatch) -> None:
    configured = settings().model_copy(update={"requests_per_minute": 3})
    monkeypatch.setattr(routing, "settings", lambda: configured)
    statuses = [
        api.anonymous().post("/v1/auth/refresh", json={"refresh_token": "x"}).status_code for _ in range(4)
    ]
    assert statuses == [401, 401, 401, 429]
