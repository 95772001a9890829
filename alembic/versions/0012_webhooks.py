"""Webhooks, their deliveries and attempts; the database itself adds a delivery for every event that one asks for."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012_webhooks"
down_revision = "0011_messages"
branch_labels = None
depends_on = None

OFFER = """
CREATE FUNCTION offer_events() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    jobs procrastinate_job_to_defer_v1[];
BEGIN
    -- one look at a table of few rows, and nothing more while nobody listens
    IF EXISTS (SELECT FROM webhooks WHERE active) THEN
        WITH offered AS (
            INSERT INTO webhook_deliveries (id, created_at, updated_at, webhook_id, event_id, event, state, attempts)
            SELECT gen_random_uuid(), added.occurred_at, added.occurred_at, w.id, added.id, added.name, 'waiting', 0
            FROM added JOIN webhooks w ON w.active AND added.name = ANY(w.event_types)
            ORDER BY added.seq
            RETURNING id
        )
        SELECT array_agg(ROW('outside', 'webhooks.send', 0, NULL, NULL,
                             jsonb_build_object('delivery_id', id), NULL)::procrastinate_job_to_defer_v1)
        INTO jobs FROM offered;
        IF jobs IS NOT NULL THEN
            PERFORM procrastinate_defer_jobs_v1(jobs);
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER offer_events AFTER INSERT ON events
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION offer_events();
"""


def text(length: int) -> sa.types.TypeEngine:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def moment(name: str, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sqlmodel.sql.sqltypes.UTCDateTime(), nullable=nullable)


def record() -> list[sa.Column]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        moment("created_at", False),
        moment("updated_at", False),
    ]


def upgrade() -> None:
    op.create_table(
        "webhooks",
        *record(),
        sa.Column("url", text(500), nullable=False),
        sa.Column("description", text(120), nullable=False),
        sa.Column("event_types", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("secret", text(100), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        moment("failing_since"),
        moment("switched_off_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
    )
    op.create_table(
        "webhook_deliveries",
        *record(),
        sa.Column("webhook_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("event", text(60), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("state", text(10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("status_code", sa.Integer(), nullable=True),
        moment("next_attempt_at"),
        moment("delivered_at"),
        sa.CheckConstraint(
            "state IN ('waiting', 'delivered', 'failed')", name=op.f("ck_webhook_deliveries_state")
        ),
        sa.ForeignKeyConstraint(
            ["webhook_id"], ["webhooks.id"], name=op.f("fk_webhook_deliveries_webhook_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
    )
    op.create_index(
        "uq_webhook_deliveries_event",
        "webhook_deliveries",
        ["event_id", "webhook_id"],
        unique=True,
        postgresql_where=sa.text("event_id IS NOT NULL"),
    )
    log = ["webhook_id", "created_at", "id"]
    op.create_index("ix_webhook_deliveries_webhook_id", "webhook_deliveries", log)
    for column in ("state", "event"):
        op.create_index(f"ix_webhook_deliveries_{column}", "webhook_deliveries", [log[0], column, *log[1:]])
    op.create_index("ix_webhook_deliveries_created_at", "webhook_deliveries", ["created_at"])
    op.create_table(
        "webhook_attempts",
        *record(),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        moment("attempted_at", False),
        sa.Column("status_code", sa.Integer(), nullable=True),
        sa.Column("response", text(1000), nullable=False),
        sa.Column("error", text(500), nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["webhook_deliveries.id"],
            name=op.f("fk_webhook_attempts_delivery_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_attempts")),
    )
    op.create_index("ix_webhook_attempts_delivery_id", "webhook_attempts", ["delivery_id", "attempted_at"])
    op.execute(OFFER)


def downgrade() -> None:
    op.execute("DROP FUNCTION offer_events() CASCADE")
    for table in ("webhook_attempts", "webhook_deliveries", "webhooks"):
        op.drop_table(table)
