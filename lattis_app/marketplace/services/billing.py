"""The statement that bills a week for some sellers: orders, invoice, items, books, history and events, all or nothing.

Everything is set-based, since a week is a million orders: what `move()`, `entries.post` and `events.record` do for one
record, it does for all, in the same transaction. A test holds its amounts to `rules/fees.py` and `rules/postings.py`.
"""

from __future__ import annotations

from sqlalchemy import text

from lattis_app.core.names import EventName
from lattis_app.ledger.accounts import Account
from lattis_app.marketplace.models.orders import BILLABLE
from lattis_app.marketplace.rules.postings import INVOICE_GENERATED

NEXT_SELLERS = text(f"""
SELECT DISTINCT seller_id FROM marketplace_orders o
WHERE {BILLABLE} AND delivered_week <= :week AND seller_id > :after
    AND (CAST(:seller_id AS uuid) IS NULL OR seller_id = :seller_id)
ORDER BY seller_id LIMIT :limit
""")  # noqa: S608 - a condition of our own
"""The next sellers with anything to bill, along the index that holds nothing else."""

WEEKS = text(f"""
SELECT DISTINCT delivered_week FROM marketplace_orders WHERE {BILLABLE} AND delivered_week <= :week
ORDER BY delivered_week
""")  # noqa: S608 - a condition of our own

_WHO = """
new AS MATERIALIZED (
    SELECT s.id AS seller_id, s.party_id, s.code, s.store_name, s.base_currency, gen_random_uuid() AS invoice_id,
        1 + coalesce((SELECT max(revision) FROM marketplace_invoices i
                      WHERE i.seller_id = s.id AND i.week_starts_on = :week), 0) AS revision
    FROM marketplace_sellers s
    WHERE s.id = ANY(:sellers) AND NOT EXISTS (
        SELECT FROM marketplace_invoices i
        WHERE i.seller_id = s.id AND i.week_starts_on = :week AND (i.status <> 'cancelled' OR NOT :reissue))
)"""
"""Sellers without an invoice of this week; one that was cancelled counts as one, unless it is issued again."""

_WHAT = f"""
weeks AS MATERIALIZED (
    SELECT seller_id, CAST(:week AS date) AS week FROM new
    UNION ALL
    SELECT late.seller_id, late.delivered_week FROM (
        SELECT DISTINCT seller_id, delivered_week FROM marketplace_orders
        WHERE seller_id IN (SELECT seller_id FROM new) AND delivered_week < :week AND {BILLABLE}) late
    WHERE EXISTS (
        SELECT FROM marketplace_invoices i
        WHERE i.seller_id = late.seller_id AND i.week_starts_on = late.delivered_week AND i.status <> 'cancelled')
)"""  # noqa: S608 - a condition of our own
"""The week itself, and earlier ones that were billed before a delivery in them was known."""

_PRICED = """
priced AS (
    SELECT *, CAST(round(price_minor * platform_fee_percent / 100) AS bigint) AS platform_minor,
        CAST(coalesce(round(price_minor * affiliate_fee_percent / 100), 0) AS bigint) AS affiliate_minor
    FROM taken
), sums AS (
    SELECT invoice_id, count(*) AS orders,
        coalesce(sum(platform_minor) FILTER (WHERE currency = 'MKD'), 0) AS platform_mkd,
        coalesce(sum(platform_minor) FILTER (WHERE currency = 'EUR'), 0) AS platform_eur,
        coalesce(sum(affiliate_minor) FILTER (WHERE currency = 'MKD'), 0) AS affiliate_mkd,
        coalesce(sum(affiliate_minor) FILTER (WHERE currency = 'EUR'), 0) AS affiliate_eur
    FROM priced GROUP BY invoice_id
), owed AS MATERIALIZED (
    SELECT new.*, sums.orders, platform_mkd, platform_eur, affiliate_mkd, affiliate_eur,
        platform_mkd + affiliate_mkd AS mkd, platform_eur + affiliate_eur AS eur,
        CAST(:due_on AS date) AS due_on, CAST(:number AS text) || new.code || CASE revision WHEN 1 THEN '' ELSE '-R' || revision END AS invoice_number,
        CASE base_currency
            WHEN 'MKD' THEN platform_mkd + affiliate_mkd + round((platform_eur + affiliate_eur) * CAST(:rate AS numeric))
            ELSE platform_eur + affiliate_eur + round((platform_mkd + affiliate_mkd) / CAST(:rate AS numeric))
        END AS total
    FROM sums JOIN new USING (invoice_id)
)"""
"""What is owed, rounded half-up per fee; the other currency is converted once."""

