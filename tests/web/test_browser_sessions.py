"""The browser's sign-in forms, in this process; tests/security sends them to a running copy."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from lattis_app.core import limits
from lattis_app.identity.models import User
from lattis_app.identity.passwords import hash_secret
from lattis_app.identity.permissions import Role
from lattis_app.web import browser_sessions, words
from lattis_app.web.app import create_api
from tests.factories.identity import make_user

OFFICE = {"account": "admin@example.com", "password": "correct horse"}
DRIVER = {"driverName": "Ahmad Rahman", "icNumber": "920815-14-5678", "phoneNumber": "012-3456789"}


@pytest.fixture
def browser(session: Session) -> TestClient:
    limits.forget()
    make_user(session, Role.ADMIN, email=OFFICE["account"], password_hash=hash_secret(OFFICE["password"]))
    return TestClient(create_api([browser_sessions.router, words.router]), follow_redirects=False)


@pytest.mark.parametrize("broken", [{"password": ""}, {"password": "x" * 1000}])
def test_forms_nobody_can_sign_in_with_keep_nobody_else_out(
    browser: TestClient, broken: dict[str, str]
) -> None:
    for _ in range(6):
        refused = browser.post("/auth/sign-in", data=OFFICE | broken)
        assert refused.headers["location"] == "/sign-in?error=incomplete&account=admin%40example.com"

    answer = browser.post("/auth/sign-in", data=OFFICE)

    assert (answer.status_code, "lattis_session" in answer.cookies) == (303, True)


def test_forms_no_driver_can_sign_in_with_count_for_nobody(browser: TestClient) -> None:
    answers = [browser.post("/auth/driver-sign-in", data=DRIVER | {"icNumber": ""}) for _ in range(6)]

    assert {"error=incomplete" in answer.headers["location"] for answer in answers} == {True}


def test_a_language_chosen_at_sign_in_stays_with_who_signs_in(browser: TestClient, session: Session) -> None:
    browser.post("/auth/language", data={"code": "ms"})

    answer = browser.post("/auth/sign-in", data=OFFICE)

    user = session.scalars(select(User).where(User.email == OFFICE["account"])).one()
    assert (answer.status_code, user.language) == (303, "ms")
    assert words.CHOSEN_COOKIE not in browser.cookies


def test_a_language_only_the_browser_prefers_changes_nobodys_own(
    browser: TestClient, session: Session
) -> None:
    browser.get("/words.js", headers={"Accept-Language": "ar"})
    assert browser.cookies[words.LANGUAGE_COOKIE] == "ar"

    browser.post("/auth/sign-in", data=OFFICE)

    user = session.scalars(select(User).where(User.email == OFFICE["account"])).one()
    assert user.language == "en"


def test_nobody_is_kept_out_by_a_choice_they_may_not_make(browser: TestClient, session: Session) -> None:
    browser.cookies.set(words.CHOSEN_COOKIE, "klingon")

    answer = browser.post("/auth/sign-in", data=OFFICE)

    assert (answer.status_code, "lattis_session" in answer.cookies) == (303, True)
