"""Refunds, the payments they give back, and the negative commissions they leave."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0010_refunds"
down_revision = "0009_expenses_cards_and_charges"
branch_labels = None
depends_on = None

REFUNDED = {"rental_invoices": "paid_minor", "rental_payments": "amount_minor"}
LISTED_BY = ("delivery_order_id", "invoice_id", "customer_id", "status", "requested_on", "amount_minor")
COMMISSION_AMOUNT = "CASE WHEN refund_id IS NULL THEN amount_minor > 0 ELSE amount_minor < 0 END"


def upgrade() -> None:
    _create_refunds()
    _create_parts()
    for table, most in REFUNDED.items():
        column = sa.Column("refunded_minor", sa.BigInteger(), nullable=False, server_default="0")
        op.add_column(table, column)
        op.alter_column(table, "refunded_minor", server_default=None)
        op.create_check_constraint("refunded_minor", table, f"refunded_minor BETWEEN 0 AND {most}")
    op.add_column("rental_commissions", sa.Column("refund_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(None, "rental_commissions", "rental_refunds", ["refund_id"], ["id"])
    op.drop_constraint("amount_minor", "rental_commissions", type_="check")
    op.create_check_constraint("amount_minor", "rental_commissions", COMMISSION_AMOUNT)
    _index_commissions(sa.text("refund_id IS NULL"))
    op.create_index("uq_rental_commissions_refund_id", "rental_commissions", ["refund_id"], unique=True)
    op.create_index("ix_rental_commissions_delivery_order_id", "rental_commissions", ["delivery_order_id"])


def downgrade() -> None:
    op.drop_index("ix_rental_commissions_delivery_order_id", "rental_commissions")
    op.drop_index("uq_rental_commissions_refund_id", "rental_commissions")
    op.execute("DELETE FROM rental_commissions WHERE refund_id IS NOT NULL")
    _index_commissions(None)
    op.drop_constraint("amount_minor", "rental_commissions", type_="check")
    op.drop_column("rental_commissions", "refund_id")
    op.create_check_constraint("amount_minor", "rental_commissions", "amount_minor > 0")
    for table in REFUNDED:
        op.drop_constraint("refunded_minor", table, type_="check")
        op.drop_column(table, "refunded_minor")
    op.drop_table("rental_refund_parts")
    op.drop_table("rental_refunds")


def _index_commissions(where: sa.TextClause | None) -> None:
    name = "uq_rental_commissions_delivery_order_id"
    op.drop_index(name, "rental_commissions")
    op.create_index(name, "rental_commissions", ["delivery_order_id"], unique=True, postgresql_where=where)


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sqlmodel.sql.sqltypes.AutoString(length=length), nullable=False)


def _moment(name: str, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sqlmodel.sql.sqltypes.UTCDateTime(), nullable=nullable)


def _create_refunds() -> None:
    table = "rental_refunds"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        _moment("created_at", nullable=False),
        _moment("updated_at", nullable=False),
        _text("refund_number", 30),
        _text("target_type", 10),
        sa.Column("delivery_order_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        _text("status", 20),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("tax_minor", sa.BigInteger(), nullable=False),
        _text("currency", 3),
        _text("reason", 500),
        sa.Column("requested_on", sa.Date(), nullable=False),
        _text("requested_by", 200),
        _moment("approved_at"),
        _moment("rejected_at"),
        _text("rejection", 500),
        _moment("processed_at"),
        _text("payment_method", 20),
        _text("reference", 200),
        sa.CheckConstraint(
            "status IN ('pending', 'approved', 'processed', 'rejected')", name="ck_rental_refunds_status"
        ),
        sa.CheckConstraint("target_type IN ('DO', 'INVOICE')", name="ck_rental_refunds_target_type"),
        sa.CheckConstraint("amount_minor > 0", name="ck_rental_refunds_amount_minor"),
        sa.CheckConstraint("tax_minor BETWEEN 0 AND amount_minor", name="ck_rental_refunds_tax_minor"),
        sa.ForeignKeyConstraint(["delivery_order_id"], ["rental_delivery_orders.id"]),
        sa.ForeignKeyConstraint(["invoice_id"], ["rental_invoices.id"]),
        sa.ForeignKeyConstraint(["customer_id"], ["rental_customers.id"]),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rental_refunds")),
    )
    op.create_index("uq_rental_refunds_refund_number", table, ["refund_number"], unique=True)
    op.create_index(
        "ix_rental_refunds_refund_number_start",
        table,
        ["refund_number"],
        postgresql_ops={"refund_number": "text_pattern_ops"},
    )
    for name in LISTED_BY:
        op.create_index(f"ix_rental_refunds_{name}", table, [name, "refund_number"])
    is_open = sa.text("status IN ('pending', 'approved')")
    op.create_index("ix_rental_refunds_open", table, ["delivery_order_id"], postgresql_where=is_open)


def _create_parts() -> None:
    table = "rental_refund_parts"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        _moment("created_at", nullable=False),
        _moment("updated_at", nullable=False),
        sa.Column("refund_id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("driver_id", sa.Uuid(), nullable=True),
        _text("account", 40),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        _text("currency", 3),
        sa.CheckConstraint("amount_minor > 0", name="ck_rental_refund_parts_amount_minor"),
        sa.ForeignKeyConstraint(["refund_id"], ["rental_refunds.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["payment_id"], ["rental_payments.id"]),
        sa.ForeignKeyConstraint(["driver_id"], ["rental_drivers.id"]),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rental_refund_parts")),
    )
    for name in ("refund_id", "payment_id", "driver_id"):
        op.create_index(f"ix_rental_refund_parts_{name}", table, [name])
