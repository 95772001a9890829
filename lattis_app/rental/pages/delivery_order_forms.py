"""What people type about a delivery order, and how it becomes the schema's input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from lattis_app.core.actors import Actor
from lattis_app.core.errors import DomainError
from lattis_app.core.money import Money
from lattis_app.core.normal import spaced_phone
from lattis_app.core.pagination import PageRequest
from lattis_app.rental.pages.offers import lorry_options
from lattis_app.rental.pages.price_suggestions import for_bin, suggestion
from lattis_app.rental.queries import bins, customers, delivery_orders, drivers, waste_items
from lattis_app.rental.schemas.bins import BinFilters, BinOut
from lattis_app.rental.schemas.customers import CustomerFilters
from lattis_app.rental.schemas.delivery_orders import DeliveryOrderOut
from lattis_app.rental.schemas.drivers import DriverFilters
from lattis_app.rental.schemas.waste_items import WasteItemFilters
from lattis_app.rental.statuses import BinStatus, DriverStatus
from lattis_app.ui import moments
from lattis_app.ui.form_state import Draft, FormMixin, nested
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.list_requests import Option

MOST_LINES = 6
UNSIZED = {"h_ft": 1, "l_ft": 1, "w_ft": 1}
FEW, MANY = PageRequest(limit=12), PageRequest(limit=100)


@dataclass(frozen=True)
class OrderDraft(Draft):
    """An order's form: numbered line fields become a list, the size is the chosen bin's, times are the business's."""

    size: Mapping[str, Any] | None = None
    is_change: bool = False

    def parse(self) -> BaseModel:
        """The typed input; raises pydantic's ValidationError."""
        return self.schema.model_validate(self.folded())

    def folded(self) -> dict[str, Any]:
        """The form as the schema wants it."""
        tree = nested(self.form)
        lines = tree.pop("waste_items", {})
        tree["waste_items"] = [lines[place] for place in sorted(lines)]
        if "scheduled_at" in tree:
            tree["scheduled_at"] = moments.from_typed(tree["scheduled_at"])
        tree["bin_size"] = dict(self.size or UNSIZED)
        if self.is_change:
            cleared = set(self.schema.clearable) & set(self.form)  # type: ignore[attr-defined]  # Changes has it
            tree |= dict.fromkeys(cleared - set(tree))
        return tree


@dataclass(frozen=True)
class Choices:
    """What the fields of the form offer."""

    drivers: list[Option]
    lorries: list[Option]
    waste: list[Option]


def choices(session: Any, actor: Actor) -> Choices:
    """Active drivers, lorries and kinds of waste."""
    people = drivers.page(session, actor, DriverFilters(status=(DriverStatus.ACTIVE,)), MANY)
    kinds = waste_items.page(session, actor, WasteItemFilters(), MANY)
    return Choices(
        [Option(value=str(each.id), label=each.name, note=spaced_phone(each.phone)) for each in people.rows],
        lorry_options(session, actor),
        [Option(value=str(each.id), label=f"{each.name} · {each.unit}", note="") for each in kinds.rows],
    )


def customers_like(session: Any, actor: Actor, words: str) -> list[Option]:
    """Customers whose name or phone begins so."""
    found = customers.page(session, actor, CustomerFilters(q=words[:120]), FEW)
    return [
        Option(
            value=str(each.id),
            label=each.company_name,
            note="On stop" if each.on_stop else spaced_phone(each.phone),
        )
        for each in found.rows
    ]


def free_bins_like(session: Any, actor: Actor, words: str) -> list[Option]:
    """Free bins whose serial number begins so."""
    found = bins.page(session, actor, BinFilters(q=words[:120], status=(BinStatus.IN_WAREHOUSE,)), FEW)
    return [bin_option(each) for each in found.rows]


def bin_option(each: BinOut) -> Option:
    """A bin to choose."""
    place = f" · {each.area}" if each.area else ""
    return Option(value=str(each.id), label=each.serial_number, note=f"{each.size.text}{place}")


def size_of(session: Any, actor: Actor, bin_id: str) -> dict[str, Any] | None:
    """The size of the chosen bin; None when none, or an unknown one, is chosen."""
    try:
        return bins.find(session, actor, UUID(bin_id)).size.model_dump()
    except (ValueError, DomainError):
        return None


def starting_values(session: Any, actor: Actor, delivery_order_id: UUID) -> dict[str, str]:
    """An order as the fields of its form hold it."""
    order = delivery_orders.find(session, actor, delivery_order_id)
    values = {
        "customer_id": str(order.customer_id),
        "customer_id_label": order.company_name,
        "inventory_bin_id": str(order.inventory_bin_id),
        "inventory_bin_id_label": order.bin_serial_number,
        "driver_id": str(order.driver_id or ""),
        "driver_id_label": order.driver_name or "",
        "lorry_id": str(order.lorry_id or ""),
        "lorry_id_label": order.lorry_registration_no or "",
        "amount": str(Money(order.amount).decimal),
        "payment_method": order.payment_method,
        "scheduled_at": moments.typed(order.scheduled_at),
        "weight_kg": "" if order.weight_kg is None else str(order.weight_kg),
        "do_book_number": order.do_book_number or "",
    }
    for name in ("phone", "do_by_name", "po_number", "introducer_name", "site_address", "notes"):
        values[name] = getattr(order, name)
    return values | _line_values(order)


def _line_values(order: DeliveryOrderOut) -> dict[str, str]:
    values = {}
    for place, line in enumerate(order.waste_items):
        start = f"waste_items.{place}"
        values[f"{start}.waste_item_id"] = str(line.waste_item_id or "")
        values[f"{start}.description"] = line.description
        values[f"{start}.quantity"] = f"{line.quantity.normalize():f}"
        values[f"{start}.unit"] = line.unit
        values[f"{start}.price"] = str(Money(line.price).decimal)
    return values


class OrderFormMixin(FormMixin, mixin=True):
    """What the order's form offers while somebody types."""

    customer_options: list[Option] = []
    bin_options: list[Option] = []
    driver_options: list[Option] = []
    lorry_options: list[Option] = []
    waste_options: list[Option] = []
    line_count: int = 1
    editing: str = ""

    async def _offer(self) -> None:
        found = await run(self, choices)
        self.driver_options, self.lorry_options, self.waste_options = (
            found.drivers,
            found.lorries,
            found.waste,
        )

    @handler
    async def find_customers(self, words: str) -> None:
        """Offer customers whose name begins with what was typed."""
        self.customer_options = await run(self, customers_like, words)

    @handler
    async def find_bins(self, words: str) -> None:
        """Offer free bins whose serial number begins with what was typed."""
        self.bin_options = await run(self, free_bins_like, words)

    @handler
    async def add_line(self) -> None:
        """Show one line more."""
        self.line_count = min(self.line_count + 1, MOST_LINES)

    @handler
    async def suggest_price(self, chosen: str) -> Any:
        """Suggest the price of the card for the chosen bin and the first kind of waste."""
        bin_id, _, waste_item_id = chosen.partition(" ")
        return suggestion(await run(self, for_bin, bin_id, waste_item_id))

    async def _draft(self, schema: type[BaseModel], form: dict[str, Any]) -> OrderDraft:
        size = await run(self, size_of, str(form.get("inventory_bin_id") or ""))
        return OrderDraft(schema, form, size, bool(self.editing))
