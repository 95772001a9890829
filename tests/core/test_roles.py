"""What the application's own database role can't do, even by raw SQL: the last line behind every check in the code."""

from collections.abc import Sequence
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import errors
from sqlalchemy import text
from sqlalchemy.orm import Session
from sqlmodel import SQLModel

from lattis_app.core.actors import SYSTEM
from lattis_app.courier.schemas.runs import RunEntry
from lattis_app.courier.services import settlement_runs
from lattis_app.identity.models import SavedView
from lattis_app.notifications.services import notifications
from lattis_app.rental.schemas.invoices import CollectionEntry
from lattis_app.rental.services import invoices, payments
from tests.factories.courier import make_merchant, make_parcel
from tests.factories.identity import make_user
from tests.factories.rental_delivery_orders import drive, make_delivery_order

APPEND_ONLY = [
    "audit_entries",
    "courier_settlement_run_lines",
    "events",
    "ledger_entries",
    "ledger_transactions",
    "rental_bin_movements",
    "rental_receipts",
]
GUARDED = ["ledger_entries", "notifications", "saved_views"]


@pytest.fixture
def books(session: Session) -> None:
    """A bin delivered, an invoice, and money taken for it: rows in every append-only table."""
    order = drive(session, make_delivery_order(session), "delivered")
    payments.collect(session, SYSTEM, order.id, CollectionEntry(payment_method="CASH", amount="100.00"))
    invoices.make_from_order(session, SYSTEM, order.id)
    make_parcel(session, make_merchant(session))
    settlement_runs.run(session, SYSTEM, RunEntry())
    session.flush()


@pytest.fixture
def raw(session: Session) -> psycopg.Connection:
    """The connection of the application's role, with nothing of the product in between."""
    connection = session.connection().connection.driver_connection
    assert isinstance(connection, psycopg.Connection)
    return connection


def ask(raw: psycopg.Connection, statement: str, given: Sequence[object] | None = None) -> psycopg.Cursor:
    """Run a statement that is put together, names of tables and all."""
    return raw.execute(statement.encode(), given)


def refuse(raw: psycopg.Connection, *statements: str) -> None:
    """The role has no right to any of these."""
    for statement in statements:
        with pytest.raises(errors.InsufficientPrivilege), raw.transaction():
            ask(raw, statement)


def rows(raw: psycopg.Connection, table: str) -> list[tuple[str]]:
    return ask(raw, f"SELECT t::text FROM {table} t ORDER BY 1").fetchall()


def test_the_tables_that_only_grow_are_these() -> None:
    marked = [table.name for table in SQLModel.metadata.tables.values() if table.info.get("append_only")]
    assert sorted(marked) == APPEND_ONLY


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_what_was_written_stays_as_it_is(books: None, raw: psycopg.Connection, table: str) -> None:
    before = rows(raw, table)
    assert before
    name = next(each.name for each in SQLModel.metadata.tables[table].columns if each.identity is None)
    refuse(
        raw,
        f"UPDATE {table} SET {name} = {name}",
        f"DELETE FROM {table}",
        f"TRUNCATE {table} CASCADE",
        f"INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT * FROM {table} "
        f"ON CONFLICT ON CONSTRAINT pk_{table} DO UPDATE SET {name} = excluded.{name}",
        f"SELECT * FROM {table} FOR UPDATE",
        f"MERGE INTO {table} t USING {table} s ON t.{name} = s.{name} WHEN MATCHED THEN DELETE",
        f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE",
    )
    assert rows(raw, table) == before


@pytest.mark.parametrize("table", GUARDED)
def test_the_guards_cannot_be_taken_down(raw: psycopg.Connection, table: str) -> None:
    refuse(
        raw,
        f"ALTER TABLE {table} DISABLE TRIGGER ALL",
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} ADD COLUMN extra int",
        f"ALTER TABLE {table} OWNER TO CURRENT_USER",
        f"DROP TABLE {table} CASCADE",
        f"CREATE POLICY everything ON {table} USING (true)",
        f"CREATE RULE nothing AS ON INSERT TO {table} DO INSTEAD NOTHING",
        f"CREATE TRIGGER late AFTER INSERT ON {table} EXECUTE FUNCTION ledger_entries_must_balance()",
    )


