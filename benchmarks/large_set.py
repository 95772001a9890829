"""A business of any size in a database of its own, made by set-based statements: `python -m benchmarks.large_set`."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import make_url
from sqlmodel import SQLModel

import lattis_app.models  # noqa: F401 — every table registers itself
from benchmarks import place
from lattis_app.core import postgres, provisioning
from lattis_app.core.settings import Settings, settings

STATEMENTS = Path(__file__).with_name("large_set.sql")
FILLED = (
    "rental_bookings",
    "rental_delivery_orders",
    "rental_lorry_trips",
    "rental_bin_movements",
    "rental_invoices",
    "rental_invoice_lines",
    "rental_payments",
    "rental_receipts",
    "ledger_transactions",
    "ledger_entries",
)
LARGE, SMALL = 1_000_000, 10_000


def fill(owner_url: str, orders: int) -> None:
    """Put a business with this many delivery orders into an empty, migrated database."""
    with _connect(owner_url) as connection, connection.transaction():
        connection.execute("SET LOCAL synchronous_commit = off")
        connection.execute("SET LOCAL work_mem = '256MB'")
        connection.execute("SET LOCAL maintenance_work_mem = '512MB'")
        connection.execute("SELECT set_config('bench.orders', %s, true)", [str(orders)])
        with _without_plain_indexes(connection):
            connection.execute(STATEMENTS.read_text())
    tidy(owner_url)


@contextmanager
def server(configured: Settings) -> Iterator[postgres.PrivateServer]:
    """The private server that all sets of this home share, running for the length of the block."""
    running = postgres.start(configured.home / "pg")
    try:
        yield running
    finally:
        running.stop()


def database(running: postgres.PrivateServer, configured: Settings, orders: int) -> tuple[str, str]:
    """The owner's and the application's address of the set of this size, made first if it isn't there."""
    owner_url = running.url(f"bench_{orders}")
    application_url = provisioning.provision(configured, owner_url, SQLModel.metadata)
    with _connect(owner_url) as connection:
        filled = connection.execute("SELECT EXISTS (SELECT FROM rental_delivery_orders)").fetchone()
    if filled != (True,):
        started = time.perf_counter()
        fill(owner_url, orders)
        print(f"made {orders:,} delivery orders in {time.perf_counter() - started:.0f} s", flush=True)
    else:
        tidy(owner_url)
    return owner_url, application_url


def tidy(owner_url: str) -> None:
    """Do what PostgreSQL would do by itself some minutes later; a migration may have written whole tables anew."""
    with _connect(owner_url) as connection:
        connection.execute("VACUUM ANALYZE")
        connection.execute("VACUUM")  # what was loaded a moment ago was not yet visible to all for the first


@contextmanager
def _without_plain_indexes(connection: psycopg.Connection) -> Iterator[None]:
    """Building an index at the end is several times faster than keeping it while rows are added."""
    plain = connection.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "
        "WHERE indrelid::regclass::text = ANY(%s) AND NOT indisunique",
        [list(FILLED)],
    ).fetchall()
    for name, _ in plain:
        connection.execute(f"DROP INDEX {name}")
    yield
    for _, definition in plain:
        connection.execute(definition)


def _connect(url: str) -> psycopg.Connection:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True)


def main() -> None:
    """Make, or keep, the set of the size asked for."""
    parser = argparse.ArgumentParser(prog="benchmarks.large_set", description=__doc__)
    parser.add_argument("--orders", type=int, default=LARGE)
    chosen = parser.parse_args()
    place.use()
    with server(settings()) as running:
        database(running, settings(), chosen.orders)


if __name__ == "__main__":
    main()
