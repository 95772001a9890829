"""10,000 sellers and 1,000,000 orders in one weekly run, beside the bare SQL that does the seed's writes.

`python -m benchmarks.weekly`: time, memory, the ratio, a second run, and the marketplace's lists afterwards; the exit
status says whether all targets are met. Each turn works on a fresh copy of the same database, app and bare by turns.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from statistics import median
from uuid import UUID

import psycopg
from psycopg import sql
from sqlalchemy import make_url, text
from sqlmodel import SQLModel

import lattis_app.models  # noqa: F401 — every table registers itself
from benchmarks import large_set, place
from benchmarks.memory import Memory
from benchmarks.verdicts import Verdict, side_by_side, table
from lattis_app import registry
from lattis_app.core import clock, db, postgres, provisioning
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.db import unit_of_work
from lattis_app.core.pagination import PageRequest
from lattis_app.core.settings import settings
from lattis_app.identity.permissions import ROLE_PERMISSIONS, Role
from lattis_app.marketplace.queries import invoices, orders, restrictions, runs, sellers
from lattis_app.marketplace.schemas.invoices import InvoiceFilters, MyInvoiceFilters
from lattis_app.marketplace.schemas.orders import OrderFilters
from lattis_app.marketplace.schemas.sellers import SellerFilters
from lattis_app.marketplace.services import generation

MONDAY = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
MOST_SECONDS, MOST_MEGABYTES, MOST_RATIO, MOST_MILLISECONDS = 60, 100, 3, 60
FIRST = PageRequest()
FILL = (
    """
INSERT INTO parties (id, created_at, updated_at, kind, name, name_key, contact_name, email, address, tax_ids)
SELECT CAST('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0') AS uuid), now(), now(), 'company', 'Store ' || n,
    'store ' || n, 'Owner ' || n, 's' || n || '@example.com', 'Skopje', '{{}}' FROM generate_series(1, {sellers}) n
""",
    """
INSERT INTO marketplace_sellers (id, created_at, updated_at, party_id, code, store_name, base_currency)
SELECT gen_random_uuid(), now(), now(), CAST('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0') AS uuid),
    'S' || lpad(n::text, 5, '0'), 'Store ' || n, CASE n % 4 WHEN 0 THEN 'EUR' ELSE 'MKD' END
FROM generate_series(1, {sellers}) n
""",
    """
INSERT INTO marketplace_orders (id, created_at, updated_at, order_number, seller_id, product_name, buyer_name, buyer_phone,
    buyer_address, status, payment_type, price_minor, currency, affiliate, delivered_at, delivered_week,
    platform_fee_percent, affiliate_fee_percent, seller_paid)
SELECT gen_random_uuid(), at - interval '1 day', at, 'ORD-2026-' || lpad(n::text, 7, '0'), s.id, 'Honey', 'Buyer',
    '+38970000000', 'Skopje', 'delivered', 'COD', 1000 + n::bigint * 37 % 900000,
    CASE n % 5 WHEN 0 THEN 'EUR' ELSE 'MKD' END, CASE n % 3 WHEN 0 THEN 'ELENA' END, at, DATE '2026-11-16', 10,
    CASE n % 3 WHEN 0 THEN 5 END, false
FROM (SELECT n, TIMESTAMPTZ '2026-11-16 00:00+01' + (n::bigint * 7919 % 604800) * interval '1 second' AS at
      FROM generate_series(1, {orders}) n) placed
JOIN (SELECT id, row_number() OVER (ORDER BY code) AS number FROM marketplace_sellers) s
    ON s.number = 1 + n % {sellers}
""",
)
BARE = """
CREATE TEMPORARY TABLE bills ON COMMIT DROP AS
SELECT seller_id, gen_random_uuid() AS id, row_number() OVER () AS number, count(*) AS orders,
    sum(round(price_minor * platform_fee_percent / 100)) FILTER (WHERE currency = 'MKD') AS platform_mkd,
    sum(round(price_minor * platform_fee_percent / 100)) FILTER (WHERE currency = 'EUR') AS platform_eur,
    sum(round(price_minor * affiliate_fee_percent / 100)) FILTER (WHERE currency = 'MKD') AS affiliate_mkd,
    sum(round(price_minor * affiliate_fee_percent / 100)) FILTER (WHERE currency = 'EUR') AS affiliate_eur
