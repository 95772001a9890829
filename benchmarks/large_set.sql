-- A bin company of three years, `bench.orders` delivery orders long, by a few statements. What an earlier system
-- is said to have done (the first 80 %) has no bookings and invoices; the rest has both, paid for and in the books.
SELECT setseed(0.5);

CREATE TEMP TABLE size_of AS
SELECT orders, greatest(50, orders / 200) AS customers, greatest(2, orders / 5000) AS drivers,
       greatest(200, orders / 50) AS bins, orders / 5 * 4 AS history, orders - greatest(20, orders / 500) AS settled
FROM (SELECT current_setting('bench.orders')::int AS orders) AS asked;

INSERT INTO rental_business (id, created_at, updated_at, single, name, roc_number, sst_no, address, email, phone,
                             bank_details, currency, sst_rate, failed_trip_fee_minor, hire_days, email_invoices)
VALUES (gen_random_uuid(), now(), now(), true, 'Bench Bins Sdn Bhd', '', '', '1 Jalan Bina, Shah Alam', '', '', '',
        'MYR', 0, 5000, 14, true);

-- Whom we know -----------------------------------------------------------------------------------------------------
CREATE TEMP TABLE client AS
SELECT n, gen_random_uuid() AS id, gen_random_uuid() AS party_id, '+6031' || lpad(n::text, 7, '0') AS phone,
       (ARRAY['Aman', 'Bina', 'Cahaya', 'Delima', 'Emas', 'Fajar', 'Gemilang', 'Harmoni', 'Indah', 'Jaya'])[1 + n % 10]
       || ' ' || (ARRAY['Builders', 'Landscaping', 'Steel', 'Interiors', 'Foods', 'Logistics', 'Plastics'])[1 + n % 7]
       || ' ' || n || ' Sdn Bhd' AS name, n || ' Jalan Industri, 40150 Shah Alam' AS address
FROM size_of, generate_series(1, customers) AS n;

INSERT INTO parties (id, created_at, updated_at, kind, name, name_key, contact_name, phone, address, tax_ids)
SELECT party_id, now() - interval '3 years', now() - interval '3 years', 'company', name,
       lower(name), '', phone, address, '{}'
FROM client;

INSERT INTO rental_customers (id, created_at, updated_at, party_id, payment_terms_days, on_stop, po_required,
                              introducer_name, notes, email_messages, message_channel)
SELECT id, now() - interval '3 years', now() - interval '3 years', party_id, 30, false, false, '', '', true, 'sms'
FROM client;

CREATE TEMP TABLE crew AS
SELECT n, gen_random_uuid() AS driver_id, gen_random_uuid() AS lorry_id, 'Driver ' || n AS name
FROM size_of, generate_series(1, drivers) AS n;

INSERT INTO rental_drivers (id, created_at, updated_at, name, ic_number, phone, address, status, jobs_per_day)
SELECT driver_id, now(), now(), name, lpad(n::text, 12, '0'), '+6012' || lpad(n::text, 7, '0'), '', 'active', 6
FROM crew;

INSERT INTO rental_lorries (id, created_at, updated_at, registration_no, type, capacity_kg, status, notes)
SELECT lorry_id, now(), now(), 'BEN ' || n, 'hooklift', 10000, 'available', '' FROM crew;

INSERT INTO rental_bins (id, created_at, updated_at, serial_number, h_ft, l_ft, w_ft, area, state, status, notes)
SELECT gen_random_uuid(), now(), now(), 'BEN-' || lpad(n::text, 6, '0'), 3 + n % 4, 12, 6, 'Shah Alam', 'Selangor',
       'in_warehouse', ''
FROM size_of, generate_series(1, bins) AS n;

-- What they ordered ------------------------------------------------------------------------------------------------
CREATE TEMP TABLE yard AS
SELECT row_number() OVER (ORDER BY serial_number) AS n, id, h_ft, l_ft, w_ft FROM rental_bins;

