"""Where a movement takes a bin (contract: rental.md, "Bin")."""

from __future__ import annotations

from lattis_app.core.errors import InvalidTransition
from lattis_app.rental.statuses import BinStatus, MovementType

TARGETS: dict[MovementType, dict[BinStatus, BinStatus]] = {
    MovementType.OUT: {
        BinStatus.ASSIGNED: BinStatus.WITH_CUSTOMER,
        BinStatus.IN_WAREHOUSE: BinStatus.WITH_CUSTOMER,
    },
    MovementType.IN: {
        BinStatus.WITH_CUSTOMER: BinStatus.COLLECTED,
        BinStatus.COLLECTED: BinStatus.IN_WAREHOUSE,
        BinStatus.REPAIR: BinStatus.IN_WAREHOUSE,
    },
    MovementType.TRANSFER: {BinStatus.WITH_CUSTOMER: BinStatus.WITH_CUSTOMER},
    MovementType.REPAIR: {
        BinStatus.COLLECTED: BinStatus.REPAIR,
        BinStatus.IN_WAREHOUSE: BinStatus.REPAIR,
    },
}


def target(movement: MovementType, current: BinStatus) -> BinStatus:
    """Where the bin is afterwards. Raises InvalidTransition, naming the movements that are possible."""
    targets = TARGETS[movement]
    if current not in targets:
        possible = [str(kind) for kind, steps in TARGETS.items() if current in steps]
        raise InvalidTransition("Bin", str(current), f"moved {movement}", possible)
    return targets[current]
