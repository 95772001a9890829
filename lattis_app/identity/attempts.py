"""How often somebody may try to sign in: per account and per address (contract: api.md, "Rate limits").

Every attempt counts for its account. An address only counts those that failed, since a whole office may share one.
"""

from __future__ import annotations

from uuid import UUID

from lattis_app.core import context, limits
from lattis_app.core.normal import try_phone
from lattis_app.core.settings import settings

FROM, AS = "sign-in from", "sign-in as"


def count_attempt(account: str) -> None:
    """Count one attempt to sign in as an account, however it is written. Raises RateLimited."""
    per_minute = settings().sign_in_per_minute
    limits.check(FROM, _address(), per_minute)
    limits.hit(AS, try_phone(account) or "".join(account.casefold().split()), per_minute)


def count_failure() -> None:
    """Count one failed attempt from the caller's address. Raises RateLimited."""
    limits.hit(FROM, _address(), settings().sign_in_per_minute)


def count_secret(user_id: UUID | None) -> None:
    """Count one attempt of a signed-in user to prove who they are. Raises RateLimited."""
    limits.hit("secret of", str(user_id), settings().sign_in_per_minute)


def _address() -> str:
    request = context.current()
    return request.address if request else ""
