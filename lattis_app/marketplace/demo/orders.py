"""Twelve weeks of orders, and those of this week, written at once: nobody need watch 25,000 buyers order.

What will be delivered next week is ordered in this one.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.marketplace.rules.weeks import ZONE, week_at

WEEKS = 12
UNTIL_SENT, UNTIL_CANCELLED = timedelta(hours=20), timedelta(hours=8)
"""How long after it was taken an order is sent, or cancelled if it is; some two days later it arrives."""
_ORDERS = text("""
WITH drawn AS (
    SELECT s.id AS seller_id, s.base_currency, s.platform_fee_percent, n, w.monday,
        hashtextextended(s.code || w.monday || n, 7) & 1048575 AS luck, p.id AS product_id, p.name AS product_name,
        p.price_minor
    FROM marketplace_sellers s
    CROSS JOIN generate_series(-1, :weeks) AS back
    CROSS JOIN LATERAL (SELECT CAST(:monday AS date) - 7 * back AS monday) w
    CROSS JOIN LATERAL generate_series(1, 6 + CAST(hashtextextended(s.code || w.monday, 3) & 7 AS int)) AS n
    JOIN LATERAL (
        SELECT id, name, price_minor FROM marketplace_products
        WHERE seller_id = s.id ORDER BY name OFFSET (hashtextextended(s.code || n, 5) & 3) LIMIT 1) p ON true
), timed AS (
    SELECT *, (monday + (luck % 604800) * interval '1 second') AT TIME ZONE :zone AS at FROM drawn
), kept AS (
    SELECT *, at - interval '30 hours' - (luck % 40) * interval '1 hour' AS ordered_at FROM timed
), told AS (
    SELECT *, row_number() OVER (PARTITION BY extract(year FROM ordered_at AT TIME ZONE :zone)
                                 ORDER BY ordered_at, seller_id, n) AS number,
        CASE
            WHEN luck % 23 = 0 AND ordered_at + :until_cancelled <= :now THEN 'cancelled'
            WHEN luck % 29 = 0 AND at <= :now THEN 'returned'
            WHEN at <= :now THEN 'delivered' WHEN ordered_at + :until_sent <= :now THEN 'shipped' ELSE 'pending'
        END AS status,
        CASE WHEN luck % 9 = 0 THEN CASE base_currency WHEN 'EUR' THEN 'MKD' ELSE 'EUR' END ELSE base_currency END
            AS currency
    FROM kept WHERE ordered_at <= :now
)
INSERT INTO marketplace_orders (id, created_at, updated_at, order_number, seller_id, product_id, product_name, buyer_name,
    buyer_phone, buyer_address, status, payment_type, price_minor, currency, affiliate, delivered_at, delivered_week,
    platform_fee_percent, affiliate_fee_percent, seller_paid)
SELECT gen_random_uuid(), ordered_at,
    CASE status WHEN 'pending' THEN ordered_at WHEN 'cancelled' THEN ordered_at + :until_cancelled
        WHEN 'shipped' THEN ordered_at + :until_sent ELSE at END,
    'ORD-' || to_char(ordered_at AT TIME ZONE :zone, 'YYYY') || '-' || lpad(number::text, 7, '0'),
    seller_id, product_id, product_name,
    (ARRAY['Jovan', 'Marija', 'Stefan', 'Arta', 'Filip', 'Katerina', 'Luan', 'Biljana'])[1 + luck % 8] || ' ' ||
        (ARRAY['Stojanovska', 'Petrov', 'Krasniqi', 'Nikolova', 'Jovanov'])[1 + luck % 5],
    '+38971' || (100000 + luck % 900000), 'Skopje', status, CASE WHEN luck % 7 = 0 THEN 'CARD' ELSE 'COD' END,
    CASE WHEN currency = base_currency THEN price_minor WHEN currency = 'EUR' THEN greatest(100, price_minor / 60)
         ELSE price_minor * 60 END, currency,
    CASE WHEN luck % 3 = 0 THEN (ARRAY['balkan-deals', 'mk-finds', 'elena-recommends'])[1 + luck % 3] END,
    CASE WHEN status = 'delivered' THEN at END,
    CASE WHEN status = 'delivered' THEN monday END,
    CASE WHEN status = 'delivered' THEN coalesce(platform_fee_percent, 10) END,
    CASE WHEN status = 'delivered' AND luck % 3 = 0 THEN 5 END, false
FROM told
""")
_HISTORY = text("""
INSERT INTO audit_entries (occurred_at, actor_name, actor_role, action, entity, entity_id, label, before, after,
    request_id, address)
SELECT step.at, s.store_name, 'SELLER', step.action, 'marketplace_orders', o.id, o.order_number,
    CAST(step.before AS jsonb), step.after, '', ''
FROM marketplace_orders o JOIN marketplace_sellers s ON s.id = o.seller_id, LATERAL (
    SELECT o.created_at AS at, 'created' AS action, NULL AS before, jsonb_build_object('order_number', o.order_number,
        'product_name', o.product_name, 'buyer_name', o.buyer_name, 'price_minor', o.price_minor,
        'currency', o.currency) AS after
    UNION ALL
    SELECT o.created_at + :until_sent, 'status.shipped', '{"status": "pending"}', '{"status": "shipped"}'
    WHERE o.status IN ('shipped', 'returned', 'delivered')
    UNION ALL
    SELECT o.updated_at, 'status.' || o.status, CASE o.status WHEN 'cancelled' THEN '{"status": "pending"}'
        ELSE '{"status": "shipped"}' END, jsonb_build_object('status', o.status)
    WHERE o.status IN ('cancelled', 'returned', 'delivered')) step
ORDER BY step.at
""")
_NUMBERS = text("""
INSERT INTO number_series (series, period, last)
SELECT 'ORD', split_part(order_number, '-', 2), count(*) FROM marketplace_orders GROUP BY 2
""")


def place(session: Session) -> None:
    """Let buyers order for twelve weeks and this one, each order with its history; the next one takes the next number."""
    now, steps = clock.now(), {"until_sent": UNTIL_SENT, "until_cancelled": UNTIL_CANCELLED}
    days = {"weeks": WEEKS, "monday": week_at(now).starts_on, "now": now, "zone": ZONE}
    session.execute(_ORDERS, days | steps)
    session.execute(_NUMBERS)
    session.execute(text("ANALYZE marketplace_orders"))
    session.execute(_HISTORY, {"until_sent": UNTIL_SENT})