CREATE TEMP TABLE job AS
SELECT i, gen_random_uuid() AS id, i > history AS is_ours, i > settled AS is_open, random() AS luck,
       1 + floor(power(random(), 1.3) * drivers)::int AS crew_n, 1 + floor(power(random(), 2) * customers)::int AS client_n,
       CASE WHEN i > settled THEN i - settled ELSE 1 + floor(random() * bins)::int END AS bin_n,
       15000 + 250 * floor(random() * 400)::bigint AS amount, moment,
       (moment AT TIME ZONE 'Asia/Kuala_Lumpur')::date AS day,
       (ARRAY['CASH', 'CASH', 'CASH', 'CASH', 'ONLINE', 'ONLINE', 'TERM', 'TERM', 'EWALLET', 'CDM', 'CHEQUE'])
       [1 + floor(random() * 11)::int] AS method
FROM size_of, generate_series(1, orders) AS i, LATERAL (
    SELECT (date_trunc('day', (now() - interval '3 years' * (1 - i / orders::float8)) AT TIME ZONE 'Asia/Kuala_Lumpur')
            + interval '8 hours' + interval '9 hours' * ((i::bigint * 7919) % orders / orders::float8))
           AT TIME ZONE 'Asia/Kuala_Lumpur' AS moment
) AS drawn;

CREATE TEMP TABLE placed AS
SELECT job.*, client.id AS customer_id, client.party_id, client.name, client.phone, client.address,
       crew.driver_id, crew.lorry_id, crew.name AS driver_name, yard.id AS bin_id, yard.h_ft, yard.l_ft, yard.w_ft,
       CASE WHEN is_ours THEN gen_random_uuid() END AS booking_id,
       CASE WHEN luck < 0.03 AND NOT is_open THEN 'cancelled'
            WHEN is_ours AND luck < 0.04 THEN 'pending_invoice'
            WHEN is_open OR (is_ours AND luck < 0.08) THEN 'invoiced_linked' ELSE 'closed' END AS status,
       CASE WHEN NOT is_open THEN CASE WHEN luck < 0.03 THEN 'assigned' ELSE 'done' END
            WHEN luck < 0.4 THEN 'assigned' WHEN luck < 0.5 THEN 'started' ELSE 'delivered' END AS progress,
       'DO-' || extract(year FROM day) || '-' || lpad((row_number() OVER (PARTITION BY extract(year FROM day)
           ORDER BY i))::text, 6, '0') AS number
FROM job JOIN client ON client.n = client_n JOIN crew ON crew.n = crew_n JOIN yard ON yard.n = bin_n;

INSERT INTO rental_bookings (id, created_at, updated_at, number, customer_id, h_ft, l_ft, w_ft, area, state,
                             site_address, scheduled_at, scheduled_on, expected_return_on, notes, status, driver_id,
                             lorry_id, assigned_at, cancel_reason)
SELECT booking_id, moment - interval '2 days', moment, 'BK-' || extract(year FROM day) || '-'
       || lpad((row_number() OVER (PARTITION BY extract(year FROM day) ORDER BY i))::text, 6, '0'),
       customer_id, h_ft, l_ft, w_ft, (ARRAY['Shah Alam', 'Klang', 'Puchong', 'Subang'])[1 + i % 4], 'Selangor', address,
       moment, day, day + 14, '', CASE WHEN luck < 0.02 AND NOT is_open THEN 'cancelled' ELSE 'fulfilled' END,
       driver_id, lorry_id, moment - interval '1 day',
       CASE WHEN luck < 0.02 AND NOT is_open THEN 'Not needed any more' ELSE '' END
FROM placed WHERE is_ours ORDER BY i;

INSERT INTO rental_delivery_orders
    (id, created_at, updated_at, system_do_number, do_book_number, booking_id, customer_id, driver_id, lorry_id, bin_id,
     do_by_name, company_name, phone, po_number, site_address, area, state, h_ft, l_ft, w_ft, payment_method,
     amount_minor, currency, collected_minor, introducer_name, notes, check_token, status, fulfilment_status,
     scheduled_at, service_on, expected_return_on, issued_at, started_at, delivered_at, collected_at, done_at, failure_reason,
     cancelled_at, cancel_reason, received_by)
