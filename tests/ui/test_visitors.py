"""What visitors leave in memory, and what they do not take with them."""

import asyncio

from sqlalchemy.orm import Session

from lattis_app.ui.visitors import forget
from tests.factories.identity import make_user
from tests.ui.pipeline import HYDRATE, pipeline
from tests.ui.test_guard import cookie_for


def test_only_the_closed_tabs_of_nobody_are_forgotten(session: Session) -> None:
    cookie = cookie_for(session, make_user(session))

    async def scene() -> None:
        async with pipeline() as running:
            await running.send(HYDRATE, token="visitor who left")
            await running.send(HYDRATE, token="visitor who reads")
            await running.send(HYDRATE, token="owner who left", cookie=cookie)
            await running.send(HYDRATE, token="cookie that means nothing", cookie="x")

            assert forget(running.manager, {"visitor who reads"}) == 2
            assert set(running.manager.states) == {"visitor who reads", "owner who left"}
            assert forget(running.manager, {"visitor who reads"}) == 0

    asyncio.run(scene())
