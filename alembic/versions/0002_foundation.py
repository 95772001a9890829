"""Every table of the foundation and of the rental slice."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002_foundation"
down_revision = "0001_job_queue"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("occurred_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("actor_role", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("action", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("entity", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("before", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("after", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=True),
        sa.Column("request_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("address", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
        info={"append_only": True},
    )
    op.create_index("ix_audit_entries_actor", "audit_entries", ["actor_id", "seq"], unique=False)
    op.create_index("ix_audit_entries_entity", "audit_entries", ["entity", "entity_id", "seq"], unique=False)
    op.create_index("ix_audit_entries_occurred_at", "audit_entries", ["occurred_at"], unique=False)
    op.create_table(
        "events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("entity", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("request_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("occurred_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        info={"append_only": True},
    )
    op.create_index("ix_events_entity", "events", ["entity", "entity_id"], unique=False)
    op.create_index("ix_events_seq", "events", ["seq"], unique=True)
    op.create_table(
        "idempotency_keys",
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=255), nullable=False),
        sa.Column("body_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("status_code", sa.Integer(), nullable=False),
        sa.Column("response", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("actor_id", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_index("ix_idempotency_keys_created_at", "idempotency_keys", ["created_at"], unique=False)
    op.create_table(
        "job_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("job", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("slot", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("as_of", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("preview", sa.Boolean(), nullable=False),
        sa.Column("requested_by", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("status", sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
        sa.Column("claimed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("started_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("finished_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("duration_ms", sa.Integer(), nullable=True),
        sa.Column("result", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("error", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_runs")),
        sa.UniqueConstraint("job", "slot", name="uq_job_runs_slot"),
    )
    op.create_index("ix_job_runs_job_claimed_at", "job_runs", ["job", "claimed_at"], unique=False)
    op.create_table(
        "ledger_transactions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("posted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("business_on", sa.Date(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("source_type", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("memo", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("reverses_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["ledger_transactions.id"], name=op.f("fk_ledger_transactions_reverses_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_transactions")),
        info={"append_only": True},
    )
    op.create_index(
        "ix_ledger_transactions_business_on", "ledger_transactions", ["business_on"], unique=False
    )
    op.create_index(
        "uq_ledger_transactions_reverses_id",
        "ledger_transactions",
        ["reverses_id"],
        unique=True,
        postgresql_where=sa.text("reverses_id IS NOT NULL"),
    )
    op.create_index(
        "uq_ledger_transactions_source",
        "ledger_transactions",
        ["source_type", "source_id", "kind"],
        unique=True,
    )
    op.create_table(
        "number_series",
        sa.Column("series", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("period", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", "period", name=op.f("pk_number_series")),
    )
    op.create_table(
        "parties",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("name_key", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("contact_name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("phone", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=True),
        sa.Column("email", sqlmodel.sql.sqltypes.AutoString(length=254), nullable=True),
        sa.Column("address", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("tax_ids", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("kind IN ('company', 'person')", name=op.f("ck_parties_kind")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["parties.id"], name=op.f("fk_parties_merged_into_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parties")),
    )
    op.create_index("ix_parties_email", "parties", ["email"], unique=False)
    op.create_index("ix_parties_merged_into_id", "parties", ["merged_into_id"], unique=False)
    op.create_index("ix_parties_name", "parties", ["name", "id"], unique=False)
    op.create_index(
        "ix_parties_name_key",
        "parties",
        ["name_key"],
        unique=False,
        postgresql_ops={"name_key": "text_pattern_ops"},
    )
    op.create_index("ix_parties_phone", "parties", ["phone"], unique=False)
    op.create_table(
        "rental_business",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("single", sa.Boolean(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("roc_number", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("sst_no", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("address", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("email", sqlmodel.sql.sqltypes.AutoString(length=254), nullable=False),
        sa.Column("phone", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("bank_details", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
        sa.Column("sst_rate", sa.Numeric(precision=6, scale=4), nullable=False),
        sa.Column("failed_trip_fee_minor", sa.BigInteger(), nullable=False),
        sa.Column("hire_days", sa.Integer(), nullable=False),
        sa.CheckConstraint("single", name=op.f("ck_rental_business_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rental_business")),
    )
    op.create_index("uq_rental_business_single", "rental_business", ["single"], unique=True)
    op.create_table(
        "rental_drivers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("ic_number", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("phone", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("email", sqlmodel.sql.sqltypes.AutoString(length=254), nullable=True),
        sa.Column("address", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("status", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("jobs_per_day", sa.Integer(), nullable=False),
        sa.CheckConstraint("status IN ('active', 'inactive')", name=op.f("ck_rental_drivers_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rental_drivers")),
    )
    op.create_index("ix_rental_drivers_name", "rental_drivers", ["name", "id"], unique=False)
    op.create_index("ix_rental_drivers_status_name", "rental_drivers", ["status", "name"], unique=False)
    op.create_index("uq_rental_drivers_ic_number", "rental_drivers", ["ic_number"], unique=True)
    op.create_index("uq_rental_drivers_phone", "rental_drivers", ["phone"], unique=True)
    op.create_table(
        "rental_lorries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("registration_no", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("type", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("capacity_kg", sa.Integer(), nullable=True),
        sa.Column("status", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("notes", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.CheckConstraint(
            "status IN ('available', 'in_use', 'maintenance', 'inactive')",
            name=op.f("ck_rental_lorries_status"),
        ),
        sa.CheckConstraint(
            "capacity_kg IS NULL OR capacity_kg > 0", name=op.f("ck_rental_lorries_capacity_kg")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rental_lorries")),
    )
    op.create_index("ix_rental_lorries_status", "rental_lorries", ["status", "registration_no"], unique=False)
    op.create_index("uq_rental_lorries_registration_no", "rental_lorries", ["registration_no"], unique=True)
    op.create_table(
        "rental_waste_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("unit", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("price_minor >= 0", name=op.f("ck_rental_waste_items_price_minor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rental_waste_items")),
    )
    op.create_index("uq_rental_waste_items_name", "rental_waste_items", ["name"], unique=True)
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("email", sqlmodel.sql.sqltypes.AutoString(length=254), nullable=True),
        sa.Column("phone", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=True),
        sa.Column("role", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(length=5), nullable=False),
        sa.Column("password_hash", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=True),
        sa.Column("identity_hash", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=True),
        sa.Column("pin_hash", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("failed_sign_ins", sa.Integer(), nullable=False),
        sa.Column("locked_until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("last_seen_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "role IN ('SUPER_ADMIN', 'ADMIN', 'DRIVER', 'MERCHANT', 'SALES_REP', 'SALES_MANAGER', 'SELLER', 'RETAIL_OWNER', 'MANAGER', 'CASHIER', 'VIEWER')",
            name=op.f("ck_users_role"),
        ),
        sa.CheckConstraint("email IS NOT NULL OR phone IS NOT NULL", name=op.f("ck_users_reachable")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
    )
    op.create_index("ix_users_role_name", "users", ["role", "name"], unique=False)
    op.create_index("ix_users_subject_id", "users", ["subject_id"], unique=False)
    op.create_index(
        "uq_users_email", "users", ["email"], unique=True, postgresql_where=sa.text("email IS NOT NULL")
    )
    op.create_index(
        "uq_users_phone", "users", ["phone"], unique=True, postgresql_where=sa.text("phone IS NOT NULL")
    )
    op.create_table(
        "attachments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("target_type", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.Column("slot", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("file_name", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("content_type", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("storage_key", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("thumb_key", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("taken_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("uploaded_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("size_bytes > 0", name=op.f("ck_attachments_size_bytes")),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["users.id"], name=op.f("fk_attachments_uploaded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
    )
    op.create_index(
        "ix_attachments_target", "attachments", ["target_type", "target_id", "created_at"], unique=False
    )
    op.create_index("ix_attachments_uploaded_by_id", "attachments", ["uploaded_by_id"], unique=False)
    op.create_index("uq_attachments_storage_key", "attachments", ["storage_key"], unique=True)
    op.create_table(
        "event_deliveries",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("subscriber", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("delivered_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("failed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_event_deliveries_event_id")),
        sa.PrimaryKeyConstraint("event_id", "subscriber", name=op.f("pk_event_deliveries")),
    )
    op.create_index(
        "ix_event_deliveries_failed",
        "event_deliveries",
        ["failed_at"],
        unique=False,
        postgresql_where=sa.text("delivered_at IS NULL"),
    )
    op.create_table(
        "ledger_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("transaction_id", sa.Uuid(), nullable=False),
        sa.Column("business_on", sa.Date(), nullable=False),
        sa.Column("account", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=True),
        sa.Column("holder_id", sa.Uuid(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
        sa.CheckConstraint("amount_minor <> 0", name=op.f("ck_ledger_entries_amount")),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_ledger_entries_party_id")),
        sa.ForeignKeyConstraint(
            ["transaction_id"], ["ledger_transactions.id"], name=op.f("fk_ledger_entries_transaction_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entries")),
        info={"append_only": True},
    )
    op.create_index("ix_ledger_entries_account", "ledger_entries", ["account", "business_on"], unique=False)
    op.create_index(
        "ix_ledger_entries_holder",
        "ledger_entries",
        ["holder_id", "account"],
        unique=False,
        postgresql_where=sa.text("holder_id IS NOT NULL"),
    )
    op.create_index(
        "ix_ledger_entries_party",
        "ledger_entries",
        ["party_id", "account", "business_on"],
        unique=False,
        postgresql_where=sa.text("party_id IS NOT NULL"),
    )
    op.create_index("ix_ledger_entries_transaction_id", "ledger_entries", ["transaction_id"], unique=False)
    op.create_table(
        "notifications",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("body", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("link", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("tone", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("read_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_notifications_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
    )
    op.create_index(
        "ix_notifications_unread",
        "notifications",
        ["user_id"],
        unique=False,
        postgresql_where=sa.text("read_at IS NULL"),
    )
    op.create_index(
        "ix_notifications_user_id", "notifications", ["user_id", "created_at", "id"], unique=False
    )
    op.create_index(
        "uq_notifications_event",
        "notifications",
        ["user_id", "event_id"],
        unique=True,
        postgresql_where=sa.text("event_id IS NOT NULL"),
    )
    op.create_table(
        "permission_overrides",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("permission", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_permission_overrides_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_permission_overrides")),
    )
    op.create_index(
        "uq_permission_overrides_user_permission",
        "permission_overrides",
        ["user_id", "permission"],
        unique=True,
    )
    op.create_table(
        "rental_customers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("payment_terms_days", sa.Integer(), nullable=False),
        sa.Column("credit_limit_minor", sa.BigInteger(), nullable=True),
        sa.Column("on_stop", sa.Boolean(), nullable=False),
        sa.Column("po_required", sa.Boolean(), nullable=False),
        sa.Column("introducer_name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("notes", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.CheckConstraint("credit_limit_minor >= 0", name=op.f("ck_rental_customers_credit_limit_minor")),
        sa.CheckConstraint(
            "payment_terms_days BETWEEN 0 AND 365", name=op.f("ck_rental_customers_payment_terms_days")
        ),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_rental_customers_party_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rental_customers")),
    )
    op.create_index("ix_rental_customers_created_at", "rental_customers", ["created_at", "id"], unique=False)
    op.create_index("uq_rental_customers_party_id", "rental_customers", ["party_id"], unique=True)
    op.create_table(
        "rental_lorry_documents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("lorry_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('road_tax', 'insurance', 'puspakom', 'permit')",
            name=op.f("ck_rental_lorry_documents_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["lorry_id"],
            ["rental_lorries.id"],
            name=op.f("fk_rental_lorry_documents_lorry_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rental_lorry_documents")),
    )
    op.create_index(
        "ix_rental_lorry_documents_expires_on", "rental_lorry_documents", ["expires_on"], unique=False
    )
    op.create_index(
        "uq_rental_lorry_documents_kind", "rental_lorry_documents", ["lorry_id", "kind"], unique=True
    )
    op.create_table(
        "saved_views",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("list_name", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("query", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_saved_views_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
    )
    op.create_index("uq_saved_views_name", "saved_views", ["user_id", "list_name", "name"], unique=True)
    op.create_table(
        "user_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column("device", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("address", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("expires_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("revoked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("revoked_because", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_user_sessions_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_sessions")),
    )
    op.create_index("ix_user_sessions_expires_at", "user_sessions", ["expires_at"], unique=False)
    op.create_index("ix_user_sessions_user_id", "user_sessions", ["user_id"], unique=False)
    op.create_index("uq_user_sessions_token_hash", "user_sessions", ["token_hash"], unique=True)
    op.create_table(
        "refresh_tokens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("expires_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("used_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["user_sessions.id"],
            name=op.f("fk_refresh_tokens_session_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refresh_tokens")),
    )
    op.create_index("ix_refresh_tokens_session_id", "refresh_tokens", ["session_id"], unique=False)
    op.create_index("uq_refresh_tokens_token_hash", "refresh_tokens", ["token_hash"], unique=True)
    op.create_table(
        "rental_bins",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("serial_number", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("h_ft", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("l_ft", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("w_ft", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("area", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("status", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("delivery_order_id", sa.Uuid(), nullable=True),
        sa.Column("notes", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.CheckConstraint(
            "status IN ('in_warehouse', 'assigned', 'with_customer', 'collected', 'repair')",
            name=op.f("ck_rental_bins_status"),
        ),
        sa.CheckConstraint("h_ft > 0 AND l_ft > 0 AND w_ft > 0", name=op.f("ck_rental_bins_size")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["rental_customers.id"], name=op.f("fk_rental_bins_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rental_bins")),
    )
    op.create_index("ix_rental_bins_area", "rental_bins", ["area", "serial_number"], unique=False)
    op.create_index("ix_rental_bins_customer_id", "rental_bins", ["customer_id"], unique=False)
    op.create_index("ix_rental_bins_delivery_order_id", "rental_bins", ["delivery_order_id"], unique=False)
    op.create_index("ix_rental_bins_size", "rental_bins", ["h_ft", "l_ft", "w_ft", "status"], unique=False)
    op.create_index("ix_rental_bins_status", "rental_bins", ["status", "serial_number"], unique=False)
    op.create_index("uq_rental_bins_serial_number", "rental_bins", ["serial_number"], unique=True)
    op.create_table(
        "rental_bookings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(length=30), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("h_ft", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("l_ft", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("w_ft", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("area", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("site_address", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("scheduled_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("scheduled_on", sa.Date(), nullable=False),
        sa.Column("expected_return_on", sa.Date(), nullable=False),
        sa.Column("notes", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("status", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("driver_id", sa.Uuid(), nullable=True),
        sa.Column("lorry_id", sa.Uuid(), nullable=True),
        sa.Column("assigned_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("cancel_reason", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "status IN ('pending', 'confirmed', 'assigned', 'fulfilled', 'cancelled')",
            name=op.f("ck_rental_bookings_status"),
        ),
        sa.CheckConstraint(
            "expected_return_on >= scheduled_on", name=op.f("ck_rental_bookings_expected_return_on")
        ),
        sa.CheckConstraint("h_ft > 0 AND l_ft > 0 AND w_ft > 0", name=op.f("ck_rental_bookings_size")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["rental_customers.id"], name=op.f("fk_rental_bookings_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["driver_id"], ["rental_drivers.id"], name=op.f("fk_rental_bookings_driver_id")
        ),
        sa.ForeignKeyConstraint(
            ["lorry_id"], ["rental_lorries.id"], name=op.f("fk_rental_bookings_lorry_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rental_bookings")),
    )
    op.create_index("ix_rental_bookings_area", "rental_bookings", ["area", "scheduled_on"], unique=False)
    op.create_index(
        "ix_rental_bookings_created_by_id", "rental_bookings", ["created_by_id", "scheduled_on"], unique=False
    )
    op.create_index(
        "ix_rental_bookings_customer_id", "rental_bookings", ["customer_id", "scheduled_on"], unique=False
    )
    op.create_index(
        "ix_rental_bookings_driver_id", "rental_bookings", ["driver_id", "scheduled_on"], unique=False
    )
    op.create_index(
        "ix_rental_bookings_lorry_id", "rental_bookings", ["lorry_id", "scheduled_on"], unique=False
    )
    op.create_index(
        "ix_rental_bookings_scheduled_on", "rental_bookings", ["scheduled_on", "id"], unique=False
    )
    op.create_index(
        "ix_rental_bookings_size", "rental_bookings", ["h_ft", "l_ft", "w_ft", "scheduled_on"], unique=False
    )
    op.create_index(
        "ix_rental_bookings_status", "rental_bookings", ["status", "scheduled_on", "id"], unique=False
    )
    op.create_index("uq_rental_bookings_number", "rental_bookings", ["number"], unique=True)
    op.create_table(
        "rental_delivery_orders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("system_do_number", sqlmodel.sql.sqltypes.AutoString(length=30), nullable=True),
        sa.Column("do_book_number", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=True),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("driver_id", sa.Uuid(), nullable=True),
        sa.Column("lorry_id", sa.Uuid(), nullable=True),
        sa.Column("bin_id", sa.Uuid(), nullable=False),
        sa.Column("do_by_name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("company_name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("phone", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("po_number", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("site_address", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("area", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("h_ft", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("l_ft", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("w_ft", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("payment_method", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
        sa.Column("collected_minor", sa.BigInteger(), nullable=False),
        sa.Column("weight_kg", sa.Integer(), nullable=True),
        sa.Column("introducer_name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("notes", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("status", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("fulfilment_status", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("scheduled_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("service_on", sa.Date(), nullable=False),
        sa.Column("expected_return_on", sa.Date(), nullable=False),
        sa.Column("issued_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("started_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("delivered_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("collected_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("done_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("failed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("failure_reason", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("cancelled_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("cancel_reason", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.CheckConstraint(
            "fulfilment_status IN ('assigned', 'started', 'delivered', 'collected', 'done', 'failed')",
            name=op.f("ck_rental_delivery_orders_fulfilment_status"),
        ),
        sa.CheckConstraint(
            "payment_method IN ('CASH', 'ONLINE', 'CDM', 'EWALLET', 'CHEQUE', 'TERM')",
            name=op.f("ck_rental_delivery_orders_payment_method"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'issued', 'pending_invoice', 'invoiced_linked', 'closed', 'cancelled')",
            name=op.f("ck_rental_delivery_orders_status"),
        ),
        sa.CheckConstraint(
            "system_do_number IS NOT NULL OR status IN ('draft', 'cancelled')",
            name=op.f("ck_rental_delivery_orders_numbered"),
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_rental_delivery_orders_amount_minor")),
        sa.CheckConstraint("collected_minor >= 0", name=op.f("ck_rental_delivery_orders_collected_minor")),
        sa.CheckConstraint(
            "weight_kg IS NULL OR weight_kg >= 0", name=op.f("ck_rental_delivery_orders_weight_kg")
        ),
        sa.ForeignKeyConstraint(
            ["bin_id"], ["rental_bins.id"], name=op.f("fk_rental_delivery_orders_bin_id")
        ),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["rental_bookings.id"], name=op.f("fk_rental_delivery_orders_booking_id")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["rental_customers.id"], name=op.f("fk_rental_delivery_orders_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["driver_id"], ["rental_drivers.id"], name=op.f("fk_rental_delivery_orders_driver_id")
        ),
        sa.ForeignKeyConstraint(
            ["lorry_id"], ["rental_lorries.id"], name=op.f("fk_rental_delivery_orders_lorry_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rental_delivery_orders")),
    )
    op.create_index(
        "ix_rental_delivery_orders_amount_minor",
        "rental_delivery_orders",
        ["amount_minor", "id"],
        unique=False,
    )
    op.create_index(
        "ix_rental_delivery_orders_bin_id", "rental_delivery_orders", ["bin_id", "service_on"], unique=False
    )
    op.create_index(
        "ix_rental_delivery_orders_company_key",
        "rental_delivery_orders",
        [sa.literal_column("lower(company_name) text_pattern_ops")],
        unique=False,
    )
    op.create_index(
        "ix_rental_delivery_orders_company_name",
        "rental_delivery_orders",
        ["company_name", "id"],
        unique=False,
    )
    op.create_index(
        "ix_rental_delivery_orders_created_at", "rental_delivery_orders", ["created_at", "id"], unique=False
    )
    op.create_index(
        "ix_rental_delivery_orders_customer_id",
        "rental_delivery_orders",
        ["customer_id", "service_on", "id"],
        unique=False,
    )
    op.create_index(
        "ix_rental_delivery_orders_driver_id",
        "rental_delivery_orders",
        ["driver_id", "service_on", "id"],
        unique=False,
    )
    op.create_index(
        "ix_rental_delivery_orders_fulfilment_status",
        "rental_delivery_orders",
        ["fulfilment_status", "service_on", "id"],
        unique=False,
    )
    op.create_index(
        "ix_rental_delivery_orders_lorry_id",
        "rental_delivery_orders",
        ["lorry_id", "service_on"],
        unique=False,
    )
    op.create_index(
        "ix_rental_delivery_orders_service_on", "rental_delivery_orders", ["service_on", "id"], unique=False
    )
    op.create_index(
        "ix_rental_delivery_orders_status",
        "rental_delivery_orders",
        ["status", "service_on", "id"],
        unique=False,
    )
    op.create_index(
        "uq_rental_delivery_orders_booking_id",
        "rental_delivery_orders",
        ["booking_id"],
        unique=True,
        postgresql_where=sa.text("booking_id IS NOT NULL AND status <> 'cancelled'"),
    )
    op.create_index(
        "uq_rental_delivery_orders_do_book_number", "rental_delivery_orders", ["do_book_number"], unique=True
    )
    op.create_index(
        "uq_rental_delivery_orders_system_do_number",
        "rental_delivery_orders",
        ["system_do_number"],
        unique=True,
    )
    op.create_table(
        "rental_bin_movements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("bin_id", sa.Uuid(), nullable=False),
        sa.Column("movement_type", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("from_status", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("to_status", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("related_do_id", sa.Uuid(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("area", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("notes", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("moved_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("moved_by", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.CheckConstraint(
            "movement_type IN ('OUT', 'IN', 'TRANSFER', 'REPAIR')",
            name=op.f("ck_rental_bin_movements_movement_type"),
        ),
        sa.ForeignKeyConstraint(["bin_id"], ["rental_bins.id"], name=op.f("fk_rental_bin_movements_bin_id")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["rental_customers.id"], name=op.f("fk_rental_bin_movements_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["related_do_id"],
            ["rental_delivery_orders.id"],
            name=op.f("fk_rental_bin_movements_related_do_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rental_bin_movements")),
        info={"append_only": True},
    )
    op.create_index(
        "ix_rental_bin_movements_bin_id", "rental_bin_movements", ["bin_id", "moved_at"], unique=False
    )
    op.create_index(
        "ix_rental_bin_movements_related_do_id", "rental_bin_movements", ["related_do_id"], unique=False
    )
    op.create_table(
        "rental_collection_reminders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("delivery_order_id", sa.Uuid(), nullable=False),
        sa.Column("reminder_type", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("scheduled_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("status", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("sent_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "reminder_type IN ('same_day', 'term_based')",
            name=op.f("ck_rental_collection_reminders_reminder_type"),
        ),
        sa.CheckConstraint(
            "status IN ('scheduled', 'sent', 'cancelled')", name=op.f("ck_rental_collection_reminders_status")
        ),
        sa.ForeignKeyConstraint(
            ["delivery_order_id"],
            ["rental_delivery_orders.id"],
            name=op.f("fk_rental_collection_reminders_delivery_order_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rental_collection_reminders")),
    )
    op.create_index(
        "ix_rental_collection_reminders_delivery_order_id",
        "rental_collection_reminders",
        ["delivery_order_id"],
        unique=False,
    )
    op.create_index(
        "ix_rental_collection_reminders_due",
        "rental_collection_reminders",
        ["scheduled_at"],
        unique=False,
        postgresql_where=sa.text("status = 'scheduled'"),
    )
    op.create_table(
        "rental_commissions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("delivery_order_id", sa.Uuid(), nullable=False),
        sa.Column("introducer_name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("status", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
        sa.Column("payment_method", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("reference", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("eligible_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("approved_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("paid_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "status IN ('pending', 'eligible', 'approved', 'paid', 'cancelled')",
            name=op.f("ck_rental_commissions_status"),
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_rental_commissions_amount_minor")),
        sa.ForeignKeyConstraint(
            ["delivery_order_id"],
            ["rental_delivery_orders.id"],
            name=op.f("fk_rental_commissions_delivery_order_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rental_commissions")),
    )
    op.create_index(
        "ix_rental_commissions_created_at", "rental_commissions", ["created_at", "id"], unique=False
    )
    op.create_index(
        "ix_rental_commissions_introducer_name",
        "rental_commissions",
        ["introducer_name", "created_at"],
        unique=False,
    )
    op.create_index(
        "ix_rental_commissions_status", "rental_commissions", ["status", "created_at", "id"], unique=False
    )
    op.create_index(
        "uq_rental_commissions_delivery_order_id", "rental_commissions", ["delivery_order_id"], unique=True
    )
    op.create_table(
        "rental_delivery_order_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("delivery_order_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("waste_item_id", sa.Uuid(), nullable=True),
        sa.Column("description", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=12, scale=3), nullable=False),
        sa.Column("unit", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("price_minor >= 0", name=op.f("ck_rental_delivery_order_lines_price_minor")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_rental_delivery_order_lines_quantity")),
        sa.ForeignKeyConstraint(
            ["delivery_order_id"],
            ["rental_delivery_orders.id"],
            name=op.f("fk_rental_delivery_order_lines_delivery_order_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["waste_item_id"],
            ["rental_waste_items.id"],
            name=op.f("fk_rental_delivery_order_lines_waste_item_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rental_delivery_order_lines")),
    )
    op.create_index(
        "uq_rental_delivery_order_lines_position",
        "rental_delivery_order_lines",
        ["delivery_order_id", "position"],
        unique=True,
    )
    op.create_table(
        "rental_invoices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("invoice_number", sqlmodel.sql.sqltypes.AutoString(length=30), nullable=True),
        sa.Column("delivery_order_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("status", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("payment_method", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
        sa.Column("tax_rate", sa.Numeric(precision=6, scale=4), nullable=False),
        sa.Column("subtotal_minor", sa.BigInteger(), nullable=False),
        sa.Column("tax_minor", sa.BigInteger(), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("paid_minor", sa.BigInteger(), nullable=False),
        sa.Column("issuer", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("bill_to", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("notes", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("check_token", sqlmodel.sql.sqltypes.AutoString(length=43), nullable=False),
        sa.Column("issued_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("paid_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("closed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("voided_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("void_reason", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.CheckConstraint(
            "invoice_number IS NOT NULL OR status IN ('draft', 'voided')",
            name=op.f("ck_rental_invoices_numbered"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'issued', 'partially_paid', 'paid', 'closed', 'voided')",
            name=op.f("ck_rental_invoices_status"),
        ),
        sa.CheckConstraint(
            "paid_minor BETWEEN 0 AND total_minor", name=op.f("ck_rental_invoices_paid_minor")
        ),
        sa.CheckConstraint(
            "total_minor = subtotal_minor + tax_minor", name=op.f("ck_rental_invoices_total_minor")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["rental_customers.id"], name=op.f("fk_rental_invoices_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["delivery_order_id"],
            ["rental_delivery_orders.id"],
            name=op.f("fk_rental_invoices_delivery_order_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rental_invoices")),
    )
    op.create_index("ix_rental_invoices_created_at", "rental_invoices", ["created_at", "id"], unique=False)
    op.create_index(
        "ix_rental_invoices_customer_id", "rental_invoices", ["customer_id", "issued_on", "id"], unique=False
    )
    op.create_index(
        "ix_rental_invoices_delivery_order_id", "rental_invoices", ["delivery_order_id"], unique=False
    )
    op.create_index("ix_rental_invoices_due_on", "rental_invoices", ["due_on", "id"], unique=False)
    op.create_index("ix_rental_invoices_issued_on", "rental_invoices", ["issued_on", "id"], unique=False)
    op.create_index(
        "ix_rental_invoices_status", "rental_invoices", ["status", "issued_on", "id"], unique=False
    )
    op.create_index("ix_rental_invoices_total_minor", "rental_invoices", ["total_minor", "id"], unique=False)
    op.create_index("uq_rental_invoices_check_token", "rental_invoices", ["check_token"], unique=True)
    op.create_index(
        "uq_rental_invoices_delivery_order_id",
        "rental_invoices",
        ["delivery_order_id"],
        unique=True,
        postgresql_where=sa.text("status <> 'voided'"),
    )
    op.create_index("uq_rental_invoices_invoice_number", "rental_invoices", ["invoice_number"], unique=True)
    op.create_table(
        "rental_lorry_trips",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("lorry_id", sa.Uuid(), nullable=False),
        sa.Column("driver_id", sa.Uuid(), nullable=False),
        sa.Column("from_location", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("to_location", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("bin_id", sa.Uuid(), nullable=True),
        sa.Column("delivery_order_id", sa.Uuid(), nullable=True),
        sa.Column("departed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("arrived_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("notes", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.CheckConstraint(
            "arrived_at IS NULL OR arrived_at >= departed_at", name=op.f("ck_rental_lorry_trips_arrived_at")
        ),
        sa.ForeignKeyConstraint(["bin_id"], ["rental_bins.id"], name=op.f("fk_rental_lorry_trips_bin_id")),
        sa.ForeignKeyConstraint(
            ["delivery_order_id"],
            ["rental_delivery_orders.id"],
            name=op.f("fk_rental_lorry_trips_delivery_order_id"),
        ),
        sa.ForeignKeyConstraint(
            ["driver_id"], ["rental_drivers.id"], name=op.f("fk_rental_lorry_trips_driver_id")
        ),
        sa.ForeignKeyConstraint(
            ["lorry_id"], ["rental_lorries.id"], name=op.f("fk_rental_lorry_trips_lorry_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rental_lorry_trips")),
    )
    op.create_index(
        "ix_rental_lorry_trips_delivery_order_id", "rental_lorry_trips", ["delivery_order_id"], unique=False
    )
    op.create_index("ix_rental_lorry_trips_departed_at", "rental_lorry_trips", ["departed_at"], unique=False)
    op.create_index(
        "ix_rental_lorry_trips_driver_id", "rental_lorry_trips", ["driver_id", "departed_at"], unique=False
    )
    op.create_index(
        "ix_rental_lorry_trips_lorry_id", "rental_lorry_trips", ["lorry_id", "departed_at"], unique=False
    )
    op.create_table(
        "rental_invoice_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("description", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=12, scale=3), nullable=False),
        sa.Column("unit", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["invoice_id"],
            ["rental_invoices.id"],
            name=op.f("fk_rental_invoice_lines_invoice_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rental_invoice_lines")),
    )
    op.create_index(
        "uq_rental_invoice_lines_position", "rental_invoice_lines", ["invoice_id", "position"], unique=True
    )
    op.create_table(
        "rental_payments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("receipt_number", sqlmodel.sql.sqltypes.AutoString(length=30), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=True),
        sa.Column("delivery_order_id", sa.Uuid(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("method", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
        sa.Column("reference", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("received_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("driver_id", sa.Uuid(), nullable=True),
        sa.Column("received_by", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.CheckConstraint(
            "method IN ('CASH', 'ONLINE', 'CDM', 'EWALLET', 'CHEQUE', 'TERM')",
            name=op.f("ck_rental_payments_method"),
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_rental_payments_amount_minor")),
        sa.CheckConstraint(
            "invoice_id IS NOT NULL OR delivery_order_id IS NOT NULL", name=op.f("ck_rental_payments_target")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["rental_customers.id"], name=op.f("fk_rental_payments_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["delivery_order_id"],
            ["rental_delivery_orders.id"],
            name=op.f("fk_rental_payments_delivery_order_id"),
        ),
        sa.ForeignKeyConstraint(
            ["driver_id"], ["rental_drivers.id"], name=op.f("fk_rental_payments_driver_id")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["rental_invoices.id"], name=op.f("fk_rental_payments_invoice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rental_payments")),
    )
    op.create_index(
        "ix_rental_payments_amount_minor", "rental_payments", ["amount_minor", "id"], unique=False
    )
    op.create_index(
        "ix_rental_payments_customer_id", "rental_payments", ["customer_id", "received_on"], unique=False
    )
    op.create_index(
        "ix_rental_payments_delivery_order_id", "rental_payments", ["delivery_order_id"], unique=False
    )
    op.create_index(
        "ix_rental_payments_driver_id", "rental_payments", ["driver_id", "received_on"], unique=False
    )
    op.create_index("ix_rental_payments_invoice_id", "rental_payments", ["invoice_id"], unique=False)
    op.create_index(
        "ix_rental_payments_method", "rental_payments", ["method", "received_on", "id"], unique=False
    )
    op.create_index("ix_rental_payments_received_on", "rental_payments", ["received_on", "id"], unique=False)
    op.create_index("uq_rental_payments_receipt_number", "rental_payments", ["receipt_number"], unique=True)
    op.create_table(
        "rental_receipts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("receipt_number", sqlmodel.sql.sqltypes.AutoString(length=30), nullable=False),
        sa.Column("issued_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("check_token", sqlmodel.sql.sqltypes.AutoString(length=43), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["rental_payments.id"], name=op.f("fk_rental_receipts_payment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rental_receipts")),
        info={"append_only": True},
    )
    op.create_index("uq_rental_receipts_check_token", "rental_receipts", ["check_token"], unique=True)
    op.create_index("uq_rental_receipts_payment_id", "rental_receipts", ["payment_id"], unique=True)
    op.create_index("uq_rental_receipts_receipt_number", "rental_receipts", ["receipt_number"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_rental_receipts_receipt_number", table_name="rental_receipts")
    op.drop_index("uq_rental_receipts_payment_id", table_name="rental_receipts")
    op.drop_index("uq_rental_receipts_check_token", table_name="rental_receipts")
    op.drop_table("rental_receipts")
    op.drop_index("uq_rental_payments_receipt_number", table_name="rental_payments")
    op.drop_index("ix_rental_payments_received_on", table_name="rental_payments")
    op.drop_index("ix_rental_payments_method", table_name="rental_payments")
    op.drop_index("ix_rental_payments_invoice_id", table_name="rental_payments")
    op.drop_index("ix_rental_payments_driver_id", table_name="rental_payments")
    op.drop_index("ix_rental_payments_delivery_order_id", table_name="rental_payments")
    op.drop_index("ix_rental_payments_customer_id", table_name="rental_payments")
    op.drop_index("ix_rental_payments_amount_minor", table_name="rental_payments")
    op.drop_table("rental_payments")
    op.drop_index("uq_rental_invoice_lines_position", table_name="rental_invoice_lines")
    op.drop_table("rental_invoice_lines")
    op.drop_index("ix_rental_lorry_trips_lorry_id", table_name="rental_lorry_trips")
    op.drop_index("ix_rental_lorry_trips_driver_id", table_name="rental_lorry_trips")
    op.drop_index("ix_rental_lorry_trips_departed_at", table_name="rental_lorry_trips")
    op.drop_index("ix_rental_lorry_trips_delivery_order_id", table_name="rental_lorry_trips")
    op.drop_table("rental_lorry_trips")
    op.drop_index("uq_rental_invoices_invoice_number", table_name="rental_invoices")
    op.drop_index(
        "uq_rental_invoices_delivery_order_id",
        table_name="rental_invoices",
        postgresql_where=sa.text("status <> 'voided'"),
    )
    op.drop_index("uq_rental_invoices_check_token", table_name="rental_invoices")
    op.drop_index("ix_rental_invoices_total_minor", table_name="rental_invoices")
    op.drop_index("ix_rental_invoices_status", table_name="rental_invoices")
    op.drop_index("ix_rental_invoices_issued_on", table_name="rental_invoices")
    op.drop_index("ix_rental_invoices_due_on", table_name="rental_invoices")
    op.drop_index("ix_rental_invoices_delivery_order_id", table_name="rental_invoices")
    op.drop_index("ix_rental_invoices_customer_id", table_name="rental_invoices")
    op.drop_index("ix_rental_invoices_created_at", table_name="rental_invoices")
    op.drop_table("rental_invoices")
    op.drop_index("uq_rental_delivery_order_lines_position", table_name="rental_delivery_order_lines")
    op.drop_table("rental_delivery_order_lines")
    op.drop_index("uq_rental_commissions_delivery_order_id", table_name="rental_commissions")
    op.drop_index("ix_rental_commissions_status", table_name="rental_commissions")
    op.drop_index("ix_rental_commissions_introducer_name", table_name="rental_commissions")
    op.drop_index("ix_rental_commissions_created_at", table_name="rental_commissions")
    op.drop_table("rental_commissions")
    op.drop_index(
        "ix_rental_collection_reminders_due",
        table_name="rental_collection_reminders",
        postgresql_where=sa.text("status = 'scheduled'"),
    )
    op.drop_index(
        "ix_rental_collection_reminders_delivery_order_id", table_name="rental_collection_reminders"
    )
    op.drop_table("rental_collection_reminders")
    op.drop_index("ix_rental_bin_movements_related_do_id", table_name="rental_bin_movements")
    op.drop_index("ix_rental_bin_movements_bin_id", table_name="rental_bin_movements")
    op.drop_table("rental_bin_movements")
    op.drop_index("uq_rental_delivery_orders_system_do_number", table_name="rental_delivery_orders")
    op.drop_index("uq_rental_delivery_orders_do_book_number", table_name="rental_delivery_orders")
    op.drop_index(
        "uq_rental_delivery_orders_booking_id",
        table_name="rental_delivery_orders",
        postgresql_where=sa.text("booking_id IS NOT NULL AND status <> 'cancelled'"),
    )
    op.drop_index("ix_rental_delivery_orders_status", table_name="rental_delivery_orders")
    op.drop_index("ix_rental_delivery_orders_service_on", table_name="rental_delivery_orders")
    op.drop_index("ix_rental_delivery_orders_lorry_id", table_name="rental_delivery_orders")
    op.drop_index("ix_rental_delivery_orders_fulfilment_status", table_name="rental_delivery_orders")
    op.drop_index("ix_rental_delivery_orders_driver_id", table_name="rental_delivery_orders")
    op.drop_index("ix_rental_delivery_orders_customer_id", table_name="rental_delivery_orders")
    op.drop_index("ix_rental_delivery_orders_created_at", table_name="rental_delivery_orders")
    op.drop_index("ix_rental_delivery_orders_company_name", table_name="rental_delivery_orders")
    op.drop_index("ix_rental_delivery_orders_company_key", table_name="rental_delivery_orders")
    op.drop_index("ix_rental_delivery_orders_bin_id", table_name="rental_delivery_orders")
    op.drop_index("ix_rental_delivery_orders_amount_minor", table_name="rental_delivery_orders")
    op.drop_table("rental_delivery_orders")
    op.drop_index("uq_rental_bookings_number", table_name="rental_bookings")
    op.drop_index("ix_rental_bookings_status", table_name="rental_bookings")
    op.drop_index("ix_rental_bookings_size", table_name="rental_bookings")
    op.drop_index("ix_rental_bookings_scheduled_on", table_name="rental_bookings")
    op.drop_index("ix_rental_bookings_lorry_id", table_name="rental_bookings")
    op.drop_index("ix_rental_bookings_driver_id", table_name="rental_bookings")
    op.drop_index("ix_rental_bookings_customer_id", table_name="rental_bookings")
    op.drop_index("ix_rental_bookings_created_by_id", table_name="rental_bookings")
    op.drop_index("ix_rental_bookings_area", table_name="rental_bookings")
    op.drop_table("rental_bookings")
    op.drop_index("uq_rental_bins_serial_number", table_name="rental_bins")
    op.drop_index("ix_rental_bins_status", table_name="rental_bins")
    op.drop_index("ix_rental_bins_size", table_name="rental_bins")
    op.drop_index("ix_rental_bins_delivery_order_id", table_name="rental_bins")
    op.drop_index("ix_rental_bins_customer_id", table_name="rental_bins")
    op.drop_index("ix_rental_bins_area", table_name="rental_bins")
    op.drop_table("rental_bins")
    op.drop_index("uq_refresh_tokens_token_hash", table_name="refresh_tokens")
    op.drop_index("ix_refresh_tokens_session_id", table_name="refresh_tokens")
    op.drop_table("refresh_tokens")
    op.drop_index("uq_user_sessions_token_hash", table_name="user_sessions")
    op.drop_index("ix_user_sessions_user_id", table_name="user_sessions")
    op.drop_index("ix_user_sessions_expires_at", table_name="user_sessions")
    op.drop_table("user_sessions")
    op.drop_index("uq_saved_views_name", table_name="saved_views")
    op.drop_table("saved_views")
    op.drop_index("uq_rental_lorry_documents_kind", table_name="rental_lorry_documents")
    op.drop_index("ix_rental_lorry_documents_expires_on", table_name="rental_lorry_documents")
    op.drop_table("rental_lorry_documents")
    op.drop_index("uq_rental_customers_party_id", table_name="rental_customers")
    op.drop_index("ix_rental_customers_created_at", table_name="rental_customers")
    op.drop_table("rental_customers")
    op.drop_index("uq_permission_overrides_user_permission", table_name="permission_overrides")
    op.drop_table("permission_overrides")
    op.drop_index(
        "uq_notifications_event", table_name="notifications", postgresql_where=sa.text("event_id IS NOT NULL")
    )
    op.drop_index("ix_notifications_user_id", table_name="notifications")
    op.drop_index(
        "ix_notifications_unread", table_name="notifications", postgresql_where=sa.text("read_at IS NULL")
    )
    op.drop_table("notifications")
    op.drop_index("ix_ledger_entries_transaction_id", table_name="ledger_entries")
    op.drop_index(
        "ix_ledger_entries_party",
        table_name="ledger_entries",
        postgresql_where=sa.text("party_id IS NOT NULL"),
    )
    op.drop_index(
        "ix_ledger_entries_holder",
        table_name="ledger_entries",
        postgresql_where=sa.text("holder_id IS NOT NULL"),
    )
    op.drop_index("ix_ledger_entries_account", table_name="ledger_entries")
    op.drop_table("ledger_entries")
    op.drop_index(
        "ix_event_deliveries_failed",
        table_name="event_deliveries",
        postgresql_where=sa.text("delivered_at IS NULL"),
    )
    op.drop_table("event_deliveries")
    op.drop_index("uq_attachments_storage_key", table_name="attachments")
    op.drop_index("ix_attachments_uploaded_by_id", table_name="attachments")
    op.drop_index("ix_attachments_target", table_name="attachments")
    op.drop_table("attachments")
    op.drop_index("uq_users_phone", table_name="users", postgresql_where=sa.text("phone IS NOT NULL"))
    op.drop_index("uq_users_email", table_name="users", postgresql_where=sa.text("email IS NOT NULL"))
    op.drop_index("ix_users_subject_id", table_name="users")
    op.drop_index("ix_users_role_name", table_name="users")
    op.drop_table("users")
    op.drop_index("uq_rental_waste_items_name", table_name="rental_waste_items")
    op.drop_table("rental_waste_items")
    op.drop_index("uq_rental_lorries_registration_no", table_name="rental_lorries")
    op.drop_index("ix_rental_lorries_status", table_name="rental_lorries")
    op.drop_table("rental_lorries")
    op.drop_index("uq_rental_drivers_phone", table_name="rental_drivers")
    op.drop_index("uq_rental_drivers_ic_number", table_name="rental_drivers")
    op.drop_index("ix_rental_drivers_status_name", table_name="rental_drivers")
    op.drop_index("ix_rental_drivers_name", table_name="rental_drivers")
    op.drop_table("rental_drivers")
    op.drop_index("uq_rental_business_single", table_name="rental_business")
    op.drop_table("rental_business")
    op.drop_index("ix_parties_phone", table_name="parties")
    op.drop_index(
        "ix_parties_name_key", table_name="parties", postgresql_ops={"name_key": "text_pattern_ops"}
    )
    op.drop_index("ix_parties_name", table_name="parties")
    op.drop_index("ix_parties_merged_into_id", table_name="parties")
    op.drop_index("ix_parties_email", table_name="parties")
    op.drop_table("parties")
    op.drop_table("number_series")
    op.drop_index("uq_ledger_transactions_source", table_name="ledger_transactions")
    op.drop_index(
        "uq_ledger_transactions_reverses_id",
        table_name="ledger_transactions",
        postgresql_where=sa.text("reverses_id IS NOT NULL"),
    )
    op.drop_index("ix_ledger_transactions_business_on", table_name="ledger_transactions")
    op.drop_table("ledger_transactions")
    op.drop_index("ix_job_runs_job_claimed_at", table_name="job_runs")
    op.drop_table("job_runs")
    op.drop_index("ix_idempotency_keys_created_at", table_name="idempotency_keys")
    op.drop_table("idempotency_keys")
    op.drop_index("ix_events_seq", table_name="events")
    op.drop_index("ix_events_entity", table_name="events")
    op.drop_table("events")
    op.drop_index("ix_audit_entries_occurred_at", table_name="audit_entries")
    op.drop_index("ix_audit_entries_entity", table_name="audit_entries")
    op.drop_index("ix_audit_entries_actor", table_name="audit_entries")
    op.drop_table("audit_entries")
