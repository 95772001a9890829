"""One page of a list: what is asked for, what comes back, and the two statements that fetch it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Row, Select, SQLColumnExpression, func, select
from sqlalchemy.orm import Session

from lattis_app.core.errors import Invalid

T = TypeVar("T")
U = TypeVar("U")
LARGEST_PAGE = 100


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page of a list, how long, in which order. `sort` is `field` or `-field`; empty is the list's own order."""

    page: int = 1
    limit: int = 20
    sort: str = ""

    def __post_init__(self) -> None:
        problems = []
        if not 1 <= self.page <= 1_000_000:
            problems.append(("page", "must be between 1 and 1000000"))
        if not 1 <= self.limit <= LARGEST_PAGE:
            problems.append(("limit", f"must be between 1 and {LARGEST_PAGE}"))
        if problems:
            raise Invalid.fields(problems)

    @property
    def offset(self) -> int:
        """How many rows come before this page."""
        return (self.page - 1) * self.limit


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of rows and how many there are in all."""

    rows: Sequence[T]
    total: int
    page: int = 1
    limit: int = 20

    def map(self, convert: Callable[[T], U]) -> Page[U]:
        """The same page with every row converted."""
        return Page([convert(row) for row in self.rows], self.total, self.page, self.limit)


def sorted_by(
    statement: Select[Any],
    sort: str,
    columns: Mapping[str, SQLColumnExpression[Any]],
    default: str,
    tie: SQLColumnExpression[Any],
) -> Select[Any]:
    """Order by one of a fixed set of columns, ties broken by id so that pages never overlap."""
    wanted = sort or default
    name, descending = wanted.removeprefix("-"), wanted.startswith("-")
    if name not in columns:
        raise Invalid.field("sort", f"must be one of {', '.join(sorted(columns))}, with - for descending")
    column = columns[name]
    if descending:
        return statement.order_by(column.desc(), tie.desc())
    return statement.order_by(column.asc(), tie.asc())


def paginate(session: Session, statement: Select[Any], request: PageRequest) -> Page[Row[Any]]:
    """Fetch one page of an ordered statement and count the whole: two statements, one when the page shows all."""
    rows = session.execute(statement.limit(request.limit).offset(request.offset)).all()
    if request.page == 1 and len(rows) < request.limit:
        return Page(rows, len(rows), request.page, request.limit)
    counted = select(func.count()).select_from(statement.order_by(None).subquery())
    return Page(rows, session.execute(counted).scalar_one(), request.page, request.limit)
