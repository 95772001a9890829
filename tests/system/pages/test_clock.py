"""The page that moves a demonstration's clock."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from lattis_app.core import clock as lattis_clock
from lattis_app.identity.permissions import Role
from lattis_app.system.pages.clock import DemoClock, next_morning, shown
from lattis_app.system.schemas.clock import ClockOut
from tests.ui.visits import signed_in, visit


@pytest.fixture(autouse=True)
def real_time_afterwards() -> Iterator[None]:
    yield
    lattis_clock.move_by(timedelta(0))


@pytest.mark.parametrize(("weekday", "day"), [(0, 23), (4, 20), (5, 21)])
def test_the_next_such_day_is_never_today(clock, weekday: int, day: int) -> None:
    assert next_morning(weekday) == datetime(2026, 3, day, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "distance"),
    [(0, "Real time"), (5 * 86_400, "5 d ahead of real time"), (3_600, "Moved by some hours")],
)
def test_it_says_how_far_it_is_from_real_time(seconds: int, distance: str) -> None:
    found = ClockOut(now=datetime(2026, 3, 16, 2, 0, tzinfo=UTC), moved_by_seconds=seconds, movable=True)
    assert shown(found)["distance"] == distance
    assert shown(found)["now"] == "Monday 16 March, 10:00"


def test_an_administrator_jumps_and_comes_back(session) -> None:
    admin = signed_in(session)
    jumped = visit(DemoClock, admin, ("jump", {"weekday": "friday"}))
    assert jumped["clock"]["now"].startswith("Friday")
    assert timedelta(hours=1) < lattis_clock.moved_by() < timedelta(days=8)
    assert visit(DemoClock, admin, ("back", {}))["clock"]["distance"] == "Real time"
    assert lattis_clock.moved_by() == timedelta(0)


@pytest.mark.parametrize("typed", ["", "soon", "1999-01-01T00:00", "2199-01-01T00:00"])
def test_nonsense_moves_nothing(session, typed: str) -> None:
    seen = visit(DemoClock, signed_in(session), ("move", {"form": {"now": typed}}))
    assert list(seen["errors"]) == ["now"]
    assert lattis_clock.moved_by() == timedelta(0)


@pytest.mark.parametrize("event", [("jump", {"weekday": "friday"}), ("back", {})])
def test_other_roles_move_nothing(session, event) -> None:
    seen = visit(DemoClock, signed_in(session, Role.SELLER), event)
    assert seen.values.get("clock", {}) == {}
    assert lattis_clock.moved_by() == timedelta(0)
