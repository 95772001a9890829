"""100,000 parcels of one merchant into one invoice, beside the bare SQL that does the same writes.

`python -m benchmarks.settlement`: time, memory of this process, and the ratio; the exit status says whether all targets
are met. Each turn generates on parcels of its own, app and bare statement by turns, in durable commits.
"""

from __future__ import annotations

import argparse
import sys
import time
from statistics import median
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlmodel import SQLModel

import lattis_app.models  # noqa: F401 — every table registers itself
from benchmarks import large_set, place
from benchmarks.memory import Memory
from benchmarks.verdicts import Verdict, side_by_side, table
from lattis_app.core import db, provisioning
from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import unit_of_work
from lattis_app.core.settings import settings
from lattis_app.courier.queries import merchant_invoices as queries
from lattis_app.courier.schemas.invoices import InvoiceEntry, PaymentEntry
from lattis_app.courier.schemas.merchants import MerchantEntry
from lattis_app.courier.services import merchant_invoices, merchants

DATABASE = "lattis_settlement"
MOST_SECONDS, MOST_MEGABYTES, MOST_RATIO = 5, 200, 3
PARCELS = text("""
INSERT INTO courier_parcels (id, created_at, updated_at, tracking_number, merchant_id, order_reference, recipient_name,
    recipient_phone, recipient_address, partner, status, currency, cod_amount_minor, cod_collected_amount_minor,
    total_charge_minor, return_charge_minor, delivery_charge_applicable, return_charge_applicable, delivered_at,
    financial_status, paid_to_merchant, clearance_required, clearance_done, clearance_reason)
SELECT gen_random_uuid(), now(), now(), :code || lpad(n::text, 8, '0'), :merchant_id, '', '', '', '', '',
    (ARRAY['DELIVERED', 'DELIVERED', 'DELIVERED', 'PARTIAL_DELIVERY', 'RETURNED'])[1 + n % 5], 'MYR', 10000,
    CASE WHEN n % 5 = 4 THEN 0 ELSE 10000 END, 800, 400, n % 5 <> 4, n % 5 = 4, now(), 'PENDING', false, false, false, ''
FROM generate_series(1, :parcels) n
""")
BARE = (
    text("""
INSERT INTO courier_merchant_invoices (id, created_at, updated_at, invoice_no, merchant_id, invoice_status, currency,
    total_parcels, delivered_count, returned_count, clearance_count, total_cod_collected_minor,
    total_delivery_charges_minor, total_return_charges_minor, clearance_cod_minor, clearance_charges_minor, opening_minor,
    payable_amount_minor, issuer, bill_to, generated_on, generated_by, payment_reference, notes, cancel_reason)
SELECT :invoice_id, now(), now(), :number, :merchant_id, 'GENERATED', 'MYR', count(*),
    count(*) FILTER (WHERE delivery_charge_applicable), count(*) FILTER (WHERE NOT delivery_charge_applicable), 0,
    sum(cod_collected_amount_minor),
    coalesce(sum(total_charge_minor) FILTER (WHERE delivery_charge_applicable), 0),
    coalesce(sum(return_charge_minor) FILTER (WHERE return_charge_applicable), 0), 0, 0, 0,
    sum(cod_collected_amount_minor) - coalesce(sum(total_charge_minor) FILTER (WHERE delivery_charge_applicable), 0)
        - coalesce(sum(return_charge_minor) FILTER (WHERE return_charge_applicable), 0),
    '{}', '{}', CURRENT_DATE, '', '', '', ''
FROM courier_parcels WHERE merchant_id = :merchant_id AND financial_status = 'PENDING'
"""),
    text("""
INSERT INTO courier_invoice_lines (invoice_id, kind, live, parcel_id, tracking_number, parcel_status,
    cod_collected_minor, delivery_charge_minor, return_charge_minor, net_minor)
SELECT CAST(:invoice_id AS uuid), 'parcel', true, id, tracking_number, status, cod_collected_amount_minor,
    CASE WHEN delivery_charge_applicable THEN total_charge_minor ELSE 0 END,
    CASE WHEN return_charge_applicable THEN return_charge_minor ELSE 0 END,
    cod_collected_amount_minor - CASE WHEN delivery_charge_applicable THEN total_charge_minor ELSE 0 END
        - CASE WHEN return_charge_applicable THEN return_charge_minor ELSE 0 END
FROM courier_parcels WHERE merchant_id = :merchant_id AND financial_status = 'PENDING'
"""),
    text("""
UPDATE courier_parcels SET financial_status = 'INVOICED', invoice_id = :invoice_id, updated_at = now()
WHERE merchant_id = :merchant_id AND financial_status = 'PENDING'
"""),
)
"""The seed's writes and the frozen lines; neither locks, checks, numbering, history nor books."""


