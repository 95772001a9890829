"""An event as other programs read it: in `/v1/events`, `/v1/ws` and webhooks."""

from __future__ import annotations

from typing import Any

from lattis_app.core.events import EventRow
from lattis_app.core.money import Money


def as_told(row: EventRow) -> dict[str, Any]:
    """What happened to what, when and by whom; money in major units."""
    details = dict(_in_major_units(item) for item in row.payload.items() if item[0] != "entity_id")
    return {
        "id": str(row.id),
        "event": row.name,
        "entity": row.entity,
        "entity_id": str(row.entity_id),
        "occurred_at": row.occurred_at.isoformat().replace("+00:00", "Z"),
        "actor": row.actor_name,
        "data": details,
    }


def _in_major_units(item: tuple[str, Any]) -> tuple[str, Any]:
    name, value = item
    if name.endswith("_minor") and isinstance(value, int):
        return name.removesuffix("_minor"), str(Money(value).decimal)
    return item
