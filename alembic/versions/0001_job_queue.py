"""The job queue's own tables, types and functions.

The text beside this file is the schema that procrastinate 3.10.0 (MIT licence) ships, copied so that this
step does the same for ever: read from the installed package it would change with the next upgrade, and
databases made before and after would differ. Later versions of the queue bring their own migration files,
each of which becomes a revision here.
"""

from pathlib import Path

from alembic import op

revision = "0001_job_queue"
down_revision = None
branch_labels = None
depends_on = None

SCHEMA = Path(__file__).with_suffix(".sql")

DROP_EVERYTHING = """
DROP TABLE procrastinate_events, procrastinate_periodic_defers, procrastinate_jobs, procrastinate_workers CASCADE;
DO $$
DECLARE item regprocedure;
BEGIN
    FOR item IN SELECT oid FROM pg_proc WHERE proname LIKE 'procrastinate\\_%' LOOP
        EXECUTE format('DROP FUNCTION %s', item);
    END LOOP;
END $$;
DROP TYPE procrastinate_job_to_defer_v1, procrastinate_job_event_type, procrastinate_job_status;
"""


def upgrade() -> None:
    run(SCHEMA.read_text(encoding="utf-8"))


def downgrade() -> None:
    run(DROP_EVERYTHING)


def run(statements: str) -> None:
    """Execute text whose percent signs are its own."""
    op.get_bind().exec_driver_sql(statements, execution_options={"no_parameters": True})
