"""What an admin decides for the whole marketplace, as typed and shown."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from lattis_app.core.schemas import CamelChanges, CamelOut, Email, LongText, Name
from lattis_app.marketplace.schemas.parts import Percent, PercentOut, Rate
from lattis_app.marketplace.statuses import SellerMarkPaid


class SettingsChanges(CamelChanges):
    """What to change; invoices already generated keep what they show."""

    clearable = {"address": "", "email": None, "bank_details": ""}

    name: Name | None = None
    address: LongText | None = None
    email: Email | None = None
    bank_details: LongText | None = None
    payment_deadline_days: Annotated[int, Field(ge=3, le=5)] | None = None
    exchange_rate: Rate | None = None
    seller_mark_paid: SellerMarkPaid | None = None
    platform_fee_percent: Percent | None = None
    affiliate_fee_percent: Percent | None = None


class SettingsOut(CamelOut):
    """The marketplace as invoices show it, and how it bills. `exchangeRate` is MKD per EUR."""

    name: str
    address: str
    email: str | None
    bank_details: str
    payment_deadline_days: int
    exchange_rate: PercentOut
    seller_mark_paid: SellerMarkPaid
    platform_fee_percent: PercentOut
    affiliate_fee_percent: PercentOut
