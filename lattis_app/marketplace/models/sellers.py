"""Sellers, their products, and the settings of the marketplace."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Numeric, text
from sqlmodel import Field

from lattis_app.core.columns import one_of, percent
from lattis_app.core.db import Record
from lattis_app.marketplace.statuses import Currency, SellerMarkPaid


class MarketplaceSeller(Record, table=True):
    """Who sells. `code` stands in invoice numbers; fees of none are the marketplace's."""

    __tablename__ = "marketplace_sellers"
    __table_args__ = (
        one_of("base_currency", Currency),
        CheckConstraint("code ~ '^[A-Z0-9]{2,12}$'", name="code"),
        CheckConstraint("platform_fee_percent BETWEEN 0 AND 100", name="platform_fee_percent"),
        CheckConstraint("affiliate_fee_percent BETWEEN 0 AND 100", name="affiliate_fee_percent"),
        Index("uq_marketplace_sellers_party_id", "party_id", unique=True),
        Index("uq_marketplace_sellers_code", "code", unique=True),
        Index("ix_marketplace_sellers_store_name", "store_name", "id"),
        Index("ix_marketplace_sellers_created_at", "created_at", "id"),
        Index(
            "ix_marketplace_sellers_restricted_at",
            "restricted_at",
            "id",
            postgresql_where=text("restricted_at IS NOT NULL"),
        ),
    )
    labelled_by: ClassVar[tuple[str, ...]] = ("store_name",)

    party_id: UUID = Field(foreign_key="parties.id")
    code: str = Field(max_length=12)
    store_name: str = Field(max_length=200)
    base_currency: str = Field(default=Currency.MKD, max_length=3)
    platform_fee_percent: Decimal | None = Field(default=None, sa_column=percent(nullable=True))
    affiliate_fee_percent: Decimal | None = Field(default=None, sa_column=percent(nullable=True))
    restricted_at: datetime | None = None


class MarketplaceProduct(Record, table=True):
    """What a seller offers. `hidden_at` is set while the system, not the seller, made it inactive."""

    __tablename__ = "marketplace_products"
    __table_args__ = (
        one_of("currency", Currency),
        CheckConstraint("price_minor > 0", name="price_minor"),
        CheckConstraint("NOT active OR hidden_at IS NULL", name="hidden_at"),
        Index("ix_marketplace_products_seller_id", "seller_id", "name", "id"),
        Index("ix_marketplace_products_active", "name", "id", postgresql_where=text("active")),
        Index(
            "ix_marketplace_products_hidden_at", "seller_id", postgresql_where=text("hidden_at IS NOT NULL")
        ),
    )
    labelled_by: ClassVar[tuple[str, ...]] = ("name",)

    seller_id: UUID = Field(foreign_key="marketplace_sellers.id")
    name: str = Field(max_length=200)
    description: str = Field(default="", max_length=2000)
    price_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(default=Currency.MKD, max_length=3)
    active: bool = True
    hidden_at: datetime | None = None


class MarketplaceSettings(Record, table=True):
    """The one row of what an admin decides for all: deadline, rate, fees, and whose word counts."""

    __tablename__ = "marketplace_settings"
    __table_args__ = (
        one_of("seller_mark_paid", SellerMarkPaid),
        CheckConstraint("payment_deadline_days BETWEEN 3 AND 5", name="payment_deadline_days"),
        CheckConstraint("exchange_rate > 0", name="exchange_rate"),
        CheckConstraint("platform_fee_percent BETWEEN 0 AND 100", name="platform_fee_percent"),
        CheckConstraint("affiliate_fee_percent BETWEEN 0 AND 100", name="affiliate_fee_percent"),
        Index("uq_marketplace_settings_only", text("(true)"), unique=True),
    )
    labelled_by: ClassVar[tuple[str, ...]] = ("name",)

    name: str = Field(default="Lattis Marketplace", max_length=200)
    address: str = Field(default="", max_length=2000)
    email: str | None = Field(default=None, max_length=254)
    bank_details: str = Field(default="", max_length=2000)
    payment_deadline_days: int = 5
    exchange_rate: Decimal = Field(default=Decimal("61.50"), sa_column=Column(Numeric(10, 4), nullable=False))
    seller_mark_paid: str = Field(default=SellerMarkPaid.TRUSTED, max_length=10)
    platform_fee_percent: Decimal = Field(default=Decimal("10.00"), sa_column=percent())
    affiliate_fee_percent: Decimal = Field(default=Decimal("5.00"), sa_column=percent())
