"""The bell in the frame."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from lattis_app.core.actors import SYSTEM
from lattis_app.notifications.pages.bell import ago, bell
from lattis_app.notifications.services import notifications
from tests.factories.identity import actor_for, make_user


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=59), "just now"), (timedelta(minutes=1), "1 min ago"), (timedelta(minutes=59), "59 min ago"),
        (timedelta(hours=23), "23 h ago"), (timedelta(days=1), "15 Mar 2026"),
    ],
)  # fmt: skip
def test_how_long_ago_is_said_in_words(clock, span: timedelta, words: str) -> None:
    assert ago(clock.now() - span) == words


def test_the_bell_counts_what_waits_and_shows_the_latest(session: Session, clock) -> None:
    user = make_user(session)
    for number in range(10):
        clock.advance(minutes=1)
        notifications.notify(
            session, SYSTEM, users=[user.id], kind="x", title=f"Message {number}", link="/driver"
        )
    session.execute(text("SELECT set_config('lattis.user_id', :id, true)"), {"id": str(user.id)})
    unread, alerts = bell(session, actor_for(user))
    assert (unread, len(alerts)) == (10, 8)
    assert (alerts[0].title, alerts[0].when, alerts[0].href, alerts[0].is_unread) == (
        "Message 9", "just now", "/driver", True,
    )  # fmt: skip
