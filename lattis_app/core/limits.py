"""Rate limits, counted in memory or, with `redis_url`, across all processes."""

from __future__ import annotations

import math
import time
from functools import cache
from threading import Lock

from limits import RateLimitItemPerMinute
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from lattis_app.core.errors import RateLimited
from lattis_app.core.settings import settings

_making = Lock()


def _limiter() -> MovingWindowRateLimiter:
    with _making:
        return _make_limiter()


@cache
def _make_limiter() -> MovingWindowRateLimiter:
    redis = settings().redis_url
    return MovingWindowRateLimiter(storage_from_string(redis.get_secret_value() if redis else "memory://"))


def hit(scope: str, key: str, per_minute: int) -> None:
    """Count one use; raises RateLimited with the seconds to wait when there were too many."""
    limit = RateLimitItemPerMinute(per_minute)
    if not _limiter().hit(limit, scope, key):
        raise _too_many(limit, scope, key)


def check(scope: str, key: str, per_minute: int) -> None:
    """Raise RateLimited when there were too many uses already; counts nothing."""
    limit = RateLimitItemPerMinute(per_minute)
    if not _limiter().test(limit, scope, key):
        raise _too_many(limit, scope, key)


def _too_many(limit: RateLimitItemPerMinute, scope: str, key: str) -> RateLimited:
    reset = _limiter().get_window_stats(limit, scope, key).reset_time
    wait = max(1, math.ceil(reset - time.time()))
    return RateLimited(f"Too many requests; try again in {wait} seconds", retry_after=wait)


def forget() -> None:
    """Start counting from nothing."""
    _make_limiter.cache_clear()
