"""The database itself keeps the ledger balanced, and shows people only their own notifications and views."""

from alembic import op

revision = "0003_guards"
down_revision = "0002_foundation"
branch_labels = None
depends_on = None

BALANCE = """
CREATE FUNCTION ledger_entries_must_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM added GROUP BY transaction_id, currency HAVING sum(amount_minor) <> 0) THEN
        RAISE EXCEPTION 'ledger entries of a transaction must add up to zero'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_ledger_entries_balance', TABLE = 'ledger_entries';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_entries_must_balance AFTER INSERT ON ledger_entries
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_entries_must_balance();
"""

OWN_ROWS = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY {table}_read_own ON {table} FOR SELECT
    USING (user_id::text = current_setting('lattis.user_id', true));
CREATE POLICY {table}_change_own ON {table} FOR UPDATE
    USING (user_id::text = current_setting('lattis.user_id', true));
CREATE POLICY {table}_remove_own ON {table} FOR DELETE
    USING (user_id::text = current_setting('lattis.user_id', true));
"""
TELL_ANYBODY = "CREATE POLICY notifications_tell ON notifications FOR INSERT WITH CHECK (true);"
SAVE_OWN = (
    "CREATE POLICY saved_views_save_own ON saved_views FOR INSERT "
    "WITH CHECK (user_id::text = current_setting('lattis.user_id', true));"
)


def upgrade() -> None:
    op.execute(BALANCE)
    for table in ("notifications", "saved_views"):
        op.execute(OWN_ROWS.format(table=table))
    op.execute(TELL_ANYBODY)
    op.execute(SAVE_OWN)


def downgrade() -> None:
    op.execute("DROP FUNCTION ledger_entries_must_balance() CASCADE")
    op.execute("DROP POLICY saved_views_save_own ON saved_views")
    op.execute("DROP POLICY notifications_tell ON notifications")
    for table in ("notifications", "saved_views"):
        for policy in ("read_own", "change_own", "remove_own"):
            op.execute(f"DROP POLICY {table}_{policy} ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
