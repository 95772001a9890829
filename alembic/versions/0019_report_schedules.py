"""Reports that are sent by e-mail again and again; attachments may be spreadsheets, whose type has a long name."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019_report_schedules"
down_revision = "0018_customer_merges"
branch_labels = None
depends_on = None

TABLE = "rental_report_schedules"


def upgrade() -> None:
    op.alter_column("attachments", "content_type", type_=_string(100))
    op.create_table(
        TABLE,
        sa.Column("id", sa.Uuid(), nullable=False),
        _moment("created_at"),
        _moment("updated_at"),
        _text("report", 60),
        sa.Column("asked", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        _text("frequency", 10),
        _text("period", 10),
        sa.Column("hour", sa.Integer(), nullable=False),
        _text("file_kind", 4),
        sa.Column("recipients", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        _moment("next_due_at"),
        _moment("last_sent_at", nullable=True),
        _text("last_error", 500),
        _text("created_by", 200),
        sa.CheckConstraint(
            "frequency IN ('daily', 'weekly', 'monthly')", name="ck_rental_report_schedules_frequency"
        ),
        sa.CheckConstraint(
            "period IN ('yesterday', 'last_week', 'last_month')", name="ck_rental_report_schedules_period"
        ),
        sa.CheckConstraint(
            "file_kind IN ('pdf', 'xlsx', 'csv')", name="ck_rental_report_schedules_file_kind"
        ),
        sa.CheckConstraint("hour BETWEEN 0 AND 23", name="ck_rental_report_schedules_hour"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rental_report_schedules")),
    )
    op.create_index(
        "ix_rental_report_schedules_next_due_at",
        TABLE,
        ["next_due_at"],
        postgresql_where=sa.text("active"),
    )


def downgrade() -> None:
    op.drop_table(TABLE)
    op.alter_column("attachments", "content_type", type_=_string(60))


def _string(length: int) -> sa.types.TypeEngine[str]:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, _string(length), nullable=False)


def _moment(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sqlmodel.sql.sqltypes.UTCDateTime(), nullable=nullable)
