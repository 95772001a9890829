"""Whether this copy lives, whether it can serve, and how it is doing (contract: api.md, "Operations")."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable
from ipaddress import ip_address

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from lattis_app.core.db import reading
from lattis_app.core.errors import Forbidden, Unauthorized
from lattis_app.core.settings import settings
from lattis_app.core.storage import storage
from lattis_app.web.observed import REGISTRY

logger = logging.getLogger(__name__)
router = APIRouter(tags=["Operations"])
WORKER_IS_SILENT_AFTER = 60
_WORKERS = text(
    "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => :seconds)"
)


@router.get("/healthz", summary="Whether this process lives.")
async def alive() -> dict[str, str]:
    """Answers as long as the process serves requests.

    Permission: none.
    """
    return {"status": "alive"}


@router.get(
    "/readyz",
    summary="Whether database, queue and storage work.",
    responses={503: {"description": "One of them does not; `checks` says which"}},
)
def ready() -> JSONResponse:
    """Looks at everything a request may need.

    Permission: none.
    """
    checks = {name: _try(name, check) for name, check in CHECKS.items()}
    well = all(state == "ok" for state in checks.values())
    return JSONResponse({"status": "ready" if well else "not ready", "checks": checks}, 200 if well else 503)


@router.get("/metrics", summary="Numbers for Prometheus.", response_class=Response)
def metrics(request: Request) -> Response:
    """Requests, queue, jobs, database connections and live streams of this process.

    Permission: the metrics token, or a loopback address where none is set.
    """
    _refuse_strangers(request)
    return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)


def _refuse_strangers(request: Request) -> None:
    expected = settings().metrics_token
    if expected is not None:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode(), expected.get_secret_value().encode()):
            raise Unauthorized("The metrics token is not right")
    elif not _is_local(request):
        raise Forbidden("Numbers are shown to this machine only; set LATTIS_METRICS_TOKEN for others")


def _is_local(request: Request) -> bool:
    """A loopback caller that is not a proxy handing on somebody else's request."""
    if request.client is None or "x-forwarded-for" in request.headers or "forwarded" in request.headers:
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _try(name: str, check: Callable[[], None]) -> str:
    try:
        check()
    except Exception:
        logger.exception("%s is not ready", name)
        return "failed"
    return "ok"


def _database() -> None:
    with reading() as session:
        session.execute(text("SELECT 1"))


def _queue() -> None:
    with reading() as session:
        if not session.scalar(_WORKERS, {"seconds": WORKER_IS_SILENT_AFTER}):
            raise RuntimeError("no queue worker is running")


def _storage() -> None:
    storage().check()


CHECKS: dict[str, Callable[[], None]] = {"database": _database, "queue": _queue, "storage": _storage}
