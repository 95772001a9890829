"""Where each movement takes a bin, and every movement that is refused (contract: rental.md, "Bin")."""

from itertools import product

import pytest

from lattis_app.core.errors import InvalidTransition
from lattis_app.rental.rules.movements import target
from lattis_app.rental.statuses import BIN_LIFECYCLE, BinStatus, MovementType

EDGES = {
    ("OUT", "assigned"): "with_customer",
    ("OUT", "in_warehouse"): "with_customer",
    ("IN", "with_customer"): "collected",
    ("IN", "collected"): "in_warehouse",
    ("IN", "repair"): "in_warehouse",
    ("TRANSFER", "with_customer"): "with_customer",
    ("REPAIR", "collected"): "repair",
    ("REPAIR", "in_warehouse"): "repair",
}
POSSIBLE = {
    "in_warehouse": ["OUT", "REPAIR"],
    "assigned": ["OUT"],
    "with_customer": ["IN", "TRANSFER"],
    "collected": ["IN", "REPAIR"],
    "repair": ["IN"],
}
PAIRS = list(product([str(kind) for kind in MovementType], [str(status) for status in BinStatus]))


@pytest.mark.parametrize(("movement", "current"), [pair for pair in PAIRS if pair in EDGES])
def test_a_movement_takes_a_bin_where_the_contract_says(movement, current):
    after = target(MovementType(movement), BinStatus(current))
    assert after == EDGES[movement, current]
    assert BIN_LIFECYCLE.allows(BinStatus(current), after)


@pytest.mark.parametrize(("movement", "current"), [pair for pair in PAIRS if pair not in EDGES])
def test_any_other_movement_is_refused_naming_the_possible_ones(movement, current):
    with pytest.raises(InvalidTransition) as refused:
        target(MovementType(movement), BinStatus(current))
    assert refused.value.details["current"] == current
    assert refused.value.details["allowed"] == POSSIBLE[current]
