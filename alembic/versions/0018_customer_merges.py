"""A customer may have been merged into another; whatever is written about the old one is the new one's."""

import sqlalchemy as sa
from alembic import op

revision = "0018_customer_merges"
down_revision = "0017_lorry_alerts"
branch_labels = None
depends_on = None

FOLLOWING = (
    "rental_bookings",
    "rental_delivery_orders",
    "rental_bins",
    "rental_bin_movements",
    "rental_invoices",
    "rental_charges",
    "rental_payments",
    "rental_refunds",
)
FOLLOW = """
CREATE FUNCTION rental_follow_customer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    other uuid;
BEGIN
    SELECT merged_into_id INTO other FROM rental_customers WHERE id = NEW.customer_id FOR KEY SHARE;
    IF other IS NOT NULL THEN
        NEW.customer_id := other;
    END IF;
    RETURN NEW;
END
$$
"""


def upgrade() -> None:
    op.add_column("rental_customers", sa.Column("merged_into_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_rental_customers_merged_into_id"),
        "rental_customers",
        "rental_customers",
        ["merged_into_id"],
        ["id"],
    )
    op.create_index("ix_rental_customers_merged_into_id", "rental_customers", ["merged_into_id"])
    op.execute(FOLLOW)
    for table in FOLLOWING:
        op.execute(
            f"CREATE TRIGGER follow_customer BEFORE INSERT OR UPDATE OF customer_id ON {table} FOR EACH ROW "
            "WHEN (NEW.customer_id IS NOT NULL) EXECUTE FUNCTION rental_follow_customer()"
        )


def downgrade() -> None:
    for table in FOLLOWING:
        op.execute(f"DROP TRIGGER follow_customer ON {table}")
    op.execute("DROP FUNCTION rental_follow_customer()")
    op.drop_column("rental_customers", "merged_into_id")
