"""Rows that tie in a list stand by their number or time: its indexes end on those instead of ids."""

import sqlalchemy as sa
from alembic import op

revision = "0007_lists_in_order"
down_revision = "0006_audit_labels"
branch_labels = None
depends_on = None

ENDINGS = {
    "rental_bookings": {
        "scheduled_on": (["scheduled_on"], "created_at"),
        "scheduled_at": (["scheduled_at"], "created_at"),
    },
    "rental_delivery_orders": {
        "service_on": (["service_on"], "system_do_number"),
        "status": (["status", "service_on"], "system_do_number"),
        "fulfilment_status": (["fulfilment_status", "service_on"], "system_do_number"),
        "driver_id": (["driver_id", "service_on"], "system_do_number"),
        "customer_id": (["customer_id", "service_on"], "system_do_number"),
        "payment_method": (["payment_method", "service_on"], "system_do_number"),
        "amount_minor": (["amount_minor"], "system_do_number"),
        "company_name": (["company_name"], "system_do_number"),
    },
    "rental_invoices": {
        "issued_on": (["issued_on"], None),
        "due_on": (["due_on"], "invoice_number"),
        "total_minor": (["total_minor"], "invoice_number"),
    },
    "rental_payments": {
        "received_on": (["received_on"], "received_at"),
        "received_at": (["received_at"], "receipt_number"),
        "amount_minor": (["amount_minor"], "received_at"),
    },
}
LISTED_ON = """(
CASE
    WHEN status::text = 'draft'::text THEN 'infinity'::date
    ELSE COALESCE(issued_on, '-infinity'::date)
END)"""


def upgrade() -> None:
    for table, changed in ENDINGS.items():
        for name, (columns, ending) in changed.items():
            _replace(table, name, [*columns, ending] if ending else columns)
    op.drop_index("ix_rental_bookings_status_id", "rental_bookings")
    op.create_index("ix_rental_bookings_status_created_at", "rental_bookings", ["status", "created_at"])
    op.create_index("ix_rental_bookings_created_at", "rental_bookings", ["created_at"])
    op.create_index(
        "ix_rental_invoices_listed_on",
        "rental_invoices",
        [sa.text(LISTED_ON), "invoice_number", "created_at"],
    )


def downgrade() -> None:
    op.drop_index("ix_rental_invoices_listed_on", "rental_invoices")
    op.drop_index("ix_rental_bookings_created_at", "rental_bookings")
    op.drop_index("ix_rental_bookings_status_created_at", "rental_bookings")
    op.create_index("ix_rental_bookings_status_id", "rental_bookings", ["status", "id"])
    for table, changed in ENDINGS.items():
        for name, (columns, _) in changed.items():
            _replace(table, name, [*columns, "id"])


def _replace(table: str, name: str, columns: list[str]) -> None:
    op.drop_index(f"ix_{table}_{name}", table)
    op.create_index(f"ix_{table}_{name}", table, columns)
