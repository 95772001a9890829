"""Mail servers and Twilio on loopback, and the settings that point to them."""

from collections.abc import Callable, Iterator

import pytest

from tests.loopback import Mailbox, Receiver, receiving, taking_mail


@pytest.fixture
def mailbox(configure: Callable[..., None]) -> Iterator[Mailbox]:
    """A mail server that the settings name."""
    with taking_mail() as mailbox:
        configure(
            smtp_host="127.0.0.1",
            smtp_port=mailbox.port,
            smtp_security="none",
            smtp_from="Gema Bins <office@gema.example>",
        )
        yield mailbox


@pytest.fixture
def twilio(configure: Callable[..., None]) -> Iterator[Receiver]:
    """Twilio's API, as far as it takes messages."""
    with receiving() as receiver:
        receiver.answers = [(201, b'{"sid": "SM1"}')]
        configure(
            twilio_url=receiver.url,
            twilio_account_sid="AC1",
            twilio_auth_token="hidden-token",
            twilio_sms_from="+15550001",
            twilio_whatsapp_from="+15550002",
        )
        yield receiver
