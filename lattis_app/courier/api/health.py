"""How the settlement of merchants is doing: for administrators, and as metrics for programs.

The route stands before those of single invoices, whose ids are in the same place of the address.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.courier.queries import metrics
from lattis_app.courier.schemas.metrics import HealthOut
from lattis_app.web.observed import count_too, response_times
from lattis_app.web.routing import Routes

routes = Routes("Merchant invoices")
SERVED = ("/v1/merchant", "/v1/parcel")
count_too(
    "lattis_merchant_invoices",
    "Merchant invoices, by status.",
    "status",
    "SELECT invoice_status, count(*) FROM courier_merchant_invoices GROUP BY 1",
)
count_too(
    "lattis_merchant_invoices_generated",
    "Merchant invoices generated in the last day, week and month.",
    "period",
    """SELECT period, count(i.id) FROM (VALUES ('day', 1), ('week', 7), ('month', 30)) spans (period, days)
    LEFT JOIN courier_merchant_invoices i ON i.created_at >= now() - make_interval(days => days) GROUP BY 1""",
)
count_too(
    "lattis_merchant_invoice_parcels",
    "Parcels of an invoice of the last 30 days: on average, and at most.",
    "measure",
    """SELECT measure, CASE measure WHEN 'average' THEN coalesce(avg(total_parcels), 0) ELSE coalesce(max(total_parcels), 0)
    END FROM (VALUES ('average'), ('most')) measures (measure)
    LEFT JOIN courier_merchant_invoices ON created_at >= now() - interval '30 days' GROUP BY 1""",
)
count_too(
    "lattis_merchant_payment_hours",
    "Hours from an invoice to its payment in the last 30 days: on average, and at most.",
    "measure",
    """SELECT measure, coalesce(CASE measure WHEN 'average' THEN avg(hours) ELSE max(hours) END, 0)
    FROM (VALUES ('average'), ('most')) measures (measure) LEFT JOIN (
        SELECT extract(epoch FROM paid_at - created_at) / 3600 AS hours FROM courier_merchant_invoices
        WHERE settled_by = 'payout' AND paid_at >= now() - interval '30 days') paid ON true GROUP BY 1""",
)
count_too(
    "lattis_merchant_payable_minor",
    "What open merchant invoices come to, in minor units, by who owes whom.",
    "owed_to",
    """SELECT CASE WHEN payable_amount_minor < 0 THEN 'business' ELSE 'merchant' END, sum(abs(payable_amount_minor))
    FROM courier_merchant_invoices
    WHERE invoice_status = 'GENERATED' AND carried_to_invoice_id IS NULL GROUP BY 1""",
)
count_too(
    "lattis_parcel_discrepancies",
    "Parcels whose settlement is in question.",
    "kind",
    """SELECT 'clearance', count(*) FROM courier_parcels WHERE clearance_required AND NOT clearance_done
    UNION ALL SELECT 'dispute', count(*) FROM courier_disputes WHERE status = 'OPEN'""",
)
count_too(
    "lattis_merchant_invoice_accuracy",
    "Merchant invoices of the last day whose sums and charges are right: how many were checked, and the share that is.",
    "measure",
    metrics.RECENT_ACCURACY,
)
count_too(
    "lattis_parcel_discrepancy_rate",
    "Parcels corrected after payment, as a share of those that were paid.",
    "kind",
    f"SELECT 'clearance', {metrics.DISCREPANCY_RATE}",
)
count_too(
    "lattis_courier_index_share",
    "The share of reads of a courier table that went by an index.",
    "table",
    metrics.INDEX_SHARES,
)


@routes.get("/merchant-invoices/health", metrics.find)
def health(session: Session, actor: Actor) -> HealthOut:
    return metrics.find(session, actor, response_times(SERVED))
