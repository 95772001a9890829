"""How much of a list's time the libraries take by themselves: `python -m benchmarks.stack`.

By turns, against the floor: the bare stack, the bare stack that looks up who asks, and the product.
"""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from statistics import median

from benchmarks import comparisons, large_set, people, place, servers
from benchmarks.comparisons import ORDERS, Month, Side
from lattis_app.core import db
from lattis_app.core.settings import settings


def main() -> int:
    """Print one line for each, the floor last."""
    parser = argparse.ArgumentParser(prog="benchmarks.stack", description=__doc__)
    parser.add_argument("--repeats", type=int, default=5, help="turns of each, after one to warm up")
    parser.add_argument("--seconds", type=float, default=3, help="length of one turn")
    chosen = parser.parse_args()
    place.use()
    with ExitStack() as running:
        server = running.enter_context(large_set.server(settings()))
        _, url = large_set.database(server, settings(), large_set.SMALL)
        db.configure(url)
        running.callback(db.configure, None)
        signed_in, path = people.sign_in(comparisons.CLIENTS), Month().path()
        bare = running.enter_context(servers.bare(url, "benchmarks.bare_stack:app"))
        sides = {
            "FastAPI and SQLAlchemy": Side(bare, path=path),
            "… and who asks": Side(bare, signed_in, path.replace(ORDERS, "/v1/signed-in/delivery-orders")),
            "the product": Side(running.enter_context(servers.app(url)), signed_in, path),
            "floor": Side(running.enter_context(servers.floor(url)), path=path),
        }
        turns = [
            {name: side.requests_per_second(chosen.seconds) for name, side in sides.items()}
            for _ in range(chosen.repeats + 1)
        ][1:]
    for name in sides:
        share = median(turn[name] / turn["floor"] for turn in turns)
        print(f"{name:24}{median(turn[name] for turn in turns):6.0f}/s{share:8.2f} ×")
    return 0


if __name__ == "__main__":
    sys.exit(main())
