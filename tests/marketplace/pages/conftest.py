"""A seller's shop, in time with its invoice or late."""

import pytest

from tests.marketplace.pages.shops import Shop, be_late, open_shop


@pytest.fixture
def shop(session, clock) -> Shop:
    """A seller with one pending invoice."""
    return open_shop(session, clock)


@pytest.fixture
def late_shop(session, clock) -> Shop:
    """A seller with one overdue invoice, restricted."""
    opened = open_shop(session, clock)
    be_late(session, clock)
    return opened
