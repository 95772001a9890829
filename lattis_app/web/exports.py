"""Every list of the API as a file: `?format=csv` or `?format=xlsx` beside its filters and order.

The file is written by the list's own query, so it holds what its caller may see and nothing else. It is finished on
disk before the first byte leaves: a failure is an error, never half a file, and a slow reader holds no connection to
the database.
"""

from __future__ import annotations

import inspect
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from enum import StrEnum
from functools import wraps
from typing import Annotated, Any, BinaryIO, get_args, get_origin, get_type_hints

from fastapi import Query
from pydantic import BaseModel
from starlette.responses import Response, StreamingResponse

from lattis_app.core import clock, limits
from lattis_app.core.exports import MEDIA_TYPES, FileKind, write
from lattis_app.core.pagination import LARGEST_EXPORT, EveryRow, Page, PageRequest

KINDS = tuple(kind.partition(";")[0] for kind in MEDIA_TYPES.values())
EXPORTS_PER_MINUTE = 20
CHUNK = 64 * 1024


class Format(StrEnum):
    """How a list is answered."""

    JSON = "json"
    CSV = FileKind.CSV
    XLSX = FileKind.XLSX


FormatParam = Annotated[
    Format,
    Query(
        description=f"`csv` and `xlsx` answer all rows that match as a file, at most {LARGEST_EXPORT:,}; "
        "`page` and `limit` then don't count."
    ),
]


def is_list(function: Callable[..., Any]) -> bool:
    """Whether a route answers one page of a list."""
    return get_origin(get_type_hints(function)["return"]) is Page


def as_file_too(function: Callable[..., Any], path: str) -> Callable[..., Any]:
    """The same route, which also answers its whole list as a file."""
    hints = get_type_hints(function)
    (schema,) = get_args(hints["return"])
    paging = next((name for name, hint in hints.items() if hint is PageRequest), None)
    if paging is None:
        return function
    name = next(part for part in reversed(path.split("/")) if part and "{" not in part)

    @wraps(function)
    def call(session: Any, actor: Any, *, format: Format, **values: Any) -> Any:  # noqa: A002 — the parameter's name
        if format is Format.JSON:
            return function(session, actor, **values)
        limits.hit("exports", str(actor.session_id), EXPORTS_PER_MINUTE)
        every_row = EveryRow(sort=values[paging].sort)
        found = function(session, actor, **(values | {paging: every_row}))
        return download(FileKind(format), schema, found.stream, name)

    given = inspect.signature(function)
    wanted = inspect.Parameter("format", inspect.Parameter.KEYWORD_ONLY, default=Format.JSON)
    call.__signature__ = given.replace(parameters=[*given.parameters.values(), wanted])  # type: ignore[attr-defined]  # what routing reads
    call.__annotations__ = {**function.__annotations__, "format": FormatParam}
    return call


def download(kind: FileKind, schema: type[BaseModel], records: Iterable[BaseModel], name: str) -> Response:
    """Records of one schema as a file to save."""
    with ExitStack() as unless_it_is_sent:
        file = unless_it_is_sent.enter_context(tempfile.TemporaryFile())
        write(kind, schema, records, file)
        unless_it_is_sent.pop_all()
    headers = {
        "Content-Disposition": f'attachment; filename="{name}-{clock.today()}.{kind}"',
        "Content-Length": str(file.tell()),
    }
    file.seek(0)
    return StreamingResponse(_chunks(file), media_type=MEDIA_TYPES[kind], headers=headers)


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK):
            yield chunk
