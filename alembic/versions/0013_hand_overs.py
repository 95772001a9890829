"""Cash that drivers hand over at the office."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0013_hand_overs"
down_revision = "0012_webhooks"
branch_labels = None
depends_on = None

TABLE = "rental_hand_overs"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Uuid(), nullable=False),
        _moment("created_at", nullable=False),
        _moment("updated_at", nullable=False),
        _text("hand_over_number", 30),
        sa.Column("driver_id", sa.Uuid(), nullable=False),
        _text("status", 20),
        _text("currency", 3),
        sa.Column("expected_minor", sa.BigInteger(), nullable=False),
        sa.Column("counted_minor", sa.BigInteger(), nullable=False),
        _text("note", 2000),
        _moment("counted_at", nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        _text("counted_by", 200),
        _moment("signed_at"),
        _text("signed_by", 200),
        _moment("cancelled_at"),
        _text("cancellation", 500),
        sa.CheckConstraint(
            "status IN ('counted', 'signed_off', 'cancelled')", name="ck_rental_hand_overs_status"
        ),
        sa.CheckConstraint("expected_minor > 0 AND counted_minor >= 0", name="ck_rental_hand_overs_amounts"),
        sa.CheckConstraint("counted_minor = expected_minor OR note <> ''", name="ck_rental_hand_overs_note"),
        sa.ForeignKeyConstraint(["driver_id"], ["rental_drivers.id"]),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rental_hand_overs")),
    )
    op.create_index("uq_rental_hand_overs_hand_over_number", TABLE, ["hand_over_number"], unique=True)
    unsigned = sa.text("status = 'counted'")
    op.create_index(
        "uq_rental_hand_overs_unsigned", TABLE, ["driver_id"], unique=True, postgresql_where=unsigned
    )
    for name in ("driver_id", "status", "counted_on"):
        op.create_index(f"ix_rental_hand_overs_{name}", TABLE, [name, "hand_over_number"])


def downgrade() -> None:
    op.drop_table(TABLE)


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sqlmodel.sql.sqltypes.AutoString(length=length), nullable=False)


def _moment(name: str, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sqlmodel.sql.sqltypes.UTCDateTime(), nullable=nullable)
