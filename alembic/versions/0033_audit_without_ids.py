"""The id of an audit entry follows from its place: a random one cost more than the rest of the entry."""

import sqlalchemy as sa
from alembic import op

revision = "0033_audit_without_ids"
down_revision = "0032_invoices_are_checked"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("audit_entries", "id")


def downgrade() -> None:
    op.add_column(
        "audit_entries",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
    )
    op.alter_column("audit_entries", "id", server_default=None)
