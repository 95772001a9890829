"""Long lists know how many rows they have, and every filter and order they offer has its index."""

import sqlalchemy as sa
from alembic import op

revision = "0005_counted_lists"
down_revision = "0004_search"
branch_labels = None
depends_on = None

COUNTED = ("rental_bookings", "rental_delivery_orders", "rental_invoices", "rental_payments")
NOTE = """
CREATE FUNCTION note_row_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        DELETE FROM row_count_changes WHERE counted_table = TG_TABLE_NAME;
    ELSE
        INSERT INTO row_count_changes (counted_table, change)
        SELECT TG_TABLE_NAME, CASE TG_OP WHEN 'INSERT' THEN count(*) ELSE -count(*) END FROM changed HAVING count(*) > 0;
    END IF;
    RETURN NULL;
END $$
"""
TRIGGERS = """
CREATE TRIGGER note_added AFTER INSERT ON {table} REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_row_count();
CREATE TRIGGER note_removed AFTER DELETE ON {table} REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_row_count();
CREATE TRIGGER note_emptied AFTER TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION note_row_count();
INSERT INTO row_count_changes (counted_table, change) SELECT '{table}', count(*) FROM {table} HAVING count(*) > 0;
"""
PLACE = "lower(replace(replace(area, ' ', ''), '_', ''))"
INDEXES = {
    "ix_rental_bookings_scheduled_at": ("rental_bookings", ["scheduled_at", "id"]),
    "ix_rental_bookings_status_id": ("rental_bookings", ["status", "id"]),
    "ix_rental_payments_received_at": ("rental_payments", ["received_at", "id"]),
    "ix_rental_delivery_orders_payment_method": (
        "rental_delivery_orders",
        ["payment_method", "service_on", "id"],
    ),
}


def upgrade() -> None:
    op.create_table(
        "row_count_changes",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("counted_table", sa.String(63), nullable=False),
        sa.Column("change", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_row_count_changes"),
    )
    op.create_index("ix_row_count_changes_counted_table", "row_count_changes", ["counted_table"])
    op.execute(NOTE)
    for table in COUNTED:
        op.execute(TRIGGERS.format(table=table))
    for name, (table, columns) in INDEXES.items():
        op.create_index(name, table, columns)
    op.drop_index("ix_rental_bookings_area", "rental_bookings")
    op.create_index(
        "ix_rental_bookings_place",
        "rental_bookings",
        [sa.text(PLACE), "scheduled_on"],
        postgresql_include=["area"],
    )


def downgrade() -> None:
    op.drop_index("ix_rental_bookings_place", "rental_bookings")
    op.create_index("ix_rental_bookings_area", "rental_bookings", ["area", "scheduled_on"])
    for name, (table, _) in INDEXES.items():
        op.drop_index(name, table)
    op.execute("DROP FUNCTION note_row_count() CASCADE")
    op.drop_table("row_count_changes")