MEASURED = {"app": [], "paid": [], "grown": []}  # type: dict[str, list[float]]


def main() -> int:
    """Measure, print the table, and say whether every target is met."""
    parser = argparse.ArgumentParser(prog="benchmarks.settlement", description=__doc__)
    parser.add_argument("--parcels", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=3)
    chosen = parser.parse_args()
    place.use()
    with large_set.server(settings()) as server:
        db.configure(provisioning.provision(settings(), server.url(DATABASE), SQLModel.metadata))
        verdicts = measure(chosen.parcels, chosen.repeats)
        db.configure(None)
    print(table(verdicts))
    return 0 if all(each.met for each in verdicts) else 1


def measure(parcels: int, repeats: int) -> list[Verdict]:
    """App and bare statements by turns, after a turn of each to warm up."""
    app, bare, ratio = side_by_side(lambda: _app(parcels), lambda: _bare(parcels), repeats)
    grown, paid = max(MEASURED["grown"]), median(MEASURED["paid"])
    what = f"settlement: {parcels:,} parcels"
    return [
        Verdict(f"{what} on one invoice", f"{app:.2f} s", "", app, MOST_SECONDS, "≤", "s"),
        Verdict(f"{what}, more memory", f"{grown:.0f} MB", "", grown, MOST_MEGABYTES, "≤", "MB"),
        Verdict(f"{what}, beside bare SQL", f"{app:.2f} s", f"{bare:.2f} s", ratio, MOST_RATIO, "≤"),
        Verdict(f"{what} paid", f"{paid:.2f} s", "", paid, MOST_SECONDS, "≤", "s"),
    ]


def _app(parcels: int) -> float:
    """Generate an invoice, read its first page, and pay it; the seconds of the first two."""
    merchant_id = _merchant(parcels)
    with Memory() as memory:
        started = time.perf_counter()
        with unit_of_work() as session:
            memory.watch(session.scalar(text("SELECT pg_backend_pid()")) or 0)
            made = merchant_invoices.generate(session, SYSTEM, InvoiceEntry(merchant_id=merchant_id))
            session.flush()
            shown = queries.find(session, SYSTEM, made.id).model_dump_json()
        seconds = time.perf_counter() - started
    assert f'"total_parcels":{parcels}' in shown
    started = time.perf_counter()
    with unit_of_work() as session:
        merchant_invoices.pay(session, SYSTEM, made.id, PaymentEntry(payment_reference="BENCH"))
    MEASURED["paid"].append(time.perf_counter() - started)
    MEASURED["grown"].append(memory.grown)
    return seconds


def _bare(parcels: int) -> float:
    merchant_id, invoice_id = _merchant(parcels), uuid4()
    given = {"merchant_id": merchant_id, "invoice_id": invoice_id, "number": invoice_id.hex[:30]}
    started = time.perf_counter()
    with unit_of_work() as session:
        for statement in BARE:
            session.execute(statement, given)
    return time.perf_counter() - started


def _merchant(parcels: int) -> UUID:
    """A merchant with so many delivered parcels."""
    code = uuid4().hex[:12].upper()
    with unit_of_work() as session:
        merchant = merchants.create(session, SYSTEM, MerchantEntry(name=code, code=code))
        session.flush()
        session.execute(PARCELS, {"merchant_id": merchant.id, "code": code, "parcels": parcels})
    return merchant.id


if __name__ == "__main__":
    sys.exit(main())