SELECT id, moment - interval '1 day', moment, number, CASE WHEN i % 2 = 0 THEN 'B' || lpad(i::text, 7, '0') END,
       CASE WHEN luck >= 0.02 OR is_open THEN booking_id END, customer_id, driver_id, lorry_id, bin_id, 'Office', name,
       phone, '', address, (ARRAY['Shah Alam', 'Klang', 'Puchong', 'Subang'])[1 + i % 4], 'Selangor', h_ft, l_ft, w_ft,
       method, amount, 'MYR', 0, '', '', 'bench' || i, status, progress, moment, day, day + 14, moment - interval '1 day',
       CASE WHEN progress <> 'assigned' THEN moment END,
       CASE WHEN progress IN ('delivered', 'done') THEN moment + interval '1 hour' END,
       CASE WHEN progress = 'done' THEN moment + interval '10 days' END,
       CASE WHEN progress = 'done' THEN moment + interval '10 days' END, '',
       CASE WHEN status = 'cancelled' THEN moment END, CASE WHEN status = 'cancelled' THEN 'Not needed any more' ELSE '' END,
       ''
FROM placed ORDER BY i;

UPDATE rental_bins SET status = CASE progress WHEN 'delivered' THEN 'with_customer' ELSE 'assigned' END,
                       customer_id = placed.customer_id, delivery_order_id = placed.id
FROM placed WHERE is_open AND placed.bin_id = rental_bins.id;

INSERT INTO rental_lorry_trips (id, created_at, updated_at, lorry_id, driver_id, from_location, to_location, bin_id,
                                delivery_order_id, departed_at, arrived_at, notes)
SELECT gen_random_uuid(), started_at, started_at, lorry_id, driver_id, 'Warehouse', site_address, bin_id, id, started_at,
       delivered_at, ''
FROM rental_delivery_orders WHERE started_at IS NOT NULL ORDER BY started_at;

INSERT INTO rental_bin_movements (id, created_at, updated_at, bin_id, movement_type, from_status, to_status,
                                  related_do_id, customer_id, area, state, notes, moved_at, moved_by)
SELECT gen_random_uuid(), moved_at, moved_at, bin_id, direction, from_status, to_status, id, customer_id, area, state, '',
       moved_at, 'Driver'
FROM rental_delivery_orders, LATERAL (
    VALUES ('OUT', 'assigned', 'with_customer', delivered_at), ('IN', 'with_customer', 'collected', collected_at)
) AS move (direction, from_status, to_status, moved_at)
WHERE moved_at IS NOT NULL ORDER BY moved_at;

-- What they owe and paid -------------------------------------------------------------------------------------------
CREATE TEMP TABLE bill AS
SELECT placed.*, gen_random_uuid() AS invoice_id, gen_random_uuid() AS payment_id,
       CASE WHEN status = 'closed' THEN 'closed' WHEN status = 'pending_invoice' THEN 'draft'
            WHEN luck < 0.06 THEN 'partially_paid' ELSE 'issued' END AS bill_status,
       CASE WHEN status = 'closed' THEN amount WHEN status = 'invoiced_linked' AND luck < 0.06 THEN amount / 2
            ELSE 0 END AS paid,
       CASE WHEN status <> 'pending_invoice' THEN row_number() OVER (
           PARTITION BY extract(year FROM day), status = 'pending_invoice' ORDER BY i) END AS nth
FROM placed WHERE is_ours AND status <> 'cancelled';

INSERT INTO rental_invoices (id, created_at, updated_at, invoice_number, delivery_order_id, customer_id, status,
                             supplementary, payment_method, currency, tax_rate, subtotal_minor, tax_minor, total_minor,
                             paid_minor, refunded_minor, issuer, bill_to, notes, check_token, issued_at, issued_on, due_on, paid_at, closed_at,
                             void_reason)
