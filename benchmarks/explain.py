"""How PostgreSQL answers every order and filter that the long lists offer: `python -m benchmarks.explain`.

The rule: neither a page nor its total reads a long table from end to end, and an order that a list offers comes from
an index, rows that tie too. The exit status says whether it holds.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, event, select
from sqlalchemy.orm import Session

from benchmarks import large_set, place
from lattis_app.core import db
from lattis_app.core.actors import SYSTEM
from lattis_app.core.pagination import PageRequest
from lattis_app.core.schemas import Filters, parse
from lattis_app.core.settings import settings
from lattis_app.rental.models import RentalBooking, RentalDeliveryOrder, RentalInvoice, RentalPayment
from lattis_app.rental.queries import bookings, delivery_orders, invoices, payments
from lattis_app.rental.schemas.bookings import BookingFilters
from lattis_app.rental.schemas.delivery_orders import DeliveryOrderFilters
from lattis_app.rental.schemas.invoices import InvoiceFilters, PaymentFilters

LONG = frozenset(
    {
        "rental_bookings",
        "rental_delivery_orders",
        "rental_invoices",
        "rental_payments",
        "rental_receipts",
        "ledger_entries",
        "courier_parcels",
        "courier_invoice_lines",
    }
)


@dataclass(frozen=True)
class List:
    """One list: its query, its filters, and a record that each filter finds."""

    name: str
    page: Callable[..., Any]
    filters: type[Filters]
    sorts: Sequence[str]
    model: Any

    def requests(self, session: Session) -> Iterator[tuple[Filters, PageRequest]]:
        """Every order in both directions, then every filter alone, then a month of everything."""
        yield self.filters(), PageRequest()
        for sort in self.sorts:
            for direction in ("", "-"):
                yield self.filters(), PageRequest(sort=f"{direction}{sort}")
        for values in self._examples(session):
            yield parse(self.filters, values), PageRequest()

    def _examples(self, session: Session) -> Iterator[dict[str, str]]:
        ordered = select(self.model).order_by(self.model.created_at.desc()).offset(300).limit(1)
        shown = session.scalars(ordered).one()
        for name, given in self.filters.model_fields.items():
            if given.alias in ("from", "to"):
                continue
            example = {"overdue": "true"}.get(name) or getattr(shown, name, None)
            if name != "q" and example:
                yield {name: str(example)}
        for attribute in (
            "number",
            "tracking_number",
            "invoice_no",
            "system_do_number",
            "do_book_number",
            "invoice_number",
            "receipt_number",
        ):
            if begins := getattr(shown, attribute, None):
                yield {"q": str(begins)[:-1]}
        yield {"q": "Delima Steel 1"}
        day = str(getattr(shown, DAYS[self.name], shown.created_at.date()))
        yield {"from": day, "to": day}
        yield {"from": f"{day[:4]}-01-01"}


DAYS = {
    "delivery orders": "service_on",
    "invoices": "issued_on",
    "bookings": "scheduled_on",
    "payments": "received_on",
    "parcels": "delivered_on",
    "merchant invoices": "generated_on",
}
LISTS = (
    List(
        "delivery orders",
        delivery_orders.page,
        DeliveryOrderFilters,
        tuple(delivery_orders.SORTS),
        RentalDeliveryOrder,
    ),
    List("invoices", invoices.page, InvoiceFilters, tuple(invoices.SORTS), RentalInvoice),
    List("bookings", bookings.page, BookingFilters, tuple(bookings.SORTS), RentalBooking),
    List("payments", payments.page, PaymentFilters, tuple(payments.SORTS), RentalPayment),
)


@dataclass(frozen=True)
class Plan:
    """How one statement of one request is answered."""

    request: str
    filtered: bool
    statement: str
    lines: Sequence[str]
    milliseconds: float

    @property
    def read_whole(self) -> list[str]:
        """The long tables that are read from end to end."""
        words = (line.split(" on ")[1].split()[0] for line in self.lines if "Seq Scan on " in line)
        return sorted(LONG.intersection(words))

    @property
    def sorts_all(self) -> bool:
        """Whether a page of the unfiltered list is sorted before it is cut out; rows that tie may be, in between."""
        whole = any(line.strip(" ->").startswith("Sort  (") for line in self.lines)
        return whole and not self.filtered and self.statement == "page"


def plans(session: Session, lists: Sequence[List] = LISTS) -> Iterator[Plan]:
    """The plans of every request of the lists, one after the other."""
    for each in lists:
        for filters, request in each.requests(session):
            given = filters.model_dump(exclude_defaults=True, mode="json", by_alias=True)
            words = " ".join([each.name, *(f"{name}={value}" for name, value in given.items())])
            if request.sort:
                words += f" sort={request.sort}"
            for statement, values in _sent(session, lambda: each.page(session, SYSTEM, filters, request)):  # noqa: B023 — called at once
                yield _explained(session, words, bool(given), statement, values)


def _sent(session: Session, ask: Callable[[], object]) -> list[tuple[str, Any]]:
    sent: list[tuple[str, Any]] = []

    def note(_connection: Connection, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        sent.append((statement, values))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return sent


def _explained(session: Session, words: str, filtered: bool, statement: str, values: Any) -> Plan:
    connection = session.connection().connection.driver_connection
    assert connection is not None
    lines = [row[0] for row in connection.execute(f"EXPLAIN (ANALYZE, TIMING OFF) {statement}", values)]
    took = next(float(line.split()[2]) for line in lines if line.startswith("Execution Time"))
    kind = "total" if "count(" in statement or "sum(" in statement else "page"
    return Plan(words, filtered, kind, lines, took)


def main() -> int:
    """Explain every list on a set of the size asked for; show whole plans with `--plans`."""
    parser = argparse.ArgumentParser(prog="benchmarks.explain", description=__doc__)
    parser.add_argument("--orders", type=int, default=large_set.LARGE)
    parser.add_argument("--plans", action="store_true", help="show the plans, not only the verdicts")
    chosen = parser.parse_args()
    place.use()
    with large_set.server(settings()) as running:
        _, url = large_set.database(running, settings(), chosen.orders)
        db.configure(url)
        with db.reading() as session:
            found = list(plans(session))
        db.configure(None)
    for plan in found:
        verdict = f"READS ALL OF {', '.join(plan.read_whole)}" if plan.read_whole else "ok"
        verdict = "SORTS ALL" if plan.sorts_all else verdict
        print(f"{plan.milliseconds:8.1f} ms  {plan.statement:<5}  {verdict:<4}  {plan.request}")
        if chosen.plans:
            print("\n".join(f"             {line}" for line in plan.lines))
    broken = [plan for plan in found if plan.read_whole or plan.sorts_all]
    print(f"{len(found)} plans, {len(broken)} break the rule")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
