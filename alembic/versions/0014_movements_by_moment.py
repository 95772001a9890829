"""The report of all bins' movements finds a span of them, and the last ones, without reading all."""

from alembic import op

revision = "0014_movements_by_moment"
down_revision = "0013_hand_overs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_rental_bin_movements_moved_at", "rental_bin_movements", ["moved_at"])


def downgrade() -> None:
    op.drop_index("ix_rental_bin_movements_moved_at", "rental_bin_movements")
