"""How PostgreSQL answers every order and filter of courier's lists at a million parcels: `python -m benchmarks.parcel_lists`.

The rule is `benchmarks.explain`'s: neither a page nor its total reads a long table from end to end.
"""

from __future__ import annotations

import argparse
import sys
import time

from sqlalchemy import text
from sqlmodel import SQLModel

import lattis_app.models  # noqa: F401 — every table registers itself
from benchmarks import large_set, place
from benchmarks.explain import List, plans
from lattis_app.core import db, provisioning
from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import unit_of_work
from lattis_app.core.settings import settings
from lattis_app.courier.models import CourierMerchantInvoice, CourierParcel
from lattis_app.courier.queries import merchant_invoices, parcels
from lattis_app.courier.schemas.invoices import InvoiceEntry, MerchantInvoiceFilters
from lattis_app.courier.schemas.merchants import MerchantEntry
from lattis_app.courier.schemas.parcels import ParcelFilters
from lattis_app.courier.services import merchant_invoices as service
from lattis_app.courier.services import merchants

MERCHANTS, SLOW = 700, 200
_PARCELS = text("""
INSERT INTO courier_parcels (id, created_at, updated_at, tracking_number, merchant_id, order_reference, recipient_name,
    recipient_phone, recipient_address, partner, status, currency, cod_amount_minor, cod_collected_amount_minor,
    total_charge_minor, return_charge_minor, delivery_charge_applicable, return_charge_applicable, delivered_at,
    financial_status, paid_to_merchant, clearance_required, clearance_done, clearance_reason)
SELECT gen_random_uuid(), at, at, 'TRK' || lpad(n::text, 10, '0'), m.id, 'SO-' || n, '', '', '', '', status, 'MYR', 10000,
    CASE WHEN status = 'DELIVERED' THEN 10000 ELSE 0 END, 800, 400, status = 'DELIVERED', status = 'RETURNED',
    CASE WHEN status <> 'IN_TRANSIT' THEN at END, 'PENDING', false, false, false, ''
FROM generate_series(1, :parcels) n
JOIN (SELECT id, row_number() OVER (ORDER BY code) - 1 AS place FROM courier_merchants) m ON m.place = n % :merchants
CROSS JOIN LATERAL (SELECT now() - n * interval '94 seconds' AS at,
    CASE WHEN n % 11 = 0 THEN 'RETURNED' WHEN n % 97 = 0 THEN 'IN_TRANSIT' ELSE 'DELIVERED' END AS status) drawn
""")
LISTS = (
    List("parcels", parcels.page, ParcelFilters, tuple(parcels.SORTS), CourierParcel),
    List(
        "merchant invoices",
        merchant_invoices.page,
        MerchantInvoiceFilters,
        tuple(merchant_invoices.SORTS),
        CourierMerchantInvoice,
    ),
)


def main() -> int:
    """Print the slow and the wrong plans; the exit status says whether the rule holds."""
    parser = argparse.ArgumentParser(prog="benchmarks.parcel_lists", description=__doc__)
    parser.add_argument("--parcels", type=int, default=1_000_000)
    parser.add_argument("--plans", action="store_true", help="print every plan")
    chosen = parser.parse_args()
    place.use()
    with large_set.server(settings()) as server:
        owner = server.url(f"parcels_{chosen.parcels}")
        db.configure(provisioning.provision(settings(), owner, SQLModel.metadata))
        _fill(chosen.parcels, owner)
        with db.reading() as session:
            found = list(plans(session, LISTS))
        db.configure(None)
    wrong = [plan for plan in found if plan.read_whole or plan.sorts_all]
    for plan in found:
        if chosen.plans or plan in wrong or plan.milliseconds > SLOW:
            print(f"{plan.milliseconds:8.1f} ms  {plan.request}: {plan.statement} {plan.read_whole or ''}")
        if chosen.plans:
            print("\n".join(f"    {line}" for line in plan.lines))
    slowest = max(plan.milliseconds for plan in found)
    print(f"{len(found)} statements, the slowest {slowest:.0f} ms; {len(wrong)} read too much")
    return 1 if wrong else 0


def _fill(count: int, owner: str) -> None:
    """Merchants, their parcels of three years, and an invoice for every second merchant, unless they are there."""
    with unit_of_work() as session:
        if session.scalar(text("SELECT EXISTS (SELECT FROM courier_parcels)")):
            return
        started = time.perf_counter()
        made = [
            merchants.create(session, SYSTEM, MerchantEntry(name=f"Kedai {number}", code=f"K{number:04}"))
            for number in range(MERCHANTS)
        ]
        session.flush()
        session.execute(_PARCELS, {"parcels": count, "merchants": MERCHANTS})
    for merchant in made[::2]:
        with unit_of_work() as session:
            service.generate(session, SYSTEM, InvoiceEntry(merchant_id=merchant.id))
    large_set.tidy(owner)
    print(f"made {count:,} parcels in {time.perf_counter() - started:.0f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main())
