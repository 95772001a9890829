"""The guard, through Reflex's own event pipeline: whose tab it is, and what may be called at all."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
import reflex as rx
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.identity.models import User
from lattis_app.identity.permissions import Permission, Role, requires
from lattis_app.identity.services import sessions
from lattis_app.ui.handlers import handler, public_handler, run
from tests.factories.identity import make_user
from tests.ui.pipeline import HYDRATE, Pipeline, pipeline

Scene = Callable[[Pipeline], Coroutine[Any, Any, None]]


@requires(Permission.IDENTITY_PROFILE_MANAGE)
def own_name(session: Session, actor: Actor) -> str:
    """The name of whoever asks."""
    return actor.name


class DrawerState(rx.State):
    """A page with something private in it."""

    name: str = ""
    greeting: str = ""

    @handler
    async def open(self) -> None:
        """Show the private thing."""
        self.name = await run(self, own_name)

    @public_handler
    async def greet(self) -> None:
        """Say hello."""
        self.greeting = "hello"

    async def forgotten(self) -> None:
        """A method without a mark."""
        self.name = "forgotten"


OPEN, GREET, FORGOTTEN = (f"{DrawerState.get_full_name()}.{name}" for name in ("open", "greet", "forgotten"))


@pytest.fixture
def ada(session: Session) -> str:
    return cookie_for(session, make_user(session, Role.ADMIN, name="Ada"))


@pytest.fixture
def bea(session: Session) -> str:
    return cookie_for(session, make_user(session, Role.DRIVER, name="Bea"))


def cookie_for(session: Session, user: User) -> str:
    opened = sessions._open(session, user, "tests")
    session.flush()
    return opened.cookie


def play(scene: Scene) -> None:
    async def perform() -> None:
        async with pipeline() as running:
            await scene(running)

    asyncio.run(perform())


def test_the_handler_of_somebody_signed_in_runs(ada: str) -> None:
    async def scene(tab: Pipeline) -> None:
        assert (await tab.send(OPEN, cookie=ada)).of(DrawerState)["name"] == "Ada"

    play(scene)


def test_nobody_is_sent_to_sign_in_and_comes_back_to_the_same_page(session: Session) -> None:
    async def scene(tab: Pipeline) -> None:
        told = await tab.send(OPEN)

        assert "/sign-in?next=%2Fsample%3Fq%3D1'" in told.said
        assert told.of(DrawerState).get("name", "") == ""

    play(scene)


def test_an_ended_session_is_told_so(session: Session, ada: str) -> None:
    async def scene(tab: Pipeline) -> None:
        assert "error=expired" in (await tab.send(OPEN, cookie="of a session that ended")).said

    play(scene)


def test_a_public_handler_runs_for_nobody(session: Session) -> None:
    async def scene(tab: Pipeline) -> None:
        assert (await tab.send(GREET)).of(DrawerState)["greeting"] == "hello"

    play(scene)


@pytest.mark.parametrize("name", [FORGOTTEN, f"{DrawerState.get_full_name()}.setvar"])
def test_what_carries_no_mark_never_runs(ada: str, name: str, caplog: pytest.LogCaptureFixture) -> None:
    payload = {} if name == FORGOTTEN else {"var_name": "name", "value": "set"}

    async def scene(tab: Pipeline) -> None:
        await tab.send(HYDRATE, cookie=ada)
        await tab.send(name, cookie=ada, **payload)
        assert (await tab.send(HYDRATE, cookie=ada)).of(DrawerState)["name"] == ""

    play(scene)
    assert f"refused an event that is no handler of ours: {name}" in caplog.text


@pytest.mark.parametrize("following", ["nobody", "Bea"])
def test_the_next_one_at_a_tab_finds_it_empty(ada: str, bea: str, following: str) -> None:
    async def scene(tab: Pipeline) -> None:
        await tab.send(OPEN, cookie=ada)
        shown = await tab.send(HYDRATE, cookie=bea if following == "Bea" else "")
        assert shown.of(DrawerState)["name"] == ""
        assert "Ada" not in str(shown)

    play(scene)


def test_an_event_of_the_next_one_only_reloads_the_page(ada: str, bea: str) -> None:
    async def scene(tab: Pipeline) -> None:
        await tab.send(OPEN, cookie=ada)
        told = await tab.send(GREET, cookie=bea)

        assert "window.location.reload()" in told.said
        assert "Ada" not in str(told)
        assert "greeting" not in told.of(DrawerState)

    play(scene)


def test_a_revoked_session_loses_the_tab_it_has_open(session: Session) -> None:
    user = make_user(session, name="Ada")
    cookie = cookie_for(session, user)

    async def scene(tab: Pipeline) -> None:
        await tab.send(OPEN, cookie=cookie)
        sessions.end_all(
            session, Actor(user.id, "Ada", Role.ADMIN, frozenset({"identity:users:manage"})), user.id, "tests"
        )
        session.commit()

        refused = await tab.send(OPEN, cookie=cookie)
        assert "/sign-in?" in refused.said
        assert refused.of(DrawerState) == {}
        assert (await tab.send(HYDRATE, cookie=cookie)).of(DrawerState)["name"] == ""

    play(scene)


def test_two_tabs_of_one_session_keep_their_own_state(ada: str) -> None:
    async def scene(tabs: Pipeline) -> None:
        await tabs.send(OPEN, cookie=ada, token="left")
        assert (await tabs.send(HYDRATE, cookie=ada, token="right")).of(DrawerState)["name"] == ""
        assert (await tabs.send(HYDRATE, cookie=ada, token="left")).of(DrawerState)["name"] == "Ada"

    play(scene)


def test_a_database_that_is_down_lets_nobody_through(ada: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError("no database")

    async def scene(tab: Pipeline) -> None:
        await tab.send(HYDRATE, cookie=ada)
        with monkeypatch.context() as meanwhile, pytest.raises(RuntimeError):
            meanwhile.setattr("lattis_app.ui.handlers.actors.by_cookie", broken)
            await tab.send(OPEN, cookie=ada)
        assert (await tab.send(HYDRATE, cookie=ada)).of(DrawerState)["name"] == ""

    play(scene)
