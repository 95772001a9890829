from uuid import uuid4

import pytest

from lattis_app.core.actors import Actor
from lattis_app.ui import frame_facts
from lattis_app.ui.frame_facts import Alert, Sources, collect, register_counter

AINA = Actor(
    user_id=uuid4(),
    name="Nurul Aina",
    role="ADMIN",
    permissions=frozenset({"rental:bins:read"}),
    session_id=uuid4(),
)


@pytest.fixture(autouse=True)
def nothing_registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame_facts, "sources", Sources())


def test_a_counter_of_another_role_is_not_even_asked() -> None:
    def refuse(session: object, actor: Actor) -> int:
        raise AssertionError("asked")

    register_counter("money.overdue", refuse, "money:read")
    register_counter("rental.bins", lambda session, actor: 4, "rental:bins:read")

    assert collect(None, AINA).counters == {"rental.bins": "4"}


def test_a_counter_of_nothing_is_not_shown() -> None:
    register_counter("rental.bins", lambda session, actor: 0)

    assert collect(None, AINA).counters == {}


def test_the_bell_and_the_name_come_with_it() -> None:
    frame_facts.sources.bell = lambda session, actor: (2, [Alert("Overdue", "INV-1", "2 h ago")])

    facts = collect(None, AINA)

    assert (facts.name, facts.role, facts.unread, facts.alerts[0].title) == (
        "Nurul Aina",
        "Admin",
        2,
        "Overdue",
    )
    assert facts.csrf != ""
