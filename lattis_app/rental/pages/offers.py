"""What the forms of several rental pages offer."""

from __future__ import annotations

from typing import Any

from lattis_app.core.actors import Actor
from lattis_app.core.pagination import PageRequest
from lattis_app.rental.queries import lorries, waste_items
from lattis_app.rental.schemas.lorries import LorryFilters
from lattis_app.rental.schemas.waste_items import WasteItemFilters
from lattis_app.ui.list_requests import Option


def lorry_options(session: Any, actor: Actor) -> list[Option]:
    """The company's lorries to choose from."""
    fleet = lorries.page(session, actor, LorryFilters(), PageRequest(limit=100))
    return [Option(value=str(each.id), label=each.registration_no, note=each.type) for each in fleet.rows]


def waste_options(session: Any, actor: Actor) -> list[Option]:
    """The kinds of waste in use."""
    kinds = waste_items.page(session, actor, WasteItemFilters(active=True), PageRequest(limit=100))
    return [Option(value=str(each.id), label=each.name, note=each.unit) for each in kinds.rows]
