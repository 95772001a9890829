"""The floor: a bare FastAPI on psycopg that reads and writes the same rows by hand-written SQL.

No sessions, permissions, audit, ledger, events, lifecycles, idempotency: what the app pays above this is their price.
Served by the same server with one process, on `FLOOR_DATABASE_URL`.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from fastapi import FastAPI, HTTPException, Query
from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool
from pydantic import BaseModel, Field

ZONE = ZoneInfo("Asia/Kuala_Lumpur")
COLUMNS = """
d.id, d.system_do_number, d.do_book_number, d.status, d.fulfilment_status, d.customer_id, d.company_name, d.driver_id,
r.name AS driver_name, d.lorry_id, l.registration_no AS lorry_registration_no, d.bin_id AS inventory_bin_id,
b.serial_number AS bin_serial_number, d.exchange_of_id, (SELECT t.serial_number FROM rental_delivery_orders f
JOIN rental_bins t ON t.id = f.bin_id WHERE f.id = d.exchange_of_id) AS exchanged_serial_number, d.h_ft, d.l_ft,
d.w_ft, d.payment_method, d.amount_minor, d.collected_minor, CAST(CASE WHEN d.status = 'cancelled' THEN 0 ELSE
coalesce((SELECT i.total_minor - i.paid_minor FROM rental_invoices i WHERE i.delivery_order_id = d.id
AND i.status NOT IN ('draft', 'voided') AND NOT i.supplementary), d.amount_minor + round(d.amount_minor
* coalesce((SELECT i.tax_rate FROM rental_invoices i WHERE i.delivery_order_id = d.id AND i.status = 'draft'
AND NOT i.supplementary AND d.collected_minor > 0), (SELECT sst_rate FROM rental_business), 0))
- d.collected_minor) END AS bigint) AS to_pay, d.currency, d.site_address, d.area, d.phone, d.scheduled_at,
d.service_on, d.expected_return_on, d.created_at, d.updated_at
"""
ORDER = "d.service_on DESC, d.system_do_number DESC, d.created_at DESC, d.id DESC"
JOINED = """
rental_delivery_orders d LEFT JOIN rental_bins b ON b.id = d.bin_id LEFT JOIN rental_drivers r ON r.id = d.driver_id
LEFT JOIN rental_lorries l ON l.id = d.lorry_id
"""
Connection = AsyncConnection[DictRow]
pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
    os.environ.get("FLOOR_DATABASE_URL", ""),
    open=False,
    min_size=10,
    max_size=10,
    kwargs={"row_factory": dict_row, "options": "-c timezone=UTC"},
)


@asynccontextmanager
async def _open_pool(_app: FastAPI) -> AsyncIterator[None]:
    async with pool:
        yield


app = FastAPI(lifespan=_open_pool, openapi_url=None)


class Customer(BaseModel):
    company_name: str = Field(max_length=200)
    phone: str = Field(max_length=40)
    email: str
    address: str


class Size(BaseModel):
    h_ft: float
    l_ft: float
    w_ft: float


class Order(BaseModel):
    customer_id: UUID
    inventory_bin_id: UUID
    bin_size: Size
    driver_id: UUID
    payment_method: str
    amount: str


class Payment(BaseModel):
    method: str
    amount: str


@app.get("/v1/delivery-orders")
async def page(
    driver_id: UUID | None = None,
    first: date | None = Query(None, alias="from"),
    last: date | None = Query(None, alias="to"),
    limit: int = 20,
) -> dict[str, Any]:
    """One page of delivery orders and how many there are."""
    given = {"driver_id": driver_id, "first": first, "last": last}
    conditions = {
        "driver_id": "d.driver_id = %(driver_id)s",
        "first": "d.service_on >= %(first)s",
        "last": "d.service_on <= %(last)s",
    }
    wanted = " AND ".join(sql for name, sql in conditions.items() if given[name] is not None) or "true"
    async with pool.connection() as connection:
        rows = await connection.execute(
            f"SELECT {COLUMNS} FROM {JOINED} WHERE {wanted} ORDER BY {ORDER} LIMIT {limit}",
            given,
        )
        data = await rows.fetchall()
        total = await _one(
            connection, f"SELECT count(*) AS total FROM rental_delivery_orders d WHERE {wanted}", given
        )
    return {"data": data, "meta": {"page": 1, "limit": limit, **total}}


@app.post("/v1/customers", status_code=201)
async def create_customer(entry: Customer) -> dict[str, Any]:
    """A party and the customer that it is."""
    now = datetime.now(ZONE)
    given = entry.model_dump() | {
        "party": uuid4(),
        "id": uuid4(),
        "now": now,
        "key": entry.company_name.lower(),
    }
    async with pool.connection() as connection:
        await connection.execute(
            "INSERT INTO parties (id, created_at, updated_at, kind, name, name_key, contact_name, phone, email, "
            "address, tax_ids) VALUES (%(party)s, %(now)s, %(now)s, 'company', %(company_name)s, %(key)s, '', "
            "%(phone)s, %(email)s, %(address)s, '{}')",
            given,
        )
        made = await _one(
            connection,
            "INSERT INTO rental_customers (id, created_at, updated_at, party_id, payment_terms_days, on_stop, "
            "po_required, introducer_name, notes, email_messages, message_channel) VALUES (%(id)s, %(now)s, %(now)s, "
            "%(party)s, 30, false, false, '', '', true, 'sms') RETURNING *",
            given,
        )
    return {"data": made | entry.model_dump()}


@app.post("/v1/delivery-orders", status_code=201)
async def create_order(entry: Order) -> dict[str, Any]:
    """An issued order: the bin is taken, the number given."""
    now = datetime.now(ZONE)
    async with pool.connection() as connection:
        customer = await _one(
            connection,
            "SELECT p.name, p.phone, p.address FROM rental_customers c JOIN parties p ON p.id = c.party_id "
            "WHERE c.id = %s",
            [entry.customer_id],
        )
        chosen = await _one(
            connection, "SELECT * FROM rental_bins WHERE id = %s FOR UPDATE", [entry.inventory_bin_id]
        )
        if chosen["status"] != "in_warehouse":
            raise HTTPException(409, "The bin is not free")
        given = customer | {
            "id": uuid4(),
            "customer_id": entry.customer_id,
            "bin_id": entry.inventory_bin_id,
            "driver_id": entry.driver_id,
            "h_ft": chosen["h_ft"],
            "l_ft": chosen["l_ft"],
            "w_ft": chosen["w_ft"],
            "method": entry.payment_method,
            "amount": _minor(entry.amount),
            "token": uuid4().hex,
            "now": now,
            "today": now.date(),
            "back_on": now.date() + timedelta(days=14),
        }
        await connection.execute(
            "UPDATE rental_bins SET status = 'assigned', delivery_order_id = %(id)s, customer_id = %(customer_id)s, "
            "updated_at = %(now)s WHERE id = %(bin_id)s",
            given,
        )
        given["number"] = await _number(connection, "DO", now.year)
        made = await _one(
            connection,
            "INSERT INTO rental_delivery_orders (id, created_at, updated_at, system_do_number, customer_id, driver_id, "
            "bin_id, do_by_name, company_name, phone, po_number, site_address, area, state, h_ft, l_ft, w_ft, "
            "payment_method, amount_minor, currency, collected_minor, introducer_name, notes, status, "
            "check_token, fulfilment_status, scheduled_at, service_on, expected_return_on, issued_at, failure_reason, cancel_reason, "
            "received_by)"
            " VALUES (%(id)s, %(now)s, %(now)s, %(number)s, %(customer_id)s, %(driver_id)s, %(bin_id)s, '', %(name)s, "
            "%(phone)s, '', %(address)s, '', '', %(h_ft)s, %(l_ft)s, %(w_ft)s, %(method)s, %(amount)s, 'MYR', 0, '', "
            "'', 'issued', %(token)s, 'assigned', %(now)s, %(today)s, %(back_on)s, %(now)s, '', '', '') RETURNING *",
            given,
        )
    return {"data": made}


@app.post("/v1/invoices/from-do/{order_id}", status_code=201)
async def issue_invoice(order_id: UUID) -> dict[str, Any]:
    """The invoice of an order, with its line and number."""
    now = datetime.now(ZONE)
    async with pool.connection() as connection:
        order = await _one(
            connection, "SELECT * FROM rental_delivery_orders WHERE id = %s FOR UPDATE", [order_id]
        )
        bill_to = {
            name: order[column] for name, column in (("name", "company_name"), ("address", "site_address"))
        }
        given = {
            "id": uuid4(),
            "line": uuid4(),
            "order_id": order_id,
            "customer_id": order["customer_id"],
            "method": order["payment_method"],
            "amount": order["amount_minor"],
            "now": now,
            "today": now.date(),
            "token": uuid4().hex,
            "bill_to": Jsonb(bill_to),
        }
        given["number"] = await _number(connection, "INV", now.year)
        made = await _one(
            connection,
            "INSERT INTO rental_invoices (id, created_at, updated_at, invoice_number, delivery_order_id, customer_id, "
            "supplementary, status, payment_method, currency, tax_rate, subtotal_minor, tax_minor, total_minor, "
            "paid_minor, refunded_minor, issuer, bill_to, notes, check_token, issued_at, issued_on, due_on, void_reason) "
            "VALUES (%(id)s, %(now)s, %(now)s, %(number)s, %(order_id)s, %(customer_id)s, false, 'issued', %(method)s, "
            "'MYR', 0, %(amount)s, 0, %(amount)s, 0, 0, '{}', %(bill_to)s, '', %(token)s, %(now)s, %(today)s, %(today)s, '') RETURNING *",
            given,
        )
        await connection.execute(
            "INSERT INTO rental_invoice_lines (id, created_at, updated_at, invoice_id, position, description, "
            "quantity, unit, price_minor, amount_minor) VALUES (%(line)s, %(now)s, %(now)s, %(id)s, 1, 'Bin rental', "
            "1, 'bin', %(amount)s, %(amount)s)",
            given,
        )
        await connection.execute(
            "UPDATE rental_delivery_orders SET status = 'invoiced_linked', updated_at = %(now)s "
            "WHERE id = %(order_id)s",
            given,
        )
    return {"data": made}


@app.post("/v1/invoices/{invoice_id}/payments", status_code=201)
async def record_payment(invoice_id: UUID, entry: Payment) -> dict[str, Any]:
    """Money on an invoice, with its receipt."""
    now = datetime.now(ZONE)
    async with pool.connection() as connection:
        invoice = await _one(
            connection, "SELECT * FROM rental_invoices WHERE id = %s FOR UPDATE", [invoice_id]
        )
        amount = _minor(entry.amount)
        if amount > invoice["total_minor"] - invoice["paid_minor"]:
            raise HTTPException(400, "That is more than is owed")
        given = {
            "id": uuid4(),
            "receipt_id": uuid4(),
            "invoice_id": invoice_id,
            "order_id": invoice["delivery_order_id"],
            "customer_id": invoice["customer_id"],
            "method": entry.method,
            "amount": amount,
            "status": "paid"
            if amount == invoice["total_minor"] - invoice["paid_minor"]
            else "partially_paid",
            "now": now,
            "today": now.date(),
            "token": uuid4().hex,
            "content": Jsonb(
                {"method": entry.method, "amount_minor": amount, "customer": invoice["bill_to"]}
            ),
        }
        given["number"] = await _number(connection, "RCPT", now.year)
        made = await _one(
            connection,
            "INSERT INTO rental_payments (id, created_at, updated_at, receipt_number, invoice_id, delivery_order_id, "
            "customer_id, method, amount_minor, refunded_minor, currency, reference, received_at, received_on, "
            "received_by) VALUES (%(id)s, %(now)s, %(now)s, %(number)s, %(invoice_id)s, %(order_id)s, %(customer_id)s, "
            "%(method)s, %(amount)s, 0, 'MYR', '', %(now)s, %(today)s, '') RETURNING *",
            given,
        )
        await connection.execute(
            "INSERT INTO rental_receipts (id, created_at, updated_at, payment_id, receipt_number, issued_at, "
            "check_token, content) VALUES (%(receipt_id)s, %(now)s, %(now)s, %(id)s, %(number)s, %(now)s, %(token)s, "
            "%(content)s)",
            given,
        )
        await connection.execute(
            "UPDATE rental_invoices SET paid_minor = paid_minor + %(amount)s, status = %(status)s, paid_at = %(now)s, "
            "updated_at = %(now)s WHERE id = %(invoice_id)s",
            given,
        )
    return {"data": made}


async def _number(connection: Connection, series: str, year: int) -> str:
    taken = await _one(
        connection,
        "INSERT INTO number_series (series, period, last) VALUES (%s, %s, 1) ON CONFLICT (series, period) "
        "DO UPDATE SET last = number_series.last + 1 RETURNING last",
        [series, str(year)],
    )
    return f"{series}-{year}-{taken['last']:05d}"


async def _one(connection: Connection, statement: str, values: Any) -> dict[str, Any]:
    row = await (await connection.execute(statement, values)).fetchone()
    if row is None:
        raise HTTPException(404, "There is no such record")
    return row


def _minor(amount: str) -> int:
    whole, _, cents = amount.partition(".")
    return int(whole) * 100 + int(cents.ljust(2, "0") or 0)
