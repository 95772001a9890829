"""Routes: a thin function between the request and one service or query.

Every route runs in one worker thread and one transaction: who is it, may they ask this often, was this
Idempotency-Key answered before, do it, write the answer, commit — and only then is it sent
(docs/decisions/0004). The service or query named by the route documents its summary and permission.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine, Sequence
from functools import wraps
from typing import Annotated, Any, get_type_hints

from fastapi import APIRouter, Depends, Query
from fastapi.exceptions import RequestValidationError
from fastapi.params import Form
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from lattis_app.core import context, idempotency, limits
from lattis_app.core.db import unit_of_work
from lattis_app.core.errors import Invalid, UnsupportedMediaType
from lattis_app.core.pagination import PageRequest
from lattis_app.core.settings import settings
from lattis_app.identity.permissions import Permission, check
from lattis_app.web import exports
from lattis_app.web.callers import Caller, CallerDep, check_caller, credentials_of
from lattis_app.web.dialects import ENVELOPED, Dialect, Render, refusal_of

JSON = "application/json"
JSON_KINDS = frozenset({JSON})
FORM_KINDS = frozenset({"multipart/form-data", "application/x-www-form-urlencoded"})


async def page_request(
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    sort: Annotated[str, Query(max_length=40, description="`field` or `-field`")] = "",
) -> PageRequest:
    """Which page the caller asks for."""
    return PageRequest(page, limit, sort)


Serving = Callable[[Callable[..., Any]], Callable[..., Any]]
PageParams = Annotated[PageRequest, Depends(page_request)]
_REFUSALS = {
    400: "A field is not acceptable",
    401: "Nobody is signed in",
    403: "This role may never do this",
    404: "No such record for this caller",
    409: "It exists already, or somebody else was faster",
    412: "The record's state does not allow this",
    429: "Too many requests",
    503: "The database can't be reached right now",
}


class AskingFirst(APIRoute):
    """A route that tells nobody what is wrong with a request they may not make at all."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Answer 401 or 403 before 400, and 415 where the body is of another kind."""
        serve = super().get_route_handler()
        needed = getattr(getattr(self.endpoint, "__serves__", None), "__requires__", ())

        async def asking_first(request: Request) -> Response:
            try:
                return await serve(request)
            except (RequestValidationError, HTTPException) as refused:
                if needed:
                    await run_in_threadpool(check_caller, credentials_of(request), needed)
                await self._refuse_other_kinds(request)
                if isinstance(refused, HTTPException) and refused.status_code == 400:
                    is_text = not isinstance(refused.__cause__, UnicodeDecodeError)
                    reason = "can't be read" if is_text else "is not text in UTF-8"
                    raise Invalid.field("body", reason) from refused
                raise

        return asking_first

    async def _refuse_other_kinds(self, request: Request) -> None:
        if self.body_field is None:
            return
        is_form = isinstance(self.body_field.field_info, Form)
        kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind not in (FORM_KINDS if is_form else JSON_KINDS) and await request.body():
            expected = "multipart/form-data" if is_form else "application/json"
            raise UnsupportedMediaType(
                f"Send {expected}", field="Content-Type", reason=f"is {kind or 'missing'}"
            )


class Routes(APIRouter):
    """A router whose routes name the service or query they serve.

    `@routes.post("/customers", customers.create, status=201)` above a function
    `(session, actor, …) -> CustomerOut | Page[CustomerOut] | Response`.
    """

    def __init__(self, tag: str, prefix: str = "/v1", dialect: Dialect = ENVELOPED) -> None:
        super().__init__(prefix=prefix, tags=[tag], route_class=AskingFirst)
        self.dialect = dialect
        self._errors: dict[int | str, dict[str, Any]] = {
            status: {"description": words, "content": refusal_of(dialect)}
            for status, words in _REFUSALS.items()
        }

    def serve(
        self,
        method: str,
        path: str,
        does: Callable[..., Any],
        *,
        status: int = 200,
        idempotent: bool = False,
        content: str = JSON,
        also: Sequence[str] = (),
        listed_as: str = "",
    ) -> Serving:
        """Serve what `does` it; `idempotent` honours the Idempotency-Key, `listed_as` names the rows of a bare list."""

        def register(function: Callable[..., Any]) -> Callable[..., Any]:
            is_list = method == "GET" and exports.is_list(function)
            served = exports.as_file_too(function, path) if is_list else function
            hints = get_type_hints(served, include_extras=True)
            model, render = self.dialect.shape_of(hints["return"], listed_as)
            needed: tuple[Permission, ...] = getattr(does, "__requires__", ())
            if idempotent and (model is None or not needed):
                raise TypeError(f"{path}: only an answer with a model and a permission is kept for its key")
            endpoint = _in_one_transaction(served, hints, render, status, needed if idempotent else ())
            kinds = (content, *also, *(exports.KINDS if is_list else ()))
            endpoint.__serves__ = does  # type: ignore[attr-defined]  # whose permission is asked first
            self.add_api_route(
                path,
                endpoint,
                methods=[method],
                status_code=status,
                **_described(function, does, path, needed),
                response_model=model,
                responses=self._errors | {200: {"content": {kind: {} for kind in kinds if kind != JSON}}},
                operation_id=f"{method.lower()}_{self.prefix}{path}".translate(_ID),
                openapi_extra={"security": [{"bearer": []}, {"cookie": []}], **(_KEY if idempotent else {})},
            )
            return function

        return register

    def public(
        self,
        path: str,
        does: Callable[..., Any],
        *,
        method: str = "POST",
        status: int = 200,
        listed_as: str = "",
    ) -> Serving:
        """Let anybody ask for what opens its own transactions."""

        def register(function: Callable[..., Any]) -> Callable[..., Any]:
            hints = get_type_hints(function, include_extras=True)
            model, render = self.dialect.shape_of(hints["return"], listed_as)

            call = _for_anybody(function, hints, render, status)
            call.__serves__ = does  # type: ignore[attr-defined]  # the mark the architecture test reads
            documentation = inspect.getdoc(does) or ""
            self.add_api_route(
                path,
                call,
                methods=[method],
                status_code=status,
                summary=documentation.splitlines()[0],
                description=f"{documentation}\n\nPermission: none.",
                response_model=model,
                responses={code: self._errors[code] for code in (400, 401, 429, 503)},
                operation_id=f"{method.lower()}_{self.prefix}{path}".translate(_ID),
            )
            return function

        return register

    def get(self, path: str, does: Callable[..., Any], **options: Any) -> Serving:  # type: ignore[override]  # house form
        """Read."""
        return self.serve("GET", path, does, **options)

    def post(self, path: str, does: Callable[..., Any], **options: Any) -> Serving:  # type: ignore[override]  # house form
        """Create or do."""
        return self.serve("POST", path, does, **options)

    def patch(self, path: str, does: Callable[..., Any], **options: Any) -> Serving:  # type: ignore[override]  # house form
        """Change."""
        return self.serve("PATCH", path, does, **options)

    def put(self, path: str, does: Callable[..., Any], **options: Any) -> Serving:  # type: ignore[override]  # house form
        """Replace."""
        return self.serve("PUT", path, does, **options)

    def delete(self, path: str, does: Callable[..., Any], **options: Any) -> Serving:  # type: ignore[override]  # house form
        """Remove."""
        return self.serve("DELETE", path, does, **options)


