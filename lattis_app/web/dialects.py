"""How answers are written: `/v1` wraps them in `data`, the marketplace's `/api` hands over the record itself.

A dialect says what OpenAPI shows and what is sent, for one record, for a page of a list, and for a refusal
(contract: api.md, "Two dialects, one core"). Errors are written by `web/errors.py`, by the path.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, create_model
from pydantic.json_schema import models_json_schema
from starlette.responses import Response

from lattis_app.core.pagination import Page
from lattis_app.core.schemas import CamelOut

SCHEMA = "#/components/schemas/{model}"
T = TypeVar("T")
Render = Callable[[Any], bytes]
Shape = tuple[Any, Render]


class Meta(BaseModel):
    """Where a page stands in its list."""

    page: int
    limit: int
    total: int


class Answer(BaseModel, Generic[T]):
    """One record."""

    data: T


class ListAnswer(BaseModel, Generic[T]):
    """One page of records."""

    data: list[T]
    meta: Meta


class Refused(BaseModel):
    """Why a request was refused."""

    code: str
    message: str
    details: dict[str, Any]


class Refusal(BaseModel):
    """A refused request."""

    error: Refused


class Pagination(CamelOut):
    """Where a page stands in its list."""

    page: int
    limit: int
    total: int
    total_pages: int


class PlainRefusal(CamelOut):
    """A refused request."""

    status_code: int
    message: str
    error: str
    details: dict[str, Any]


@dataclass(frozen=True)
class Dialect:
    """How one family of paths answers; `page` is also told what the list calls its rows."""

    one: Callable[[Any], Shape]
    page: Callable[[Any, str], Shape]
    refusal: type[BaseModel]

    def shape_of(self, returned: Any, listed_as: str) -> Shape:
        """The model of what a route returns and how to write it; it may also return a Response it made itself."""
        if Response in (kinds := get_args(returned)):
            (returned,) = (kind for kind in kinds if kind is not Response)
        if returned is Response:
            return None, lambda _: b""
        if get_origin(returned) is Page:
            (row,) = get_args(returned)
            return self.page(row, listed_as)
        return self.one(returned)


def _enveloped(returned: Any) -> Shape:
    one: TypeAdapter[Any] = TypeAdapter(returned)
    return Answer[returned], lambda value: b'{"data":%b}' % one.dump_json(value)


def _enveloped_page(row: Any, _listed_as: str) -> Shape:
    rows = TypeAdapter(list[row])
    return (
        ListAnswer[row],
        lambda page: (
            b'{"data":%b,"meta":{"page":%d,"limit":%d,"total":%d}}'
            % (rows.dump_json(page.rows), page.page, page.limit, page.total)
        ),
    )


def _bare(returned: Any) -> Shape:
    return returned, TypeAdapter(returned).dump_json


def _bare_page(row: Any, listed_as: str) -> Shape:
    rows = TypeAdapter(list[row])
    fields: dict[str, Any] = {listed_as: (list[row], ...), "pagination": (Pagination, ...)}
    return (
        create_model(f"{row.__name__}s", **fields),
        lambda page: (
            b'{"%b":%b,"pagination":%b}'
            % (listed_as.encode(), rows.dump_json(page.rows), _pagination(page).model_dump_json().encode())
        ),
    )


def _pagination(page: Page[Any]) -> Pagination:
    pages = -(-page.total // page.limit)
    return Pagination(page=page.page, limit=page.limit, total=page.total, total_pages=pages)


ENVELOPED = Dialect(_enveloped, _enveloped_page, Refusal)
"""Seed 000: `{"data": …, "meta": {…}}`."""

BARE = Dialect(_bare, _bare_page, PlainRefusal)
"""Seed 003: a bare record, or `{"invoices": […], "pagination": {…}}`."""


def refusal_of(dialect: Dialect) -> dict[str, Any]:
    """What OpenAPI shows beside each status that refuses: a reference, for a field of each route takes long to make."""
    return {"application/json": {"schema": {"$ref": SCHEMA.format(model=dialect.refusal.__name__)}}}


def refusals() -> dict[str, Any]:
    """The schemas of both dialects' refusals, by name."""
    _, schema = models_json_schema(
        [(dialect.refusal, "serialization") for dialect in (ENVELOPED, BARE)], ref_template=SCHEMA
    )
    return dict(schema["$defs"])
