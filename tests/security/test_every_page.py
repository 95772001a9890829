"""What a browser may send to any page: nothing forged, and nothing of a stranger's, shows or changes anything."""

import asyncio
from enum import StrEnum
from typing import Any, get_origin

import pytest

from lattis_app.core import limits
from lattis_app.identity.permissions import Role
from lattis_app.notifications.pages.preferences import Preferences
from tests.factories.rental_operations import make_driver
from tests.factories.rental_world import make_world
from tests.security.pages import events_of, no_events_of, states
from tests.ui.pipeline import Told, pipeline
from tests.ui.visits import everything, signed_in

FORGED = (None, ["x"], {"x": {"y": 1}}, "\x00", -1, 1e999, "😀" * 5_000)
NOTHING = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"
OTHERS = (
    "order",
    "delivered_order",
    "draft",
    "invoice",
    "booking",
    "customer",
    "driver",
    "hand_over",
    "trip",
)
SECRETS = ("ABC Construction", "Ahmad Rahman", "John Referrer", "BK-2026", "DO-2026", "INV-2026", "RCPT-2026")
OWN = {Preferences: {"users", "audit_entries"}}
"""What a page changes of its sender alone, whatever the form said."""
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def world(session, clock):
    limits.forget()
    return make_world(session)


def plausible(types: dict[str, Any], record_id: str = NOTHING) -> dict[str, Any]:
    """Arguments of the right types that name a record."""
    return {name: _of(get_origin(kind) or kind, record_id) for name, kind in types.items()}


def _of(kind: Any, record_id: str) -> Any:
    known = {int: 1, bool: True, list: [], dict: {"reason": "Because", "id": record_id}}
    return str(next(iter(kind))) if issubclass(kind, StrEnum) else known.get(kind, record_id)


def told(
    page: Any, cookie: str, events: list[tuple[str, dict[str, Any]]], address: str = "/page"
) -> list[Told]:
    """What a tab was told that sent one event after the other."""

    async def scene() -> list[Told]:
        async with pipeline() as tab:
            name = page.get_full_name()
            return [
                await tab.send(f"{name}.{event}", cookie=cookie, address=address, **payload)
                for event, payload in events
            ]

    return asyncio.run(scene())


class Watch:
    """Sees what changed since it looked last."""

    def __init__(self, session: Any) -> None:
        self.session, self.before = session, everything(session)

    def changed(self, page: Any) -> set[str]:
        """The tables that are not as they were, but for what is the sender's own."""
        self.session.expire_all()
        before, self.before = self.before, everything(self.session)
        return {name for name in before if self.before[name] != before[name]} - OWN.get(page, set())


def test_forged_arguments_change_nothing(session, world):
    cookie, watch = signed_in(session), Watch(session)
    faults = {}
    for page in states():
        taking = [(name, types) for name, types in events_of(page) if types]
        told(
            page, cookie, [(name, dict.fromkeys(types, value)) for value in FORGED for name, types in taking]
        )
        if found := watch.changed(page):
            faults[page.__name__] = found
    assert faults == {}


def test_what_no_script_of_ours_sends_does_nothing(session, world):
    cookie, watch = signed_in(session), Watch(session)
    faults = {}
    for page in states():
        sent = [(name, {"var_name": "ready", "value": True}) for name in no_events_of(page)]
        found = [answer.of(page) for answer in told(page, cookie, sent) if answer.of(page)]
        if found or watch.changed(page):
            faults[page.__name__] = found
    assert faults == {}


def test_events_that_name_nothing_change_nothing_and_break_nothing(session, world):
    cookie, watch = signed_in(session), Watch(session)
    faults = {}
    for page in states():
        events = [(name, plausible(types)) for name, types in events_of(page)]
        answers = zip(events, told(page, cookie, events), strict=True)
        found = [name for (name, _), answer in answers if "went wrong" in answer.said]
        if found := [*found, *watch.changed(page)]:
            faults[page.__name__] = found
    assert faults == {}


@pytest.mark.parametrize("who", [None, Role.VIEWER, Role.MERCHANT, Role.DRIVER])
def test_a_stranger_sees_nothing_and_changes_nothing(session, world, who):
    subject = make_driver(session, name="A stranger").id if who is Role.DRIVER else None
    cookie = signed_in(session, who, subject_id=subject) if who else ""
    watch, faults = Watch(session), {}
    for page in states():
        shown = ""
        is_open_to_them = who is Role.DRIVER and ".pages.driver_" in page.__module__
        for record_id in [str(world[name]) for name in (OTHERS if is_open_to_them else OTHERS[:1])]:
            events = [(name, plausible(types, record_id)) for name, types in events_of(page)]
            for answer in told(page, cookie, events, f"/driver/job/{record_id}"):
                shown += f"{answer.values} {answer.said}"
        if found := [*watch.changed(page), *(secret for secret in SECRETS if secret in shown)]:
            faults[page.__name__] = found
    assert faults == {}
