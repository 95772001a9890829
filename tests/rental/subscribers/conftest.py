"""The mail server and Twilio's API that messages leave by."""

from tests.notifications.conftest import mailbox, twilio

__all__ = ["mailbox", "twilio"]
