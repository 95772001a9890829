"""The browser's sign-in forms, in this process; tests/security sends them to a running copy."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from lattis_app.core import limits
from lattis_app.identity.passwords import hash_secret
from lattis_app.identity.permissions import Role
from lattis_app.web import browser_sessions
from lattis_app.web.app import create_api
from tests.factories.identity import make_user

OFFICE = {"account": "admin@example.com", "password": "correct horse"}
DRIVER = {"driverName": "Ahmad Rahman", "icNumber": "920815-14-5678", "phoneNumber": "012-3456789"}


@pytest.fixture
def browser(session: Session) -> TestClient:
    limits.forget()
    make_user(session, Role.ADMIN, email=OFFICE["account"], password_hash=hash_secret(OFFICE["password"]))
    return TestClient(create_api([browser_sessions.router]), follow_redirects=False)


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
