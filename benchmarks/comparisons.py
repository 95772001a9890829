"""What is compared. Each comparison runs by turns against the same PostgreSQL, in one go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from statistics import median
from typing import Any

from sqlalchemy import text

from benchmarks.people import SignedIn
from benchmarks.servers import ask
from benchmarks.verdicts import Verdict, side_by_side
from lattis_app.core import clock
from lattis_app.core.db import reading, unit_of_work

CLIENTS, TABS = 8, 50
BINS_PER_SECOND = 500
ORDERS = "/v1/delivery-orders"
BUSIEST_DRIVERS = text(
    "SELECT driver_id::text FROM rental_delivery_orders WHERE service_on BETWEEN :first AND :last AND driver_id IS NOT NULL "
    "GROUP BY driver_id HAVING count(*) >= 20 ORDER BY count(*) DESC LIMIT 40"
)
NEW_BINS = text(
    "INSERT INTO rental_bins (id, created_at, updated_at, serial_number, h_ft, l_ft, w_ft, area, state, status, notes) "
    "SELECT gen_random_uuid(), now(), now(), 'ROUND-' || left(md5(gen_random_uuid()::text), 20), 4, 12, 6, '', '', 'in_warehouse', '' "
    "FROM generate_series(1, :count) RETURNING id::text, h_ft, l_ft, w_ft"
)


@dataclass
class Side:
    """One server, and who asks it what."""

    port: int
    people: Sequence[SignedIn] = ()
    path: str = ""

    @property
    def tokens(self) -> list[str]:
        """What each of the clients presents; the floor asks nobody."""
        return [person.token for person in self.people[:CLIENTS]] or [""] * CLIENTS

    def requests_per_second(self, seconds: float) -> float:
        """How many lists a second it answers to all clients together."""
        done = ask(
            "read", port=self.port, path=self.path, token=self.tokens[0], clients=CLIENTS, seconds=seconds
        )
        return len(done["took"]) / float(done["elapsed"])

    def milliseconds(self, path: str, seconds: float) -> float:
        """How long one list takes one client."""
        done = ask("read", port=self.port, path=path, token=self.tokens[0], clients=1, seconds=seconds)
        return 1000 * median(done["took"])

    def rounds_per_second(self, bins: Iterator[dict[str, Any]], driver_id: str, seconds: float) -> float:
        """How many business rounds a second it carries for all clients together."""
        given = list(islice(bins, int(seconds * BINS_PER_SECOND)))
        done = ask(
            "rounds", port=self.port, tokens=self.tokens, bins=given, driver_id=driver_id, seconds=seconds
        )
        return len(done["took"]) / float(done["elapsed"])


@dataclass
class Month:
    """A full month of one business: its days and its busiest drivers."""

    first: date = field(default_factory=lambda: _month_before(clock.today()))

    @property
    def last(self) -> date:
        """Its last day."""
        return (self.first + timedelta(days=31)).replace(day=1) - timedelta(days=1)

    @property
    def drivers(self) -> list[str]:
        """Who drove at least a page of orders in it, in the configured database."""
        with reading() as session:
            return list(session.scalars(BUSIEST_DRIVERS, {"first": self.first, "last": self.last}))

    def path(self) -> str:
        """The list of one driver's month."""
        return f"{ORDERS}?driver_id={self.drivers[0]}&from={self.first}&to={self.last}"


def lists(app: Side, floor: Side, small: Side, repeats: int, seconds: float) -> Iterator[Verdict]:
    """Twenty delivery orders of one driver and month, with their total; then those of everybody."""
    ours, theirs, ratio = side_by_side(
        lambda: app.requests_per_second(seconds), lambda: floor.requests_per_second(seconds), repeats
    )
    yield Verdict(
        "list: one driver and month of 1,000,000", f"{ours:.0f}/s", f"floor {theirs:.0f}/s", ratio, 0.5, "≥"
    )
    large, little, growth = side_by_side(
        lambda: app.milliseconds(app.path, seconds), lambda: small.milliseconds(small.path, seconds), repeats
    )
    yield Verdict("list: 1,000,000 rows", f"{large:.1f} ms", f"10,000 rows {little:.1f} ms", growth, 1.3, "≤")
    whole = [app.milliseconds(ORDERS, seconds) for _ in range(repeats + 1)][1:]
    yield Verdict(
        "list: first page of all, with total", f"{median(whole):.1f} ms", "", median(whole), 60, "≤", "ms"
    )


def rounds(app: Side, floor: Side, driver_id: str, repeats: int, seconds: float) -> Iterator[Verdict]:
    """A new customer, their delivery order, its issued invoice and the payment, over REST."""
    turns = 2 * (repeats + 1)
    with unit_of_work() as session:
        found = session.execute(NEW_BINS, {"count": int(turns * seconds * BINS_PER_SECOND)}).all()
    bins = iter([_chosen(*row) for row in found])
    ours, theirs, ratio = side_by_side(
        lambda: app.rounds_per_second(bins, driver_id, seconds),
        lambda: floor.rounds_per_second(bins, driver_id, seconds),
        repeats,
    )
    yield Verdict(
        "round: customer, order, invoice, payment",
        f"{ours:.1f}/s",
        f"floor {theirs:.1f}/s",
        1 / ratio,
        4,
        "≤",
    )
    yield Verdict("round: eight clients, one process", f"{ours:.1f}/s", "", ours, 60, "≥", "/s")


def pages(app: Side, month: Month, seconds: float, pause: float) -> Iterator[Verdict]:
    """Filtering the table of delivery orders while fifty people do so, each every few seconds."""
    earlier = Month(_month_before(month.first))
    done = ask(
        "filter",
        port=app.port,
        cookies=[person.cookie for person in app.people[:TABS]],
        driver_ids=month.drivers,
        months=[[str(each.first), str(each.last)] for each in (month, earlier)],
        seconds=seconds,
        pause=pause,
    )
    took = 1000 * median(done["took"])
    yield Verdict(f"page: filter, {TABS} open tabs", f"{took:.1f} ms", "", took, 50, "≤", "ms")


def _chosen(bin_id: str, *size: Any) -> dict[str, Any]:
    return {"id": bin_id, "size": dict(zip(("h_ft", "l_ft", "w_ft"), map(float, size), strict=True))}


def _month_before(day: date) -> date:
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)
