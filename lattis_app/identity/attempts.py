"""How often somebody may try to sign in: per account and per address (contract: api.md, "Rate limits")."""

from __future__ import annotations

from lattis_app.core import context, limits
from lattis_app.core.settings import settings


def count_attempt(account: str) -> None:
    """Count one attempt to sign in as an account, from the caller's address. Raises RateLimited."""
    per_minute = settings().sign_in_per_minute
    request = context.current()
    limits.hit("sign-in from", request.address if request else "", per_minute)
    limits.hit("sign-in as", "".join(account.casefold().split()), per_minute)
