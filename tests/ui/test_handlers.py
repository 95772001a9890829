"""The house decorator: what a handler may look like, and what becomes of its refusals and crashes."""

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
import reflex as rx
from sqlalchemy import select
from sqlalchemy.orm import Session

from lattis_app.core import context
from lattis_app.core.actors import Actor
from lattis_app.core.errors import Conflict, Invalid
from lattis_app.identity.models import User
from lattis_app.identity.permissions import Permission, Role, requires
from lattis_app.identity.services.sessions import _open
from lattis_app.ui.handlers import MARK, handler, public_handler, run
from tests.factories.identity import make_user
from tests.ui.pipeline import HYDRATE, Pipeline, pipeline

Scene = Callable[[Pipeline], Coroutine[Any, Any, None]]


@requires(Permission.IDENTITY_PROFILE_MANAGE)
def whereabouts(session: Session, actor: Actor) -> dict[str, str]:
    """Where and for whom a use case runs."""
    request = context.current()
    assert request is not None
    return {"actor": actor.name, "thread": threading.current_thread().name, "address": request.address}


@requires(Permission.IDENTITY_PROFILE_MANAGE)
def rename_then_refuse(session: Session, actor: Actor) -> None:
    """Change something, then think better of it."""
    session.get_one(User, actor.user_id).name = "Half done"
    session.flush()
    raise Conflict("Somebody was faster")


class DeskState(rx.State):
    """A page with every kind of handler."""

    found: dict[str, str] = {}
    count: int = 0
    errors: dict[str, str] = {}

    @handler
    async def look(self) -> None:
        """Run a use case."""
        self.found = await run(self, whereabouts)

    @handler
    async def refuse(self) -> None:
        """Run a use case that refuses late."""
        await run(self, rename_then_refuse)

    @handler
    async def check(self, form: dict[str, Any]) -> None:
        """Refuse two fields."""
        raise Invalid.fields([("phone", "is too short"), ("email", "has no @")])

    @handler
    async def add(self, by: int) -> None:
        """Take a number."""
        self.count += by

    @handler
    async def crash(self) -> None:
        """Break."""
        self.count += 1
        raise ZeroDivisionError("the till of Ada")

    @handler
    async def steps(self):
        """Two steps and a refusal."""
        for _ in range(2):
            self.count += 1
            yield rx.console_log(f"step {self.count}")
        raise Conflict("No third step")

    @handler(background=True)
    async def later(self) -> None:
        """Refuse a field from a long task."""
        async with self:
            self.count = 7
        raise Invalid.field("phone", "is engaged")


def event(name: str) -> str:
    return f"{DeskState.get_full_name()}.{name}"


@pytest.fixture
def ada(session: Session) -> str:
    opened = _open(session, make_user(session, Role.ADMIN, name="Ada"), "tests")
    session.flush()
    return opened.cookie


def play(scene: Scene) -> None:
    async def perform() -> None:
        async with pipeline() as running:
            await scene(running)

    asyncio.run(perform())


def test_a_use_case_runs_as_the_signed_in_person_in_a_thread_and_knows_the_address(ada: str) -> None:
    async def scene(tab: Pipeline) -> None:
        found = (await tab.send(event("look"), cookie=ada)).of(DeskState)["found"]
        assert (found["actor"], found["address"]) == ("Ada", "203.0.113.9")
        assert found["thread"] != threading.main_thread().name

    play(scene)


def test_a_refusal_is_said_and_undoes_what_the_use_case_had_done(session: Session, ada: str) -> None:
    async def scene(tab: Pipeline) -> None:
        assert "Somebody was faster" in (await tab.send(event("refuse"), cookie=ada)).said

    play(scene)
    assert session.scalars(select(User.name)).all() == ["Ada"]


def test_every_bad_field_is_named_beside_its_input(ada: str) -> None:
    async def scene(tab: Pipeline) -> None:
        told = await tab.send(event("check"), cookie=ada, form={})
        assert told.of(DeskState)["errors"] == {"phone": "is too short", "email": "has no @"}

    play(scene)


def test_a_long_task_can_name_a_bad_field_too(ada: str) -> None:
    async def scene(tab: Pipeline) -> None:
        told = await tab.send(event("later"), cookie=ada)
        assert told.of(DeskState)["errors"] == {"phone": "is engaged"}
        assert told.of(DeskState)["count"] == 7

    play(scene)


def test_a_crash_shows_a_reference_and_logs_the_rest_under_it(
    ada: str, caplog: pytest.LogCaptureFixture
) -> None:
    references = []

    class Note(logging.Filter):
        def filter(self, record: logging.LogRecord) -> bool:
            references.append(context.request_id())
            return True

    note = Note()
    logging.getLogger("lattis_app.ui.handlers").addFilter(note)

    async def scene(tab: Pipeline) -> None:
        told = await tab.send(event("crash"), cookie=ada)
        assert "Something went wrong on our side" in told.said
        assert f"Request {references[0]}" in told.said
        assert "till" not in told.said

    try:
        play(scene)
    finally:
        logging.getLogger("lattis_app.ui.handlers").removeFilter(note)
    assert "DeskState.crash failed" in caplog.text
    assert "the till of Ada" in caplog.text


def test_the_steps_before_a_refusal_are_sent(ada: str) -> None:
    async def scene(tab: Pipeline) -> None:
        told = await tab.send(event("steps"), cookie=ada)
        assert told.of(DeskState)["count"] == 2
        assert [word in told.said for word in ("step 1", "step 2", "No third step")] == [True] * 3

    play(scene)


@pytest.mark.parametrize("payload", [{"by": {"n": 1}}, {"by": "x"}, {}, {"by": 1, "twice": True}, {"to": 1}])
def test_arguments_that_do_not_fit_are_refused(
    ada: str, payload: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    async def scene(tab: Pipeline) -> None:
        await tab.send(HYDRATE, cookie=ada)
        told = await tab.send(event("add"), cookie=ada, **payload)
        assert "Something went wrong on our side" in told.said
        assert told.of(DeskState) == {}

    play(scene)
    assert "DeskState.add refused an event" in caplog.text


def test_arguments_arrive_as_the_signature_says(ada: str) -> None:
    async def scene(tab: Pipeline) -> None:
        assert (await tab.send(event("add"), cookie=ada, by="41")).of(DeskState)["count"] == 41

    play(scene)


def test_a_default_could_be_overridden_by_a_browser_so_there_is_none() -> None:
    async def pay(self: Any, amount: int, as_admin: bool = False) -> None: ...

    with pytest.raises(TypeError, match="without a default"):
        handler(pay)


def test_an_argument_says_its_type() -> None:
    async def pay(self: Any, amount) -> None: ...  # type: ignore[no-untyped-def]  # the point of the test

    with pytest.raises(TypeError, match="`amount` must say its type"):
        handler(pay)


@pytest.mark.parametrize("kind", ["any positional", "any named"])
def test_a_handler_takes_no_arguments_it_does_not_name(kind: str) -> None:
    async def positional(self: Any, *rest: int) -> None: ...

    async def named(self: Any, **rest: int) -> None: ...

    with pytest.raises(TypeError, match="must be a plain argument"):
        public_handler(positional if kind == "any positional" else named)


def test_a_handler_that_would_block_every_user_is_refused() -> None:
    def wait(self: Any) -> None: ...

    with pytest.raises(TypeError, match="must be an async function"):
        handler(wait)


def test_a_handler_carries_the_mark_of_who_may_call_it() -> None:
    async def tell(self: Any) -> None: ...

    assert getattr(handler(tell), MARK) == "signed in"
    assert getattr(public_handler(tell), MARK) == "public"
