"""How long every report takes on the large set: `python -m benchmarks.reports`.

Twice: for the last thirty days, and for all three years in months. The exit status says whether each stays under a
second.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from sqlalchemy.orm import Session

from benchmarks import large_set, place
from lattis_app.core import clock, db
from lattis_app.core.actors import SYSTEM
from lattis_app.core.schemas import parse
from lattis_app.core.settings import settings
from lattis_app.rental.queries.reports.catalog import REPORTS, Report

MOST_MILLISECONDS = 1_000
TURNS = 3
YEARS = timedelta(days=3 * 365)


@dataclass(frozen=True)
class Taken:
    """The middle time of a report, in milliseconds, over a month and over everything."""

    report: Report
    month: float
    everything: float

    @property
    def is_quick(self) -> bool:
        """Whether nobody waits for it."""
        return max(self.month, self.everything) < MOST_MILLISECONDS


def measure(session: Session) -> Iterator[Taken]:
    """Ask every report for a month and for everything."""
    today = clock.today()
    for report in REPORTS:
        long = {"from": str(today - YEARS), "to": str(today), "granularity": "monthly"}
        if report.slug == "delivery-orders-daily-totals":
            long["from"] = str(today - timedelta(days=1_000))
        yield Taken(report, _milliseconds(session, report, {}), _milliseconds(session, report, long))


def _milliseconds(session: Session, report: Report, asked: dict[str, str]) -> float:
    filters = parse(report.filters, asked)
    taken = []
    for _ in range(TURNS):
        started = time.perf_counter()
        report.find(session, SYSTEM, filters)
        taken.append(1_000 * (time.perf_counter() - started))
    return median(taken)


def main() -> int:
    """Measure every report on a set of the size asked for."""
    parser = argparse.ArgumentParser(prog="benchmarks.reports", description=__doc__)
    parser.add_argument("--orders", type=int, default=large_set.LARGE)
    chosen = parser.parse_args()
    place.use()
    with large_set.server(settings()) as running:
        _, url = large_set.database(running, settings(), chosen.orders)
        db.configure(url)
        with db.reading() as session:
            found = list(measure(session))
        db.configure(None)
    print(f"{'report':<36}{'a month':>12}{'three years':>14}")
    for each in found:
        verdict = "" if each.is_quick else "  TOO SLOW"
        print(f"{each.report.path:<36}{each.month:>9.0f} ms{each.everything:>11.0f} ms{verdict}")
    return 0 if all(each.is_quick for each in found) else 1


if __name__ == "__main__":
    sys.exit(main())
