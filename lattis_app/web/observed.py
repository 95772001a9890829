"""Every API request leaves one line in the log; every request counts in the metrics under the route it matched."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.gc_collector import GCCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import text
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
