"""The week that many tests of the marketplace look at: 16 to 22 November 2026, billed on Monday the 23rd."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import columns
from lattis_app.identity.permissions import Role
from lattis_app.marketplace.models import MarketplaceInvoice, MarketplaceSeller
from lattis_app.marketplace.services import generation, overdue
from tests.factories.marketplace import make_delivered, make_product, make_seller

MONDAY = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
"""Monday 23 November 2026, 00:00 in Skopje."""
WEDNESDAY = datetime(2026, 11, 18, 10, tzinfo=UTC)
SATURDAY = datetime(2026, 11, 28, 0, 0, tzinfo=UTC)
"""Saturday 28 November 2026, 01:00 in Skopje: the nightly job."""


@pytest.fixture
def monday(clock) -> None:
    """The Monday after the week, at midnight."""
    clock.set(MONDAY)


@pytest.fixture
def seller(session: Session, monday: None) -> MarketplaceSeller:
    """A seller with two products on offer."""
    made = make_seller(session, code="ABCD", storeName="Ohrid Pearls", contactName="Ana Ilieva")
    make_product(session, made, name="Necklace")
    make_product(session, made, name="Ring")
    return made


@pytest.fixture
def invoice(session: Session, seller: MarketplaceSeller) -> MarketplaceInvoice:
    """184.50 MKD and 2.00 EUR for the week, due on Friday: 307.50 MKD in all."""
    make_delivered(session, seller, WEDNESDAY, affiliate="ELENA", order_number="T-MKD")
    make_delivered(session, seller, WEDNESDAY, price_minor=2_000, currency="EUR", order_number="T-EUR")
    generation.generate_due(session, SYSTEM, MONDAY)
    billed = select(MarketplaceInvoice).where(columns(MarketplaceInvoice).seller_id == seller.id)
    return session.scalars(billed).one()


@pytest.fixture
def overdue_invoice(session: Session, invoice: MarketplaceInvoice, clock) -> MarketplaceInvoice:
    """The same, not paid until Saturday, 01:00."""
    clock.set(SATURDAY)
    overdue.mark(session, SYSTEM, SATURDAY)
    session.flush()
    return invoice


@pytest.fixture
def me(api, seller: MarketplaceSeller) -> TestClient:
    """The seller, signed in."""
    return api.as_(Role.SELLER, seller.id)


@pytest.fixture
def office(api, monday: None) -> TestClient:
    """An administrator, signed in."""
    return api.as_(Role.ADMIN)


@pytest.fixture
def sign_in_again(api, seller: MarketplaceSeller) -> Callable[[], TestClient]:
    """The seller, signed in anew: tokens end with the days that tests let pass."""
    return lambda: api.as_(Role.SELLER, seller.id)
