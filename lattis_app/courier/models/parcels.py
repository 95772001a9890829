"""Parcels and how far their money is."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Uuid, text
from sqlmodel import Field

from lattis_app.core.columns import minor, one_of
from lattis_app.core.db import Record
from lattis_app.courier.statuses import FinancialStatus, ParcelStatus


def invoice_key(name: str, *, primary_key: bool = False) -> Any:
    """An invoice written in the same transaction after what it holds: the key is checked when that commits."""
    return Column(
        name,
        Uuid,
        ForeignKey("courier_merchant_invoices.id", deferrable=True, initially="DEFERRED"),
        primary_key=primary_key,
        nullable=not primary_key,
    )


class CourierParcel(Record, table=True):
    """What is carried for a merchant. Which charges apply follows from its status, which the table itself checks."""

    __tablename__ = "courier_parcels"
    __table_args__ = (
        one_of("status", ParcelStatus),
        one_of("financial_status", FinancialStatus),
        CheckConstraint(
            "cod_amount_minor >= 0 AND cod_collected_amount_minor >= 0 AND total_charge_minor >= 0"
            " AND return_charge_minor >= 0",
            name="amounts",
        ),
        CheckConstraint(
            "delivery_charge_applicable = (status IN ('DELIVERED', 'PARTIAL_DELIVERY'))"
            " AND return_charge_applicable = (status = 'RETURNED')",
            name="applicable_charges",
        ),
        CheckConstraint("(financial_status = 'PENDING') = (invoice_id IS NULL)", name="invoiced"),
        CheckConstraint(
            "paid_to_merchant = (financial_status NOT IN ('PENDING', 'INVOICED'))"
            " AND paid_to_merchant = (paid_to_merchant_at IS NOT NULL)"
            " AND paid_to_merchant = (paid_amount_minor IS NOT NULL)",
            name="paid",
        ),
        CheckConstraint(
            "clearance_required = (financial_status IN ('CLEARANCE_PENDING', 'CLEARANCE_INVOICED', 'SETTLED'))"
            " AND clearance_done = (financial_status = 'SETTLED')"
            " AND (clearance_invoice_id IS NOT NULL) = (financial_status IN ('CLEARANCE_INVOICED', 'SETTLED'))",
            name="clearance",
        ),
        Index(
            "uq_courier_parcels_tracking_number",
            "tracking_number",
            unique=True,
            postgresql_ops={"tracking_number": "text_pattern_ops"},
        ),
        Index("idx_parcels_financial_status", "financial_status"),
        Index("idx_parcels_invoice_id", "invoice_id"),
        Index(
            "idx_parcels_clearance",
            "clearance_required",
            "clearance_done",
            postgresql_where=text("clearance_required"),
        ),
        Index("idx_parcels_merchant_financial", "merchant_id", "financial_status", "paid_to_merchant"),
        Index("idx_parcels_merchant_payment", "merchant_id", "paid_to_merchant", "delivered_at"),
        Index("ix_courier_parcels_created_at", "created_at", "id"),
        Index("ix_courier_parcels_merchant_id", "merchant_id", "created_at", "id"),
        Index("ix_courier_parcels_status", "status", "created_at", "id"),
        Index("ix_courier_parcels_delivered_at", "delivered_at", "created_at", "id"),
        Index(
            "ix_courier_parcels_partner", "partner", "delivered_at", postgresql_where=text("partner <> ''")
        ),
        Index(
            "ix_courier_parcels_clearance_invoice_id",
            "clearance_invoice_id",
            postgresql_where=text("clearance_invoice_id IS NOT NULL"),
        ),
        Index(
            "ix_courier_parcels_remittance_id",
            "remittance_id",
            postgresql_where=text("remittance_id IS NOT NULL"),
        ),
    )
    unaudited_fields: ClassVar[frozenset[str]] = frozenset({"status", "financial_status"})
    labelled_by: ClassVar[tuple[str, ...]] = ("tracking_number",)

    tracking_number: str = Field(max_length=40)
    merchant_id: UUID = Field(foreign_key="courier_merchants.id")
    order_reference: str = Field(default="", max_length=120)
    recipient_name: str = Field(default="", max_length=200)
    recipient_phone: str = Field(default="", max_length=40)
    recipient_address: str = Field(default="", max_length=2000)
    partner: str = Field(default="", max_length=60)
    status: str = Field(default=ParcelStatus.PENDING, max_length=20)
    currency: str = Field(default="MYR", max_length=3)
    cod_amount_minor: int = Field(default=0, sa_column=minor())
    cod_collected_amount_minor: int = Field(default=0, sa_column=minor())
    total_charge_minor: int = Field(default=0, sa_column=minor())
    return_charge_minor: int = Field(default=0, sa_column=minor())
    delivery_charge_applicable: bool = False
    return_charge_applicable: bool = False
    delivered_at: datetime | None = None
    financial_status: str = Field(default=FinancialStatus.PENDING, max_length=20)
    invoice_id: UUID | None = Field(default=None, sa_column=invoice_key("invoice_id"))
    paid_to_merchant: bool = False
    paid_to_merchant_at: datetime | None = None
    paid_amount_minor: int | None = Field(default=None, sa_type=BigInteger)
    clearance_required: bool = False
    clearance_done: bool = False
    clearance_invoice_id: UUID | None = Field(default=None, sa_column=invoice_key("clearance_invoice_id"))
    clearance_reason: str = Field(default="", max_length=500)
    clearance_amount_minor: int | None = Field(default=None, sa_type=BigInteger)
    disputed_at: datetime | None = None
    remittance_id: UUID | None = Field(default=None, foreign_key="courier_remittances.id")
    remitted_amount_minor: int | None = Field(default=None, sa_type=BigInteger)
