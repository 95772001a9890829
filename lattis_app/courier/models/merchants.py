"""Who has parcels carried."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlmodel import Field

from lattis_app.core.db import Record


class CourierMerchant(Record, table=True):
    """A merchant's terms and bank account; name and contacts are the party's."""

    __tablename__ = "courier_merchants"
    __table_args__ = (
        CheckConstraint("delivery_charge_minor >= 0", name="delivery_charge_minor"),
        CheckConstraint("return_charge_minor >= 0", name="return_charge_minor"),
        Index("uq_courier_merchants_party_id", "party_id", unique=True),
        Index("uq_courier_merchants_code", "code", unique=True),
        Index("ix_courier_merchants_created_at", "created_at", "id"),
    )
    labelled_by: ClassVar[tuple[str, ...]] = ("party_id",)

    party_id: UUID = Field(foreign_key="parties.id")
    code: str = Field(max_length=20)
    bank_name: str = Field(default="", max_length=120)
    bank_account_number: str = Field(default="", max_length=40)
    bank_account_holder: str = Field(default="", max_length=200)
    currency: str = Field(default="MYR", max_length=3)
    delivery_charge_minor: int | None = Field(default=None, sa_type=BigInteger)
    return_charge_minor: int | None = Field(default=None, sa_type=BigInteger)
    active: bool = True
    notes: str = Field(default="", max_length=2000)
