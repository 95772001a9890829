"""`create_api()`: the REST API as one FastAPI application, mounted beside the pages."""

from __future__ import annotations

from collections.abc import Iterable

from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.responses import Response

from lattis_app.web.errors import register_error_handlers, unknown_path

DESCRIPTION = """
Everything the pages do, for programs. Sign in at `/v1/auth/login` and send `Authorization: Bearer <token>`.
Send an `Idempotency-Key` with every POST that creates money, numbers or stock movements, and repeat it after a
lost answer: it takes effect once.
"""


def create_api(routers: Iterable[APIRouter]) -> FastAPI:
    """The API with every router, both error dialects and documentation at /docs."""
    api = FastAPI(
        title="Lattis",
        version="1.0.0",
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        redirect_slashes=False,
    )
    for router in routers:
        api.include_router(router)
    register_error_handlers(api)
    for prefix in ("/v1", "/api"):
        api.add_api_route(
            prefix + "/{path:path}",
            _unknown,
            methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            include_in_schema=False,
        )
    return api


async def _unknown(request: Request) -> Response:
    return unknown_path(request)
