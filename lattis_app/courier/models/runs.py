"""The log of settlement runs."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID, uuid4

from sqlalchemy import Index
from sqlmodel import Field

from lattis_app.core.columns import minor, one_of
from lattis_app.core.db import APPEND_ONLY, Record, Row
from lattis_app.courier.statuses import RunOutcome


class CourierSettlementRun(Record, table=True):
    """One run that generated invoices for every merchant who had something to settle."""

    __tablename__ = "courier_settlement_runs"
    __table_args__ = (Index("ix_courier_settlement_runs_created_at", "created_at", "id"),)
    labelled_by: ClassVar[tuple[str, ...]] = ("started_by",)

    as_of: date
    started_by: str = Field(default="", max_length=200)
    currency: str = Field(default="MYR", max_length=3)
    merchants: int = 0
    invoices: int = 0
    parcels: int = 0
    payable_minor: int = Field(default=0, sa_column=minor())


class CourierSettlementRunLine(Row, table=True):
    """What a run did for one merchant, and why not."""

    __tablename__ = "courier_settlement_run_lines"
    __table_args__ = (
        one_of("outcome", RunOutcome),
        Index("uq_courier_settlement_run_lines_merchant_id", "run_id", "merchant_id", unique=True),
        Index("ix_courier_settlement_run_lines_merchant_id", "merchant_id"),
        Index("ix_courier_settlement_run_lines_invoice_id", "invoice_id"),
        {"info": APPEND_ONLY},
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    run_id: UUID = Field(foreign_key="courier_settlement_runs.id")
    merchant_id: UUID = Field(foreign_key="courier_merchants.id")
    outcome: str = Field(max_length=10)
    invoice_id: UUID | None = Field(default=None, foreign_key="courier_merchant_invoices.id")
    parcels: int = 0
    held: int = 0
    cod_collected_minor: int = Field(default=0, sa_column=minor())
    charges_minor: int = Field(default=0, sa_column=minor())
    clearance_minor: int = Field(default=0, sa_column=minor())
    opening_minor: int = Field(default=0, sa_column=minor())
    payable_minor: int = Field(default=0, sa_column=minor())
    reason: str = Field(default="", max_length=500)
