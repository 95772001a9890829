"""Offices that record payments and issue invoices as fast as they are answered, and what must be true afterwards."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from threading import Event, Thread
from time import monotonic
from typing import Any
from uuid import UUID, uuid4

import httpx
from sqlalchemy import text

from lattis_app.core import db
from lattis_app.core.actors import SYSTEM
from lattis_app.identity.passwords import hash_secret
from lattis_app.rental.services import invoices
from tests.factories.identity import PASSWORD, make_user
from tests.factories.rental import make_customer
from tests.factories.rental_delivery_orders import make_delivery_order
from tests.factories.rental_operations import make_driver, make_lorry

OFFICES, CUSTOMERS = 4, 8
METHODS = ("CASH", "ONLINE", "CDM", "EWALLET", "CHEQUE")
TRY_AGAIN = frozenset({409, 429, 500, 502, 503, 504})
SECONDS_TO_RECOVER = 90
EMAIL = "office@example.com"


@dataclass
class Load:
    """What the offices do and what they were told."""

    invoices: list[UUID]
    orders: list[UUID]
    url: str = ""
    token: str = ""
    opened: Event = field(default_factory=Event)
    stopping: Event = field(default_factory=Event)
    paid: list[tuple[str, str, str, int]] = field(default_factory=list)
    issued: list[str] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Let all offices work; at the end each finishes what it has begun."""
        threads = [
            Thread(target=self._office, args=[Random(number)], daemon=True) for number in range(OFFICES)
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.stopping.set()

    def serve(self, url: str) -> None:
        """Send the offices to a server that has just started, and wait until it answers them."""
        self.url = url
        with httpx.Client(timeout=SECONDS_TO_RECOVER) as client:
            signed_in = {"email": EMAIL, "password": PASSWORD}
            self.token = self._ask(client, "/v1/auth/login", signed_in, 200)["access_token"]
        self.opened.set()
        self.await_answers()

    def await_answers(self) -> None:
        """Wait until there are some more answers, so that all is at full speed."""
        reached, deadline = len(self.paid) + 2 * OFFICES, monotonic() + SECONDS_TO_RECOVER
        while len(self.paid) < reached:
            assert monotonic() < deadline, (self.seen, self.refused)
            pause(0.005)

    def finish(self) -> None:
        """Let every office be answered, and begin nothing more."""
        self.stopping.set()
        deadline = monotonic() + SECONDS_TO_RECOVER
        while self.seen["finished"] < OFFICES:
            assert monotonic() < deadline, (self.seen, self.refused)
            pause(0.005)

    def _office(self, chance: Random) -> None:
        self.opened.wait()
        with httpx.Client(timeout=10) as client:
            while not self.stopping.is_set():
                if self.orders and chance.random() < 0.05:
                    made = self._ask(client, f"/v1/invoices/from-do/{self.orders.pop()}", {}, 201)
                    self.issued.append(made["invoice_number"])
                    continue
                invoice, minor = chance.choice(self.invoices), chance.randrange(1, 5_000)
                body = {"method": chance.choice(METHODS), "amount": str(Decimal(minor) / 100)}
                payment = self._ask(client, f"/v1/invoices/{invoice}/payments", body, 201)
                self.paid.append((payment["id"], payment["receipt_number"], str(invoice), minor))
        self.seen["finished"] += 1

    def _ask(self, client: httpx.Client, path: str, body: dict[str, Any], success: int) -> dict[str, Any]:
        """Ask with one key until there is an answer."""
        key = str(uuid4())
        while True:
            headers = {"Idempotency-Key": key}
            if self.token:
                headers["Authorization"] = f"Bearer {self.token}"
            try:
                answer = client.post(self.url + path, json=body, headers=headers)
            except httpx.TransportError:
                self.seen["lost connections"] += 1
            else:
                if answer.status_code == success:
                    self.seen["replayed answers"] += "Idempotency-Replayed" in answer.headers
                    return dict(answer.json()["data"])
                self.seen[str(answer.status_code)] += 1
                if answer.status_code not in TRY_AGAIN:
                    self.refused.append(answer.text)
            pause(0.02)


def pause(seconds: float) -> None:
    """Let others work for a moment."""
    Event().wait(seconds)


def open_business(orders: int) -> Load:
    """Somebody who may sign in, invoices of a million each to pay, and orders to invoice."""
    with db.unit_of_work() as session:
        make_user(session, email=EMAIL, password_hash=hash_secret(PASSWORD))
        common = {"driver_id": make_driver(session).id, "lorry_id": make_lorry(session).id}
        dear = common | {"amount": "1000000.00", "waste_items": []}
        issued = []
        for _ in range(CUSTOMERS):
            issued.append(
                invoices.make_from_order(session, SYSTEM, make_delivery_order(session, **dear).id).id
            )
            session.flush()
        customer_id = make_customer(session).id
        waiting = [make_delivery_order(session, **common, customer_id=customer_id).id for _ in range(orders)]
    return Load(issued, waiting)


def rows(statement: str) -> list[tuple[Any, ...]]:
    """What the database holds."""
    with db.reading() as session:
        return [tuple(row) for row in session.execute(text(statement))]


def assert_every_answer_is_kept_once(load: Load) -> None:
    """What was answered is there, nothing else is, and the numbers have no gap."""
    kept = rows("SELECT id::text, receipt_number, invoice_id::text, amount_minor FROM rental_payments")
    assert sorted(kept) == sorted(load.paid)
    receipts = rows("SELECT substr(receipt_number, 11)::int FROM rental_payments ORDER BY 1")
    assert receipts == [(number,) for number in range(1, len(load.paid) + 1)]
    for once in (
        "SELECT payment_id FROM rental_receipts",
        "SELECT source_id FROM ledger_transactions WHERE kind = 'payment.received'",
        "SELECT entity_id FROM events WHERE name = 'payment.received'",
    ):
        assert sorted(str(payment) for (payment,) in rows(once)) == sorted(each[0] for each in kept)
    issued = rows("SELECT invoice_number FROM rental_invoices WHERE issued_on IS NOT NULL ORDER BY 1")
    assert [int(number[9:]) for (number,) in issued] == list(range(1, CUSTOMERS + len(load.issued) + 1))
    assert [number for (number,) in issued[CUSTOMERS:]] == sorted(load.issued)


def assert_the_books_balance() -> None:
    """Entries add up to zero, in all and per transaction; invoices, payments and receivable agree."""
    assert rows("SELECT currency, sum(amount_minor)::bigint FROM ledger_entries GROUP BY 1") == [("MYR", 0)]
    for wrong in (
        "SELECT t.id FROM ledger_transactions t LEFT JOIN ledger_entries e ON e.transaction_id = t.id "
        "GROUP BY t.id HAVING coalesce(sum(e.amount_minor), 1) <> 0",
        "SELECT i.id FROM rental_invoices i LEFT JOIN rental_payments p ON p.invoice_id = i.id "
        "GROUP BY i.id HAVING i.paid_minor <> coalesce(sum(p.amount_minor), 0)",
    ):
        assert rows(wrong) == []
    balances = rows(
        "SELECT c.party_id, sum(i.total_minor - i.paid_minor)::bigint FROM rental_invoices i "
        "JOIN rental_customers c ON c.id = i.customer_id WHERE i.issued_on IS NOT NULL GROUP BY 1"
    )
    owed = "SELECT party_id, sum(amount_minor)::bigint FROM ledger_entries WHERE account = 'receivable' GROUP BY 1"
    assert sorted(balances) == sorted(rows(owed))
