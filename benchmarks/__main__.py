"""`make bench`: this app beside the floor, on one PostgreSQL, in one table. README.md says what the numbers mean."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import ExitStack

from benchmarks import comparisons, large_set, people, place, servers
from benchmarks.comparisons import Month, Side
from benchmarks.verdicts import Verdict, as_json, table
from lattis_app.core import db
from lattis_app.core.settings import settings

ALL = ("lists", "rounds", "pages")


def main() -> int:
    """Measure what was asked for; the exit status says whether every target is met."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--orders", type=int, default=large_set.LARGE, help="size of the large set")
    parser.add_argument("--only", choices=ALL, action="append", help="leave the others out")
    parser.add_argument("--repeats", type=int, default=5, help="turns of each side, after one to warm up")
    parser.add_argument("--seconds", type=float, default=4, help="length of one turn")
    parser.add_argument("--json", action="store_true", help="for programs instead of people")
    chosen = parser.parse_args()
    place.use()
    verdicts = list(measure(chosen))
    print(as_json(verdicts) if chosen.json else table(verdicts))
    return 0 if all(each.met for each in verdicts) else 1


def measure(chosen: argparse.Namespace) -> Iterator[Verdict]:
    """Run the comparisons, saying on standard error which is under way."""
    wanted = chosen.only or ALL
    with ExitStack() as running:
        server = running.enter_context(large_set.server(settings()))
        _, large_url = large_set.database(server, settings(), chosen.orders)
        _, small_url = large_set.database(server, settings(), large_set.SMALL)
        month = Month()
        app, small = (_app(running, url, month) for url in (large_url, small_url))
        floor = Side(running.enter_context(servers.floor(large_url)), path=app.path)
        db.configure(large_url)
        running.callback(db.configure, None)
        if "lists" in wanted:
            yield from _said("lists", comparisons.lists(app, floor, small, chosen.repeats, chosen.seconds))
        if "rounds" in wanted:
            driver_id = month.drivers[0]
            yield from _said(
                "rounds", comparisons.rounds(app, floor, driver_id, chosen.repeats, chosen.seconds)
            )
        if "pages" in wanted:
            yield from _said("pages", comparisons.pages(app, month, 5 * chosen.seconds, 5))


def _app(running: ExitStack, url: str, month: Month) -> Side:
    db.configure(url)
    signed_in = people.sign_in(comparisons.TABS)
    return Side(running.enter_context(servers.app(url)), signed_in, month.path())


def _said(name: str, verdicts: Iterator[Verdict]) -> Iterator[Verdict]:
    print(f"measuring {name}…", file=sys.stderr, flush=True)
    for each in verdicts:
        print(f"  {each.what}: {each.measured:.2f} {each.unit}", file=sys.stderr, flush=True)
        yield each


if __name__ == "__main__":
    sys.exit(main())
