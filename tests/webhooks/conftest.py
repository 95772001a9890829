"""A receiver on loopback, which a setting allows, and a webhook that goes there."""

from collections.abc import Callable, Iterator

import pytest

from lattis_app.core.settings import reset_settings
from tests.loopback import Receiver, receiving


@pytest.fixture
def configure(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Set settings: `configure(webhook_timeout_seconds=1)`."""

    def set_(**values: object) -> None:
        for name, value in values.items():
            monkeypatch.setenv(f"LATTIS_{name.upper()}", str(value))
        reset_settings()

    yield set_
    monkeypatch.undo()
    reset_settings()


@pytest.fixture
def receiver(configure: Callable[..., None]) -> Iterator[Receiver]:
    """Somebody's server."""
    configure(webhook_private_addresses=True)
    with receiving() as receiver:
        yield receiver
