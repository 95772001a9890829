"""How far a delivery is. No business record: the queue moves it, and `replay`."""

from __future__ import annotations

from enum import StrEnum


class DeliveryState(StrEnum):
    """`failed` has no attempts left."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"
