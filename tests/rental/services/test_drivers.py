"""Drivers and the accounts they sign in with (seed: "Driver Management")."""

import pytest
from sqlalchemy import select

from lattis_app.core.actors import SYSTEM
from lattis_app.identity.permissions import Role
from lattis_app.rental.models import RentalDriver
from lattis_app.rental.schemas.drivers import DriverChanges
from lattis_app.rental.services import drivers
from tests.factories.rental_delivery_orders import make_delivery_order
from tests.factories.rental_operations import SEED_DRIVER, make_driver

SIGN_IN = {"driverName": "Ahmad Rahman", "icNumber": "920815-14-5678", "phoneNumber": "012-3456789"}


def sign_in(api, **changed):
    return api.anonymous().post("/v1/auth/driver-login", json=SIGN_IN | changed).status_code


def test_the_seeds_driver_is_taken_on_and_signs_in(api, session):
    data = api.as_(Role.ADMIN).post("/v1/drivers", json=SEED_DRIVER).json()["data"]
    assert (data["name"], data["phone"], data["status"], data["jobs_per_day"]) == (
        "Ahmad Rahman",
        "+60123456789",
        "active",
        6,
    )
    assert data["ic_number"] == "••••••5678"
    assert sign_in(api) == 200


def test_an_inactive_driver_is_signed_out_and_gets_no_order(api, session):
    driver = make_driver(session, **SEED_DRIVER)
    assert sign_in(api) == 200
    drivers.update(session, SYSTEM, driver.id, DriverChanges(status="inactive"))
    assert sign_in(api) == 401
    with pytest.raises(drivers.DriverNotActive):
        make_delivery_order(session, driver_id=driver.id)
    drivers.update(session, SYSTEM, driver.id, DriverChanges(status="active"))
    assert sign_in(api) == 200


def test_a_drivers_changed_phone_is_the_one_to_sign_in_with(api, session):
    driver = make_driver(session, **SEED_DRIVER)
    drivers.update(session, SYSTEM, driver.id, DriverChanges(phone="013-9998888"))
    assert (sign_in(api), sign_in(api, phoneNumber="013-9998888")) == (401, 200)


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"phone": "013-1112222"}, "ic_number"), ({"ic_number": "920815-14-5679"}, "phone")],
)
def test_two_drivers_share_neither_card_nor_phone(api, session, changed, field):
    make_driver(session, **SEED_DRIVER)
    answer = api.as_(Role.ADMIN).post("/v1/drivers", json=SEED_DRIVER | changed)
    assert (answer.status_code, answer.json()["error"]["details"]["field"]) == (409, field)
    assert len(session.scalars(select(RentalDriver)).all()) == 1


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"ic_number": "12"}, "ic_number"),
        ({"phone": "call me"}, "phone"),
        ({"email": "ahmad"}, "email"),
        ({"name": " "}, "name"),
        ({"jobs_per_day": 0}, "jobs_per_day"),
        ({"jobs_per_day": 51}, "jobs_per_day"),
        ({"status": "asleep"}, "status"),
        ({"salary": 1}, "salary"),
    ],
)
def test_a_driver_that_makes_no_sense_is_refused(api, session, sent, field):
    answer = api.as_(Role.ADMIN).post("/v1/drivers", json=SEED_DRIVER | sent)
    assert (answer.status_code, answer.json()["error"]["details"]["field"]) == (400, field)
    assert session.scalars(select(RentalDriver)).all() == []
