"""Documents are listed in the order of their numbers: after 99,999 they have six digits, which as text come before."""

import sqlalchemy as sa
from alembic import op

revision = "0034_numbers_in_order"
down_revision = "0033_audit_without_ids"
branch_labels = None
depends_on = None

DIGITS = "substr(number, length(rtrim(number, '0123456789')) + 1)"
FUNCTION = f"""
CREATE FUNCTION number_in_order(number varchar) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN rtrim(number, '0123456789') || chr(64 + length({DIGITS})) || {DIGITS}
"""
UNIQUE = {
    "uq_rental_bookings_number": ("rental_bookings", "number"),
    "uq_rental_delivery_orders_system_do_number": ("rental_delivery_orders", "system_do_number"),
    "uq_rental_invoices_invoice_number": ("rental_invoices", "invoice_number"),
    "uq_rental_payments_receipt_number": ("rental_payments", "receipt_number"),
    "uq_rental_refunds_refund_number": ("rental_refunds", "refund_number"),
    "uq_rental_hand_overs_hand_over_number": ("rental_hand_overs", "hand_over_number"),
    "uq_courier_merchant_invoices_invoice_no": ("courier_merchant_invoices", "invoice_no"),
}
WITHIN = {
    "rental_refunds": (
        "refund_number",
        ("delivery_order_id", "invoice_id", "customer_id", "status", "requested_on", "amount_minor"),
    ),
    "rental_hand_overs": ("hand_over_number", ("driver_id", "status", "counted_on")),
}


def upgrade() -> None:
    op.execute(FUNCTION)
    _index_by("number_in_order({})")


def downgrade() -> None:
    _index_by("{}")
    op.execute("DROP FUNCTION number_in_order")


def _index_by(order: str) -> None:
    for name, (table, number) in UNIQUE.items():
        op.drop_index(name, table)
        op.create_index(name, table, [sa.text(order.format(number))], unique=True)
    for table, (number, firsts) in WITHIN.items():
        for first in firsts:
            op.drop_index(f"ix_{table}_{first}", table)
            op.create_index(f"ix_{table}_{first}", table, [first, sa.text(order.format(number))])
