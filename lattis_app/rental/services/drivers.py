"""Keeping drivers, and the accounts they sign in with."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import find
from lattis_app.core.errors import PreconditionFailed
from lattis_app.core.normal import normal_ic
from lattis_app.core.transitions import move
from lattis_app.identity.permissions import Permission, Role, requires
from lattis_app.identity.services import driver_accounts
from lattis_app.identity.subjects import register_subject
from lattis_app.rental.models import RentalDriver
from lattis_app.rental.schemas.drivers import DriverChanges, DriverEntry
from lattis_app.rental.statuses import DRIVER_LIFECYCLE, DriverStatus


class DriverNotActive(PreconditionFailed):
    """The driver does not work for the company now."""


@requires(Permission.RENTAL_DRIVERS_MANAGE)
def create(session: Session, actor: Actor, entry: DriverEntry) -> RentalDriver:
    """Take on a driver and let them sign in. The identity card and the phone are nobody else's: Conflict."""
    driver = RentalDriver(
        name=entry.name,
        ic_number=normal_ic(entry.ic_number),
        phone=entry.phone,
        email=entry.email,
        address=entry.address or "",
        status=entry.status,
        jobs_per_day=entry.jobs_per_day,
    )
    session.add(driver)
    session.flush()
    _keep_account(session, actor, driver)
    return driver


@requires(Permission.RENTAL_DRIVERS_MANAGE)
def update(session: Session, actor: Actor, driver_id: UUID, changes: DriverChanges) -> RentalDriver:
    """Change a driver's details; an inactive one is signed out at once."""
    driver = find(session, RentalDriver, driver_id, lock=True)
    given = changes.given()
    status = given.pop("status", None)
    if "ic_number" in given:
        given["ic_number"] = normal_ic(given["ic_number"])
    for name, value in given.items():
        setattr(driver, name, value)
    if status is not None and status != driver.status:
        move(session, actor, driver, DRIVER_LIFECYCLE, DriverStatus(status))
    session.flush()
    _keep_account(session, actor, driver)
    return driver


def _keep_account(session: Session, actor: Actor, driver: RentalDriver) -> None:
    driver_accounts.keep(
        session,
        actor,
        driver.id,
        name=driver.name,
        ic_number=driver.ic_number,
        phone=driver.phone,
        active=driver.status == DriverStatus.ACTIVE,
    )


def find_active(session: Session, driver_id: UUID) -> RentalDriver:
    """The driver, if they work now. Raises NotFound, DriverNotActive."""
    driver = find(session, RentalDriver, driver_id)
    if driver.status != DriverStatus.ACTIVE:
        raise DriverNotActive(f"{driver.name} is not active", field="driver_id", reason="is not active")
    return driver


def _is_known(session: Session, driver_id: UUID) -> bool:
    return session.get(RentalDriver, driver_id) is not None


register_subject(Role.DRIVER, _is_known)
