"""Records are found by the beginning of their number, phone or a word of their name; delivery orders get check links."""

import sqlalchemy as sa
from alembic import op

revision = "0004_search"
down_revision = "0003_guards"
branch_labels = None
depends_on = None

STARTS = (
    ("parties", "phone"),
    ("rental_bins", "serial_number"),
    ("rental_bookings", "number"),
    ("rental_delivery_orders", "system_do_number"),
    ("rental_delivery_orders", "do_book_number"),
    ("rental_delivery_orders", "phone"),
    ("rental_invoices", "invoice_number"),
    ("rental_payments", "receipt_number"),
)
RANDOM = "left(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 43)"
"""For orders there are, and those that are loaded in bulk: 43 hexadecimal digits, more than 160 random bits."""
WORDS = "to_tsvector('simple'::regconfig, (name::text || ' '::text) || contact_name::text)"


def upgrade() -> None:
    for table, column in STARTS:
        op.create_index(
            f"ix_{table}_{column}_start", table, [column], postgresql_ops={column: "text_pattern_ops"}
        )
    op.create_index("ix_parties_words", "parties", [sa.text(WORDS)], postgresql_using="gin")
    token = sa.Column("check_token", sa.String(43), nullable=False, server_default=sa.text(RANDOM))
    op.add_column("rental_delivery_orders", token)
    op.create_index(
        "uq_rental_delivery_orders_check_token", "rental_delivery_orders", ["check_token"], unique=True
    )


def downgrade() -> None:
    op.drop_column("rental_delivery_orders", "check_token")
    op.drop_index("ix_parties_words", "parties")
    for table, column in STARTS:
        op.drop_index(f"ix_{table}_{column}_start", table)