BILL = text(f"""
WITH {_WHO}, {_WHAT},
taken AS (
    UPDATE marketplace_orders o SET invoice_id = new.invoice_id, updated_at = :now
    FROM weeks JOIN new USING (seller_id)
    WHERE o.seller_id = weeks.seller_id AND o.delivered_week = weeks.week AND o.status = 'delivered'
        AND o.payment_type = 'COD' AND NOT o.seller_paid AND o.invoice_id IS NULL
    RETURNING o.id, o.invoice_id, o.order_number, o.delivered_at, o.currency, o.price_minor,
        o.platform_fee_percent, o.affiliate_fee_percent
), {_PRICED}, items AS (
    INSERT INTO marketplace_invoice_items (id, invoice_id, order_id, order_number, delivered_at, currency,
        price_minor, platform_fee_percent, platform_fee_minor, affiliate_fee_percent, affiliate_fee_minor)
    SELECT gen_random_uuid(), invoice_id, id, order_number, delivered_at, currency,
        price_minor, platform_fee_percent, platform_minor, affiliate_fee_percent, affiliate_minor
    FROM priced
), invoices AS (
    INSERT INTO marketplace_invoices (id, invoice_number, seller_id, week_starts_on, revision, due_on, status,
        base_currency, exchange_rate, total_minor, platform_mkd_minor, platform_eur_minor, affiliate_mkd_minor,
        affiliate_eur_minor, order_count, issuer, bill_to, paid_by, payment_notes, cancel_reason, created_at, updated_at)
    SELECT invoice_id, invoice_number, seller_id, :week, revision, due_on, 'pending', base_currency, :rate, total,
        platform_mkd, platform_eur, affiliate_mkd, affiliate_eur, orders, CAST(:issuer AS jsonb), jsonb_build_object(
            'name', store_name, 'code', code, 'contact_name', p.contact_name, 'address', p.address,
            'email', p.email, 'phone', p.phone),
        '', '', '', :now, :now
    FROM owed JOIN parties p ON p.id = owed.party_id
), posted AS (
    INSERT INTO ledger_transactions (id, posted_at, business_on, kind, source_type, source_id, memo)
    SELECT gen_random_uuid(), :now, :today, '{INVOICE_GENERATED}', 'marketplace_invoices', invoice_id, invoice_number
    FROM owed WHERE mkd + eur > 0
    RETURNING id, source_id
), lines AS (
    INSERT INTO ledger_entries (id, transaction_id, business_on, account, party_id, amount_minor, currency)
    SELECT gen_random_uuid(), posted.id, :today, line.account, line.party_id, line.minor, line.currency
    FROM posted JOIN owed ON owed.invoice_id = posted.source_id, LATERAL (VALUES
        ('{Account.RECEIVABLE}', owed.party_id, mkd, 'MKD'), ('{Account.PLATFORM_FEES}', NULL, -platform_mkd, 'MKD'),
        ('{Account.AFFILIATE_PAYABLE}', NULL, -affiliate_mkd, 'MKD'),
        ('{Account.RECEIVABLE}', owed.party_id, eur, 'EUR'), ('{Account.PLATFORM_FEES}', NULL, -platform_eur, 'EUR'),
        ('{Account.AFFILIATE_PAYABLE}', NULL, -affiliate_eur, 'EUR')) line (account, party_id, minor, currency)
    WHERE line.minor <> 0
), audited AS (
    INSERT INTO audit_entries (occurred_at, actor_id, actor_name, actor_role, action, entity, entity_id, label,
        after, request_id, address)
    SELECT :now, :actor_id, :actor_name, :actor_role, 'created', 'marketplace_invoices',
        invoice_id, invoice_number, jsonb_build_object('status', 'pending', 'total_minor', total,
            'base_currency', base_currency, 'order_count', orders, 'due_on', due_on), :request_id, ''
    FROM owed
), happened AS (
    INSERT INTO events (id, name, entity, entity_id, payload, actor_id, actor_name, request_id, occurred_at)
    SELECT gen_random_uuid(), '{EventName.SELLER_INVOICE_GENERATED}', 'marketplace_invoices', invoice_id,
        jsonb_build_object('entity_id', invoice_id, 'number', invoice_number, 'seller_id', seller_id,
            'total_minor', total, 'currency', base_currency, 'due_on', due_on),
        :actor_id, :actor_name, :request_id, :now
    FROM owed ORDER BY invoice_number
    RETURNING id
)
SELECT count(*) AS invoices, CAST(coalesce(sum(orders), 0) AS bigint) AS orders,
    CAST(coalesce(sum(mkd), 0) AS bigint) AS mkd, CAST(coalesce(sum(eur), 0) AS bigint) AS eur,
    (SELECT array_agg(id) FROM happened) AS event_ids
FROM owed
""")  # noqa: S608 - names of our own
