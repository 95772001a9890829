"""`move()`: one step of a lifecycle with its trace, or nothing at all."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.audit import AuditEntry, act_as
from lattis_app.core.db import columns
from lattis_app.core.errors import InvalidTransition
from lattis_app.core.events import EventRow
from lattis_app.core.transitions import move
from lattis_app.rental.models import RentalDriver
from lattis_app.rental.statuses import DRIVER_LIFECYCLE, DriverStatus

PERSON = Actor(uuid4(), "Aina", "ADMIN")
E = columns(AuditEntry)


@dataclass(frozen=True, slots=True)
class DriverLeft:
    """Something that only happens in these tests."""

    name: ClassVar = "tests.driver_left"
    entity: ClassVar = "rental_drivers"
    entity_id: UUID


@pytest.fixture
def driver(session: Session) -> RentalDriver:
    driver = RentalDriver(name="Ahmad Rahman", ic_number="920815145678", phone="+60123456789")
    session.add(driver)
    session.flush()
    return driver


def trace(session: Session, driver: RentalDriver) -> list[tuple[str, str, object, object, str | None]]:
    session.flush()
    found = session.scalars(select(AuditEntry).where(E.entity_id == driver.id).order_by(E.seq)).all()
    return [(entry.action, entry.actor_name, entry.before, entry.after, entry.reason) for entry in found[1:]]


def test_a_step_sets_the_status_and_leaves_one_trace_and_one_event(
    session: Session, driver: RentalDriver
) -> None:
    moved = move(
        session,
        PERSON,
        driver,
        DRIVER_LIFECYCLE,
        DriverStatus.INACTIVE,
        reason="Left",
        event=DriverLeft(driver.id),
    )
    assert (moved is driver, driver.status) == (True, "inactive")
    assert trace(session, driver) == [
        ("status.inactive", "Aina", {"status": "active"}, {"status": "inactive"}, "Left")
    ]
    (event,) = session.scalars(select(EventRow)).all()
    assert (event.name, event.entity_id, event.actor_name) == ("tests.driver_left", driver.id, "Aina")


def test_a_step_that_does_not_exist_changes_nothing_and_says_what_is_allowed(
    session: Session, driver: RentalDriver
) -> None:
    with pytest.raises(InvalidTransition) as refused:
        move(session, PERSON, driver, DRIVER_LIFECYCLE, DriverStatus.ACTIVE, event=DriverLeft(driver.id))
    assert refused.value.message == "Driver is active and cannot become active; allowed: inactive"
    assert refused.value.details["allowed"] == ["inactive"]
    assert (driver.status, trace(session, driver)) == ("active", [])
    assert session.scalars(select(EventRow)).all() == []


def test_a_step_taken_by_the_system_for_somebody_names_them(session: Session, driver: RentalDriver) -> None:
    act_as(session, PERSON)
    move(session, SYSTEM, driver, DRIVER_LIFECYCLE, DriverStatus.INACTIVE)
    assert trace(session, driver)[0][1] == "Aina"
