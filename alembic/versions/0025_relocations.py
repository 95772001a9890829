"""Moves of bins between two sites of a customer, planned for a day."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0025_relocations"
down_revision = "0024_scan_document_expiry"
branch_labels = None
depends_on = None

TABLE = "rental_relocations"
INDEXES = {
    "delivery_order_id": ("delivery_order_id", "scheduled_at"),
    "scheduled_on": ("scheduled_on", "scheduled_at"),
    "driver_id": ("driver_id", "scheduled_on"),
    "lorry_id": ("lorry_id", "scheduled_on"),
    "status": ("status", "scheduled_at", "id"),
}


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Uuid(), nullable=False),
        _moment("created_at"),
        _moment("updated_at"),
        sa.Column("delivery_order_id", sa.Uuid(), nullable=False),
        sa.Column("driver_id", sa.Uuid(), nullable=True),
        sa.Column("lorry_id", sa.Uuid(), nullable=True),
        _text("from_address", 2000),
        _text("site_address", 2000),
        _text("area", 60),
        _text("state", 60),
        _moment("scheduled_at"),
        sa.Column("scheduled_on", sa.Date(), nullable=False),
        _text("reason", 2000),
        _text("status", 20),
        _moment("done_at", nullable=True),
        _text("cancel_reason", 500),
        sa.CheckConstraint("status IN ('planned', 'done', 'cancelled')", name=f"ck_{TABLE}_status"),
        _points_at("delivery_order_id", "rental_delivery_orders"),
        _points_at("driver_id", "rental_drivers"),
        _points_at("lorry_id", "rental_lorries"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
    )
    for name, keys in INDEXES.items():
        op.create_index(f"ix_{TABLE}_{name}", TABLE, keys)
    op.create_index(
        f"uq_{TABLE}_planned",
        TABLE,
        ["delivery_order_id"],
        unique=True,
        postgresql_where=sa.text("status = 'planned'"),
    )


def downgrade() -> None:
    op.drop_table(TABLE)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sqlmodel.sql.sqltypes.UTCDateTime(), nullable=nullable)


def _text(name: str, length: int) -> sa.Column[object]:
    return sa.Column(name, sqlmodel.sql.sqltypes.AutoString(length=length), nullable=False)


def _points_at(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_{TABLE}_{column}"))