@pytest.mark.parametrize(
    "forbidden",
    [
        "DROP TRIGGER ledger_entries_must_balance ON ledger_entries",
        "DROP FUNCTION ledger_entries_must_balance() CASCADE",
        "ALTER FUNCTION ledger_entries_must_balance() OWNER TO CURRENT_USER",
        "DROP POLICY notifications_read_own ON notifications",
        "SET session_replication_role = 'replica'",
        "SET ROLE postgres",
        "SET SESSION AUTHORIZATION postgres",
        "ALTER ROLE CURRENT_USER BYPASSRLS",
        "ALTER ROLE CURRENT_USER SUPERUSER",
        "CREATE ROLE helper SUPERUSER",
        "GRANT pg_read_all_data TO CURRENT_USER",
        "CREATE SCHEMA mine",
        "CREATE TABLE public.mine (id int)",
        "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "UPDATE alembic_version SET version_num = '0'",
        "SELECT setval('ledger_entries_seq_seq', 1)",
        "SELECT rolpassword FROM pg_authid",
        "SELECT passwd FROM pg_shadow",
        "SELECT pg_read_file('PG_VERSION')",
        "SELECT pg_ls_dir('.')",
        "COPY users TO PROGRAM 'cat'",
        "COPY users TO '/tmp/users'",
        "SELECT lo_import('/etc/passwd')",
    ],
)
def test_the_role_gains_no_power_and_reads_no_secret(raw: psycopg.Connection, forbidden: str) -> None:
    refuse(raw, forbidden)


def test_granting_oneself_rights_changes_nothing(raw: psycopg.Connection) -> None:
    raw.execute("GRANT UPDATE, DELETE, TRUNCATE ON ledger_entries, audit_entries TO CURRENT_USER")
    rights = "SELECT has_table_privilege('ledger_entries', 'UPDATE, DELETE, TRUNCATE'), has_table_privilege('audit_entries', 'UPDATE, DELETE, TRUNCATE')"
    assert raw.execute(rights).fetchone() == (False, False)


def test_nothing_runs_with_the_owners_rights_on_behalf_of_the_role(raw: psycopg.Connection) -> None:
    functions = "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
    assert raw.execute(functions).fetchall() == []
    cascades = (
        "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'f' "
        "AND (confdeltype IN ('c', 'n', 'd') OR confupdtype IN ('c', 'n', 'd')) AND conrelid::regclass::text = ANY(%s)"
    )
    assert raw.execute(cascades, [APPEND_ONLY]).fetchall() == []


def enter(raw: psycopg.Connection, *lines: tuple[int, str], transaction_id: UUID | None = None) -> None:
    """Write entries in one statement, to a transaction of their own or a given one."""
    if transaction_id is None:
        transaction_id = uuid4()
        raw.execute(
            "INSERT INTO ledger_transactions (id, posted_at, business_on, kind, source_type, source_id, memo) "
            "VALUES (%s, now(), '2026-03-16', 'tests', 'tests', %s, '')",
            [transaction_id, uuid4()],
        )
    values = ", ".join(["(gen_random_uuid(), %s, '2026-03-16', 'sales', %s, %s)"] * len(lines))
    given = [part for amount, currency in lines for part in (transaction_id, amount, currency)]
    columns = "id, transaction_id, business_on, account, amount_minor, currency"
    ask(raw, f"INSERT INTO ledger_entries ({columns}) VALUES {values}", given)


