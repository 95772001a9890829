"""One page of a list: what is asked for, what comes back, and the two statements that fetch it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import CompoundSelect, Row, Select, SQLColumnExpression, func, select
from sqlalchemy.orm import Session
from sqlmodel import SQLModel

from lattis_app.core.counting import count_rows
from lattis_app.core.errors import Invalid

T = TypeVar("T")
U = TypeVar("U")
LARGEST_PAGE = 100
LARGEST_EXPORT = 100_000
FETCHED_AT_ONCE = 500


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
class EveryRow(PageRequest):
    """The whole list in its order, fetched while it is read: what an export asks for."""


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


class RowStream(Page[T]):
    """All rows of a list, each fetched and converted when its turn comes."""

    __slots__ = ("stream",)
    stream: Iterator[T]

    def __init__(self, stream: Iterator[T]) -> None:
        super().__init__((), 0)
        object.__setattr__(self, "stream", stream)

    def map(self, convert: Callable[[T], U]) -> RowStream[U]:
        """The same rows, every one converted when it is read."""
        return RowStream(map(convert, self.stream))


def sorted_by(
    statement: Select[Any],
    sort: str,
    columns: Mapping[str, SQLColumnExpression[Any]],
    default: str,
    *ties: SQLColumnExpression[Any],
) -> Select[Any]:
    """Order by one of a fixed set of columns, then by the ties in the same direction, so that one index serves both.

    Ties are what people know of a row, its number or its time; the last is unique, so that pages never overlap.
    """
    wanted = sort or default
    name, descending = wanted.removeprefix("-"), wanted.startswith("-")
    if name not in columns:
        raise Invalid.field("sort", f"must be one of {', '.join(sorted(columns))}, with - for descending")
    order = (columns[name], *ties)
    return statement.order_by(*(each.desc() if descending else each.asc() for each in order))


def one_of(found: CompoundSelect[Any]) -> Any:
    """Any of the ids that a search finds, looked up first: PostgreSQL then goes from them to the rows."""
    return func.any(func.array(found.scalar_subquery()))


def paginate(
    session: Session, statement: Select[Any], request: PageRequest, counted: type[SQLModel] | None = None
) -> Page[Row[Any]]:
    """Fetch one page of an ordered statement and count the whole: two statements, one when the page shows all.

    `counted` is the counted table that the statement shows: each row once, joined from outside, and with conditions
    on its own columns only, so that the total needs no joins.
    EveryRow is answered by a RowStream from a cursor of the server, in flat memory.
    """
    if isinstance(request, EveryRow):
        return RowStream(_every(session, statement))
    rows = session.execute(statement.limit(request.limit).offset(request.offset)).all()
    if request.page == 1 and len(rows) < request.limit:
        return Page(rows, len(rows), request.page, request.limit)
    return Page(rows, _total(session, statement, counted), request.page, request.limit)


def _total(session: Session, statement: Select[Any], counted: type[SQLModel] | None) -> int:
    if counted is None:
        whole = select(func.count()).select_from(statement.order_by(None).subquery())
    elif statement.whereclause is None:
        return count_rows(session, counted)
    else:
        whole = select(func.count()).select_from(counted).where(statement.whereclause)
    return session.execute(whole).scalar_one()


def _every(session: Session, statement: Select[Any]) -> Iterator[Row[Any]]:
    bounded = statement.limit(LARGEST_EXPORT + 1).execution_options(yield_per=FETCHED_AT_ONCE)
    with session.execute(bounded) as rows:
        for number, row in enumerate(rows):
            if number == LARGEST_EXPORT:
                words = f"an export holds at most {LARGEST_EXPORT:,} rows: narrow the list"
                raise Invalid.field("format", words)
            yield row
