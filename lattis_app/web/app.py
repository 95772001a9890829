"""`create_api()`: the REST API as one FastAPI application, mounted beside the pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, compile_path

from lattis_app.web import dialects, docs, health, streams
from lattis_app.web.errors import register_error_handlers, unknown_path, wrong_method
from lattis_app.web.observed import Observed
from lattis_app.web.sections import Sections

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
    known = (*routers, streams.router, health.router, docs.router)
    api.router.routes.append(Sections(route for router in known for route in router.routes))
    register_error_handlers(api)
    for prefix in ("/v1", "/api"):
        api.add_api_route(
            prefix + "/{path:path}",
            _unknown,
            methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            include_in_schema=False,
        )
    api.add_middleware(Observed)
    api.openapi = lambda: _documented(api)  # type: ignore[method-assign]  # FastAPI's own way to extend it
    return api


def _documented(api: FastAPI) -> dict[str, Any]:
    if api.openapi_schema is None:
        schema = get_openapi(
            title=api.title, version=api.version, description=api.description, routes=_routes(api)
        )
        components = schema.setdefault("components", {})
        components["securitySchemes"] = docs.SECURITY_SCHEMES
        components["schemas"] = components.get("schemas", {}) | dialects.refusals()
        api.openapi_schema = schema
    return api.openapi_schema


def _routes(api: FastAPI) -> list[BaseRoute]:
    return [
        each for route in api.routes for each in (route.routes if isinstance(route, Sections) else [route])
    ]


async def _unknown(request: Request) -> Response:
    methods = _methods_at(request)
    if methods:
        return wrong_method(request, methods)
    return unknown_path(request)


def _methods_at(request: Request) -> set[str]:
    """What the path of this request may be asked with, for a method that no route there takes."""
    return {
        method.upper()
        for template, operations in request.app.openapi()["paths"].items()
        if compile_path(template)[0].match(request.url.path)
        for method in operations
    }
