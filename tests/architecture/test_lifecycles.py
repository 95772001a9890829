"""Every step of every lifecycle, and every step that is none."""

from enum import StrEnum
from itertools import pairwise, product

import pytest

from lattis_app.core.errors import InvalidTransition
from lattis_app.core.lifecycle import Lifecycle
from lattis_app.rental import statuses

LIFECYCLES = list(statuses.LIFECYCLES)
STEPS = [
    pytest.param(lifecycle, start, end, id=f"{lifecycle.kind} {start} to {end}")
    for lifecycle in LIFECYCLES
    for start, end in product(sorted(lifecycle.statuses), repeat=2)
]
CONTRACT = {
    "Booking": "pending>confirmed pending>cancelled confirmed>assigned confirmed>cancelled assigned>fulfilled assigned>cancelled",
    "Delivery order": "draft>issued draft>cancelled issued>pending_invoice issued>cancelled pending_invoice>invoiced_linked "
    "pending_invoice>cancelled invoiced_linked>closed invoiced_linked>pending_invoice",
    "Delivery": "assigned>started assigned>failed started>delivered started>failed delivered>collected collected>done",
    "Invoice": "draft>issued draft>voided issued>partially_paid issued>paid issued>voided partially_paid>paid paid>closed",
    "Commission": "pending>eligible pending>cancelled eligible>approved eligible>cancelled approved>paid approved>cancelled",
    "Hand-over": "counted>signed_off counted>cancelled",
    "Refund": "pending>approved pending>rejected approved>processed",
    "Bin": "in_warehouse>assigned in_warehouse>with_customer in_warehouse>repair assigned>with_customer assigned>in_warehouse "
    "with_customer>collected with_customer>with_customer collected>in_warehouse collected>repair repair>in_warehouse",
    "Collection reminder": "scheduled>sent scheduled>cancelled",
    "Relocation": "planned>done planned>cancelled",
    "Expense": "recorded>voided",
    "Charge": "unbilled>billed unbilled>waived billed>unbilled",
    "Lorry": "available>in_use available>maintenance available>inactive in_use>available in_use>maintenance "
    "maintenance>available maintenance>inactive inactive>available",
    "Driver": "active>inactive inactive>active",
}
"""The steps in the words of contract/rental.md, with the ways back that its text names."""


@pytest.mark.parametrize(("lifecycle", "start", "end"), STEPS)
def test_a_step_is_allowed_exactly_when_the_contract_has_it(
    lifecycle: Lifecycle[StrEnum], start: StrEnum, end: StrEnum
) -> None:
    if f"{start}>{end}" in CONTRACT[lifecycle.kind].split():
        lifecycle.check(start, end)
    else:
        with pytest.raises(InvalidTransition) as refused:
            lifecycle.check(start, end)
        assert refused.value.details["current"] == start
        assert refused.value.details["allowed"] == sorted(lifecycle.targets(start))


@pytest.mark.parametrize("lifecycle", LIFECYCLES, ids=lambda lifecycle: lifecycle.kind)
def test_a_table_names_every_status_of_its_type_and_its_happy_path_is_possible(
    lifecycle: Lifecycle[StrEnum],
) -> None:
    kind = type(next(iter(lifecycle.edges)))
    assert lifecycle.statuses == frozenset(kind)
    path = lifecycle.happy_path
    assert all(lifecycle.allows(start, end) for start, end in pairwise(path))


def test_no_lifecycle_is_left_out() -> None:
    declared = [value for value in vars(statuses).values() if isinstance(value, Lifecycle)]
    assert len(declared) == len(LIFECYCLES) == len(CONTRACT)
    assert {lifecycle.kind for lifecycle in LIFECYCLES} == set(CONTRACT)
