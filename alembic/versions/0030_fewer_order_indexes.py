"""What a weekly run and a settlement write of each order and parcel is found without an index of it."""

import sqlalchemy as sa
from alembic import op

revision = "0030_fewer_order_indexes"
down_revision = "0029_fewer_parcel_indexes"
branch_labels = None
depends_on = None

CLEARANCE = ("idx_parcels_clearance", "courier_parcels", ["clearance_required", "clearance_done"])


def upgrade() -> None:
    op.drop_index("ix_marketplace_orders_invoice_id", "marketplace_orders")
    op.drop_index(*CLEARANCE[:2])
    op.create_index(*CLEARANCE, postgresql_where=sa.text("clearance_required"))


def downgrade() -> None:
    op.drop_index(*CLEARANCE[:2])
    op.create_index(*CLEARANCE)
    op.create_index("ix_marketplace_orders_invoice_id", "marketplace_orders", ["invoice_id"])
