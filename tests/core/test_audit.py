"""Who changed what: written by itself, masked, with the reason, and beyond anybody's reach afterwards."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session
from sqlmodel import SQLModel

import lattis_app.models  # noqa: F401 - every table registers itself
from lattis_app.core import audit, context, db
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.audit import MASK, AuditEntry, act_as, acting, because, record_action
from lattis_app.core.db import Record, columns
from lattis_app.identity.models import User, UserSession
from lattis_app.identity.permissions import Permission, requires
from lattis_app.parties.models import Party
from lattis_app.rental.models import RentalCustomer, RentalDriver

PERSON = Actor(uuid4(), "Aina", "ADMIN", frozenset({Permission.RENTAL_DRIVERS_MANAGE}))
E = columns(AuditEntry)


def entries(session: Session, entity_id: UUID) -> list[AuditEntry]:
    return list(session.scalars(select(AuditEntry).where(E.entity_id == entity_id).order_by(E.seq)))


def make_driver(session: Session) -> RentalDriver:
    driver = RentalDriver(name="Ahmad Rahman", ic_number="920815145678", phone="+60123456789")
    session.add(driver)
    session.flush()
    return driver


def test_a_new_record_leaves_its_values_with_identity_data_masked(session: Session) -> None:
    with context.serving("10.0.0.7", "r-1"):
        act_as(session, PERSON)
        driver = make_driver(session)

    (entry,) = entries(session, driver.id)
    assert (entry.action, entry.entity, entry.before) == ("created", "rental_drivers", None)
    assert entry.after is not None
    assert (entry.after["name"], entry.after["ic_number"]) == ("Ahmad Rahman", MASK)
    assert (entry.actor_id, entry.actor_name, entry.actor_role) == (PERSON.user_id, "Aina", "ADMIN")
    assert (entry.request_id, entry.address) == ("r-1", "10.0.0.7")


def test_a_change_leaves_the_changed_fields_only(session: Session, clock) -> None:
    driver = make_driver(session)
    clock.advance(hours=1)
    driver.name, driver.phone, driver.jobs_per_day = "Ahmad bin Rahman", "+60123456789", 8
    session.flush()

    _, entry = entries(session, driver.id)
    assert entry.action == "changed"
    assert entry.before == {"name": "Ahmad Rahman", "jobs_per_day": 6}
    assert entry.after == {"name": "Ahmad bin Rahman", "jobs_per_day": 8}
    assert entry.occurred_at == clock.now()


def test_a_changed_secret_shows_that_it_changed_and_not_to_what(session: Session) -> None:
    user = User(name="Aina", email="a@example.com", role="ADMIN", password_hash="$argon2id$one")
    session.add(user)
    session.flush()
    user.password_hash = "$argon2id$two"
    session.flush()
    assert [(entry.before, entry.after) for entry in entries(session, user.id)][1] == (
        {"password_hash": MASK},
        {"password_hash": MASK},
    )
    assert "argon2id" not in str(session.scalars(select(AuditEntry.after)).all())


def test_setting_the_same_value_leaves_nothing(session: Session) -> None:
    driver = make_driver(session)
    driver.name = "Ahmad Rahman"
    session.flush()
    assert len(entries(session, driver.id)) == 1


def test_a_removed_record_leaves_what_it_was(session: Session) -> None:
    driver = make_driver(session)
    session.delete(driver)
    session.flush()
    _, entry = entries(session, driver.id)
    assert (entry.action, entry.after, (entry.before or {})["name"]) == ("deleted", None, "Ahmad Rahman")


def test_the_typed_reason_belongs_to_the_next_change_only(session: Session) -> None:
    driver = make_driver(session)
    because(session, "Married")
    session.add(UserSession(user_id=driver_user(session), expires_at=driver.created_at))
    session.flush()
    driver.name = "Ahmad bin Rahman"
    session.flush()
    driver.name = "Ahmad Rahman"
    session.flush()
    assert [entry.reason for entry in entries(session, driver.id)] == [None, "Married", None]


def driver_user(session: Session) -> UUID:
    user = User(name="D", phone="+60110000000", role="DRIVER")
    with db.unit_of_work() as other:
        other.add(user)
    return user.id


def test_nothing_of_a_refused_change_stays(session: Session) -> None:
    driver = make_driver(session)
    with pytest.raises(ZeroDivisionError), session.begin_nested():
        driver.name = "Nobody"
        session.flush()
        raise ZeroDivisionError
    assert [entry.action for entry in entries(session, driver.id)] == ["created"]


def test_actions_and_changes_stand_in_the_order_they_happened(session: Session) -> None:
    driver = make_driver(session)
    record_action(session, "rental_drivers", driver.id, "downloaded", reason="Inspection")
    session.flush()
    driver.name = "X"
    session.flush()
    assert [entry.action for entry in entries(session, driver.id)] == ["created", "downloaded", "changed"]


def test_an_entry_says_what_people_call_its_record(session: Session) -> None:
    party = Party(name="Delima Steel", name_key="delima steel")
    customer = RentalCustomer(party_id=party.id)
    session.add_all([party, customer])
    session.flush()
    party_id, customer_id = party.id, customer.id
    session.expunge_all()
    stopped = session.get_one(RentalCustomer, customer_id)
    stopped.on_stop = True
    session.flush()
    session.delete(stopped)
    session.flush()
    assert [entry.label for entry in entries(session, party_id)] == ["Delima Steel"]
    assert [(entry.action, entry.label) for entry in entries(session, customer_id)] == [
        ("created", "Delima Steel"),
        ("changed", "Delima Steel"),
        ("deleted", "Delima Steel"),
    ]


def test_an_action_is_labelled_by_the_record_as_the_same_flush_leaves_it(session: Session) -> None:
    driver = make_driver(session)
    record_action(session, "rental_drivers", driver.id, "renamed")
    driver.name = "Ahmad bin Rahman"
    session.flush()
    record_action(session, "rental_drivers", driver.id, "downloaded", label="L" * 201)
    session.flush()
    assert [(entry.action, entry.label) for entry in entries(session, driver.id)] == [
        ("created", "Ahmad Rahman"),
        ("renamed", "Ahmad bin Rahman"),
        ("changed", "Ahmad bin Rahman"),
        ("downloaded", "L" * 200),
    ]


def test_every_audited_record_has_what_people_call_it() -> None:
    audited = [mapper.class_ for mapper in SQLModel._sa_registry.mappers if issubclass(mapper.class_, Record)]
    nameless = [each for each in audited if each.audited and not each.labelled_by]
    assert nameless == []


def test_the_application_can_neither_rewrite_nor_remove_the_log(committed_database: str) -> None:
    with db.unit_of_work() as session:
        driver = make_driver(session)
    for statement in (
        "UPDATE audit_entries SET actor_name = 'nobody'",
        "DELETE FROM audit_entries",
        "TRUNCATE audit_entries",
        "UPDATE events SET name = 'x'",
        "DELETE FROM events",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), db.unit_of_work() as session:
            session.execute(text(statement))
    with db.unit_of_work() as session:
        assert [entry.actor_name for entry in entries(session, driver.id)] == ["Lattis"]


def test_consequences_run_by_the_system_still_name_the_person(session: Session) -> None:
    @requires(Permission.RENTAL_DRIVERS_MANAGE)
    def consequence(session: Session, actor: Actor) -> RentalDriver:
        return make_driver(session)

    @requires(Permission.RENTAL_DRIVERS_MANAGE)
    def service(session: Session, actor: Actor) -> RentalDriver:
        return consequence(session, SYSTEM)

    driver = service(session, PERSON)

    assert acting(session) == PERSON
    assert [entry.actor_name for entry in entries(session, driver.id)] == ["Aina"]
    assert audit.acting(db.open_session()) == SYSTEM
