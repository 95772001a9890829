"""An audit entry says what people call its record."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0006_audit_labels"
down_revision = "0005_counted_lists"
branch_labels = None
depends_on = None


def upgrade() -> None:
    label = sa.Column(
        "label", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False, server_default=""
    )
    op.add_column("audit_entries", label)


def downgrade() -> None:
    op.drop_column("audit_entries", "label")
