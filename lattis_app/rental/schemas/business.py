"""The business's own profile as it is changed and shown."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field

from lattis_app.core.schemas import CLEAN, NUMBER, AmountOrZero, Changes, Email, MoneyOut, Name, Out

Rate = Annotated[Decimal, Field(ge=0, le=1, decimal_places=4), *NUMBER]
Number = Annotated[str, Field(max_length=40), CLEAN]


class BusinessChanges(Changes):
    """What to change about the business; documents already issued keep what they show."""

    clearable = {"roc_number": "", "sst_no": "", "address": "", "email": "", "phone": "", "bank_details": ""}

    name: Name | None = None
    roc_number: Number | None = None
    sst_no: Number | None = None
    address: Annotated[str, Field(max_length=2000), CLEAN] | None = None
    email: Email | None = None
    phone: Number | None = None
    bank_details: Annotated[str, Field(max_length=500), CLEAN] | None = None
    sst_rate: Rate | None = None
    failed_trip_fee: AmountOrZero | None = None
    hire_days: Annotated[int, Field(ge=1, le=365)] | None = None
    email_invoices: bool | None = None


class BusinessOut(Out):
    """The business."""

    id: UUID
    name: str
    roc_number: str
    sst_no: str
    address: str
    email: str
    phone: str
    bank_details: str
    currency: str
    sst_rate: Rate
    failed_trip_fee: MoneyOut
    hire_days: int
    email_invoices: bool
