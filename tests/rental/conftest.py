"""Who and what many tests of rental dispatch."""

import pytest
from sqlalchemy.orm import Session

from lattis_app.rental.models import RentalDriver, RentalLorry
from tests.factories.rental_operations import make_driver, make_lorry


@pytest.fixture
def lim(session: Session) -> RentalDriver:
    return make_driver(session, name="Lim Wei")


@pytest.fixture
def siva(session: Session) -> RentalDriver:
    return make_driver(session, name="Siva Kumar")


@pytest.fixture
def lorry(session: Session) -> RentalLorry:
    return make_lorry(session, registration_no="WXY 1")
