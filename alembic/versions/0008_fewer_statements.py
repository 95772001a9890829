"""The database tells listeners of new events at their commit, and claims an Idempotency-Key in one statement."""

from alembic import op

revision = "0008_fewer_statements"
down_revision = "0007_lists_in_order"
branch_labels = None
depends_on = None

TELL = """
CREATE FUNCTION tell_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- a notice carries at most 8000 bytes: 150 ids
    PERFORM pg_notify('lattis_events', json_agg(id ORDER BY seq)::text)
    FROM (SELECT id, seq, (row_number() OVER (ORDER BY seq) - 1) / 150 AS part FROM added) numbered
    GROUP BY part;
    RETURN NULL;
END $$;
CREATE TRIGGER tell_events AFTER INSERT ON events
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION tell_events();
"""
CLAIM = """
CREATE FUNCTION claim_idempotency_key(by_actor uuid, by_key text)
RETURNS TABLE (claimed boolean, body_hash text, status_code integer, response bytea, created_at timestamptz)
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    claimed := pg_try_advisory_xact_lock(hashtextextended('idempotency ' || by_actor || ' ' || by_key, 0));
    IF claimed THEN
        -- a volatile function looks again with every statement: what committed before the lock was free is seen
        SELECT kept.body_hash, kept.status_code, kept.response, kept.created_at
        INTO body_hash, status_code, response, created_at
        FROM idempotency_keys kept WHERE kept.actor_id = by_actor AND kept.key = by_key;
    END IF;
    RETURN NEXT;
END $$
"""


def upgrade() -> None:
    op.execute(TELL)
    op.execute(CLAIM)


def downgrade() -> None:
    op.execute("DROP FUNCTION claim_idempotency_key(uuid, text)")
    op.execute("DROP FUNCTION tell_events() CASCADE")
