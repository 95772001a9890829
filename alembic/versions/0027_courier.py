"""Courier: merchants, their parcels, the invoices that settle them, disputes, remittances and settlement runs."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027_courier"
down_revision = "0026_marketplace"
branch_labels = None
depends_on = None

TABLES = (
    "courier_remittance_lines",
    "courier_invoice_lines",
    "courier_disputes",
    "courier_settlement_run_lines",
    "courier_parcels",
    "courier_merchant_invoices",
    "courier_merchants",
    "courier_settlement_runs",
    "courier_remittances",
)
COUNTED = ("courier_parcels", "courier_merchant_invoices")
TRIGGERS = """
CREATE TRIGGER note_added AFTER INSERT ON {table} REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_row_count();
CREATE TRIGGER note_removed AFTER DELETE ON {table} REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_row_count();
CREATE TRIGGER note_emptied AFTER TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION note_row_count();
"""


def upgrade() -> None:
    op.create_table(
        "courier_remittances",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("partner", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("reference", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("file_name", sqlmodel.sql.sqltypes.AutoString(length=255), nullable=False),
        sa.Column("delivered_from", sa.Date(), nullable=False),
        sa.Column("delivered_to", sa.Date(), nullable=False),
        sa.Column("status", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
        sa.Column("matched_count", sa.Integer(), nullable=False),
        sa.Column("short_count", sa.Integer(), nullable=False),
        sa.Column("extra_count", sa.Integer(), nullable=False),
        sa.Column("missing_count", sa.Integer(), nullable=False),
        sa.Column("expected_minor", sa.BigInteger(), nullable=False),
        sa.Column("remitted_minor", sa.BigInteger(), nullable=False),
        sa.Column("uploaded_by", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("accepted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("accepted_by", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.CheckConstraint(
            "status IN ('MATCHED', 'ACCEPTED', 'DISCARDED')", name=op.f("ck_courier_remittances_status")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courier_remittances")),
    )
    op.create_index(
        "ix_courier_remittances_created_at", "courier_remittances", ["created_at", "id"], unique=False
    )
    op.create_index(
        "ix_courier_remittances_status", "courier_remittances", ["status", "created_at", "id"], unique=False
    )
    op.create_table(
        "courier_settlement_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("started_by", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
        sa.Column("merchants", sa.Integer(), nullable=False),
        sa.Column("invoices", sa.Integer(), nullable=False),
        sa.Column("parcels", sa.Integer(), nullable=False),
        sa.Column("payable_minor", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courier_settlement_runs")),
    )
    op.create_index(
        "ix_courier_settlement_runs_created_at", "courier_settlement_runs", ["created_at", "id"], unique=False
    )
    op.create_table(
        "courier_merchants",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("bank_name", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("bank_account_number", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("bank_account_holder", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
        sa.Column("delivery_charge_minor", sa.BigInteger(), nullable=True),
        sa.Column("return_charge_minor", sa.BigInteger(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("notes", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.CheckConstraint(
            "delivery_charge_minor >= 0", name=op.f("ck_courier_merchants_delivery_charge_minor")
        ),
        sa.CheckConstraint("return_charge_minor >= 0", name=op.f("ck_courier_merchants_return_charge_minor")),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_courier_merchants_party_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courier_merchants")),
    )
    op.create_index(
        "ix_courier_merchants_created_at", "courier_merchants", ["created_at", "id"], unique=False
    )
    op.create_index("uq_courier_merchants_code", "courier_merchants", ["code"], unique=True)
    op.create_index("uq_courier_merchants_party_id", "courier_merchants", ["party_id"], unique=True)
    op.create_table(
        "courier_merchant_invoices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("invoice_no", sqlmodel.sql.sqltypes.AutoString(length=30), nullable=False),
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_status", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
        sa.Column("total_parcels", sa.Integer(), nullable=False),
        sa.Column("delivered_count", sa.Integer(), nullable=False),
        sa.Column("returned_count", sa.Integer(), nullable=False),
        sa.Column("clearance_count", sa.Integer(), nullable=False),
        sa.Column("total_cod_collected_minor", sa.BigInteger(), nullable=False),
        sa.Column("total_delivery_charges_minor", sa.BigInteger(), nullable=False),
        sa.Column("total_return_charges_minor", sa.BigInteger(), nullable=False),
        sa.Column("clearance_cod_minor", sa.BigInteger(), nullable=False),
        sa.Column("clearance_charges_minor", sa.BigInteger(), nullable=False),
        sa.Column("opening_minor", sa.BigInteger(), nullable=False),
        sa.Column("payable_amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("issuer", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("bill_to", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("generated_on", sa.Date(), nullable=False),
        sa.Column("generated_by", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("settled_by", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=True),
        sa.Column("paid_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("paid_by", sa.Uuid(), nullable=True),
        sa.Column("payment_reference", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("notes", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("cancelled_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("cancel_reason", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("carried_to_invoice_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(invoice_status = 'CANCELLED') = (cancelled_at IS NOT NULL)",
            name=op.f("ck_courier_merchant_invoices_cancelled"),
        ),
        sa.CheckConstraint(
            "(invoice_status = 'PAID') = (paid_at IS NOT NULL) AND (paid_at IS NULL) = (settled_by IS NULL)",
            name=op.f("ck_courier_merchant_invoices_paid"),
        ),
        sa.CheckConstraint(
            "invoice_status IN ('GENERATED', 'PAID', 'CANCELLED')",
            name=op.f("ck_courier_merchant_invoices_invoice_status"),
        ),
        sa.CheckConstraint(
            "settled_by IN ('payout', 'merchant_payment', 'carried')",
            name=op.f("ck_courier_merchant_invoices_settled_by"),
        ),
        sa.CheckConstraint(
            "carried_to_invoice_id IS NULL OR (payable_amount_minor < 0 AND carried_to_invoice_id <> id)",
            name=op.f("ck_courier_merchant_invoices_carried"),
        ),
        sa.CheckConstraint(
            "delivered_count + returned_count = total_parcels",
            name=op.f("ck_courier_merchant_invoices_total_parcels"),
        ),
        sa.CheckConstraint(
            "payable_amount_minor = total_cod_collected_minor - total_delivery_charges_minor - total_return_charges_minor + clearance_cod_minor - clearance_charges_minor + opening_minor",
            name=op.f("ck_courier_merchant_invoices_payable_amount_minor"),
        ),
        sa.ForeignKeyConstraint(
            ["carried_to_invoice_id"],
            ["courier_merchant_invoices.id"],
            name=op.f("fk_courier_merchant_invoices_carried_to_invoice_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["merchant_id"], ["courier_merchants.id"], name=op.f("fk_courier_merchant_invoices_merchant_id")
        ),
        sa.ForeignKeyConstraint(["paid_by"], ["users.id"], name=op.f("fk_courier_merchant_invoices_paid_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courier_merchant_invoices")),
    )
    op.create_index(
        "idx_merchant_invoices_merchant",
        "courier_merchant_invoices",
        ["merchant_id", sa.literal_column("created_at DESC")],
        unique=False,
    )
    op.create_index(
        "idx_merchant_invoices_status", "courier_merchant_invoices", ["invoice_status"], unique=False
    )
    op.create_index(
        "ix_courier_merchant_invoices_carried_to_invoice_id",
        "courier_merchant_invoices",
        ["carried_to_invoice_id"],
        unique=False,
    )
    op.create_index(
        "ix_courier_merchant_invoices_created_at",
        "courier_merchant_invoices",
        ["created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_courier_merchant_invoices_generated_on",
        "courier_merchant_invoices",
        ["generated_on"],
        unique=False,
    )
    op.create_index(
        "ix_courier_merchant_invoices_invoice_no_start",
        "courier_merchant_invoices",
        ["invoice_no"],
        unique=False,
        postgresql_ops={"invoice_no": "text_pattern_ops"},
    )
    op.create_index(
        "ix_courier_merchant_invoices_listed",
        "courier_merchant_invoices",
        ["invoice_status", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_courier_merchant_invoices_paid_by", "courier_merchant_invoices", ["paid_by"], unique=False
    )
    op.create_index(
        "ix_courier_merchant_invoices_payable_amount_minor",
        "courier_merchant_invoices",
        ["payable_amount_minor", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "uq_courier_merchant_invoices_invoice_no", "courier_merchant_invoices", ["invoice_no"], unique=True
    )
    op.create_table(
        "courier_parcels",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("tracking_number", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("order_reference", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("recipient_name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("recipient_phone", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("recipient_address", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("partner", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("status", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
        sa.Column("cod_amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("cod_collected_amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("total_charge_minor", sa.BigInteger(), nullable=False),
        sa.Column("return_charge_minor", sa.BigInteger(), nullable=False),
        sa.Column("delivery_charge_applicable", sa.Boolean(), nullable=False),
        sa.Column("return_charge_applicable", sa.Boolean(), nullable=False),
        sa.Column("delivered_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("financial_status", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=True),
        sa.Column("paid_to_merchant", sa.Boolean(), nullable=False),
        sa.Column("paid_to_merchant_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("paid_amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("clearance_required", sa.Boolean(), nullable=False),
        sa.Column("clearance_done", sa.Boolean(), nullable=False),
        sa.Column("clearance_invoice_id", sa.Uuid(), nullable=True),
        sa.Column("clearance_reason", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("clearance_amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("disputed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("remittance_id", sa.Uuid(), nullable=True),
        sa.Column("remitted_amount_minor", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(financial_status = 'PENDING') = (invoice_id IS NULL)", name=op.f("ck_courier_parcels_invoiced")
        ),
        sa.CheckConstraint(
            "clearance_required = (financial_status IN ('CLEARANCE_PENDING', 'CLEARANCE_INVOICED', 'SETTLED')) AND clearance_done = (financial_status = 'SETTLED') AND (clearance_invoice_id IS NOT NULL) = (financial_status IN ('CLEARANCE_INVOICED', 'SETTLED'))",
            name=op.f("ck_courier_parcels_clearance"),
        ),
        sa.CheckConstraint(
            "delivery_charge_applicable = (status IN ('DELIVERED', 'PARTIAL_DELIVERY')) AND return_charge_applicable = (status = 'RETURNED')",
            name=op.f("ck_courier_parcels_applicable_charges"),
        ),
        sa.CheckConstraint(
            "financial_status IN ('PENDING', 'INVOICED', 'PAID', 'CLEARANCE_PENDING', 'CLEARANCE_INVOICED', 'SETTLED')",
            name=op.f("ck_courier_parcels_financial_status"),
        ),
        sa.CheckConstraint(
            "paid_to_merchant = (financial_status NOT IN ('PENDING', 'INVOICED')) AND paid_to_merchant = (paid_to_merchant_at IS NOT NULL) AND paid_to_merchant = (paid_amount_minor IS NOT NULL)",
            name=op.f("ck_courier_parcels_paid"),
        ),
        sa.CheckConstraint(
            "status IN ('PENDING', 'PICKED_UP', 'IN_TRANSIT', 'OUT_FOR_DELIVERY', 'DELIVERED', 'PARTIAL_DELIVERY', 'RETURNED', 'PAID_RETURN')",
            name=op.f("ck_courier_parcels_status"),
        ),
        sa.CheckConstraint(
            "cod_amount_minor >= 0 AND cod_collected_amount_minor >= 0 AND total_charge_minor >= 0 AND return_charge_minor >= 0",
            name=op.f("ck_courier_parcels_amounts"),
        ),
        sa.ForeignKeyConstraint(
            ["clearance_invoice_id"],
            ["courier_merchant_invoices.id"],
            name=op.f("fk_courier_parcels_clearance_invoice_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"],
            ["courier_merchant_invoices.id"],
            name=op.f("fk_courier_parcels_invoice_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["merchant_id"], ["courier_merchants.id"], name=op.f("fk_courier_parcels_merchant_id")
        ),
        sa.ForeignKeyConstraint(
            ["remittance_id"], ["courier_remittances.id"], name=op.f("fk_courier_parcels_remittance_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courier_parcels")),
    )
    op.create_index(
        "idx_parcels_clearance", "courier_parcels", ["clearance_required", "clearance_done"], unique=False
    )
    op.create_index("idx_parcels_financial_status", "courier_parcels", ["financial_status"], unique=False)
    op.create_index("idx_parcels_invoice_id", "courier_parcels", ["invoice_id"], unique=False)
    op.create_index(
        "idx_parcels_merchant_financial",
        "courier_parcels",
        ["merchant_id", "financial_status", "paid_to_merchant"],
        unique=False,
    )
    op.create_index(
        "idx_parcels_merchant_payment",
        "courier_parcels",
        ["merchant_id", "paid_to_merchant", "delivered_at"],
        unique=False,
    )
    op.create_index(
        "ix_courier_parcels_clearance_invoice_id", "courier_parcels", ["clearance_invoice_id"], unique=False
    )
    op.create_index("ix_courier_parcels_created_at", "courier_parcels", ["created_at", "id"], unique=False)
    op.create_index(
        "ix_courier_parcels_delivered_at",
        "courier_parcels",
        ["delivered_at", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_courier_parcels_merchant_id", "courier_parcels", ["merchant_id", "created_at", "id"], unique=False
    )
    op.create_index(
        "ix_courier_parcels_partner", "courier_parcels", ["partner", "delivered_at"], unique=False
    )
    op.create_index("ix_courier_parcels_remittance_id", "courier_parcels", ["remittance_id"], unique=False)
    op.create_index(
        "ix_courier_parcels_status", "courier_parcels", ["status", "created_at", "id"], unique=False
    )
    op.create_index(
        "ix_courier_parcels_tracking_number_start",
        "courier_parcels",
        ["tracking_number"],
        unique=False,
        postgresql_ops={"tracking_number": "text_pattern_ops"},
    )
    op.create_index("uq_courier_parcels_tracking_number", "courier_parcels", ["tracking_number"], unique=True)
    op.create_table(
        "courier_settlement_run_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=True),
        sa.Column("parcels", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("cod_collected_minor", sa.BigInteger(), nullable=False),
        sa.Column("charges_minor", sa.BigInteger(), nullable=False),
        sa.Column("payable_minor", sa.BigInteger(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('generated', 'ready', 'held', 'failed')",
            name=op.f("ck_courier_settlement_run_lines_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"],
            ["courier_merchant_invoices.id"],
            name=op.f("fk_courier_settlement_run_lines_invoice_id"),
        ),
        sa.ForeignKeyConstraint(
            ["merchant_id"],
            ["courier_merchants.id"],
            name=op.f("fk_courier_settlement_run_lines_merchant_id"),
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["courier_settlement_runs.id"], name=op.f("fk_courier_settlement_run_lines_run_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courier_settlement_run_lines")),
        info={"append_only": True},
    )
    op.create_index(
        "ix_courier_settlement_run_lines_invoice_id",
        "courier_settlement_run_lines",
        ["invoice_id"],
        unique=False,
    )
    op.create_index(
        "ix_courier_settlement_run_lines_merchant_id",
        "courier_settlement_run_lines",
        ["merchant_id"],
        unique=False,
    )
    op.create_index(
        "uq_courier_settlement_run_lines_merchant_id",
        "courier_settlement_run_lines",
        ["run_id", "merchant_id"],
        unique=True,
    )
    op.create_table(
        "courier_disputes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("parcel_id", sa.Uuid(), nullable=False),
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("status", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("raised_by", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("answer", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("resolved_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("resolved_by", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.CheckConstraint(
            "(status = 'OPEN') = (resolved_at IS NULL)", name=op.f("ck_courier_disputes_resolved_at")
        ),
        sa.CheckConstraint(
            "status IN ('OPEN', 'ACCEPTED', 'REJECTED')", name=op.f("ck_courier_disputes_status")
        ),
        sa.ForeignKeyConstraint(
            ["merchant_id"], ["courier_merchants.id"], name=op.f("fk_courier_disputes_merchant_id")
        ),
        sa.ForeignKeyConstraint(
            ["parcel_id"], ["courier_parcels.id"], name=op.f("fk_courier_disputes_parcel_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courier_disputes")),
    )
    op.create_index("ix_courier_disputes_created_at", "courier_disputes", ["created_at", "id"], unique=False)
    op.create_index(
        "ix_courier_disputes_merchant_id",
        "courier_disputes",
        ["merchant_id", "created_at", "id"],
        unique=False,
    )
    op.create_index("ix_courier_disputes_parcel_id", "courier_disputes", ["parcel_id"], unique=False)
    op.create_index(
        "ix_courier_disputes_status", "courier_disputes", ["status", "created_at", "id"], unique=False
    )
    op.create_index(
        "uq_courier_disputes_open",
        "courier_disputes",
        ["parcel_id"],
        unique=True,
        postgresql_where=sa.text("status = 'OPEN'"),
    )
    op.create_table(
        "courier_invoice_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("parcel_id", sa.Uuid(), nullable=True),
        sa.Column("source_invoice_id", sa.Uuid(), nullable=True),
        sa.Column("tracking_number", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("parcel_status", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("cod_collected_minor", sa.BigInteger(), nullable=False),
        sa.Column("delivery_charge_minor", sa.BigInteger(), nullable=False),
        sa.Column("return_charge_minor", sa.BigInteger(), nullable=False),
        sa.Column("net_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'opening') = (parcel_id IS NULL)", name=op.f("ck_courier_invoice_lines_parcel_id")
        ),
        sa.CheckConstraint(
            "(kind = 'opening') = (source_invoice_id IS NOT NULL)",
            name=op.f("ck_courier_invoice_lines_source_invoice_id"),
        ),
        sa.CheckConstraint(
            "kind = 'opening' OR net_minor = cod_collected_minor - delivery_charge_minor - return_charge_minor",
            name=op.f("ck_courier_invoice_lines_net_minor"),
        ),
        sa.CheckConstraint(
            "kind IN ('parcel', 'clearance', 'opening')", name=op.f("ck_courier_invoice_lines_kind")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"],
            ["courier_merchant_invoices.id"],
            name=op.f("fk_courier_invoice_lines_invoice_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["parcel_id"], ["courier_parcels.id"], name=op.f("fk_courier_invoice_lines_parcel_id")
        ),
        sa.ForeignKeyConstraint(
            ["source_invoice_id"],
            ["courier_merchant_invoices.id"],
            name=op.f("fk_courier_invoice_lines_source_invoice_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courier_invoice_lines")),
    )
    op.create_index(
        "ix_courier_invoice_lines_invoice_id",
        "courier_invoice_lines",
        ["invoice_id", "kind", "tracking_number"],
        unique=False,
    )
    op.create_index(
        "uq_courier_invoice_lines_parcel_id",
        "courier_invoice_lines",
        ["parcel_id", "kind"],
        unique=True,
        postgresql_where=sa.text("live"),
    )
    op.create_index(
        "uq_courier_invoice_lines_source_invoice_id",
        "courier_invoice_lines",
        ["source_invoice_id"],
        unique=True,
        postgresql_where=sa.text("live"),
    )
    op.create_table(
        "courier_remittance_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("remittance_id", sa.Uuid(), nullable=False),
        sa.Column("match", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("tracking_number", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("parcel_id", sa.Uuid(), nullable=True),
        sa.Column("expected_minor", sa.BigInteger(), nullable=False),
        sa.Column("remitted_minor", sa.BigInteger(), nullable=True),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.CheckConstraint(
            "match IN ('matched', 'short', 'extra', 'missing')",
            name=op.f("ck_courier_remittance_lines_match"),
        ),
        sa.ForeignKeyConstraint(
            ["parcel_id"], ["courier_parcels.id"], name=op.f("fk_courier_remittance_lines_parcel_id")
        ),
        sa.ForeignKeyConstraint(
            ["remittance_id"],
            ["courier_remittances.id"],
            name=op.f("fk_courier_remittance_lines_remittance_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courier_remittance_lines")),
    )
    op.create_index(
        "ix_courier_remittance_lines_parcel_id", "courier_remittance_lines", ["parcel_id"], unique=False
    )
    op.create_index(
        "uq_courier_remittance_lines_line",
        "courier_remittance_lines",
        ["remittance_id", "match", "tracking_number"],
        unique=True,
    )

    for table in COUNTED:
        op.execute(TRIGGERS.format(table=table))


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
