"""Orders as they are typed, filtered and shown."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, ValidationInfo, field_validator, model_validator

from lattis_app.core.schemas import (
    CLEAN,
    BusinessDate,
    CamelEntry,
    CamelFilters,
    CamelOut,
    LongText,
    MoneyOut,
    ServiceMoment,
    any_of,
)
from lattis_app.marketplace.schemas.parts import PercentOut, Price, Search
from lattis_app.marketplace.statuses import Currency, OrderStatus, PaymentType

Line = Annotated[str, Field(max_length=200), CLEAN]


class OrderEntry(CamelEntry):
    """A buyer's order, of one of the seller's products or of something named here; a price without a currency is in
    the product's, else in denars."""

    product_id: UUID | None = None
    product_name: Line = ""
    price: Price | None = None
    currency: Currency | None = None
    payment_type: PaymentType = PaymentType.COD
    affiliate: Annotated[str, Field(min_length=1, max_length=60), CLEAN] | None = None
    buyer_name: Line = ""
    buyer_phone: Annotated[str, Field(max_length=40), CLEAN] = ""
    buyer_address: LongText = ""

    @model_validator(mode="after")
    def _names_what_is_bought(self) -> OrderEntry:
        if self.product_id is None and (self.price is None or not self.product_name):
            raise ValueError("give productId, or productName and price")
        return self


class StepEntry(CamelEntry):
    """The order's next status; a delivery may be told of later than it was."""

    status: OrderStatus
    delivered_at: ServiceMoment | None = None

    @field_validator("delivered_at")
    @classmethod
    def _belongs_to_a_delivery(cls, value: datetime | None, info: ValidationInfo) -> datetime | None:
        if value is not None and info.data.get("status") is not OrderStatus.DELIVERED:
            raise ValueError("belongs to status delivered")
        return value


class OrderFilters(CamelFilters):
    """Which orders to list, by the day they were made; `q` begins a number or, for the office, names a seller."""

    q: Search = ""
    status: Annotated[tuple[OrderStatus, ...], any_of(OrderStatus)] = ()
    payment_type: PaymentType | None = None
    seller_id: UUID | None = None
    invoice_id: UUID | None = None
    seller_paid: bool | None = None
    from_on: Annotated[BusinessDate | None, Field(alias="from")] = None
    to_on: Annotated[BusinessDate | None, Field(alias="to")] = None

    @field_validator("to_on")
    @classmethod
    def _runs_forward(cls, to: date | None, info: ValidationInfo) -> date | None:
        since = info.data.get("from_on")
        if to and since and to < since:
            raise ValueError("must not be before from")
        return to


class OrderOut(CamelOut):
    """An order; fees are those frozen at its delivery."""

    id: UUID
    order_number: str
    seller_id: UUID
    store_name: str
    product_id: UUID | None
    product_name: str
    buyer_name: str
    buyer_phone: str
    buyer_address: str
    status: OrderStatus
    payment_type: PaymentType
    price: MoneyOut
    currency: Currency
    affiliate: str | None
    delivered_at: datetime | None
    platform_fee_percent: PercentOut | None
    platform_fee: MoneyOut | None
    affiliate_fee_percent: PercentOut | None
    affiliate_fee: MoneyOut | None
    invoice_id: UUID | None
    invoice_number: str | None
    seller_paid: bool
    payment_settled_at: datetime | None
    created_at: datetime
    updated_at: datetime
