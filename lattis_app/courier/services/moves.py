"""Parcels moved together: one statement each, however many there are (docs/decisions/0021).

A statement takes every parcel along its lifecycle, writes or releases its line, and leaves each its history entry, as
`move()` does for one record. Amounts are computed as `rules.settlements` does, from what the parcel itself says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.types import DateTime, Uuid

from lattis_app.core import clock
from lattis_app.core.audit import entries_of, entry_values

PARCELS = "courier_parcels"
ELIGIBLE = """financial_status IN ('PENDING', 'CLEARANCE_PENDING') AND disputed_at IS NULL
    AND status IN ('DELIVERED', 'PARTIAL_DELIVERY', 'RETURNED', 'PAID_RETURN')"""
"""As `queries.parcels` says it."""
WANTED = """merchant_id = :merchant_id
    AND (CAST(:ids AS uuid[]) IS NULL OR id = ANY(:ids))
    AND (CAST(:before AS timestamptz) IS NULL OR delivered_at < :before)"""


def _history(source: str, **steps: tuple[str, str]) -> str:
    """One history entry for each row of `source`: by its kind of line, from which financial status to which."""

    def by_kind(value: Callable[[str, str], str]) -> str:
        return " ".join(f"WHEN '{kind}' THEN {value(*step)}" for kind, step in steps.items())

    rows = f"""(SELECT id, tracking_number AS label,
        CASE kind {by_kind(lambda _, to: f"'financial_status.{to}'")} END AS action,
        CASE kind {by_kind(lambda was, _: _json(was))} END AS before,
        CASE kind {by_kind(lambda _, to: _json(to))} END AS after FROM {source}) moved_parcels"""  # noqa: S608 - texts of our own
    return entries_of(rows, PARCELS)


def _json(status: str) -> str:
    return f"""'{{"financial_status": "{status}"}}'::jsonb"""


_LOCK = text(f"""
WITH held AS (SELECT id FROM courier_parcels WHERE {WANTED} ORDER BY id FOR NO KEY UPDATE)
SELECT count(*) FROM held
""")  # noqa: S608 - texts of our own
_REFUSED = text(f"""
SELECT given.id, p.tracking_number, p.status, p.financial_status, p.disputed_at, i.invoice_no
FROM unnest(CAST(:ids AS uuid[])) WITH ORDINALITY given (id, place)
LEFT JOIN courier_parcels p ON p.id = given.id AND p.merchant_id = :merchant_id
LEFT JOIN courier_merchant_invoices i ON i.id = coalesce(p.clearance_invoice_id, p.invoice_id)
WHERE p.id IS NULL OR NOT ({ELIGIBLE})
ORDER BY given.place
""")  # noqa: S608 - texts of our own
_INVOICE = text(f"""
WITH chosen AS (
    SELECT id, tracking_number, status, financial_status, cod_collected_amount_minor AS cod,
        CASE WHEN delivery_charge_applicable THEN total_charge_minor ELSE 0 END AS delivery,
        CASE WHEN return_charge_applicable THEN return_charge_minor ELSE 0 END AS returned
    FROM courier_parcels WHERE {WANTED} AND {ELIGIBLE}
    ORDER BY id FOR NO KEY UPDATE
), valued AS MATERIALIZED (
    SELECT c.id, c.tracking_number, c.status,
        CASE c.financial_status WHEN 'PENDING' THEN 'parcel' ELSE 'clearance' END AS kind,
        c.cod - coalesce(before.cod_collected_minor, 0) AS cod,
        c.delivery - coalesce(before.delivery_charge_minor, 0) AS delivery,
        c.returned - coalesce(before.return_charge_minor, 0) AS returned
    FROM chosen c LEFT JOIN courier_invoice_lines before
        ON before.parcel_id = CASE c.financial_status WHEN 'CLEARANCE_PENDING' THEN c.id END
        AND before.kind = 'parcel' AND before.live
), lined AS (
    INSERT INTO courier_invoice_lines (invoice_id, kind, live, parcel_id, tracking_number, parcel_status,
        cod_collected_minor, delivery_charge_minor, return_charge_minor, net_minor)
    SELECT CAST(:invoice_id AS uuid), kind, true, id, tracking_number, status, cod, delivery, returned,
        cod - delivery - returned FROM valued
), moved AS (
    UPDATE courier_parcels p SET updated_at = :now,
        financial_status = CASE v.kind WHEN 'parcel' THEN 'INVOICED' ELSE 'CLEARANCE_INVOICED' END,
        invoice_id = CASE v.kind WHEN 'parcel' THEN :invoice_id ELSE p.invoice_id END,
        clearance_invoice_id = CASE v.kind WHEN 'clearance' THEN CAST(:invoice_id AS uuid) END
    FROM valued v WHERE p.id = v.id
), noted AS (
    {_history("valued", parcel=("PENDING", "INVOICED"), clearance=("CLEARANCE_PENDING", "CLEARANCE_INVOICED"))}
)
SELECT count(*) FILTER (WHERE kind = 'parcel') AS total_parcels,
    count(*) FILTER (WHERE kind = 'parcel' AND status IN ('DELIVERED', 'PARTIAL_DELIVERY')) AS delivered_count,
    count(*) FILTER (WHERE kind = 'parcel' AND status IN ('RETURNED', 'PAID_RETURN')) AS returned_count,
    count(*) FILTER (WHERE kind = 'clearance') AS clearance_count,
    coalesce(sum(cod) FILTER (WHERE kind = 'parcel'), 0) AS total_cod_collected_minor,
    coalesce(sum(delivery) FILTER (WHERE kind = 'parcel'), 0) AS total_delivery_charges_minor,
    coalesce(sum(returned) FILTER (WHERE kind = 'parcel'), 0) AS total_return_charges_minor,
    coalesce(sum(cod) FILTER (WHERE kind = 'clearance'), 0) AS clearance_cod_minor,
    coalesce(sum(delivery + returned) FILTER (WHERE kind = 'clearance'), 0) AS clearance_charges_minor
