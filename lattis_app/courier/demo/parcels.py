"""Twenty thousand parcels written at once: nobody need watch them being carried."""

from __future__ import annotations

from sqlalchemy import text

from lattis_app.core import clock
from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import unit_of_work

PARCELS, DAYS = 20_000, 180
_PARCELS = text("""
WITH merchants AS (
    SELECT id, delivery_charge_minor, return_charge_minor, row_number() OVER (ORDER BY created_at, code) - 1 AS place,
        code FROM courier_merchants
), drawn AS (
    SELECT n, hashtextextended('parcel' || n, 11) & 1048575 AS luck, hashtextextended('day' || n, 12) & 1048575 AS turn,
        CASE WHEN n % 6 = 0 THEN 0 ELSE (hashtextextended('whose' || n, 13) & 1023) % (
            SELECT count(*) FROM courier_merchants) END AS place
    FROM generate_series(1, :parcels) n
), timed AS (
    SELECT d.*, m.id AS merchant_id, m.delivery_charge_minor AS charge, m.return_charge_minor AS back,
        :now - (turn % :days) * interval '1 day' - (luck % 36000) * interval '1 second' AS at,
        (20 + luck % 380) * 100 + (luck % 2) * 90 AS cod, m.place % 20 = 19 AND (m.place < 50 OR turn % :days > 40) AS is_unlucky
    FROM drawn d JOIN merchants m ON m.place = d.place
), told AS (
    SELECT *, at + (1 + luck % 4) * interval '1 day' AS due,
        CASE WHEN is_unlucky OR luck % 100 < 9 THEN 'RETURNED' WHEN luck % 100 < 12 THEN 'PAID_RETURN'
            WHEN luck % 100 < 19 THEN 'PARTIAL_DELIVERY' ELSE 'DELIVERED' END AS ending FROM timed
), placed AS (
    SELECT *, CASE WHEN due <= :now THEN ending WHEN at + interval '20 hours' > :now THEN 'PENDING'
        WHEN due - interval '2 days' > :now THEN 'PICKED_UP' WHEN due - interval '12 hours' > :now THEN 'IN_TRANSIT'
        ELSE 'OUT_FOR_DELIVERY' END AS status FROM told
), carried AS (
    INSERT INTO courier_parcels (id, created_at, updated_at, tracking_number, merchant_id, order_reference,
        recipient_name, recipient_phone, recipient_address, partner, status, currency, cod_amount_minor,
        cod_collected_amount_minor, total_charge_minor, return_charge_minor, delivery_charge_applicable,
        return_charge_applicable, delivered_at, financial_status, paid_to_merchant, clearance_required, clearance_done,
        clearance_reason)
    SELECT gen_random_uuid(), at, least(due, :now), 'TRK' || lpad((700000 + n)::text, 9, '0'), merchant_id,
        'SO-' || (1000 + n),
        (ARRAY['Aminah', 'Farid', 'Mei Ling', 'Ravi', 'Siti', 'Hafiz', 'Chong', 'Devi'])[1 + luck % 8] || ' ' ||
            (ARRAY['Salleh', 'Tan', 'Nair', 'Ibrahim', 'Wong', 'Kumar', 'Yusof'])[1 + turn % 7],
        '+6012' || (3000000 + luck), (1 + turn % 90) || ' Jalan ' ||
            (ARRAY['Meru', 'Ampang', 'Gasing', 'Kuchai', 'Tebrau'])[1 + turn % 5] || ', ' ||
            (ARRAY['Klang', 'Kuala Lumpur', 'Petaling Jaya', 'Johor Bahru', 'Penang'])[1 + turn % 5],
        (ARRAY['Pos Laju', 'Ninja Van', 'J&T Express'])[1 + luck % 3], status, 'MYR', cod,
        CASE status WHEN 'DELIVERED' THEN cod WHEN 'PARTIAL_DELIVERY' THEN cod / 2 WHEN 'PAID_RETURN' THEN 500 ELSE 0 END,
        charge, back, status IN ('DELIVERED', 'PARTIAL_DELIVERY'), status = 'RETURNED',
        CASE WHEN due <= :now THEN due END, 'PENDING', false, false, false, ''
    FROM placed
    RETURNING id, tracking_number, cod_amount_minor, created_at
), noted AS (
    INSERT INTO audit_entries (occurred_at, actor_name, actor_role, action, entity, entity_id, label, after,
        request_id, address)
    SELECT created_at, :actor_name, :actor_role, 'created', 'courier_parcels', id, tracking_number,
        jsonb_build_object('tracking_number', tracking_number, 'cod_amount_minor', cod_amount_minor), '', ''
    FROM carried ORDER BY created_at
)
SELECT count(*) FROM carried
""")


def carry() -> None:
    """Parcels of half a year: most delivered, some returned, those of these days still on the way."""
    with unit_of_work() as session:
        by = {"actor_name": SYSTEM.name, "actor_role": SYSTEM.role}
        session.execute(_PARCELS, {"parcels": PARCELS, "days": DAYS, "now": clock.now()} | by)
        session.execute(text("ANALYZE courier_parcels"))
