"""The days a lorry was used are counted from its index alone."""

from alembic import op

revision = "0016_days_of_lorries"
down_revision = "0015_imports"
branch_labels = None
depends_on = None

NAME, TABLE = "ix_rental_delivery_orders_lorry_id", "rental_delivery_orders"


def upgrade() -> None:
    op.drop_index(NAME, TABLE)
    op.create_index(NAME, TABLE, ["lorry_id", "service_on"], postgresql_include=["status"])


def downgrade() -> None:
    op.drop_index(NAME, TABLE)
    op.create_index(NAME, TABLE, ["lorry_id", "service_on"])
