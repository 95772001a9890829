"""Accounts of drivers: one each, whoever makes it and when."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lattis_app.core import db
from lattis_app.core.db import columns
from lattis_app.core.errors import Invalid
from lattis_app.identity.models import User
from lattis_app.identity.permissions import Role
from lattis_app.identity.schemas.users import UserChanges, UserEntry
from lattis_app.identity.services import driver_accounts, users
from lattis_app.identity.services.users import DriverHasAccount
from tests.factories.identity import make_actor, make_user
from tests.factories.rental_operations import make_driver

U = columns(User)
KNOWN = {"name": "Ahmad Rahman", "ic_number": "920815-14-5678", "phone": "+60123456789"}


def test_a_driver_gets_no_second_account(session: Session) -> None:
    office, driver_id = make_actor(session), uuid4()
    account = driver_accounts.keep(session, office, driver_id, **KNOWN)
    former = make_user(session, Role.VIEWER, subject_id=driver_id)
    second = UserEntry(name="Ahmad", email="ahmad@example.com", role=Role.DRIVER, subject_id=driver_id)

    with pytest.raises(DriverHasAccount):
        users.create(session, office, second)
    with pytest.raises(DriverHasAccount):
        users.update(session, office, former.id, UserChanges(role=Role.DRIVER))

    assert driver_accounts.keep(session, office, driver_id, **KNOWN, active=False) is account
    assert (account.active, former.role) == (False, Role.VIEWER)


def test_two_who_make_a_drivers_account_at_once_make_one(committed_database: str) -> None:
    both = Barrier(2)
    with db.unit_of_work() as session:
        office, driver_id = make_actor(session), make_driver(session).id
        driver_accounts.remove(session, office, [driver_id])

    def make(number: int) -> str:
        entry = UserEntry(name="A", email=f"a{number}@example.com", role=Role.DRIVER, subject_id=driver_id)
        both.wait()
        try:
            with db.unit_of_work() as session:
                users.create(session, office, entry)
        except DriverHasAccount:
            return "refused"
        return "made"

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(make, range(2))) == ["made", "refused"]
    with db.reading() as session:
        assert session.scalar(select(func.count()).where(U.subject_id == driver_id)) == 1


def test_a_driver_who_is_not_known_gets_no_account(session: Session) -> None:
    office, unknown = make_actor(session), uuid4()
    clerk = make_user(session, Role.VIEWER, subject_id=unknown)
    entry = UserEntry(name="A", email="a@example.com", role=Role.DRIVER, subject_id=unknown)

    with pytest.raises(Invalid) as refused:
        users.create(session, office, entry)
    with pytest.raises(Invalid):
        users.update(session, office, clerk.id, UserChanges(role=Role.DRIVER))

    assert refused.value.details == {"field": "subject_id", "reason": "is no known driver"}
    assert clerk.role == Role.VIEWER
    assert session.scalar(select(func.count()).where(U.role == Role.DRIVER)) == 0
