"""What the server says follows the language of the person who is signed in."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lattis_app.identity.models import User
from lattis_app.identity.pages.profile import ProfileState
from lattis_app.identity.permissions import Role
from lattis_app.identity.services.sessions import _open
from lattis_app.ui.frame import FrameState
from tests.factories.identity import make_user
from tests.ui.pipeline import Pipeline, pipeline

Scene = Callable[[Pipeline], Coroutine[Any, Any, None]]
REFRESH = f"{FrameState.get_full_name()}.refresh"
SAVE = f"{ProfileState.get_full_name()}.save"


def play(scene: Scene) -> None:
    async def perform() -> None:
        async with pipeline() as running:
            await scene(running)

    asyncio.run(perform())


def cookie_of(session: Session, language: str) -> str:
    user = make_user(session, Role.SALES_MANAGER, name="Aina", language=language)
    cookie = _open(session, user, "tests").cookie
    session.flush()
    return cookie


@pytest.mark.parametrize(
    ("language", "role"),
    [("en", "Sales manager"), ("ms", "Pengurus jualan"), ("ar", "مدير المبيعات"), ("xx", "Sales manager")],
)
def test_a_role_is_said_in_the_readers_language(session: Session, language: str, role: str) -> None:
    cookie = cookie_of(session, language)

    async def scene(tab: Pipeline) -> None:
        assert (await tab.send(REFRESH, cookie=cookie)).of(FrameState)["role"] == role

    play(scene)


def test_two_tabs_in_two_languages_do_not_mix(session: Session) -> None:
    malay, arabic = cookie_of(session, "ms"), cookie_of(session, "ar")

    async def scene(tab: Pipeline) -> None:
        said = [
            (await tab.send(REFRESH, cookie=cookie, token=token)).of(FrameState).get("role")
            for cookie, token in ((malay, "a"), (arabic, "b"), (malay, "c"))
        ]
        assert said == ["Pengurus jualan", "مدير المبيعات", "Pengurus jualan"]

    play(scene)


def test_choosing_another_language_loads_the_page_again(session: Session) -> None:
    cookie = cookie_of(session, "en")

    async def scene(tab: Pipeline) -> None:
        told = await tab.send(SAVE, cookie=cookie, form={"name": "Aina", "language": "ms"})
        assert "window.location.reload()" in told.said

    play(scene)
    assert session.scalars(select(User.language)).all() == ["ms"]


def test_a_forged_language_is_refused_beside_its_field(session: Session) -> None:
    cookie = cookie_of(session, "en")

    async def scene(tab: Pipeline) -> None:
        told = await tab.send(SAVE, cookie=cookie, form={"name": "Aina", "language": "tlh"})
        assert list(told.of(ProfileState)["errors"]) == ["language"]

    play(scene)
    assert session.scalars(select(User.language)).all() == ["en"]
