"""Moving a bin that is with its customer, and exchanging it for an empty one, as they are typed."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field

from lattis_app.core.schemas import CLEAN, Amount, Entry, LongText, Name
from lattis_app.rental.schemas.delivery_orders import Place
from lattis_app.rental.schemas.parts import ServiceMoment
from lattis_app.rental.statuses import PaymentMethod


class RelocationEntry(Entry):
    """Where the bin is taken to; what is not said stays as it was."""

    site_address: Annotated[str, Field(min_length=1, max_length=2000), CLEAN]
    area: Place | None = None
    state: Place | None = None
    reason: LongText | None = None


class ExchangeEntry(Entry):
    """The empty bin that is brought, when, and what its hire costs; driver, lorry and payment are as before.

    Nobody earns a commission on an exchange but an introducer named for it.
    """

    inventory_bin_id: UUID
    amount: Amount
    scheduled_at: ServiceMoment
    payment_method: PaymentMethod | None = None
    driver_id: UUID | None = None
    lorry_id: UUID | None = None
    waste_item_id: UUID | None = None
    introducer_name: Name | None = None
