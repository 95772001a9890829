"""Rate limits, counted in memory or, with `redis_url`, across all processes."""

from __future__ import annotations

import math
import time
from functools import cache
from threading import Lock, Timer

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import MovingWindowRateLimiter

from lattis_app.core.errors import RateLimited
from lattis_app.core.settings import settings

SWEEP_EVERY = 1.0
_making = Lock()


class _Sweeper(Timer):
    """Forgets old counts every so often; left alone, the storage starts a thread for it at almost every count."""

    def run(self) -> None:
        while not self.finished.wait(self.interval):
            self.function()


def _limiter() -> MovingWindowRateLimiter:
    with _making:
        return _make_limiter()


@cache
def _make_limiter() -> MovingWindowRateLimiter:
    redis = settings().redis_url
    if redis:
        return MovingWindowRateLimiter(storage_from_string(redis.get_secret_value()))
    memory = MemoryStorage()
    memory.timer = _Sweeper(SWEEP_EVERY, memory.timer.function)
    memory.timer.daemon = True
    memory.timer.start()
    return MovingWindowRateLimiter(memory)


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
    with _making:
        if _make_limiter.cache_info().currsize and isinstance(
            storage := _make_limiter().storage, MemoryStorage
        ):
            storage.timer.cancel()
        _make_limiter.cache_clear()
