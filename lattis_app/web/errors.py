"""The one table from a refusal to an HTTP answer, in the dialect of the path (contract: api.md)."""

from __future__ import annotations

import json
import logging
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from lattis_app.core import context
from lattis_app.core.db import is_unreachable
from lattis_app.core.errors import DomainError, Invalid, NotFound, field_problems
from lattis_app.core.money import Money
from lattis_app.core.schemas import camel
from lattis_app.web import unreachable

logger = logging.getLogger(__name__)

STATUS_OF_CODE = {
    "VALIDATION_ERROR": 400,
    "UNAUTHORIZED": 401,
    "FORBIDDEN": 403,
    "NOT_FOUND": 404,
    "CONFLICT": 409,
    "PRECONDITION_FAILED": 412,
    "PAYLOAD_TOO_LARGE": 413,
    "UNSUPPORTED_MEDIA_TYPE": 415,
    "RATE_LIMITED": 429,
    "INTERNAL_ERROR": 500,
    "SERVICE_UNAVAILABLE": 503,
}
FOR_PROGRAMS = ("/v1/", "/api/")
CODE_OF_STATUS = {status: code for code, status in STATUS_OF_CODE.items()} | {405: "METHOD_NOT_ALLOWED"}


def error_body(path: str, status: int, code: str, message: str, details: dict[str, Any]) -> bytes:
    """A refusal as the dialect of this path writes it."""
    if path.startswith("/api/"):
        body: dict[str, Any] = {
            "statusCode": status,
            "message": message,
            "error": HTTPStatus(status).phrase,
            "details": details,
        }
    else:
        body = {"error": {"code": code, "message": message, "details": details}}
    return json.dumps(body, ensure_ascii=False, default=_json).encode()


def _json(value: object) -> float | str:
    """Money as everywhere in the API, a number in major units; anything else as its text."""
    return float(value.decimal) if isinstance(value, Money) else str(value)


def refusal(path: str, error: DomainError) -> Response:
    """The answer to a refused request."""
    status = STATUS_OF_CODE[error.code]
    headers = {}
    if status in (429, 503):
        headers["Retry-After"] = str(error.details.get("retry_after", 60))
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    body = error_body(path, status, error.code, error.message, error.details)
    return Response(body, status, headers, "application/json")


def _problem(path: str, status: int, message: str, details: dict[str, Any]) -> Response:
    code = CODE_OF_STATUS.get(status, "VALIDATION_ERROR" if status < 500 else "INTERNAL_ERROR")
    return Response(error_body(path, status, code, message, details), status, media_type="application/json")


async def _on_refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, DomainError)
    return refusal(request.url.path, error)


async def _on_bad_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    problems = field_problems(error.errors())
    if request.url.path.startswith("/api/"):
        problems = [(camel(name) if name in request.path_params else name, why) for name, why in problems]
    return refusal(request.url.path, Invalid.fields(problems))


async def _on_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _problem(request.url.path, error.status_code, str(error.detail), {})


async def _on_database_error(request: Request, error: Exception) -> Response:
    """A database that can't be reached is worth another try; any other error of it is a crash."""
    if not is_unreachable(error):
        raise error
    refused = unreachable.unavailable(error)
    if request.url.path.startswith(FOR_PROGRAMS):
        return refusal(request.url.path, refused)
    return unreachable.page()


async def _on_crash(request: Request, error: Exception) -> Response:
    logger.error("request failed", exc_info=error)
    details = {"request_id": context.request_id()}
    return _problem(request.url.path, 500, "Something went wrong on our side; nothing was changed", details)


def unknown_path(request: Request) -> Response:
    """The answer to a path that does not exist in the API."""
    return refusal(request.url.path, NotFound("There is no such path", path=request.url.path))


def wrong_method(request: Request, methods: set[str]) -> Response:
    """The answer to a path that exists, asked in a way it does not take."""
    answer = _problem(request.url.path, 405, f"This path takes {', '.join(sorted(methods))}", {})
    answer.headers["Allow"] = ", ".join(sorted(methods))
    return answer


def register_error_handlers(api: FastAPI) -> None:
    """Answer every refusal and crash by the table."""
    api.add_exception_handler(DomainError, _on_refusal)
    api.add_exception_handler(RequestValidationError, _on_bad_request)
    api.add_exception_handler(HTTPException, _on_http_error)
    for kind in unreachable.DATABASE_ERRORS:
        api.add_exception_handler(kind, _on_database_error)
    api.add_exception_handler(Exception, _on_crash)