FROM marketplace_orders WHERE status = 'delivered' AND payment_type = 'COD' AND NOT seller_paid AND invoice_id IS NULL
GROUP BY seller_id;
INSERT INTO marketplace_invoices (id, created_at, updated_at, invoice_number, seller_id, week_starts_on, revision, due_on,
    status, base_currency, exchange_rate, total_minor, platform_mkd_minor, platform_eur_minor, affiliate_mkd_minor,
    affiliate_eur_minor, order_count, issuer, bill_to, paid_by, payment_notes, cancel_reason)
SELECT b.id, now(), now(), 'INV-2026-47-' || s.code, s.id, DATE '2026-11-16', 1, DATE '2026-11-27', 'pending',
    s.base_currency, 61.5, 0, coalesce(platform_mkd, 0), coalesce(platform_eur, 0), coalesce(affiliate_mkd, 0),
    coalesce(affiliate_eur, 0), orders, '{}', '{}', '', '', ''
FROM bills b JOIN marketplace_sellers s ON s.id = b.seller_id;
INSERT INTO marketplace_invoice_items (id, invoice_id, order_id, order_number, delivered_at, currency, price_minor,
    platform_fee_percent, platform_fee_minor, affiliate_fee_percent, affiliate_fee_minor)
SELECT gen_random_uuid(), b.id, o.id, order_number, delivered_at, currency, price_minor, platform_fee_percent,
    round(price_minor * platform_fee_percent / 100), affiliate_fee_percent,
    coalesce(round(price_minor * affiliate_fee_percent / 100), 0)
FROM marketplace_orders o JOIN bills b USING (seller_id) WHERE status = 'delivered' AND payment_type = 'COD'
    AND NOT seller_paid AND invoice_id IS NULL;
UPDATE marketplace_orders o SET invoice_id = b.id, updated_at = now() FROM bills b
WHERE b.seller_id = o.seller_id AND status = 'delivered' AND payment_type = 'COD' AND NOT seller_paid
    AND invoice_id IS NULL
"""
"""The seed's writes, in one transaction; no steps, numbering, books, history nor events."""
MEASURED: dict[str, list[float]] = {"memory": [], "again": []}


class Copies:
    """Fresh copies of one filled database."""

    def __init__(self, running: postgres.PrivateServer, of: str) -> None:
        self._running, self._of = running, of

    @contextmanager
    def one(self, name: str = "weekly_turn") -> Iterator[str]:
        """A copy's address for the application's role; it is gone afterwards."""
        self.drop(name)
        self._administer(sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY"), name, self._of)
        yield provisioning.provision(settings(), self._running.url(name), SQLModel.metadata)
        db.configure(None)
        self.drop(name)

    def owner_url(self, name: str = "weekly_turn") -> str:
        """A copy's address for its owner."""
        return self._running.url(name)

    def drop(self, name: str) -> None:
        """Forget a copy."""
        self._administer(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)"), name)

    def _administer(self, statement: sql.SQL, *names: str) -> None:
        with _connect(self._running.url(postgres.MAINTENANCE_DATABASE)) as connection:
            connection.execute(statement.format(*map(sql.Identifier, names)))


def main() -> int:
    """Measure, print the table, and say whether every target is met."""
    parser = argparse.ArgumentParser(prog="benchmarks.weekly", description=__doc__)
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=1, help="turns of each side, after one to warm up")
    chosen = parser.parse_args()
    place.use()
    registry.register_work()
    with large_set.server(settings()) as running, clock.freeze_everywhere(MONDAY):
        copies = Copies(running, _filled(running, chosen.orders))
        verdicts = [*measure(copies, chosen.orders, chosen.repeats), *_lists(copies, chosen.orders)]
    print(table(verdicts))
    return 0 if all(each.met for each in verdicts) else 1


def measure(copies: Copies, wanted: int, repeats: int) -> list[Verdict]:
    """App and bare statements by turns, after a turn of each to warm up."""
    app, bare, ratio = side_by_side(lambda: _app(copies, wanted), lambda: _bare(copies), repeats)
    grown, again = max(MEASURED["memory"]), median(MEASURED["again"])
    what = f"weekly run: {wanted:,} orders"
    return [
        Verdict(what, f"{app:.1f} s", "", app, MOST_SECONDS, "≤", "s"),
        Verdict(f"{what}, more memory", f"{grown:.0f} MB", "", grown, MOST_MEGABYTES, "≤", "MB"),
        Verdict(f"{what}, beside bare SQL", f"{app:.1f} s", f"{bare:.1f} s", ratio, MOST_RATIO, "≤"),
        Verdict(f"{what}, again", f"{again:.2f} s", "", again, MOST_SECONDS, "≤", "s"),
    ]


