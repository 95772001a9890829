"""How often somebody may ask."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from lattis_app.core import limits
from lattis_app.core.errors import RateLimited


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    limits.forget()
    yield
    limits.forget()


def test_the_sixth_within_a_minute_is_refused_with_the_seconds_to_wait() -> None:
    for _ in range(5):
        limits.hit("sign-in as", "a", 5)
    with pytest.raises(RateLimited) as refused:
        limits.hit("sign-in as", "a", 5)
    assert 1 <= refused.value.retry_after <= 60
    assert refused.value.details == {"retry_after": refused.value.retry_after}


def test_others_and_other_scopes_are_counted_apart() -> None:
    for scope, key in (("sign-in as", "a"), ("sign-in as", "b"), ("requests", "a")):
        for _ in range(5):
            limits.hit(scope, key, 5)
    with pytest.raises(RateLimited):
        limits.hit("requests", "a", 5)


def test_asking_whether_one_may_does_not_count() -> None:
    for _ in range(10):
        limits.check("sign-in from", "10.0.0.1", 5)
    for _ in range(5):
        limits.hit("sign-in from", "10.0.0.1", 5)
    with pytest.raises(RateLimited):
        limits.check("sign-in from", "10.0.0.1", 5)


def test_of_fifty_at_once_exactly_five_pass() -> None:
    def ask(_: int) -> bool:
        try:
            limits.hit("sign-in as", "a", 5)
        except RateLimited:
            return False
        return True

    with ThreadPoolExecutor(50) as pool:
        assert sum(pool.map(ask, range(50))) == 5