FROM valued
""")  # noqa: S608 - texts of our own
_PAY = text(f"""
WITH settled AS MATERIALIZED (
    SELECT parcel_id AS id, kind, tracking_number, net_minor FROM courier_invoice_lines
    WHERE invoice_id = ANY(:invoice_ids) AND live AND parcel_id IS NOT NULL
), moved AS (
    UPDATE courier_parcels p SET updated_at = :now,
        financial_status = CASE s.kind WHEN 'parcel' THEN 'PAID' ELSE 'SETTLED' END,
        paid_to_merchant = true,
        paid_to_merchant_at = coalesce(p.paid_to_merchant_at, :now),
        paid_amount_minor = coalesce(p.paid_amount_minor, 0) + s.net_minor,
        clearance_done = (s.kind = 'clearance')
    FROM settled s WHERE p.id = s.id
), noted AS (
    {_history("settled", parcel=("INVOICED", "PAID"), clearance=("CLEARANCE_INVOICED", "SETTLED"))}
)
SELECT count(*) FROM settled
""")  # noqa: S608 - texts of our own
_RELEASE = text(f"""
WITH freed AS (
    UPDATE courier_invoice_lines SET live = false WHERE invoice_id = :invoice_id AND live
    RETURNING parcel_id AS id, kind, tracking_number
), moved AS (
    UPDATE courier_parcels p SET updated_at = :now,
        financial_status = CASE f.kind WHEN 'parcel' THEN 'PENDING' ELSE 'CLEARANCE_PENDING' END,
        invoice_id = CASE f.kind WHEN 'parcel' THEN NULL ELSE p.invoice_id END,
        clearance_invoice_id = NULL
    FROM freed f WHERE p.id = f.id
), noted AS (
    {_history("freed", parcel=("INVOICED", "PENDING"), clearance=("CLEARANCE_INVOICED", "CLEARANCE_PENDING"))}
    WHERE id IS NOT NULL
)
SELECT count(id) FROM freed
""")  # noqa: S608 - texts of our own
_TYPED = (bindparam("ids", type_=ARRAY(Uuid)), bindparam("before", type_=DateTime(timezone=True)))
LOCK, REFUSED, INVOICE = _LOCK.bindparams(*_TYPED), _REFUSED, _INVOICE.bindparams(*_TYPED)


def refusals(session: Session, merchant_id: UUID, ids: Sequence[UUID]) -> Sequence[Row[Any]]:
    """Hold these parcels of a merchant, and find those that can't be settled now, or aren't the merchant's."""
    session.execute(LOCK, {"merchant_id": merchant_id, "ids": list(ids), "before": None})
    return session.execute(REFUSED, {"merchant_id": merchant_id, "ids": list(ids)}).all()


def invoice(
    session: Session,
    merchant_id: UUID,
    invoice_id: UUID,
    ids: Sequence[UUID] | None = None,
    before: datetime | None = None,
) -> dict[str, int]:
    """Put all eligible parcels of a merchant on an invoice, or those of these ids; what the invoice comes to.

    The invoice is written after it in the same transaction. Parcels that somebody else holds are waited for, and left
    alone if they are no longer eligible then.
    """
    given = {
        "merchant_id": merchant_id,
        "invoice_id": invoice_id,
        "ids": None if ids is None else list(ids),
        "before": before,
        "now": clock.now(),
    }
    row = session.execute(INVOICE, given | entry_values(session)).one()
    return {name: int(value) for name, value in row._mapping.items()}


def pay(session: Session, invoice_ids: Sequence[UUID], reason: str) -> int:
    """Note on the parcels of these invoices that their merchants have their own amounts; how many."""
    given = {"invoice_ids": list(invoice_ids), "now": clock.now()}
    return int(session.execute(_PAY, given | entry_values(session, reason)).scalar_one())


def release(session: Session, invoice_id: UUID, reason: str) -> int:
    """Take the parcels off an invoice again, so that they can be settled; how many."""
    given = {"invoice_id": invoice_id, "now": clock.now()}
    return int(session.execute(_RELEASE, given | entry_values(session, reason)).scalar_one())
