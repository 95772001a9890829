"""Every API request leaves one line in the log; every request counts in the metrics under the route it matched."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.gc_collector import GCCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import Engine, event, text
from sqlalchemy.pool import QueuePool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lattis_app.core import db
from lattis_app.web import live

logger = logging.getLogger("lattis_app.web.requests")
LOGGED = ("/v1/", "/api/", "/auth/")
PAGES = "pages and files"
REGISTRY = CollectorRegistry()
REQUESTS = Counter("lattis_requests", "API requests.", ("method", "route", "status"), registry=REGISTRY)
SECONDS = Histogram(
    "lattis_request_seconds", "How long API requests took.", ("method", "route"), registry=REGISTRY
)
STATEMENTS = Histogram(
    "lattis_statement_seconds",
    "How long statements of the database took.",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=REGISTRY,
)
GCCollector(REGISTRY)
ProcessCollector(registry=REGISTRY)
_COUNTS = {
    "lattis_queue_jobs": ("Work in the queue, by state.", "state",
                          "SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY 1"),
    "lattis_job_runs": ("Runs of recurring jobs kept, by how they ended.", "state",
                        "SELECT status, count(*) FROM job_runs GROUP BY 1"),
    "lattis_events_undelivered": ("Events that a subscriber has not taken.", "subscriber",
                                  "SELECT subscriber, count(*) FROM event_deliveries WHERE delivered_at IS NULL GROUP BY 1"),
}  # fmt: skip


def count_too(name: str, words: str, label: str, statement: str) -> None:
    """Let a domain's own numbers stand among the metrics: the statement answers label and number."""
    _COUNTS[name] = (words, label, statement)


@event.listens_for(Engine, "before_cursor_execute")
def _begin_statement(
    connection: Any, cursor: Any, statement: str, values: Any, context: Any, many: bool
) -> None:
    context.lattis_began = time.perf_counter()


@event.listens_for(Engine, "after_cursor_execute")
def _count_statement(
    connection: Any, cursor: Any, statement: str, values: Any, context: Any, many: bool
) -> None:
    STATEMENTS.observe(time.perf_counter() - context.lattis_began)


def response_times(paths: tuple[str, ...]) -> list[dict[str, Any]]:
    """How often, how fast and how badly the endpoints that begin so have answered since this process started."""
    requests: dict[str, list[float]] = {}
    for metric in REQUESTS.collect():
        for sample in metric.samples:
            if sample.name.endswith("_total") and sample.labels["route"].startswith(paths):
                counts = requests.setdefault(f"{sample.labels['method']} {sample.labels['route']}", [0, 0])
                counts[0] += sample.value
                counts[1] += sample.value if sample.labels["status"] >= "500" else 0
    sums, buckets = _measured()
    return [
        {
            "endpoint": endpoint,
            "requests": int(count),
            "average_ms": round(1000 * sums.get(endpoint, 0) / count),
            "p95_ms": _below(buckets.get(endpoint, []), 0.95 * count),
            "error_rate": str(round(failed / count, 4)),
        }
        for endpoint, (count, failed) in sorted(requests.items())
    ]


def _measured() -> tuple[dict[str, float], dict[str, list[tuple[float, float]]]]:
    """The seconds of each endpoint together, and how many requests took at most so long."""
    sums: dict[str, float] = {}
    buckets: dict[str, list[tuple[float, float]]] = {}
    for metric in SECONDS.collect():
        for sample in metric.samples:
            endpoint = f"{sample.labels['method']} {sample.labels['route']}"
            if sample.name.endswith("_sum"):
                sums[endpoint] = sample.value
            elif sample.name.endswith("_bucket"):
                buckets.setdefault(endpoint, []).append((float(sample.labels["le"]), sample.value))
    return sums, buckets


def _below(buckets: list[tuple[float, float]], count: float) -> int:
    """The milliseconds under which so many requests stayed, as finely as they were counted."""
    longest = max((bound for bound, _ in buckets if bound != float("inf")), default=0.0)
    within = (bound for bound, seen in sorted(buckets) if seen >= count)
    return round(1000 * min(next(within, longest), longest))


class Observed:
    """Plain ASGI, so that streams stay streams."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request and note how it went."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, noting)
        finally:
            seconds = time.perf_counter() - started
            route = getattr(scope.get("route"), "path", "") or PAGES
            REQUESTS.labels(scope["method"], route, str(status)).inc()
            SECONDS.labels(scope["method"], route).observe(seconds)
            level = logging.INFO if scope["path"].startswith(LOGGED) else logging.DEBUG
            logger.log(level, "%s %s %s %.0f ms", scope["method"], scope["path"], status, seconds * 1000)


class InTheDatabase(Collector):
    """What is counted when somebody asks."""

    def collect(self) -> Iterator[Metric]:
        """Queue, jobs, undelivered events, connections and streams."""
        with db.reading() as session:
            for name, (words, label, statement) in _COUNTS.items():
                gauge = GaugeMetricFamily(name, words, labels=[label])
                for value, count in session.execute(text(statement)):
                    gauge.add_metric([value], count)
                yield gauge
        connections = GaugeMetricFamily(
            "lattis_database_connections", "Connections of this process.", labels=["state"]
        )
        pool = db.engine().pool
        if isinstance(pool, QueuePool):
            connections.add_metric(["in use"], pool.checkedout())
            connections.add_metric(["idle"], pool.checkedin())
        yield connections
        yield GaugeMetricFamily("lattis_live_streams", "Open live streams of this process.", live.count())


REGISTRY.register(InTheDatabase())
