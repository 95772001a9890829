"""Who received a bin, and the signature they gave."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0020_receivers"
down_revision = "0019_report_schedules"
branch_labels = None
depends_on = None

TABLE = "rental_delivery_orders"


def upgrade() -> None:
    name = sqlmodel.sql.sqltypes.AutoString(length=200)
    op.add_column(TABLE, sa.Column("received_by", name, nullable=False, server_default=""))
    op.alter_column(TABLE, "received_by", server_default=None)
    op.add_column(TABLE, sa.Column("signature_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_rental_delivery_orders_signature_id"),
        TABLE,
        "attachments",
        ["signature_id"],
        ["id"],
    )


def downgrade() -> None:
    op.drop_constraint(op.f("fk_rental_delivery_orders_signature_id"), TABLE, type_="foreignkey")
    op.drop_column(TABLE, "signature_id")
    op.drop_column(TABLE, "received_by")
