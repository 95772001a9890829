"""The list and form mixins, handler by handler, on rows in memory."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
import reflex as rx
from pydantic import BaseModel
from reflex.event import Event
from reflex.istate.data import RouterData

from lattis_app.core import language
from lattis_app.core.actors import SYSTEM
from lattis_app.core.errors import Forbidden, Invalid, NotFound
from lattis_app.ui import form_state, handlers, lists, views
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.form_state import Draft, FormMixin
from lattis_app.ui.list_requests import Filter, ListRequest
from lattis_app.ui.lists import Listing, ListMixin

SPEC = ListSpec(
    "sample",
    (Column("number", "Number", sortable=True), Column("note", "Note", hidden_by_default=True)),
    filters=(Filter("status", "Status", options=(("open", "Open"), ("shut", "Shut")), several=True),),
    views=(("Open ones", "status=open"),),
)
ROWS = [{"id": f"r{n}", "number": f"N-{n:03}", "status": "open" if n % 2 else "shut"} for n in range(45)]


class NoteEntry(BaseModel):
    note: str


class SampleState(ListMixin, FormMixin, rx.State):
    """Forty-five records."""

    record: dict[str, str] = {}
    refuse: bool = False

    def _spec(self) -> ListSpec:
        return SPEC

    async def _fetch(self, request: ListRequest) -> Listing:
        if self.refuse:
            raise Forbidden("Not for this role")
        wanted = request.values("status")
        rows = [row for row in ROWS if request.q in row["number"] and (not wanted or row["status"] in wanted)]
        rows.sort(key=lambda row: row["number"], reverse=request.sort == "-number")
        return Listing(rows[(request.page - 1) * 20 :][:20], len(rows), "note")

    @handlers.handler
    async def begin(self) -> Any:
        """Open the form of a new record."""
        return None

    async def _fetch_record(self, record_id: str) -> None:
        found = [row for row in ROWS if row["id"] == record_id]
        if not found:
            raise NotFound.record("sample", record_id)
        self.record = found[0]


Scene = Callable[[SampleState], Coroutine[Any, Any, None]]


@pytest.fixture(autouse=True)
def somebody_is_signed_in(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run(state: Any, use_case: Callable[..., Any], *args: Any) -> Any:
        return use_case(None, SYSTEM, *args)

    async def actor_of(state: Any) -> Any:
        return SYSTEM

    monkeypatch.setattr(views, "_stores", [])
    monkeypatch.setattr(handlers, "actor_of", actor_of)
    monkeypatch.setattr(lists, "run", run)
    monkeypatch.setattr(form_state, "run", run)


def play(scene: Scene, address: str = "/sample") -> None:
    async def perform() -> None:
        root = rx.State(_reflex_internal_init=True)
        query = dict(part.split("=") for part in address.partition("?")[2].split("&") if part)
        root.router = RouterData.from_router_data(
            {"headers": {}, "pathname": "/sample", "asPath": address, "query": query, "token": "t"}
        )
        await scene(await root.get_state(SampleState))

    asyncio.run(perform())


async def every_step(steps: Any) -> list[Any]:
    return [step async for step in steps]


def written(spec: Any) -> str:
    """The query a handler writes into the address bar."""
    script = Event.from_event_type(spec)[0].payload["javascript_code"]
    return str(json.loads(script.removeprefix("window.lattis.url(").rpartition(",")[0]))


def test_an_address_opens_with_its_search_filter_order_page_and_record() -> None:
    async def scene(state: SampleState) -> None:
        await every_step(state.load())

        assert (state.total, state.pages, state.page, state.extent) == (23, 2, 2, "21–23 of 23")
        assert [row["id"] for row in state.rows] == ["r4", "r2", "r0"]
        assert state.chips == [{"key": "status", "label": "Status", "text": "Shut"}]
        assert state.record["number"] == "N-002"
        assert state.record_ready
        assert state.hidden == ["note"]
        assert state.views == [{"name": "Open ones", "query": "status=open", "mine": ""}]

    play(scene, "/sample?status=shut&sort=-number&page=2&open=r2")


def test_rows_of_another_address_are_not_shown_meanwhile() -> None:
    async def scene(state: SampleState) -> None:
        async def shown_meanwhile() -> list[bool]:
            return [state.loaded async for _ in state.load()]

        assert await shown_meanwhile() == [False]
        assert await shown_meanwhile() == [True]
        await state.sort_by("number")
        assert await shown_meanwhile() == [False]
        assert state.loaded

    play(scene, "/sample?status=shut")


def test_every_change_is_written_to_the_address() -> None:
    async def scene(state: SampleState) -> None:
        await every_step(state.load())

        assert written(await state.sort_by("number")) == "sort=number"
        assert written(await state.go_to_page(2)) == "sort=number&page=2"
        assert written(await state.apply_filter({"status:open": "on"})) == "status=open&sort=number"
        assert written(await state.search("N-00")) == "q=N-00&status=open&sort=number"
        assert [row["number"] for row in state.rows] == ["N-001", "N-003", "N-005", "N-007", "N-009"]
        assert written(await state.remove_filter("status")) == "q=N-00&sort=number"
        assert written(await state.clear_filters()) == "sort=number"
        assert state.total == 45

    play(scene)


def test_only_columns_that_may_be_ordered_are() -> None:
    async def scene(state: SampleState) -> None:
        await every_step(state.load())
        assert await state.sort_by("password") is None
        assert state.sort == ""

    play(scene)


@pytest.mark.parametrize(("asked", "shown"), [(99, 3), (-5, 1), (2, 2)])
def test_a_page_that_does_not_exist_is_the_nearest_that_does(asked: int, shown: int) -> None:
    async def scene(state: SampleState) -> None:
        await every_step(state.load())
        await state.go_to_page(asked)
        assert state.page == shown

    play(scene)


def test_only_rows_of_this_page_can_be_selected() -> None:
    async def scene(state: SampleState) -> None:
        await every_step(state.load())
        for record_id in ("r1", "r0", "somebody else's"):
            await state.toggle_row(record_id)
        assert state.selected == ["r0", "r1"]

        await state.toggle_row("r1")
        assert state.selected == ["r0"]

        await state.go_to_page(2)
        assert state.selected == []

    play(scene)


def test_a_record_opens_beside_the_list_and_goes_away_again() -> None:
    async def scene(state: SampleState) -> None:
        await every_step(state.load())
        steps = await every_step(state.open_record("r3"))
        assert (written(steps[0]), state.record["id"], state.record_ready) == ("open=r3", "r3", True)

        assert written(await state.close_record()) == ""
        assert state.open_id == ""

    play(scene)


def test_a_record_that_is_not_ours_to_see_does_not_open() -> None:
    async def scene(state: SampleState) -> None:
        await every_step(state.load())
        await every_step(state.open_record("nobody"))
        assert (state.open_id, state.record) == ("", {})

    play(scene)


def test_a_refused_list_says_why() -> None:
    async def scene(state: SampleState) -> None:
        state.refuse = True
        await every_step(state.load())
        assert (state.rows, state.problem, state.loaded) == ([], "Not for this role", True)

    play(scene)


def test_a_view_is_kept_and_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[str, str] = {}

    class Store:
        def saved(self, session: Any, actor: Any, list_key: str) -> list[tuple[str, str]]:
            return list(kept.items())

        def save(self, session: Any, actor: Any, list_key: str, name: str, query: str) -> None:
            kept[name] = query

        def remove(self, session: Any, actor: Any, list_key: str, name: str) -> None:
            del kept[name]

    monkeypatch.setattr(views, "_stores", [Store()])

    async def scene(state: SampleState) -> None:
        await every_step(state.load())
        await state.apply_filter({"status:shut": "on"})
        await state.keep_view({"name": " Shut ones "})
        assert kept == {"Shut ones": "status=shut"}
        assert [view["name"] for view in state.views] == ["Open ones", "Shut ones"]

        await state.forget_view("Shut ones")
        assert (kept, [view["name"] for view in state.views]) == ({}, ["Open ones"])

    play(scene)


def test_a_submission_that_goes_well_gives_its_result_and_clears_errors() -> None:
    async def scene(state: SampleState) -> None:
        state.errors = {"note": "Fill this in"}
        saved = await state._submit(
            lambda session, actor, entry: entry.note.upper(), Draft(NoteEntry, {"note": "hi"})
        )
        assert (saved, state.errors, state.form_error, state.attempt) == ("HI", {}, "", 1)

    play(scene)


def test_a_refused_submission_says_where_and_is_counted() -> None:
    def refuse(session: Any, actor: Any, entry: NoteEntry) -> None:
        raise Invalid.fields([("note", "is rude"), ("owner_id", "is gone")])

    async def scene(state: SampleState) -> None:
        assert await state._submit(refuse, Draft(NoteEntry, {"note": "hi"})) is None
        assert (state.errors, state.form_error, state.attempt) == (
            {"note": "Is rude"},
            "Owner id: is gone",
            1,
        )

        await state.clear_form()
        assert (state.errors, state.form_error, state.form_key) == ({}, "", 1)

    play(scene)


def test_what_refuses_a_whole_form_is_said_in_the_readers_language() -> None:
    def refuse(session: Any, actor: Any, entry: NoteEntry) -> None:
        raise Forbidden("Setia was merged already")

    def name(session: Any, actor: Any, entry: NoteEntry) -> None:
        raise Invalid.fields([("customer", "is required"), ("note", "is required")])

    async def scene(state: SampleState) -> None:
        language.speak("ms")
        assert await state._submit(refuse, Draft(NoteEntry, {"note": "hi"})) is None
        assert state.form_error == "Setia sudah digabung"
        assert await state._submit(name, Draft(NoteEntry, {"note": "hi"})) is None
        assert (state.errors, state.form_error) == ({"note": "Diperlukan"}, "Pelanggan: diperlukan")

    play(scene)


def test_a_form_that_does_not_fit_its_schema_never_reaches_the_use_case() -> None:
    def unreachable(session: Any, actor: Any, entry: NoteEntry) -> None:
        raise AssertionError("reached")

    async def scene(state: SampleState) -> None:
        assert await state._submit(unreachable, Draft(NoteEntry, {"note": "  "})) is None
        assert state.errors == {"note": "Fill this in"}

    play(scene)


def test_an_address_may_ask_for_the_form_of_a_new_record_once() -> None:
    async def scene(state: SampleState) -> None:
        *_, (address, begin) = await every_step(state.load())

        assert written(address) == "status=shut"
        assert Event.from_event_type(begin)[0].name.endswith("sample_state.begin")

    play(scene, "/sample?status=shut&new=yes")
