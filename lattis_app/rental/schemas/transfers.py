"""Moving a bin that is with its customer, and exchanging it for an empty one, as they are typed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from lattis_app.core.schemas import (
    CLEAN,
    Amount,
    Entry,
    LongText,
    Name,
    Out,
    Reason,
    ServiceMoment,
    Span,
    any_of,
)
from lattis_app.rental.schemas.delivery_orders import Place
from lattis_app.rental.statuses import PaymentMethod, RelocationStatus


class RelocationEntry(Entry):
    """Where the bin is taken to; what is not said stays as it was."""

    site_address: Annotated[str, Field(min_length=1, max_length=2000), CLEAN]
    area: Place | None = None
    state: Place | None = None
    reason: LongText | None = None


class RelocationPlan(RelocationEntry):
    """A move for a day to come; it waits on the dispatch board for a driver."""

    scheduled_at: ServiceMoment


class RelocationCancelEntry(Entry):
    """Why a bin stays where it is."""

    reason: Reason


class RelocationFilters(Span):
    """Which moves to list, by the day they are planned for. Several statuses are separated by commas."""

    status: Annotated[tuple[RelocationStatus, ...], any_of(RelocationStatus)] = ()
    driver_id: UUID | None = None
    delivery_order_id: UUID | None = None


class RelocationOut(Out):
    """A bin's move from one site to another, with whom it is for and who does it."""

    id: UUID
    delivery_order_id: UUID
    system_do_number: str
    company_name: str
    do_by_name: str
    phone: str
    inventory_bin_id: UUID
    bin_serial_number: str
    bin_size: str
    from_address: str
    site_address: str
    area: str
    state: str
    scheduled_at: datetime
    scheduled_on: date
    driver_id: UUID | None
    driver_name: str | None
    lorry_id: UUID | None
    lorry_registration_no: str | None
    reason: str
    status: RelocationStatus
    done_at: datetime | None
    cancel_reason: str
    created_at: datetime
    updated_at: datetime


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
