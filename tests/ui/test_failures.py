"""What stands in place of what could not be loaded: a page, a list, the record beside it, the frame's numbers."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any
from uuid import UUID

import pytest
import reflex as rx
from sqlalchemy.orm import Session

from lattis_app.core.errors import NotFound
from lattis_app.ui import frame_facts
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.failures import PageFailure, note_loaders, unless_failed
from lattis_app.ui.frame import FrameState
from lattis_app.ui.frame_facts import Sources, register_counter
from lattis_app.ui.handlers import handler
from lattis_app.ui.list_requests import ListRequest
from lattis_app.ui.lists import Listing, ListMixin
from tests.ui.pipeline import Pipeline, Told, pipeline
from tests.ui.visits import signed_in

OURS = "Something went wrong on our side, and it has been logged."
SPEC = ListSpec("tills", (Column("name", "Name"),))
ROWS = [{"id": "a", "name": "Till A"}, {"id": "b", "name": "Till B"}]


class TillState(rx.State):
    """A page that is loaded at once."""

    broken: str = ""
    ready: bool = False

    @handler
    async def load(self) -> None:
        """Load, or break in the way that was asked for."""
        if self.broken == "gone":
            raise NotFound.record("Till", "7")
        if self.broken:
            raise ZeroDivisionError("the till of Ada")
        self.ready = True

    @handler
    async def break_it(self, how: str) -> None:
        """Let the next load break."""
        self.broken = how

    @handler
    async def count(self) -> None:
        """Break beside the loader."""
        raise ZeroDivisionError("the till of Ada")


class TillList(ListMixin, rx.State):
    """A list that breaks where it was asked to."""

    broken: str = ""
    record: dict[str, str] = {}

    def _spec(self) -> ListSpec:
        return SPEC

    async def _fetch(self, request: ListRequest) -> Listing:
        if self.broken == "rows":
            raise ZeroDivisionError("the till of Ada")
        return Listing(ROWS, 2, "RM 7.00")

    async def _fetch_record(self, record_id: str) -> None:
        if self.broken == "record":
            raise ZeroDivisionError("the till of Ada")
        self.record = next(row for row in ROWS if row["id"] == record_id)

    @handler
    async def break_it(self, how: str) -> None:
        """Let the next load break."""
        self.broken = how


note_loaders([TillState.load])
Do = Callable[..., Coroutine[Any, Any, Told]]


@pytest.fixture
def ada(session: Session) -> str:
    return signed_in(session, name="Ada")


def play(state: type[rx.State], cookie: str, scene: Callable[[Do], Coroutine[Any, Any, None]]) -> None:
    async def perform() -> None:
        async with pipeline() as tab:
            await scene(_doing(tab, state, cookie))

    asyncio.run(perform())


def _doing(tab: Pipeline, state: type[rx.State], cookie: str) -> Do:
    async def do(name: str, **payload: Any) -> Told:
        return await tab.send(f"{state.get_full_name()}.{name}", cookie=cookie, address="/tills", **payload)

    return do


def test_a_page_that_breaks_while_it_loads_says_so_until_it_is_loaded_again(ada: str) -> None:
    async def scene(do: Do) -> None:
        await do("break_it", how="crash")
        told = await do("load")
        shown = told.of(PageFailure)
        assert (shown["page"], shown["text"]) == (TillState.get_full_name(), OURS)
        assert UUID(shown["request_id"])
        assert (told.said, "Ada" in str(told.values)) == ("", False)

        await do("break_it", how="")
        told = await do("load")
        assert (told.of(PageFailure)["page"], told.of(TillState)["ready"]) == ("", True)

    play(TillState, ada, scene)


def test_a_page_of_something_that_is_gone_says_so(ada: str) -> None:
    async def scene(do: Do) -> None:
        await do("break_it", how="gone")
        told = await do("load")
        shown = told.of(PageFailure)
        assert (shown["page"], shown["text"]) == (TillState.get_full_name(), "Till not found")
        assert (shown.get("request_id", ""), told.said) == ("", "")

    play(TillState, ada, scene)


def test_what_breaks_on_a_loaded_page_leaves_it_as_it_is(ada: str) -> None:
    async def scene(do: Do) -> None:
        await do("load")
        told = await do("count")
        assert told.of(PageFailure) == {}
        assert "Something went wrong on our side" in told.said

    play(TillState, ada, scene)


def test_rows_that_can_not_be_loaded_are_no_empty_list(ada: str) -> None:
    async def scene(do: Do) -> None:
        await do("load")
        await do("break_it", how="rows")
        told = await do("search", words="Till")
        shown = told.of(TillList)
        assert (shown["problem"], shown["rows"], shown["total"]) == (OURS, [], 0)
        assert UUID(shown["problem_id"])
        assert (told.said, told.of(PageFailure)) == ("", {})

        await do("break_it", how="")
        told = await do("try_again")
        shown = told.of(TillList)
        assert (shown["problem"], shown["problem_id"], shown["rows"]) == ("", "", ROWS)
        assert "q=Till" in told.said

    play(TillList, ada, scene)


def test_a_list_that_breaks_at_first_does_not_wait_for_ever(ada: str) -> None:
    async def scene(do: Do) -> None:
        await do("break_it", how="rows")
        shown = (await do("load")).of(TillList)
        assert (shown["problem"], shown["loaded"], shown["loading"]) == (OURS, True, False)

        await do("break_it", how="")
        told = await do("try_again")
        assert (told.of(TillList)["problem"], told.of(TillList)["rows"]) == ("", ROWS)

    play(TillList, ada, scene)


def test_a_record_that_can_not_be_loaded_leaves_its_list_alone(ada: str) -> None:
    async def scene(do: Do) -> None:
        await do("load")
        await do("break_it", how="record")
        told = await do("open_record", record_id="a")
        shown = told.of(TillList)
        assert (shown["open_id"], shown["record_problem"]) == ("a", OURS)
        assert UUID(shown["record_problem_id"])
        assert "problem" not in shown
        assert "went wrong" not in told.said

        await do("break_it", how="")
        shown = (await do("open_record", record_id="a")).of(TillList)
        assert (shown["record_problem"], shown["record_ready"], shown["record"]) == ("", True, ROWS[0])

    play(TillList, ada, scene)


def test_a_counter_that_breaks_takes_the_numbers_but_not_the_navigation(
    ada: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overdue(session: object, actor: object) -> int:
        raise ZeroDivisionError("no invoices")

    monkeypatch.setattr(frame_facts, "sources", Sources())
    register_counter("rental.bins", lambda session, actor: 4)
    register_counter("rental.overdue_invoices", overdue)

    async def scene(do: Do) -> None:
        told = await do("refresh")
        shown = told.of(FrameState)
        assert (shown["ready"], shown["name"], told.said) == (True, "Ada", "")
        assert "/rental/invoices" in shown["places"]
        assert shown.get("counters", {}) == {}

    play(FrameState, ada, scene)


def test_content_without_a_loader_is_shown_as_it_is() -> None:
    content = rx.el.p("Welcome")

    assert unless_failed(content, ((), None)) is content
    assert "This page could not be loaded" in str(unless_failed(content, (TillState.load,)))
