"""The outbox of e-mails, SMS and WhatsApp messages, and how each user wants to be told."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011_messages"
down_revision = "0010_refunds"
branch_labels = None
depends_on = None


def text(length: int) -> sa.types.TypeEngine:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def upgrade() -> None:
    chosen = sa.Column("notification_channels", postgresql.JSONB(), nullable=False, server_default="{}")
    op.add_column("users", chosen)
    op.create_table(
        "messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("channel", text(10), nullable=False),
        sa.Column("address", text(254), nullable=False),
        sa.Column("name", text(200), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("kind", text(60), nullable=False),
        sa.Column("subject", text(200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("link", text(300), nullable=False),
        sa.Column("cause", text(120), nullable=True),
        sa.Column("state", text(16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", text(500), nullable=False),
        sa.Column("claimed_until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("next_attempt_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("sent_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("provider_id", text(200), nullable=False),
        sa.CheckConstraint("channel IN ('email', 'sms', 'whatsapp')", name=op.f("ck_messages_channel")),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'failed', 'not_configured')", name=op.f("ck_messages_state")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_messages_user_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
    )
    op.create_index(
        "uq_messages_cause",
        "messages",
        ["cause", "channel", "address"],
        unique=True,
        postgresql_where=sa.text("cause IS NOT NULL"),
    )
    op.create_index("ix_messages_created_at", "messages", ["created_at", "id"])
    op.create_index("ix_messages_state", "messages", ["state", "created_at", "id"])
    op.create_index("ix_messages_channel", "messages", ["channel", "created_at", "id"])
    op.create_index(
        "ix_messages_address", "messages", ["address"], postgresql_ops={"address": "text_pattern_ops"}
    )
    op.create_index("ix_messages_user_id", "messages", ["user_id"])


def downgrade() -> None:
    op.drop_table("messages")
    op.drop_column("users", "notification_channels")
