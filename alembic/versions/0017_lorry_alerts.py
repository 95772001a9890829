"""A lorry's paper knows of which step the office was warned last."""

import sqlalchemy as sa
from alembic import op

revision = "0017_lorry_alerts"
down_revision = "0016_days_of_lorries"
branch_labels = None
depends_on = None

TABLE = "rental_lorry_documents"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("alerted_step", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column(TABLE, "alerted_step")
