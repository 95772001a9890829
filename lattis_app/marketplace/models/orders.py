"""Buyers' orders."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, text
from sqlmodel import Field

from lattis_app.core.columns import STATUS, one_of, percent
from lattis_app.core.db import Record
from lattis_app.marketplace.statuses import Currency, OrderStatus, PaymentType

BILLABLE = "status = 'delivered' AND payment_type = 'COD' AND NOT seller_paid AND invoice_id IS NULL"
"""What a weekly run has still to bill: its index holds nothing else."""


class MarketplaceOrder(Record, table=True):
    """A buyer's order. Week and fees are frozen at delivery; `invoice_id` is the live invoice it stands on."""

    __tablename__ = "marketplace_orders"
    __table_args__ = (
        one_of("status", OrderStatus),
        one_of("payment_type", PaymentType),
        one_of("currency", Currency),
        CheckConstraint("price_minor > 0", name="price_minor"),
        CheckConstraint(
            "(status = 'delivered') = (delivered_at IS NOT NULL AND delivered_week IS NOT NULL "
            "AND platform_fee_percent IS NOT NULL)",
            name="delivered_at",
        ),
        Index(
            "uq_marketplace_orders_order_number",
            "order_number",
            unique=True,
            postgresql_ops={"order_number": "text_pattern_ops"},
        ),
        Index("ix_marketplace_orders_seller_id", "seller_id", "created_at", "order_number"),
        Index("ix_marketplace_orders_created_at", "created_at", "order_number"),
        Index("ix_marketplace_orders_status", "status", "created_at", "order_number"),
        Index(
            "ix_marketplace_orders_billable",
            "seller_id",
            "delivered_week",
            postgresql_where=text(BILLABLE),
        ),
    )
    unaudited_fields: ClassVar[frozenset[str]] = STATUS
    labelled_by: ClassVar[tuple[str, ...]] = ("order_number",)

    order_number: str = Field(max_length=30)
    seller_id: UUID = Field(foreign_key="marketplace_sellers.id")
    product_id: UUID | None = Field(default=None, foreign_key="marketplace_products.id")
    product_name: str = Field(default="", max_length=200)
    buyer_name: str = Field(default="", max_length=200)
    buyer_phone: str = Field(default="", max_length=40)
    buyer_address: str = Field(default="", max_length=2000)
    status: str = Field(default=OrderStatus.PENDING, max_length=12)
    payment_type: str = Field(default=PaymentType.COD, max_length=8)
    price_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(default=Currency.MKD, max_length=3)
    affiliate: str | None = Field(default=None, max_length=60)
    delivered_at: datetime | None = None
    delivered_week: date | None = None
    platform_fee_percent: Decimal | None = Field(default=None, sa_column=percent(nullable=True))
    affiliate_fee_percent: Decimal | None = Field(default=None, sa_column=percent(nullable=True))
    invoice_id: UUID | None = Field(default=None, foreign_key="marketplace_invoices.id")
    seller_paid: bool = False
    payment_settled_at: datetime | None = None
