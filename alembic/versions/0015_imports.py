"""Files of records: each is a batch with its lines."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015_imports"
down_revision = "0014_movements_by_moment"
branch_labels = None
depends_on = None

COUNTS = (
    "row_count",
    "new_count",
    "known_count",
    "wrong_count",
    "created_count",
    "removed_count",
    "kept_count",
)


def text(length: int) -> sa.types.TypeEngine:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def upgrade() -> None:
    moment = sqlmodel.sql.sqltypes.UTCDateTime
    op.create_table(
        "import_batches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("updated_at", moment(), nullable=False),
        sa.Column("kind", text(40), nullable=False),
        sa.Column("file_name", text(120), nullable=False),
        sa.Column("sha256", text(64), nullable=False),
        sa.Column("headings", postgresql.JSONB(), nullable=False),
        sa.Column("ignored", postgresql.JSONB(), nullable=False),
        sa.Column("status", text(10), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in (*COUNTS, "done", "total")),
        sa.Column("uploaded_by_id", sa.Uuid(), nullable=True),
        sa.Column("uploaded_by", text(200), nullable=False),
        sa.Column("finished_at", moment(), nullable=True),
        sa.CheckConstraint(
            "status IN ('checked', 'running', 'done', 'undoing', 'undone')",
            name=op.f("ck_import_batches_status"),
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["users.id"], name=op.f("fk_import_batches_uploaded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batches")),
    )
    op.create_index("ix_import_batches_created_at", "import_batches", ["created_at", "id"])
    op.create_index("ix_import_batches_kind", "import_batches", ["kind", "created_at", "id"])
    op.create_index("ix_import_batches_status", "import_batches", ["status", "created_at", "id"])
    op.create_index("ix_import_batches_sha256", "import_batches", ["sha256"])
    op.create_index("ix_import_batches_uploaded_by_id", "import_batches", ["uploaded_by_id"])
    op.create_table(
        "import_rows",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("state", text(10), nullable=False),
        sa.Column("label", text(200), nullable=False),
        sa.Column("cells", postgresql.JSONB(), nullable=False),
        sa.Column("problems", postgresql.JSONB(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "state IN ('new', 'known', 'wrong', 'created', 'removed', 'kept')",
            name=op.f("ck_import_rows_state"),
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name=op.f("fk_import_rows_batch_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("batch_id", "line", name=op.f("pk_import_rows")),
    )
    op.create_index("ix_import_rows_state", "import_rows", ["batch_id", "state", "line"])


def downgrade() -> None:
    op.drop_table("import_rows")
    op.drop_table("import_batches")
