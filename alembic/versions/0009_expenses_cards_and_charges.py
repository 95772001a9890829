"""Expenses, price cards with the charges beyond them, rentable lorries, and reminders that are listed."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0009_expenses_cards_and_charges"
down_revision = "0008_fewer_statements"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rental_rentable_lorries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("registration_no", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("owner_name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("owner_phone", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("type", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("capacity_kg", sa.Integer(), nullable=True),
        sa.Column("daily_rate_minor", sa.BigInteger(), nullable=False),
        sa.Column("trip_rate_minor", sa.BigInteger(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("notes", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.CheckConstraint(
            "capacity_kg IS NULL OR capacity_kg > 0", name=op.f("ck_rental_rentable_lorries_capacity_kg")
        ),
        sa.CheckConstraint(
            "daily_rate_minor >= 0 AND trip_rate_minor >= 0", name=op.f("ck_rental_rentable_lorries_rates")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rental_rentable_lorries")),
    )
    op.create_index(
        "ix_rental_rentable_lorries_daily_rate_minor",
        "rental_rentable_lorries",
        ["daily_rate_minor", "registration_no"],
        unique=False,
    )
    op.create_index(
        "ix_rental_rentable_lorries_owner_name",
        "rental_rentable_lorries",
        ["owner_name", "registration_no"],
        unique=False,
    )
    op.create_index(
        "ix_rental_rentable_lorries_trip_rate_minor",
        "rental_rentable_lorries",
        ["trip_rate_minor", "registration_no"],
        unique=False,
    )
    op.create_index(
        "uq_rental_rentable_lorries_registration_no",
        "rental_rentable_lorries",
        ["registration_no"],
        unique=True,
    )
    op.create_table(
        "rental_expenses",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("category", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("description", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
        sa.Column("spent_on", sa.Date(), nullable=False),
        sa.Column("payee", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("lorry_id", sa.Uuid(), nullable=True),
        sa.Column("payment_method", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("receipt_url", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("status", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("recorded_by", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("voided_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("void_reason", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.CheckConstraint(
            "category IN ('fuel', 'maintenance', 'salary', 'other')", name=op.f("ck_rental_expenses_category")
        ),
        sa.CheckConstraint(
            "payment_method IN ('BANK_TRANSFER', 'CASH', 'CHEQUE', 'EWALLET')",
            name=op.f("ck_rental_expenses_payment_method"),
        ),
        sa.CheckConstraint("status IN ('recorded', 'voided')", name=op.f("ck_rental_expenses_status")),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_rental_expenses_amount_minor")),
        sa.ForeignKeyConstraint(
            ["lorry_id"], ["rental_lorries.id"], name=op.f("fk_rental_expenses_lorry_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rental_expenses")),
    )
    op.create_index(
        "ix_rental_expenses_amount_minor",
        "rental_expenses",
        ["amount_minor", "spent_on", "created_at"],
        unique=False,
    )
    op.create_index(
        "ix_rental_expenses_category", "rental_expenses", ["category", "spent_on", "created_at"], unique=False
    )
    op.create_index("ix_rental_expenses_created_at", "rental_expenses", ["created_at", "id"], unique=False)
    op.create_index(
        "ix_rental_expenses_lorry_id", "rental_expenses", ["lorry_id", "spent_on", "created_at"], unique=False
    )
    op.create_index(
        "ix_rental_expenses_spent_on", "rental_expenses", ["spent_on", "created_at"], unique=False
    )
    op.create_index(
        "ix_rental_expenses_status", "rental_expenses", ["status", "spent_on", "created_at"], unique=False
    )
    op.create_table(
        "rental_price_cards",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("h_ft", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("l_ft", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("w_ft", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("waste_item_id", sa.Uuid(), nullable=False),
        sa.Column("base_price_minor", sa.BigInteger(), nullable=False),
        sa.Column("included_days", sa.Integer(), nullable=False),
        sa.Column("overrun_per_day_minor", sa.BigInteger(), nullable=False),
        sa.Column("included_kg", sa.Integer(), nullable=False),
        sa.Column("extra_tonne_minor", sa.BigInteger(), nullable=False),
        sa.Column("failed_trip_fee_minor", sa.BigInteger(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("base_price_minor > 0", name=op.f("ck_rental_price_cards_base_price_minor")),
        sa.CheckConstraint("h_ft > 0 AND l_ft > 0 AND w_ft > 0", name=op.f("ck_rental_price_cards_size")),
        sa.CheckConstraint("included_days >= 0", name=op.f("ck_rental_price_cards_included_days")),
        sa.CheckConstraint("included_kg >= 0", name=op.f("ck_rental_price_cards_included_kg")),
        sa.CheckConstraint(
            "overrun_per_day_minor >= 0 AND extra_tonne_minor >= 0 AND failed_trip_fee_minor >= 0",
            name=op.f("ck_rental_price_cards_fees"),
        ),
        sa.ForeignKeyConstraint(
            ["waste_item_id"], ["rental_waste_items.id"], name=op.f("fk_rental_price_cards_waste_item_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rental_price_cards")),
    )
    op.create_index(
        "ix_rental_price_cards_base_price_minor",
        "rental_price_cards",
        ["base_price_minor", "id"],
        unique=False,
    )
    op.create_index(
        "ix_rental_price_cards_created_at", "rental_price_cards", ["created_at", "id"], unique=False
    )
    op.create_index(
        "ix_rental_price_cards_waste_item_id", "rental_price_cards", ["waste_item_id"], unique=False
    )
    op.create_index(
        "uq_rental_price_cards_size",
        "rental_price_cards",
        ["h_ft", "l_ft", "w_ft", "waste_item_id"],
        unique=True,
    )
    op.create_table(
        "rental_hire_terms",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("delivery_order_id", sa.Uuid(), nullable=False),
        sa.Column("price_card_id", sa.Uuid(), nullable=False),
        sa.Column("included_days", sa.Integer(), nullable=False),
        sa.Column("overrun_per_day_minor", sa.BigInteger(), nullable=False),
        sa.Column("included_kg", sa.Integer(), nullable=False),
        sa.Column("extra_tonne_minor", sa.BigInteger(), nullable=False),
        sa.Column("failed_trip_fee_minor", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_order_id"],
            ["rental_delivery_orders.id"],
            name=op.f("fk_rental_hire_terms_delivery_order_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["price_card_id"], ["rental_price_cards.id"], name=op.f("fk_rental_hire_terms_price_card_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rental_hire_terms")),
    )
    op.create_index(
        "uq_rental_hire_terms_delivery_order_id", "rental_hire_terms", ["delivery_order_id"], unique=True
    )
    op.create_table(
        "rental_charges",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("delivery_order_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("description", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=12, scale=3), nullable=False),
        sa.Column("unit", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
        sa.Column("status", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=True),
        sa.Column("billed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("waived_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("waive_reason", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.CheckConstraint(
            "kind IN ('overweight', 'overrun', 'failed_trip')", name=op.f("ck_rental_charges_kind")
        ),
        sa.CheckConstraint(
            "status <> 'waived' OR waive_reason <> ''", name=op.f("ck_rental_charges_waive_reason")
        ),
        sa.CheckConstraint(
            "status IN ('unbilled', 'billed', 'waived')", name=op.f("ck_rental_charges_status")
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_rental_charges_amount_minor")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_rental_charges_quantity")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["rental_customers.id"], name=op.f("fk_rental_charges_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["delivery_order_id"],
            ["rental_delivery_orders.id"],
            name=op.f("fk_rental_charges_delivery_order_id"),
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["rental_invoices.id"], name=op.f("fk_rental_charges_invoice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rental_charges")),
    )
    op.create_index(
        "ix_rental_charges_amount_minor", "rental_charges", ["amount_minor", "created_at", "id"], unique=False
    )
    op.create_index("ix_rental_charges_created_at", "rental_charges", ["created_at", "id"], unique=False)
    op.create_index(
        "ix_rental_charges_customer_id", "rental_charges", ["customer_id", "created_at", "id"], unique=False
    )
    op.create_index(
        "ix_rental_charges_invoice_id",
        "rental_charges",
        ["invoice_id"],
        unique=False,
        postgresql_where=sa.text("invoice_id IS NOT NULL"),
    )
    op.create_index("ix_rental_charges_kind", "rental_charges", ["kind", "created_at", "id"], unique=False)
    op.create_index(
        "ix_rental_charges_status", "rental_charges", ["status", "created_at", "id"], unique=False
    )
    op.create_index("uq_rental_charges_kind", "rental_charges", ["delivery_order_id", "kind"], unique=True)
    op.create_index(
        "ix_rental_collection_reminders_scheduled_at",
        "rental_collection_reminders",
        ["scheduled_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_rental_collection_reminders_status",
        "rental_collection_reminders",
        ["status", "scheduled_at", "id"],
        unique=False,
    )
    op.add_column(
        "rental_invoices", sa.Column("supplementary", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_index(
        "uq_rental_invoices_supplementary_draft",
        "rental_invoices",
        ["delivery_order_id"],
        unique=True,
        postgresql_where=sa.text("status = 'draft' AND supplementary"),
    )
    _one_invoice_per_order("status <> 'voided' AND NOT supplementary")


def downgrade() -> None:
    op.drop_index(
        "uq_rental_invoices_supplementary_draft",
        table_name="rental_invoices",
        postgresql_where=sa.text("status = 'draft' AND supplementary"),
    )
    _one_invoice_per_order("status <> 'voided'")
    op.drop_column("rental_invoices", "supplementary")
    op.drop_index("ix_rental_collection_reminders_status", table_name="rental_collection_reminders")
    op.drop_index("ix_rental_collection_reminders_scheduled_at", table_name="rental_collection_reminders")
    op.drop_index("uq_rental_charges_kind", table_name="rental_charges")
    op.drop_index("ix_rental_charges_status", table_name="rental_charges")
    op.drop_index("ix_rental_charges_kind", table_name="rental_charges")
    op.drop_index(
        "ix_rental_charges_invoice_id",
        table_name="rental_charges",
        postgresql_where=sa.text("invoice_id IS NOT NULL"),
    )
    op.drop_index("ix_rental_charges_customer_id", table_name="rental_charges")
    op.drop_index("ix_rental_charges_created_at", table_name="rental_charges")
    op.drop_index("ix_rental_charges_amount_minor", table_name="rental_charges")
    op.drop_table("rental_charges")
    op.drop_index("uq_rental_hire_terms_delivery_order_id", table_name="rental_hire_terms")
    op.drop_table("rental_hire_terms")
    op.drop_index("uq_rental_price_cards_size", table_name="rental_price_cards")
    op.drop_index("ix_rental_price_cards_waste_item_id", table_name="rental_price_cards")
    op.drop_index("ix_rental_price_cards_created_at", table_name="rental_price_cards")
    op.drop_index("ix_rental_price_cards_base_price_minor", table_name="rental_price_cards")
    op.drop_table("rental_price_cards")
    op.drop_index("ix_rental_expenses_status", table_name="rental_expenses")
    op.drop_index("ix_rental_expenses_spent_on", table_name="rental_expenses")
    op.drop_index("ix_rental_expenses_lorry_id", table_name="rental_expenses")
    op.drop_index("ix_rental_expenses_created_at", table_name="rental_expenses")
    op.drop_index("ix_rental_expenses_category", table_name="rental_expenses")
    op.drop_index("ix_rental_expenses_amount_minor", table_name="rental_expenses")
    op.drop_table("rental_expenses")
    op.drop_index("uq_rental_rentable_lorries_registration_no", table_name="rental_rentable_lorries")
    op.drop_index("ix_rental_rentable_lorries_trip_rate_minor", table_name="rental_rentable_lorries")
    op.drop_index("ix_rental_rentable_lorries_owner_name", table_name="rental_rentable_lorries")
    op.drop_index("ix_rental_rentable_lorries_daily_rate_minor", table_name="rental_rentable_lorries")
    op.drop_table("rental_rentable_lorries")


def _one_invoice_per_order(where: str) -> None:
    name = "uq_rental_invoices_delivery_order_id"
    op.drop_index(name, "rental_invoices")
    op.create_index(
        name, "rental_invoices", ["delivery_order_id"], unique=True, postgresql_where=sa.text(where)
    )
