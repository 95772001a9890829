"""Every step of marketplace's lifecycles, and every step that is none."""

from enum import StrEnum
from itertools import pairwise, product

import pytest

from lattis_app.core.errors import InvalidTransition
from lattis_app.core.lifecycle import Lifecycle
from lattis_app.marketplace.statuses import LIFECYCLES

CONTRACT = {
    "Seller invoice": "pending>paid pending>overdue pending>cancelled overdue>paid overdue>cancelled",
    "Order": "pending>shipped pending>delivered pending>cancelled shipped>delivered shipped>returned",
    "Payment claim": "claimed>confirmed claimed>rejected",
}
STEPS = [
    pytest.param(lifecycle, start, end, id=f"{lifecycle.kind} {start} to {end}")
    for lifecycle in LIFECYCLES
    for start, end in product(sorted(lifecycle.statuses), repeat=2)
]


@pytest.mark.parametrize(("lifecycle", "start", "end"), STEPS)
def test_a_step_is_allowed_exactly_when_the_contract_has_it(
    lifecycle: Lifecycle[StrEnum], start: StrEnum, end: StrEnum
) -> None:
    if f"{start}>{end}" in CONTRACT[lifecycle.kind].split():
        lifecycle.check(start, end)
        assert lifecycle.allows(start, end)
    else:
        with pytest.raises(InvalidTransition) as refused:
            lifecycle.check(start, end)
        assert refused.value.details["allowed"] == sorted(lifecycle.targets(start))


@pytest.mark.parametrize("lifecycle", LIFECYCLES, ids=lambda lifecycle: lifecycle.kind)
def test_the_happy_path_is_possible(lifecycle: Lifecycle[StrEnum]) -> None:
    assert lifecycle.statuses == frozenset(type(next(iter(lifecycle.edges))))
    assert all(lifecycle.allows(start, end) for start, end in pairwise(lifecycle.happy_path))