def _described(
    function: Callable[..., Any], does: Callable[..., Any], path: str, needed: tuple[Permission, ...]
) -> dict[str, Any]:
    """What OpenAPI says of a route: the first line, and all with who may ask."""
    words = inspect.getdoc(function) or inspect.getdoc(does) or path
    asked = " or ".join(map("`{}`".format, needed)) or "none"
    return {"summary": words.splitlines()[0], "description": f"{words}\n\nPermission: {asked}."}


_ID = str.maketrans({"/": "_", "{": "", "}": "", "-": "_"})
_KEY = {
    "parameters": [
        {
            "name": "Idempotency-Key",
            "in": "header",
            "required": False,
            "schema": {"type": "string", "minLength": 1, "maxLength": idempotency.LONGEST_KEY},
            "description": "One effect per key within 24 hours; a repeat answers as the first did.",
        }
    ]
}


def _for_anybody(
    function: Callable[..., Any], hints: dict[str, Any], render: Render, status: int
) -> Callable[..., Response]:
    @wraps(function)
    def call(**values: Any) -> Response:
        request = context.current()
        limits.hit("anybody", request.address if request else "", settings().requests_per_minute)
        return _json(render(function(**values)), status, {})

    call.__signature__ = inspect.Signature(  # type: ignore[attr-defined]  # what FastAPI reads
        [
            given.replace(annotation=hints[name], kind=inspect.Parameter.KEYWORD_ONLY)
            for name, given in inspect.signature(function).parameters.items()
        ]
    )
    return call


def _in_one_transaction(
    function: Callable[..., Any],
    hints: dict[str, Any],
    render: Render,
    status: int,
    kept_for: tuple[Permission, ...],
) -> Callable[..., Response]:
    """`kept_for` are the permissions, one of which an answer kept for its Idempotency-Key still needs; none keeps none."""

    @wraps(function)
    def call(caller: Caller, **values: Any) -> Response:
        with unit_of_work() as session:
            actor = caller.actor(session, caller.idempotency_key if kept_for else "")
            limits.hit("requests", str(actor.session_id), settings().requests_per_minute)
            keyed = actor.user_id if kept_for and caller.idempotency_key else None
            if keyed:
                check(actor, *kept_for)
                print_ = idempotency.fingerprint(caller.method, caller.path, caller.body)
                known = idempotency.claim(session, keyed, caller.idempotency_key, print_)
                if known is not None:
                    return _json(known.body, known.status_code, {"Idempotency-Replayed": "true"})
            result = function(session, actor, **values)
            if isinstance(result, Response):
                return result
            body = render(result)
            if keyed:
                idempotency.store(session, keyed, caller.idempotency_key, print_, status, body)
        return _json(body, status, {})

    given = inspect.signature(function).parameters
    visible = [
        parameter.replace(
            annotation=hints.get(name, parameter.annotation), kind=inspect.Parameter.KEYWORD_ONLY
        )
        for name, parameter in given.items()
        if name not in ("session", "actor")
    ]
    caller = inspect.Parameter("caller", inspect.Parameter.KEYWORD_ONLY, annotation=CallerDep)
    call.__signature__ = inspect.Signature([caller, *visible])  # type: ignore[attr-defined]  # what FastAPI reads
    return call


def _json(body: bytes, status: int, headers: dict[str, str]) -> Response:
    return Response(body, status, headers, "application/json")
