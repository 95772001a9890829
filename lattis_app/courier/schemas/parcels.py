"""Parcels as they are typed, changed, filtered and shown."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from lattis_app.core.schemas import (
    CLEAN,
    Changes,
    Entry,
    LongText,
    Moment,
    MoneyOut,
    Name,
    Out,
    Reason,
    ServiceMoment,
    ShortText,
    Span,
    any_of,
)
from lattis_app.courier.schemas.merchants import Code, ParcelAmount
from lattis_app.courier.statuses import FinancialStatus, ParcelStatus

Tracking = Annotated[str, StringConstraints(to_upper=True, pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{2,39}$")]
Partner = Annotated[str, Field(max_length=60), CLEAN]
RecipientPhone = Annotated[str, Field(max_length=40), CLEAN]
MOST_NUMBERS = 500


class ParcelDetails(Entry):
    """A new parcel. Charges not given are the merchant's usual ones; what was collected, as its status says."""

    tracking_number: Tracking
    order_reference: ShortText | None = None
    recipient_name: Name | None = None
    recipient_phone: RecipientPhone | None = None
    recipient_address: LongText | None = None
    partner: Partner | None = None
    status: ParcelStatus = ParcelStatus.PENDING
    cod_amount: ParcelAmount = Field(default=0, validate_default=True)
    cod_collected_amount: ParcelAmount | None = None
    total_charge: ParcelAmount | None = None
    return_charge: ParcelAmount | None = None
    delivered_at: ServiceMoment | None = None


class ParcelEntry(ParcelDetails):
    """A new parcel of a merchant."""

    merchant_id: UUID


class ImportedParcel(ParcelDetails):
    """A new parcel as files name it: by its merchant's code."""

    merchant_code: Code


class ParcelChanges(Changes):
    """What to change about a parcel that is on no invoice yet."""

    clearable = {
        "order_reference": "",
        "recipient_name": "",
        "recipient_phone": "",
        "recipient_address": "",
        "partner": "",
    }

    order_reference: ShortText | None = None
    recipient_name: Name | None = None
    recipient_phone: RecipientPhone | None = None
    recipient_address: LongText | None = None
    partner: Partner | None = None
    cod_amount: ParcelAmount | None = None
    cod_collected_amount: ParcelAmount | None = None
    total_charge: ParcelAmount | None = None
    return_charge: ParcelAmount | None = None


class ParcelStep(Entry):
    """The next status of a parcel; at the last one, what was collected and when."""

    status: ParcelStatus
    cod_collected_amount: ParcelAmount | None = None
    delivered_at: ServiceMoment | None = None


class Correction(Entry):
    """What was really collected, charged and reported of a parcel; what isn't given was right."""

    cod_collected_amount: ParcelAmount | None = None
    delivery_charge: ParcelAmount | None = None
    return_charge: ParcelAmount | None = None
    status: ParcelStatus | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is said to have been wrong."""
        return not any(getattr(self, name) is not None for name in Correction.model_fields)


class ClearanceEntry(Correction):
    """A correction of a parcel that was paid, and why."""

    reason: Reason


def _numbers(given: str) -> str:
    """A tracking number in the form in which it is kept."""
    return given.strip().upper()


class ParcelFilters(Span):
    """Which parcels to list, by the day they were delivered.

    `q` begins a tracking number or, of one merchant, is an order reference; `tracking` is a list of whole numbers, as pasted. Several
    statuses are separated by commas. `eligible` asks for those that would be settled now, `disputed` for those held.
    """

    q: Annotated[str, Field(max_length=120), CLEAN] = ""
    merchant_id: UUID | None = None
    status: Annotated[tuple[ParcelStatus, ...], any_of(ParcelStatus)] = ()
    financial_status: Annotated[tuple[FinancialStatus, ...], any_of(FinancialStatus)] = ()
    invoice_id: UUID | None = None
    tracking: Annotated[
        tuple[Annotated[str, CLEAN], ...], any_of(_numbers), Field(max_length=MOST_NUMBERS)
    ] = ()
    eligible: bool | None = None
    disputed: bool | None = None
    clearance_required: bool | None = None


class ParcelRow(Out):
    """A parcel with what it is worth to its merchant."""

    id: UUID
    tracking_number: str
    merchant_id: UUID
    merchant_name: str
    order_reference: str
    recipient_name: str
    partner: str
    status: ParcelStatus
    financial_status: FinancialStatus
    currency: str
    cod_amount: MoneyOut
    cod_collected_amount: MoneyOut
    total_charge: MoneyOut
    return_charge: MoneyOut
    delivery_charge_applicable: bool
    return_charge_applicable: bool
    net_payable: MoneyOut
    delivered_at: Moment | None
    invoice_id: UUID | None
    invoice_no: str | None
    paid_to_merchant: bool
    paid_to_merchant_at: datetime | None
    paid_amount: MoneyOut | None
    clearance_required: bool
    clearance_done: bool
    clearance_invoice_id: UUID | None
    clearance_invoice_no: str | None
    clearance_amount: MoneyOut | None
    disputed_at: datetime | None
    created_at: datetime
    updated_at: datetime


class ParcelOut(ParcelRow):
    """A parcel with all that is known of it."""

    recipient_phone: str
    recipient_address: str
    clearance_reason: str
    remittance_id: UUID | None
    remitted_amount: MoneyOut | None


class ParcelSums(Out):
    """What parcels come to together."""

    parcels: int
    delivered: int
    returned: int
    clearances: int
    cod_collected: MoneyOut
    delivery_charges: MoneyOut
    return_charges: MoneyOut
    clearance: MoneyOut
    payable: MoneyOut
    currency: str


class EligibleFilters(Span):
    """Whose parcels would be settled now; a merchant may leave `merchant_id` out. `q` begins a tracking number."""

    merchant_id: UUID | None = None
    q: Annotated[str, Field(max_length=120), CLEAN] = ""
