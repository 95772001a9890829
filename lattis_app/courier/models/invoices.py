"""Merchant invoices and the lines they were made of."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from lattis_app.core.columns import minor, new_check_token, one_of
from lattis_app.core.db import Record, Row
from lattis_app.courier.models.parcels import invoice_key
from lattis_app.courier.statuses import LineKind, MerchantInvoiceStatus, SettledBy


class CourierMerchantInvoice(Record, table=True):
    """One settlement of a merchant's parcels; `issuer` and `bill_to` are frozen when it is generated.

    What is payable may be negative: then it is carried to `carried_to_invoice_id`, or the merchant pays it.
    """

    __tablename__ = "courier_merchant_invoices"
    __table_args__ = (
        one_of("invoice_status", MerchantInvoiceStatus),
        one_of("settled_by", SettledBy),
        CheckConstraint(
            "payable_amount_minor = total_cod_collected_minor - total_delivery_charges_minor"
            " - total_return_charges_minor + clearance_cod_minor - clearance_charges_minor + opening_minor",
            name="payable_amount_minor",
        ),
        CheckConstraint("delivered_count + returned_count = total_parcels", name="total_parcels"),
        CheckConstraint(
            "(invoice_status = 'PAID') = (paid_at IS NOT NULL) AND (paid_at IS NULL) = (settled_by IS NULL)",
            name="paid",
        ),
        CheckConstraint("(invoice_status = 'CANCELLED') = (cancelled_at IS NOT NULL)", name="cancelled"),
        CheckConstraint(
            "carried_to_invoice_id IS NULL OR (payable_amount_minor < 0 AND carried_to_invoice_id <> id)",
            name="carried",
        ),
        Index("uq_courier_merchant_invoices_invoice_no", text("number_in_order(invoice_no)"), unique=True),
        Index(
            "ix_courier_merchant_invoices_invoice_no_start",
            "invoice_no",
            postgresql_ops={"invoice_no": "text_pattern_ops"},
        ),
        Index("idx_merchant_invoices_merchant", "merchant_id", text("created_at DESC")),
        Index("idx_merchant_invoices_status", "invoice_status"),
        Index("ix_courier_merchant_invoices_created_at", "created_at", "id"),
        Index("ix_courier_merchant_invoices_listed", "invoice_status", "created_at", "id"),
        Index("ix_courier_merchant_invoices_generated_on", "generated_on"),
        Index(
            "ix_courier_merchant_invoices_payable_amount_minor", "payable_amount_minor", "created_at", "id"
        ),
        Index("ix_courier_merchant_invoices_carried_to_invoice_id", "carried_to_invoice_id"),
        Index("ix_courier_merchant_invoices_paid_by", "paid_by"),
        Index("uq_courier_merchant_invoices_check_token", "check_token", unique=True),
    )
    unaudited_fields: ClassVar[frozenset[str]] = frozenset({"invoice_status"})
    masked_fields: ClassVar[frozenset[str]] = frozenset({"check_token"})
    labelled_by: ClassVar[tuple[str, ...]] = ("invoice_no",)

    invoice_no: str = Field(max_length=30)
    merchant_id: UUID = Field(foreign_key="courier_merchants.id")
    invoice_status: str = Field(default=MerchantInvoiceStatus.GENERATED, max_length=20)
    currency: str = Field(default="MYR", max_length=3)
    total_parcels: int = 0
    delivered_count: int = 0
    returned_count: int = 0
    clearance_count: int = 0
    total_cod_collected_minor: int = Field(default=0, sa_column=minor())
    total_delivery_charges_minor: int = Field(default=0, sa_column=minor())
    total_return_charges_minor: int = Field(default=0, sa_column=minor())
    clearance_cod_minor: int = Field(default=0, sa_column=minor())
    clearance_charges_minor: int = Field(default=0, sa_column=minor())
    opening_minor: int = Field(default=0, sa_column=minor())
    payable_amount_minor: int = Field(default=0, sa_column=minor())
    issuer: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    bill_to: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    generated_on: date
    generated_by: str = Field(default="", max_length=200)
    settled_by: str | None = Field(default=None, max_length=20)
    paid_at: datetime | None = None
    paid_by: UUID | None = Field(default=None, foreign_key="users.id")
    payment_reference: str = Field(default="", max_length=200)
    notes: str = Field(default="", max_length=2000)
    cancelled_at: datetime | None = None
    cancel_reason: str = Field(default="", max_length=500)
    carried_to_invoice_id: UUID | None = Field(default=None, sa_column=invoice_key("carried_to_invoice_id"))
    check_token: str = Field(default_factory=new_check_token, max_length=43)


class CourierInvoiceLine(Row, table=True):
    """One line of a merchant invoice, as it was when that was generated; nothing but `live` ever changes.

    `tracking_number` is the parcel's, or the number of the invoice that an opening comes from.

    A line of an invoice that was cancelled isn't live: its parcel may stand on another invoice then.
    """

    __tablename__ = "courier_invoice_lines"
    __table_args__ = (
        one_of("kind", LineKind),
        CheckConstraint("(kind = 'opening') = (parcel_id IS NULL)", name="parcel_id"),
        CheckConstraint("(kind = 'opening') = (source_invoice_id IS NOT NULL)", name="source_invoice_id"),
        CheckConstraint(
            "kind = 'opening' OR net_minor = cod_collected_minor - delivery_charge_minor - return_charge_minor",
            name="net_minor",
        ),
        Index(
            "uq_courier_invoice_lines_parcel_id",
            "parcel_id",
            "kind",
            unique=True,
            postgresql_where=text("live"),
        ),
        Index(
            "uq_courier_invoice_lines_source_invoice_id",
            "source_invoice_id",
            unique=True,
            postgresql_where=text("live"),
        ),
    )

    invoice_id: UUID = Field(sa_column=invoice_key("invoice_id", primary_key=True))
    kind: str = Field(max_length=10, primary_key=True)
    tracking_number: str = Field(max_length=40, primary_key=True)
    live: bool = True
    parcel_id: UUID | None = Field(default=None, foreign_key="courier_parcels.id")
    source_invoice_id: UUID | None = Field(default=None, sa_column=invoice_key("source_invoice_id"))
    parcel_status: str = Field(default="", max_length=20)
    cod_collected_minor: int = Field(default=0, sa_column=minor())
    delivery_charge_minor: int = Field(default=0, sa_column=minor())
    return_charge_minor: int = Field(default=0, sa_column=minor())
    net_minor: int = Field(sa_type=BigInteger)
