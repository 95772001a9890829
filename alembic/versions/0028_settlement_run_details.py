"""What clearances and amounts carried forward add to each line of a settlement run."""

import sqlalchemy as sa
from alembic import op

revision = "0028_settlement_run_details"
down_revision = "0027_courier"
branch_labels = None
depends_on = None

TABLE, COLUMNS = "courier_settlement_run_lines", ("clearance_minor", "opening_minor")


def upgrade() -> None:
    for name in COLUMNS:
        op.add_column(TABLE, sa.Column(name, sa.BigInteger(), nullable=False, server_default="0"))
        op.alter_column(TABLE, name, server_default=None)


def downgrade() -> None:
    for name in COLUMNS:
        op.drop_column(TABLE, name)
