"""Merchant invoices and sellers' weekly invoices get a check link, those there are and those billed by one statement too."""

import sqlalchemy as sa
from alembic import op

revision = "0032_invoices_are_checked"
down_revision = "0031_audit_by_place"
branch_labels = None
depends_on = None

TABLES = ("courier_merchant_invoices", "marketplace_invoices")
RANDOM = "left(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 43)"
"""43 hexadecimal digits, more than 160 random bits."""


def upgrade() -> None:
    for table in TABLES:
        token = sa.Column("check_token", sa.String(43), nullable=False, server_default=sa.text(RANDOM))
        op.add_column(table, token)
        op.create_index(f"uq_{table}_check_token", table, ["check_token"], unique=True)


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "check_token")
