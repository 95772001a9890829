"""Messages that enclose a document which is printed when they leave."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0023_printed_later"
down_revision = "0022_customers_told"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kind = sqlmodel.sql.sqltypes.AutoString(length=120)
    op.add_column("messages", sa.Column("prints", kind, server_default="", nullable=False))
    op.alter_column("messages", "prints", server_default=None)


def downgrade() -> None:
    op.drop_column("messages", "prints")
