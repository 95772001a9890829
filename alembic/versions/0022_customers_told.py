"""How customers want to be told, messages that are of no use later, and orders that exchange a bin."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0022_customers_told"
down_revision = "0021_sums_from_indexes"
branch_labels = None
depends_on = None

ORDERS = "rental_delivery_orders"


def upgrade() -> None:
    _add("rental_business", "email_invoices", sa.Boolean(), "true")
    _add("rental_customers", "email_messages", sa.Boolean(), "true")
    _add("rental_customers", "message_channel", sqlmodel.sql.sqltypes.AutoString(length=10), "sms")
    op.create_check_constraint(
        op.f("ck_rental_customers_message_channel"),
        "rental_customers",
        "message_channel IN ('none', 'sms', 'whatsapp')",
    )
    op.add_column("messages", sa.Column("of_use_until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    op.add_column(ORDERS, sa.Column("exchange_of_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_rental_delivery_orders_exchange_of_id"), ORDERS, ORDERS, ["exchange_of_id"], ["id"]
    )
    op.create_index("ix_rental_delivery_orders_exchange_of_id", ORDERS, ["exchange_of_id"])


def downgrade() -> None:
    op.drop_index("ix_rental_delivery_orders_exchange_of_id", table_name=ORDERS)
    op.drop_constraint(op.f("fk_rental_delivery_orders_exchange_of_id"), ORDERS, type_="foreignkey")
    op.drop_column(ORDERS, "exchange_of_id")
    op.drop_column("messages", "of_use_until")
    op.drop_constraint(op.f("ck_rental_customers_message_channel"), "rental_customers", type_="check")
    op.drop_column("rental_customers", "message_channel")
    op.drop_column("rental_customers", "email_messages")
    op.drop_column("rental_business", "email_invoices")


def _add(table: str, name: str, kind: sa.types.TypeEngine[object], default: str) -> None:
    op.add_column(table, sa.Column(name, kind, nullable=False, server_default=default))
    op.alter_column(table, name, server_default=None)
