"""SMS and WhatsApp by Twilio's REST API."""

from __future__ import annotations

import httpx

from lattis_app.core.settings import settings
from lattis_app.notifications.channels import (
    Channel,
    Letter,
    NotConfigured,
    Rejected,
    Unreachable,
    is_configured,
)

LONGEST = 1600
"""More letters than this in a body Twilio refuses."""


def send(letter: Letter) -> str:
    """Hand a short message to Twilio; returns its SID. Raises NotConfigured, Rejected, Unreachable."""
    known = settings()
    if not is_configured(letter.channel) or known.twilio_auth_token is None:
        raise NotConfigured
    whatsapp = letter.channel is Channel.WHATSAPP
    start, sender = ("whatsapp:", known.twilio_whatsapp_from) if whatsapp else ("", known.twilio_sms_from)
    try:
        answer = httpx.post(
            f"{known.twilio_url}/2010-04-01/Accounts/{known.twilio_account_sid}/Messages.json",
            data={
                "From": f"{start}{sender}",
                "To": f"{start}{letter.address}",
                "Body": letter.body[:LONGEST],
            },
            auth=(known.twilio_account_sid or "", known.twilio_auth_token.get_secret_value()),
            timeout=known.message_timeout_seconds,
        )
        said = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise Unreachable(f"Twilio: {type(error).__name__}") from error
    if answer.is_success:
        return str(said.get("sid", ""))
    words = f"Twilio: {answer.status_code} {said.get('message', '')}".strip()
    if answer.status_code in (401, 403, 429) or answer.is_server_error:
        raise Unreachable(words)
    raise Rejected(words)
