"""Every step of every lifecycle of courier, and every step that is none."""

from itertools import pairwise, product

import pytest

from lattis_app.core.errors import InvalidTransition
from lattis_app.core.lifecycle import Lifecycle
from lattis_app.courier import statuses

CONTRACT = {
    "Parcel": "PENDING>PICKED_UP PICKED_UP>IN_TRANSIT IN_TRANSIT>OUT_FOR_DELIVERY OUT_FOR_DELIVERY>DELIVERED "
    "OUT_FOR_DELIVERY>PARTIAL_DELIVERY OUT_FOR_DELIVERY>RETURNED OUT_FOR_DELIVERY>PAID_RETURN",
    "Parcel correction": " ".join(f"{a}>{b}" for a, b in product(statuses.FINAL, repeat=2) if a != b),
    "Parcel settlement": "PENDING>INVOICED INVOICED>PAID INVOICED>PENDING PAID>CLEARANCE_PENDING "
    "CLEARANCE_PENDING>CLEARANCE_INVOICED CLEARANCE_INVOICED>SETTLED CLEARANCE_INVOICED>CLEARANCE_PENDING",
    "Merchant invoice": "GENERATED>PAID GENERATED>CANCELLED",
    "Dispute": "OPEN>ACCEPTED OPEN>REJECTED",
    "Remittance": "MATCHED>ACCEPTED MATCHED>DISCARDED",
}


@pytest.mark.parametrize("lifecycle", statuses.LIFECYCLES, ids=lambda lifecycle: lifecycle.kind)
def test_a_step_is_allowed_exactly_when_the_contract_has_it(lifecycle):
    allowed = CONTRACT[lifecycle.kind].split()
    for start, end in product(sorted(lifecycle.statuses), repeat=2):
        if f"{start}>{end}" in allowed:
            lifecycle.check(start, end)
        else:
            with pytest.raises(InvalidTransition):
                lifecycle.check(start, end)
    assert all(lifecycle.allows(start, end) for start, end in pairwise(lifecycle.happy_path))


def test_no_lifecycle_is_left_out():
    declared = [value for value in vars(statuses).values() if isinstance(value, Lifecycle)]
    assert {each.kind for each in declared} == {each.kind for each in statuses.LIFECYCLES} == set(CONTRACT)
