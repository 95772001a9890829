"""Reports over years add up what stands in an index, without reading the rows."""

from alembic import op

revision = "0021_sums_from_indexes"
down_revision = "0020_receivers"
branch_labels = None
depends_on = None

ORDERS, MOVEMENTS = "rental_delivery_orders", "rental_bin_movements"
WIDER = (
    (ORDERS, "customer_id", ["customer_id", "service_on", "system_do_number"], ["status"]),
    (
        ORDERS,
        "driver_id",
        ["driver_id", "service_on", "system_do_number"],
        ["status", "fulfilment_status", "amount_minor"],
    ),
    (
        ORDERS,
        "status",
        ["status", "service_on", "system_do_number"],
        ["fulfilment_status", "amount_minor", "weight_kg"],
    ),
    (ORDERS, "created_at", ["created_at", "id"], ["area", "state"]),
    (MOVEMENTS, "bin_id", ["bin_id", "moved_at"], ["movement_type", "from_status"]),
)


def upgrade() -> None:
    for table, name, keys, included in WIDER:
        op.drop_index(f"ix_{table}_{name}", table)
        op.create_index(f"ix_{table}_{name}", table, keys, postgresql_include=included)


def downgrade() -> None:
    for table, name, keys, _ in WIDER:
        op.drop_index(f"ix_{table}_{name}", table)
        op.create_index(f"ix_{table}_{name}", table, keys)
