"""Sellers, their products and orders, weekly invoices and what is said and logged of them."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026_marketplace"
down_revision = "0025_relocations"
branch_labels = None
depends_on = None

COUNTED = ("marketplace_orders", "marketplace_invoices")
TRIGGERS = """
CREATE TRIGGER note_added AFTER INSERT ON {table} REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_row_count();
CREATE TRIGGER note_removed AFTER DELETE ON {table} REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_row_count();
CREATE TRIGGER note_emptied AFTER TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION note_row_count();
"""


def upgrade() -> None:
    _make_runs()
    _make_settings()
    _make_sellers()
    _make_invoices()
    _make_products()
    _make_invoice_items()
    _make_orders()
    _make_payment_claims()
    for table in COUNTED:
        op.execute(TRIGGERS.format(table=table))


def downgrade() -> None:
    op.drop_table("marketplace_payment_claims")
    op.drop_table("marketplace_orders")
    op.drop_table("marketplace_invoice_items")
    op.drop_table("marketplace_products")
    op.drop_table("marketplace_invoices")
    op.drop_table("marketplace_sellers")
    op.drop_table("marketplace_settings")
    op.drop_table("marketplace_runs")
    op.execute(
        sa.text("DELETE FROM row_count_changes WHERE counted_table = ANY(:tables)").bindparams(
            tables=list(COUNTED)
        )
    )


def _make_runs() -> None:
    op.create_table(
        "marketplace_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("week_starts_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        _text("requested_by", 200),
        _moment("finished_at"),
        sa.Column("invoices", sa.Integer(), nullable=False),
        sa.Column("orders", sa.Integer(), nullable=False),
        _minor("total_mkd_minor"),
        _minor("total_eur_minor"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marketplace_runs")),
    )
    op.create_index("ix_marketplace_runs_finished_at", "marketplace_runs", ["finished_at", "id"])
    op.create_index(
        "ix_marketplace_runs_week_starts_on", "marketplace_runs", ["week_starts_on", "finished_at"]
    )


def _make_settings() -> None:
    op.create_table(
        "marketplace_settings",
        sa.Column("id", sa.Uuid(), nullable=False),
        _moment("created_at"),
        _moment("updated_at"),
        _text("name", 200),
        _text("address", 2000),
        _text("email", 254, nullable=True),
        _text("bank_details", 2000),
        sa.Column("payment_deadline_days", sa.Integer(), nullable=False),
        sa.Column("exchange_rate", sa.Numeric(precision=10, scale=4), nullable=False),
        _text("seller_mark_paid", 10),
        _percent("platform_fee_percent"),
        _percent("affiliate_fee_percent"),
        sa.CheckConstraint(
            "seller_mark_paid IN ('trusted', 'verify')", name=op.f("ck_marketplace_settings_seller_mark_paid")
        ),
        sa.CheckConstraint(
            "affiliate_fee_percent BETWEEN 0 AND 100",
            name=op.f("ck_marketplace_settings_affiliate_fee_percent"),
        ),
        sa.CheckConstraint("exchange_rate > 0", name=op.f("ck_marketplace_settings_exchange_rate")),
        sa.CheckConstraint(
            "payment_deadline_days BETWEEN 3 AND 5",
            name=op.f("ck_marketplace_settings_payment_deadline_days"),
        ),
        sa.CheckConstraint(
            "platform_fee_percent BETWEEN 0 AND 100",
            name=op.f("ck_marketplace_settings_platform_fee_percent"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marketplace_settings")),
    )
    op.create_index("uq_marketplace_settings_only", "marketplace_settings", [sa.text("(true)")], unique=True)


def _make_sellers() -> None:
    op.create_table(
        "marketplace_sellers",
        sa.Column("id", sa.Uuid(), nullable=False),
        _moment("created_at"),
        _moment("updated_at"),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        _text("code", 12),
        _text("store_name", 200),
        _text("base_currency", 3),
        _percent("platform_fee_percent", nullable=True),
        _percent("affiliate_fee_percent", nullable=True),
        _moment("restricted_at", nullable=True),
        sa.CheckConstraint(
            "base_currency IN ('MKD', 'EUR')", name=op.f("ck_marketplace_sellers_base_currency")
        ),
        sa.CheckConstraint("code ~ '^[A-Z0-9]{2,12}$'", name=op.f("ck_marketplace_sellers_code")),
        sa.CheckConstraint(
            "affiliate_fee_percent BETWEEN 0 AND 100",
            name=op.f("ck_marketplace_sellers_affiliate_fee_percent"),
        ),
        sa.CheckConstraint(
            "platform_fee_percent BETWEEN 0 AND 100", name=op.f("ck_marketplace_sellers_platform_fee_percent")
        ),
        _points_at("marketplace_sellers", "party_id", "parties"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marketplace_sellers")),
    )
    op.create_index("ix_marketplace_sellers_created_at", "marketplace_sellers", ["created_at", "id"])
    op.create_index(
        "ix_marketplace_sellers_restricted_at",
        "marketplace_sellers",
        ["restricted_at", "id"],
        postgresql_where=sa.text("restricted_at IS NOT NULL"),
    )
    op.create_index("ix_marketplace_sellers_store_name", "marketplace_sellers", ["store_name", "id"])
    op.create_index("uq_marketplace_sellers_code", "marketplace_sellers", ["code"], unique=True)
    op.create_index("uq_marketplace_sellers_party_id", "marketplace_sellers", ["party_id"], unique=True)


def _make_invoices() -> None:
    op.create_table(
        "marketplace_invoices",
        sa.Column("id", sa.Uuid(), nullable=False),
        _moment("created_at"),
        _moment("updated_at"),
        _text("invoice_number", 40),
        sa.Column("seller_id", sa.Uuid(), nullable=False),
        sa.Column("week_starts_on", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        _text("status", 12),
        _text("base_currency", 3),
        sa.Column("exchange_rate", sa.Numeric(precision=10, scale=4), nullable=False),
        _minor("total_minor"),
        _minor("platform_mkd_minor"),
        _minor("platform_eur_minor"),
        _minor("affiliate_mkd_minor"),
        _minor("affiliate_eur_minor"),
        sa.Column("order_count", sa.Integer(), nullable=False),
        sa.Column("issuer", postgresql.JSONB(), nullable=False),
        sa.Column("bill_to", postgresql.JSONB(), nullable=False),
        _moment("paid_at", nullable=True),
        _text("paid_by", 200),
        _text("payment_notes", 2000),
        _moment("cancelled_at", nullable=True),
        _text("cancel_reason", 500),
        sa.CheckConstraint(
            "(status = 'paid') = (paid_at IS NOT NULL)", name=op.f("ck_marketplace_invoices_paid_at")
        ),
        sa.CheckConstraint(
            "base_currency IN ('MKD', 'EUR')", name=op.f("ck_marketplace_invoices_base_currency")
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'paid', 'overdue', 'cancelled')",
            name=op.f("ck_marketplace_invoices_status"),
        ),
        sa.CheckConstraint(
            "extract(isodow FROM week_starts_on) = 1", name=op.f("ck_marketplace_invoices_week_starts_on")
        ),
        sa.CheckConstraint("order_count > 0", name=op.f("ck_marketplace_invoices_order_count")),
        _points_at("marketplace_invoices", "seller_id", "marketplace_sellers"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marketplace_invoices")),
    )
    op.create_index("ix_marketplace_invoices_due_on", "marketplace_invoices", ["due_on", "invoice_number"])
    op.create_index(
        "ix_marketplace_invoices_invoice_number_start",
        "marketplace_invoices",
        ["invoice_number"],
        postgresql_ops={"invoice_number": "text_pattern_ops"},
    )
    op.create_index(
        "ix_marketplace_invoices_seller_id", "marketplace_invoices", ["seller_id", "status", "week_starts_on"]
    )
    op.create_index(
        "ix_marketplace_invoices_status",
        "marketplace_invoices",
        ["status", "week_starts_on", "invoice_number"],
    )
    op.create_index(
        "ix_marketplace_invoices_total_minor", "marketplace_invoices", ["total_minor", "invoice_number"]
    )
    op.create_index(
        "ix_marketplace_invoices_week_starts_on", "marketplace_invoices", ["week_starts_on", "invoice_number"]
    )
    op.create_index(
        "uq_marketplace_invoices_invoice_number", "marketplace_invoices", ["invoice_number"], unique=True
    )
    op.create_index(
        "uq_marketplace_invoices_revision",
        "marketplace_invoices",
        ["seller_id", "week_starts_on", "revision"],
        unique=True,
    )
    op.create_index(
        "uq_marketplace_invoices_week",
        "marketplace_invoices",
        ["seller_id", "week_starts_on"],
        unique=True,
        postgresql_where=sa.text("status <> 'cancelled'"),
    )


def _make_products() -> None:
    op.create_table(
        "marketplace_products",
        sa.Column("id", sa.Uuid(), nullable=False),
        _moment("created_at"),
        _moment("updated_at"),
        sa.Column("seller_id", sa.Uuid(), nullable=False),
        _text("name", 200),
        _text("description", 2000),
        _minor("price_minor"),
        _text("currency", 3),
        sa.Column("active", sa.Boolean(), nullable=False),
        _moment("hidden_at", nullable=True),
        sa.CheckConstraint("currency IN ('MKD', 'EUR')", name=op.f("ck_marketplace_products_currency")),
        sa.CheckConstraint("NOT active OR hidden_at IS NULL", name=op.f("ck_marketplace_products_hidden_at")),
        sa.CheckConstraint("price_minor > 0", name=op.f("ck_marketplace_products_price_minor")),
        _points_at("marketplace_products", "seller_id", "marketplace_sellers"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marketplace_products")),
    )
    op.create_index(
        "ix_marketplace_products_active",
        "marketplace_products",
        ["name", "id"],
        postgresql_where=sa.text("active"),
    )
    op.create_index(
        "ix_marketplace_products_hidden_at",
        "marketplace_products",
        ["seller_id"],
        postgresql_where=sa.text("hidden_at IS NOT NULL"),
    )
    op.create_index("ix_marketplace_products_seller_id", "marketplace_products", ["seller_id", "name", "id"])


def _make_invoice_items() -> None:
    op.create_table(
        "marketplace_invoice_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        _text("order_number", 30),
        _moment("delivered_at"),
        _text("currency", 3),
        _minor("price_minor"),
        _percent("platform_fee_percent"),
        _minor("platform_fee_minor"),
        _percent("affiliate_fee_percent", nullable=True),
        _minor("affiliate_fee_minor"),
        sa.CheckConstraint("currency IN ('MKD', 'EUR')", name=op.f("ck_marketplace_invoice_items_currency")),
        _points_at("marketplace_invoice_items", "invoice_id", "marketplace_invoices"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marketplace_invoice_items")),
    )
    op.create_index(
        "ix_marketplace_invoice_items_invoice_id",
        "marketplace_invoice_items",
        ["invoice_id", "delivered_at", "order_number"],
    )


def _make_orders() -> None:
    op.create_table(
        "marketplace_orders",
        sa.Column("id", sa.Uuid(), nullable=False),
        _moment("created_at"),
        _moment("updated_at"),
        _text("order_number", 30),
        sa.Column("seller_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=True),
        _text("product_name", 200),
        _text("buyer_name", 200),
        _text("buyer_phone", 40),
        _text("buyer_address", 2000),
        _text("status", 12),
        _text("payment_type", 8),
        _minor("price_minor"),
        _text("currency", 3),
        _text("affiliate", 60, nullable=True),
        _moment("delivered_at", nullable=True),
        sa.Column("delivered_week", sa.Date(), nullable=True),
        _percent("platform_fee_percent", nullable=True),
        _percent("affiliate_fee_percent", nullable=True),
        sa.Column("invoice_id", sa.Uuid(), nullable=True),
        sa.Column("seller_paid", sa.Boolean(), nullable=False),
        _moment("payment_settled_at", nullable=True),
        sa.CheckConstraint(
            "(status = 'delivered') = (delivered_at IS NOT NULL AND delivered_week IS NOT NULL AND platform_fee_percent IS NOT NULL)",
            name=op.f("ck_marketplace_orders_delivered_at"),
        ),
        sa.CheckConstraint("currency IN ('MKD', 'EUR')", name=op.f("ck_marketplace_orders_currency")),
        sa.CheckConstraint(
            "payment_type IN ('COD', 'CARD')", name=op.f("ck_marketplace_orders_payment_type")
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'shipped', 'delivered', 'returned', 'cancelled')",
            name=op.f("ck_marketplace_orders_status"),
        ),
        sa.CheckConstraint("price_minor > 0", name=op.f("ck_marketplace_orders_price_minor")),
        _points_at("marketplace_orders", "invoice_id", "marketplace_invoices"),
        _points_at("marketplace_orders", "product_id", "marketplace_products"),
        _points_at("marketplace_orders", "seller_id", "marketplace_sellers"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marketplace_orders")),
    )
    op.create_index(
        "ix_marketplace_orders_billable",
        "marketplace_orders",
        ["seller_id", "delivered_week"],
        postgresql_where=sa.text(
            "status = 'delivered' AND payment_type = 'COD' AND NOT seller_paid AND invoice_id IS NULL"
        ),
    )
    op.create_index("ix_marketplace_orders_created_at", "marketplace_orders", ["created_at", "order_number"])
    op.create_index("ix_marketplace_orders_invoice_id", "marketplace_orders", ["invoice_id"])
    op.create_index(
        "ix_marketplace_orders_seller_id", "marketplace_orders", ["seller_id", "created_at", "order_number"]
    )
    op.create_index(
        "ix_marketplace_orders_status", "marketplace_orders", ["status", "created_at", "order_number"]
    )
    op.create_index(
        "uq_marketplace_orders_order_number",
        "marketplace_orders",
        ["order_number"],
        unique=True,
        postgresql_ops={"order_number": "text_pattern_ops"},
    )


def _make_payment_claims() -> None:
    op.create_table(
        "marketplace_payment_claims",
        sa.Column("id", sa.Uuid(), nullable=False),
        _moment("created_at"),
        _moment("updated_at"),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        _text("status", 12),
        _text("proof", 500),
        _text("payment_notes", 2000),
        _text("claimed_by", 200),
        _moment("decided_at", nullable=True),
        _text("decided_by", 200),
        _text("rejection", 500),
        sa.CheckConstraint(
            "status IN ('claimed', 'confirmed', 'rejected')",
            name=op.f("ck_marketplace_payment_claims_status"),
        ),
        _points_at("marketplace_payment_claims", "invoice_id", "marketplace_invoices"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marketplace_payment_claims")),
    )
    op.create_index(
        "ix_marketplace_payment_claims_invoice_id", "marketplace_payment_claims", ["invoice_id", "created_at"]
    )
    op.create_index(
        "uq_marketplace_payment_claims_open",
        "marketplace_payment_claims",
        ["invoice_id"],
        unique=True,
        postgresql_where=sa.text("status = 'claimed'"),
    )


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sqlmodel.sql.sqltypes.UTCDateTime(), nullable=nullable)


def _text(name: str, length: int, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sqlmodel.sql.sqltypes.AutoString(length=length), nullable=nullable)


def _minor(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _percent(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Numeric(precision=5, scale=2), nullable=nullable)


def _points_at(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))
