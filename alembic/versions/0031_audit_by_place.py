"""Entries of the audit log are told apart by their place in it, so that each needs one index less."""

from alembic import op

revision = "0031_audit_by_place"
down_revision = "0030_fewer_order_indexes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_constraint("pk_audit_entries", "audit_entries")
    op.create_primary_key("pk_audit_entries", "audit_entries", ["seq"])


def downgrade() -> None:
    op.drop_constraint("pk_audit_entries", "audit_entries")
    op.create_primary_key("pk_audit_entries", "audit_entries", ["id"])
