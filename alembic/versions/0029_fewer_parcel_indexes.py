"""Fewer and smaller indexes, since every one of them is written when 100,000 parcels are settled."""

import sqlalchemy as sa
from alembic import op

revision = "0029_fewer_parcel_indexes"
down_revision = "0028_settlement_run_details"
branch_labels = None
depends_on = None

TABLE = "courier_parcels"
UNIQUE, START = "uq_courier_parcels_tracking_number", "ix_courier_parcels_tracking_number_start"
PATTERN = {"tracking_number": "text_pattern_ops"}
LINES, NATURAL = "courier_invoice_lines", ["invoice_id", "kind", "tracking_number"]
PARTIAL = {
    "partner": (["partner", "delivered_at"], "partner <> ''"),
    "clearance_invoice_id": (["clearance_invoice_id"], "clearance_invoice_id IS NOT NULL"),
    "remittance_id": (["remittance_id"], "remittance_id IS NOT NULL"),
}


def upgrade() -> None:
    op.drop_index(START, TABLE)
    op.drop_index(UNIQUE, TABLE)
    op.create_index(UNIQUE, TABLE, ["tracking_number"], unique=True, postgresql_ops=PATTERN)
    for name, (columns, where) in PARTIAL.items():
        op.drop_index(f"ix_{TABLE}_{name}", TABLE)
        op.create_index(f"ix_{TABLE}_{name}", TABLE, columns, postgresql_where=sa.text(where))
    op.drop_column(LINES, "id")
    op.drop_index(f"ix_{LINES}_invoice_id", LINES)
    op.create_primary_key(f"pk_{LINES}", LINES, NATURAL)


def downgrade() -> None:
    op.drop_constraint(f"pk_{LINES}", LINES)
    key = sa.Column("id", sa.Uuid(), server_default=sa.func.gen_random_uuid(), nullable=False)
    op.add_column(LINES, key)
    op.alter_column(LINES, "id", server_default=None)
    op.create_primary_key(f"pk_{LINES}", LINES, ["id"])
    op.create_index(f"ix_{LINES}_invoice_id", LINES, NATURAL)
    for name, (columns, _) in PARTIAL.items():
        op.drop_index(f"ix_{TABLE}_{name}", TABLE)
        op.create_index(f"ix_{TABLE}_{name}", TABLE, columns)
    op.drop_index(UNIQUE, TABLE)
    op.create_index(UNIQUE, TABLE, ["tracking_number"], unique=True)
    op.create_index(START, TABLE, ["tracking_number"], postgresql_ops=PATTERN)