@pytest.mark.parametrize(
    "lines",
    [
        [(100, "MYR")],
        [(100, "MYR"), (-99, "MYR")],
        [(100, "MYR"), (-100, "EUR")],
        [(100, "MYR"), (-100, "MYR"), (1, "EUR")],
        [(0, "MYR"), (0, "MYR")],
    ],
    ids=["one side", "a sen missing", "two currencies", "a third line", "nothing"],
)
def test_the_database_refuses_what_does_not_balance(
    books: None, raw: psycopg.Connection, lines: list[tuple[int, str]]
) -> None:
    before = rows(raw, "ledger_entries"), rows(raw, "ledger_transactions")
    with pytest.raises(errors.CheckViolation) as refused, raw.transaction():
        enter(raw, *lines)
    assert refused.value.diag.constraint_name in ("ck_ledger_entries_balance", "ck_ledger_entries_amount")
    assert (rows(raw, "ledger_entries"), rows(raw, "ledger_transactions")) == before


def test_a_posted_transaction_cannot_be_tipped_afterwards(books: None, raw: psycopg.Connection) -> None:
    before = rows(raw, "ledger_entries")
    (posted,) = raw.execute("SELECT id FROM ledger_transactions LIMIT 1").fetchone() or ()
    for tipping in (1, -1):
        with pytest.raises(errors.CheckViolation), raw.transaction():
            enter(raw, (tipping, "MYR"), transaction_id=posted)
    assert rows(raw, "ledger_entries") == before


def test_what_balances_is_taken(books: None, raw: psycopg.Connection) -> None:
    before = len(rows(raw, "ledger_entries"))
    enter(raw, (100, "MYR"), (-60, "MYR"), (-40, "MYR"), (5, "EUR"), (-5, "EUR"))
    assert len(rows(raw, "ledger_entries")) == before + 5


@pytest.fixture
def two_people(session: Session) -> tuple[UUID, UUID]:
    """Each with a message and a saved view."""
    people = [make_user(session) for _ in range(2)]
    for person in people:
        session.execute(text("SELECT set_config('lattis.user_id', :id, true)"), {"id": str(person.id)})
        session.add(SavedView(user_id=person.id, list_name="bins", name="Mine", query=str(person.id)))
        session.flush()
        body = str(person.id)
        notifications.notify(session, SYSTEM, users=[person.id], kind="tests", title="For you", body=body)
    return people[0].id, people[1].id


def be(raw: psycopg.Connection, user_id: UUID | None) -> None:
    raw.execute("SELECT set_config('lattis.user_id', %s, true)", [str(user_id or "")])


@pytest.mark.parametrize(("table", "content"), [("notifications", "body"), ("saved_views", "query")])
def test_each_sees_and_changes_only_own_rows(
    raw: psycopg.Connection, two_people: tuple[UUID, UUID], table: str, content: str
) -> None:
    one, other = two_people
    own = f"SELECT user_id, {content} FROM {table}"
    be(raw, None)
    assert ask(raw, own).fetchall() == []
    be(raw, one)
    assert ask(raw, own).fetchall() == [(one, str(one))]
    assert ask(raw, f"{own} WHERE user_id = %s", [other]).fetchall() == []
    assert ask(raw, f"UPDATE {table} SET {content} = 'mine' WHERE user_id = %s", [other]).rowcount == 0
    assert ask(raw, f"DELETE FROM {table} WHERE user_id = %s", [other]).rowcount == 0
    refuse(raw, f"UPDATE {table} SET user_id = '{other}'")
    assert ask(raw, f"DELETE FROM {table}").rowcount == 1
    be(raw, other)
    assert ask(raw, own).fetchall() == [(other, str(other))]


def test_nobody_saves_a_view_for_another(raw: psycopg.Connection, two_people: tuple[UUID, UUID]) -> None:
    one, other = two_people
    be(raw, one)
    refuse(
        raw,
        "INSERT INTO saved_views (id, created_at, updated_at, user_id, list_name, name, query) "
        f"VALUES (gen_random_uuid(), now(), now(), '{other}', 'bins', 'Planted', '')",
    )
    be(raw, other)
    assert raw.execute("SELECT name FROM saved_views").fetchall() == [("Mine",)]
