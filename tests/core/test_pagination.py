"""Pages of a list never overlap, never skip, and cost two statements."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lattis_app.core.db import columns
from lattis_app.core.errors import Invalid
from lattis_app.core.numbering import NumberSeries
from lattis_app.core.pagination import EveryRow, Page, PageRequest, RowStream, paginate, sorted_by

N = columns(NumberSeries)
SORTS = {"last": N.last, "series": N.series}


def pages(session: Session, sort: str, limit: int = 3) -> list[Page[str]]:
    statement = sorted_by(select(N.series, N.last), sort, SORTS, "series", N.series)
    return [
        paginate(session, statement, PageRequest(page, limit)).map(lambda row: str(row.series))
        for page in (1, 2, 3, 4)
    ]


@pytest.fixture
def ten(session: Session) -> Session:
    session.add_all(NumberSeries(series=f"S{number}", period="1", last=number % 2) for number in range(10))
    session.flush()
    return session


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("", "0123456789"), ("-series", "9876543210"), ("last", "0246813579"), ("-last", "9753186420"),
    ],
)  # fmt: skip
def test_ties_are_broken_so_that_pages_never_overlap(ten: Session, sort: str, order: str) -> None:
    shown = [row for page in pages(ten, sort) for row in page.rows]
    assert shown == [f"S{digit}" for digit in order]


def test_every_page_knows_the_total(ten: Session) -> None:
    assert [(page.page, page.limit, page.total, len(page.rows)) for page in pages(ten, "")] == [
        (1, 3, 10, 3), (2, 3, 10, 3), (3, 3, 10, 3), (4, 3, 10, 1),
    ]  # fmt: skip


def test_a_page_beyond_the_end_is_empty(ten: Session) -> None:
    beyond = paginate(ten, select(N.series).order_by(N.series), PageRequest(9, 3))
    assert (beyond.rows, beyond.total) == ([], 10)


def test_the_count_is_spared_when_the_first_page_shows_all(ten: Session, queries) -> None:
    with queries() as sent:
        page = paginate(ten, select(N.series).order_by(N.series), PageRequest(1, 20))
    assert (page.total, sent.count) == (10, 1)
    with queries() as sent:
        paginate(ten, select(N.series).order_by(N.series), PageRequest(2, 5))
    assert sent.count == 2


def test_an_unknown_order_is_refused_with_the_known_ones() -> None:
    with pytest.raises(Invalid) as refused:
        sorted_by(select(func.now()), "-price", SORTS, "series", N.series)
    assert refused.value.details == {
        "field": "sort",
        "reason": "must be one of last, series, with - for descending",
    }


@pytest.mark.parametrize(("page", "limit", "fields"), [(0, 20, ["page"]), (1, 0, ["limit"]), (1, 101, ["limit"]), (-1, -1, ["page", "limit"])])  # fmt: skip
def test_a_page_that_cannot_be_is_refused(page: int, limit: int, fields: list[str]) -> None:
    with pytest.raises(Invalid) as refused:
        PageRequest(page, limit)
    listed = refused.value.details.get("errors") or [refused.value.details]
    assert [problem["field"] for problem in listed] == fields


def test_every_row_comes_in_order_from_one_statement_and_only_when_it_is_read(ten: Session, queries) -> None:
    converted: list[str] = []

    with queries() as sent:
        statement = sorted_by(select(N.series), "-series", SORTS, "series", N.series)
        found = paginate(ten, statement, EveryRow()).map(
            lambda row: converted.append(row.series) or row.series
        )
        assert isinstance(found, RowStream)
        first = next(found.stream)
        assert (first, converted) == ("S9", ["S9"])
        rest = list(found.stream)

    assert rest == [f"S{number}" for number in range(8, -1, -1)]
    assert sent.count == 1
