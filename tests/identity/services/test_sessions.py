"""Signing in while the account is being changed."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lattis_app.core.errors import Unauthorized
from lattis_app.identity.models import UserSession
from lattis_app.identity.passwords import hash_secret
from lattis_app.identity.permissions import Role
from lattis_app.identity.schemas.sessions import SignInEntry
from lattis_app.identity.services import sessions
from tests.factories.identity import make_user

PASSWORD = "correct horse"


@pytest.mark.parametrize(
    "change", [{"password_hash": "another"}, {"active": False}], ids=["password", "access"]
)
def test_who_loses_it_while_signing_in_is_not_let_in(
    session: Session, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any]
) -> None:
    person = make_user(session, Role.ADMIN, email="admin@example.com", password_hash=hash_secret(PASSWORD))
    matches = sessions.matches

    def losing(secret: str, stored: str | None) -> bool:
        right = matches(secret, stored)
        for name, value in change.items():
            setattr(person, name, value)
        session.flush()
        return right

    monkeypatch.setattr(sessions, "matches", losing)
    with pytest.raises(Unauthorized):
        sessions.sign_in(SignInEntry(email="admin@example.com", password=PASSWORD))

    assert session.scalars(select(UserSession)).all() == []