def _app(copies: Copies, wanted: int) -> float:
    """Bill the week; then once more, which finds nothing."""
    with copies.one() as url:
        db.configure(url)
        with Memory() as memory:
            with unit_of_work() as session:
                memory.watch(session.scalar(text("SELECT pg_backend_pid()")) or 0)
            seconds, made = _generate()
        again, nothing = _generate()
    assert (made, nothing) == (wanted, 0)
    MEASURED["memory"].append(memory.grown)
    MEASURED["again"].append(again)
    return seconds


def _generate() -> tuple[float, int]:
    started = time.perf_counter()
    with unit_of_work() as session:
        made = generation.generate_due(session, SYSTEM, MONDAY)
    return time.perf_counter() - started, made.orders


def _bare(copies: Copies) -> float:
    with copies.one() as url, _connect(url) as connection:
        started = time.perf_counter()
        with connection.transaction():
            for statement in BARE.split(";"):
                connection.execute(statement)
        return time.perf_counter() - started


def _lists(copies: Copies, wanted: int) -> Iterator[Verdict]:
    """What people look at once the week is billed, each by its first page."""
    with copies.one() as url:
        db.configure(url)
        _generate()
        with _connect(url) as connection:
            (seller_id,) = connection.execute("SELECT id FROM marketplace_sellers LIMIT 1").fetchone() or (
                None,
            )
        large_set.tidy(copies.owner_url())
        for name, milliseconds in _looked_at(seller_id):
            said = f"{milliseconds:.1f} ms"
            yield Verdict(f"{wanted:,} orders: {name}", said, "", milliseconds, MOST_MILLISECONDS, "≤", "ms")


def _looked_at(seller_id: UUID) -> Iterator[tuple[str, float]]:
    permissions = frozenset(map(str, ROLE_PERMISSIONS[Role.SELLER]))
    me = Actor(None, "Bench", Role.SELLER, permissions, seller_id)
    overdue, delivered = MyInvoiceFilters(status=("overdue",)), OrderFilters(status=("delivered",))
    asked = {
        "one seller's invoices": lambda s: invoices.mine(s, me, MyInvoiceFilters(), FIRST),
        "one seller's overdue ones": lambda s: invoices.mine(s, me, overdue, FIRST),
        "one seller's restriction": lambda s: restrictions.mine(s, me),
        "one seller's orders": lambda s: orders.page(s, me, OrderFilters(), FIRST),
        "all orders": lambda s: orders.page(s, SYSTEM, OrderFilters(), FIRST),
        "all orders by status": lambda s: orders.page(s, SYSTEM, delivered, FIRST),
        "all invoices": lambda s: invoices.page(s, SYSTEM, InvoiceFilters(), FIRST),
        "all invoices, a number": lambda s: invoices.page(
            s, SYSTEM, InvoiceFilters(q="INV-2026-47-S0042"), FIRST
        ),
        "all sellers": lambda s: sellers.page(s, SYSTEM, SellerFilters(), FIRST),
        "next run": lambda s: runs.preview(s, SYSTEM, None, FIRST),
    }
    for name, ask in asked.items():
        taken = []
        for _ in range(4):
            with db.reading() as session:
                started = time.perf_counter()
                ask(session)
                taken.append(1_000 * (time.perf_counter() - started))
        yield name, median(taken[1:])


def _filled(running: postgres.PrivateServer, wanted: int) -> str:
    """The name of a database with so many orders of one week, made first if it isn't there."""
    name = f"weekly_{wanted}"
    provisioning.provision(settings(), running.url(name), SQLModel.metadata)
    with _connect(running.url(name)) as connection:
        if connection.execute("SELECT EXISTS (SELECT FROM marketplace_orders)").fetchone() != (True,):
            started = time.perf_counter()
            for statement in FILL:
                connection.execute(statement.format(sellers=max(wanted // 100, 1), orders=wanted))  # type: ignore[arg-type]  # a text of our own, not a literal
            print(f"made {wanted:,} orders in {time.perf_counter() - started:.0f} s", flush=True)
        connection.execute("VACUUM ANALYZE")
    return name


def _connect(url: str) -> psycopg.Connection:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True)


if __name__ == "__main__":
    sys.exit(main())