SELECT invoice_id, moment, moment, 'INV-' || extract(year FROM day) || '-' || lpad(nth::text, 6, '0'), id, customer_id,
       bill_status, false, method, 'MYR', 0, amount, 0, amount, paid, 0, jsonb_build_object('name', 'Bench Bins Sdn Bhd'),
       CASE WHEN nth IS NULL THEN '{}' ELSE jsonb_build_object('name', name, 'address', address, 'phone', phone) END, '',
       'bench' || i, CASE WHEN nth IS NOT NULL THEN moment END, CASE WHEN nth IS NOT NULL THEN day END,
       CASE WHEN nth IS NOT NULL THEN day + CASE method WHEN 'TERM' THEN 30 ELSE 0 END END,
       CASE WHEN paid = amount THEN moment END, CASE WHEN paid = amount THEN moment + interval '10 days' END, ''
FROM bill ORDER BY i;

INSERT INTO rental_invoice_lines (id, created_at, updated_at, invoice_id, position, description, quantity, unit,
                                  price_minor, amount_minor)
SELECT gen_random_uuid(), moment, moment, invoice_id, 1, 'Bin rental', 1, 'bin', amount, amount FROM bill ORDER BY i;

CREATE TEMP TABLE money AS
SELECT bill.*, 'RCPT-' || extract(year FROM day) || '-'
       || lpad((row_number() OVER (PARTITION BY extract(year FROM day) ORDER BY i))::text, 6, '0') AS receipt
FROM bill WHERE paid > 0;

INSERT INTO rental_payments (id, created_at, updated_at, receipt_number, invoice_id, delivery_order_id, customer_id,
                             method, amount_minor, refunded_minor, currency, reference, received_at, received_on,
                             received_by)
SELECT payment_id, moment, moment, receipt, invoice_id, id, customer_id, method, paid, 0, 'MYR', '', moment, day, 'Office'
FROM money ORDER BY i;

INSERT INTO rental_receipts (id, created_at, updated_at, payment_id, receipt_number, issued_at, check_token, content)
SELECT gen_random_uuid(), moment, moment, payment_id, receipt, moment, 'bench' || i,
       jsonb_build_object('customer', jsonb_build_object('name', name), 'method', method, 'amount_minor', paid)
FROM money ORDER BY i;

-- What the books say of it -----------------------------------------------------------------------------------------
CREATE TEMP TABLE posted AS
SELECT gen_random_uuid() AS id, 'invoice.issued' AS kind, 'rental_invoices' AS source, invoice_id AS source_id, day,
       moment, party_id, amount, 'receivable' AS debited, 'sales' AS credited
FROM bill WHERE nth IS NOT NULL
UNION ALL
SELECT gen_random_uuid(), 'payment.received', 'rental_payments', payment_id, day, moment, party_id, paid,
       CASE method WHEN 'CASH' THEN 'office_cash' WHEN 'EWALLET' THEN 'ewallet' WHEN 'CHEQUE' THEN 'cheques'
                   ELSE 'bank' END, 'receivable'
FROM money;

INSERT INTO ledger_transactions (id, posted_at, business_on, kind, source_type, source_id, memo)
SELECT id, moment, day, kind, source, source_id, '' FROM posted;

INSERT INTO ledger_entries (id, transaction_id, business_on, account, party_id, amount_minor, currency)
SELECT gen_random_uuid(), id, day, debited, CASE debited WHEN 'receivable' THEN party_id END, amount, 'MYR' FROM posted
UNION ALL
SELECT gen_random_uuid(), id, day, credited, CASE credited WHEN 'receivable' THEN party_id END, -amount, 'MYR' FROM posted;

-- The next numbers follow on these.
INSERT INTO number_series (series, period, last)
SELECT split_part(number, '-', 1), split_part(number, '-', 2), max(split_part(number, '-', 3)::int)
FROM (SELECT system_do_number AS number FROM rental_delivery_orders UNION ALL SELECT number FROM rental_bookings
      UNION ALL SELECT invoice_number FROM rental_invoices WHERE invoice_number IS NOT NULL
      UNION ALL SELECT receipt_number FROM rental_payments) AS given
GROUP BY 1, 2;
