"""Every night: what was not paid in time is overdue, and its sellers are restricted (contract: marketplace.md, "Due").

Set-based, since a Friday may leave thousands: history and events are written by the same statement.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from lattis_app.core import clock, context, events
from lattis_app.core.actors import Actor
from lattis_app.core.names import EventName
from lattis_app.identity.permissions import Permission, requires
from lattis_app.marketplace.rules.weeks import ZONE

LATE = "status = 'pending' AND due_on < :today AND platform_mkd_minor + platform_eur_minor \
+ affiliate_mkd_minor + affiliate_eur_minor > 0"
LOCK = text(f"""
SELECT count(*) FROM (
    SELECT FROM marketplace_sellers WHERE id IN (SELECT seller_id FROM marketplace_invoices WHERE {LATE})
    ORDER BY id FOR NO KEY UPDATE) held
""")  # noqa: S608 - a condition of our own
"""Sellers before invoices, as everybody who changes what a seller owes."""
_BY = "actor_id, actor_name, request_id, occurred_at"
_BY_VALUES = (
    "CAST(:actor_id AS uuid), CAST(:actor_name AS text), CAST(:request_id AS text), CAST(:now AS timestamptz)"
)
_HISTORY = (
    f"INSERT INTO audit_entries (actor_role, action, entity, entity_id, label, before, after, address, {_BY})"
)
_EVENT = f"INSERT INTO events (id, name, entity, entity_id, payload, {_BY})"
MARK = text(f"""
WITH marked AS (
    UPDATE marketplace_invoices SET status = 'overdue', updated_at = :now WHERE {LATE}
    RETURNING id, invoice_number, seller_id, total_minor, base_currency, due_on
), restricted AS (
    UPDATE marketplace_sellers SET restricted_at = :now, updated_at = :now
    WHERE restricted_at IS NULL AND id IN (SELECT seller_id FROM marked)
    RETURNING id, store_name
), hidden AS (
    UPDATE marketplace_products SET active = false, hidden_at = :now, updated_at = :now
    WHERE active AND seller_id IN (SELECT id FROM restricted)
    RETURNING id, seller_id, name
), history AS (
    {_HISTORY}
    SELECT :actor_role, changed.action, changed.entity, changed.id, changed.label,
        changed.before, changed.after, '', {_BY_VALUES}
    FROM (
        SELECT id, 'status.overdue' AS action, 'marketplace_invoices' AS entity, invoice_number AS label,
            jsonb_build_object('status', 'pending') AS before, jsonb_build_object('status', 'overdue') AS after
        FROM marked
        UNION ALL
        SELECT id, 'changed', 'marketplace_sellers', store_name, jsonb_build_object('restricted_at', NULL),
            jsonb_build_object('restricted_at', CAST(:now AS timestamptz)) FROM restricted
        UNION ALL
        SELECT id, 'changed', 'marketplace_products', name, jsonb_build_object('active', true),
            jsonb_build_object('active', false) FROM hidden) changed
), happened AS (
    {_EVENT}
    SELECT gen_random_uuid(), told.name, told.entity, told.id, told.payload, {_BY_VALUES}
    FROM (
        SELECT 1 AS place, '{EventName.SELLER_INVOICE_OVERDUE}' AS name, 'marketplace_invoices' AS entity, id,
            jsonb_build_object('entity_id', id, 'number', invoice_number, 'seller_id', seller_id,
                'total_minor', total_minor, 'currency', base_currency, 'due_on', due_on) AS payload
        FROM marked
        UNION ALL
        SELECT 2, '{EventName.SELLER_RESTRICTED}', 'marketplace_sellers', id,
            jsonb_build_object('entity_id', id, 'hidden_products',
                (SELECT count(*) FROM hidden WHERE hidden.seller_id = restricted.id))
        FROM restricted) told
    ORDER BY told.place, told.id
    RETURNING id
)
SELECT (SELECT count(*) FROM marked) AS overdue, (SELECT count(*) FROM restricted) AS restricted,
    (SELECT count(*) FROM hidden) AS hidden, (SELECT array_agg(id) FROM happened) AS event_ids
""")  # noqa: S608 - names of our own


@requires(Permission.MARKETPLACE_INVOICES_MANAGE)
def mark(session: Session, actor: Actor, as_of: datetime) -> dict[str, Any]:
    """Mark what was due before today as overdue, restrict its sellers and hide their products."""
    today = {"today": clock.date_of(as_of, ZONE)}
    session.execute(LOCK, today)
    by = {"actor_id": actor.user_id, "actor_name": actor.name, "actor_role": actor.role}
    done = session.execute(
        MARK, {**today, **by, "request_id": context.request_id(), "now": clock.now()}
    ).one()
    session.expire_all()
    events.deliver_with_commit(session, done.event_ids or ())
    return {"overdue": done.overdue, "restricted": done.restricted, "hidden_products": done.hidden}
