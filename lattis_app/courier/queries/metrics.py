"""The seed's critical metrics (seed: "System Health Checks")."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from lattis_app.core import clock, db
from lattis_app.core.actors import Actor
from lattis_app.core.money import DEFAULT_CURRENCY
from lattis_app.courier.schemas.metrics import EndpointTimes, HealthOut, TableUse
from lattis_app.identity.permissions import Permission, requires

CHECKED_DAYS = 90
_INVOICES = text("""
SELECT count(*) FILTER (WHERE generated_on = :today) AS invoices_today,
    count(*) FILTER (WHERE generated_on >= :week) AS invoices_this_week,
    count(*) FILTER (WHERE generated_on >= :month) AS invoices_this_month,
    round(coalesce(avg(total_parcels + clearance_count), 0), 1) AS parcels_per_invoice,
    round(avg(extract(epoch FROM paid_at - created_at) / 3600) FILTER (WHERE settled_by = 'payout'), 1) AS hours_to_payment,
    count(*) FILTER (WHERE invoice_status = 'GENERATED') AS pending_invoices,
    :today - min(generated_on) FILTER (WHERE invoice_status = 'GENERATED') AS oldest_pending_days,
    coalesce(sum(payable_amount_minor) FILTER (WHERE invoice_status = 'GENERATED' AND payable_amount_minor > 0), 0)
        AS payable,
    coalesce(sum(-payable_amount_minor) FILTER (WHERE invoice_status = 'GENERATED' AND payable_amount_minor < 0
        AND carried_to_invoice_id IS NULL), 0) AS owed_by_merchants
FROM courier_merchant_invoices WHERE invoice_status <> 'CANCELLED'
""")
RIGHTLY_CHARGED = """coalesce(bool_and(l.kind <> 'parcel' OR CASE l.parcel_status
        WHEN 'RETURNED' THEN l.delivery_charge_minor = 0
        WHEN 'PAID_RETURN' THEN l.delivery_charge_minor = 0 AND l.return_charge_minor = 0
        ELSE l.return_charge_minor = 0 END), true)"""
"""Whether the lines of an invoice have no charge that their parcels' status does not allow (seed: "Step 1")."""
CHECKED = f"""
SELECT i.payable_amount_minor = coalesce(sum(l.net_minor), 0) AND {RIGHTLY_CHARGED} AS is_right
FROM courier_merchant_invoices i LEFT JOIN courier_invoice_lines l ON l.invoice_id = i.id
"""  # noqa: S608 - a condition of our own
_ACCURACY = text(f"""
WITH checked AS ({CHECKED} WHERE i.generated_on >= :since GROUP BY i.id)
SELECT count(*) AS checked_invoices, count(*) FILTER (WHERE NOT is_right) AS wrong_invoices,
    round(coalesce(avg(is_right::int), 1), 4) AS charge_accuracy FROM checked
""")  # noqa: S608 - a condition of our own
RECENT_ACCURACY = f"""
WITH checked AS ({CHECKED} WHERE i.created_at >= now() - interval '1 day' GROUP BY i.id)
SELECT 'checked', count(*) FROM checked UNION ALL SELECT 'right', coalesce(avg(is_right::int), 1) FROM checked
"""  # noqa: S608 - a condition of our own
DISCREPANCY_RATE = """round(coalesce((SELECT count(*) FROM courier_parcels WHERE clearance_required)::numeric
        / nullif((SELECT sum(total_parcels) FROM courier_merchant_invoices WHERE invoice_status = 'PAID'), 0), 0), 4)"""
INDEX_SHARE = "round(coalesce(idx_scan, 0)::numeric / nullif(coalesce(idx_scan, 0) + seq_scan, 0), 4)"
_PARCELS = text(f"""
SELECT {DISCREPANCY_RATE} AS discrepancy_rate,
    (SELECT count(*) FROM courier_disputes WHERE status = 'OPEN') AS open_disputes,
    (SELECT count(*) FROM courier_parcels WHERE clearance_required AND NOT clearance_done) AS open_clearances
""")  # noqa: S608 - a condition of our own
_TABLES = text(f"""
SELECT relname AS "table", n_live_tup AS rows, coalesce(idx_scan, 0) AS index_reads, seq_scan AS whole_reads,
    {INDEX_SHARE} AS index_share
FROM pg_stat_user_tables WHERE relname LIKE 'courier\\_%' ORDER BY relname
""")  # noqa: S608 - a condition of our own
INDEX_SHARES = f"""
SELECT relname, {INDEX_SHARE} FROM pg_stat_user_tables
WHERE relname LIKE 'courier\\_%' AND coalesce(idx_scan, 0) + seq_scan > 0
"""  # noqa: S608 - a condition of our own


@requires(Permission.COURIER_METRICS_READ)
def find(session: Session, actor: Actor, endpoints: Sequence[dict[str, Any]] = ()) -> HealthOut:
    """How generation, payment, accuracy, database and API are doing; `endpoints` are this process's own times."""
    today = clock.today()
    started = time.perf_counter()
    dates = {"today": today, "week": today - timedelta(days=6), "month": today - timedelta(days=29)}
    invoices = session.execute(_INVOICES, dates).one()
    took = Decimal(int((time.perf_counter() - started) * 10_000)) / 10
    accuracy = session.execute(_ACCURACY, {"since": today - timedelta(days=CHECKED_DAYS)}).one()
    pool = db.engine().pool
    in_use, idle = (pool.checkedout(), pool.checkedin()) if isinstance(pool, QueuePool) else (0, 0)
    return HealthOut(
        **invoices._mapping,
        **accuracy._mapping,
        **session.execute(_PARCELS).one()._mapping,
        currency=DEFAULT_CURRENCY,
        tables=[TableUse(**row._mapping) for row in session.execute(_TABLES)],
        connections_in_use=in_use,
        connections_idle=idle,
        statement_ms=took,
        endpoints=[EndpointTimes(**each) for each in endpoints],
    )
