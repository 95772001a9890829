"""A receiver on loopback, which a setting allows, and a webhook that goes there."""

from collections.abc import Callable, Iterator

import pytest

from tests.loopback import Receiver, receiving


@pytest.fixture
def receiver(configure: Callable[..., None]) -> Iterator[Receiver]:
    """Somebody's server."""
    configure(webhook_private_addresses=True)
    with receiving() as receiver:
        yield receiver
