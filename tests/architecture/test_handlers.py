"""What a browser can reach on a State: only what carries our mark, and nothing baked into public files."""

import inspect
from collections.abc import Iterator
from typing import Any

import pytest
import reflex as rx
from reflex.event import EventHandler
from reflex.state import State
from reflex_base.vars.base import ComputedVar

from lattis_app import lattis_app as composition
from lattis_app.ui.handlers import MARK, PUBLIC, handler
from lattis_app.ui.pages import PAGES

OPEN_HANDLERS = {"SignInState.read_address"}


def own_states() -> Iterator[type[rx.State]]:
    """Every State class of the product that the application knows."""
    assert composition.app is not None
    pending = list(State.get_substates())
    while pending:
        state = pending.pop()
        pending += state.get_substates()
        if state.__module__.startswith("lattis_app."):
            yield state


def handlers_of(state: type[rx.State]) -> dict[str, Any]:
    """The functions a browser may name, without those that Reflex puts on every state."""
    found = {
        name: reached.fn
        for name, reached in state.event_handlers.items()
        if isinstance(reached, EventHandler)
    }
    return {name: fn for name, fn in found.items() if name != "setvar" and not _is_reflex(fn)}


def _is_reflex(function: Any) -> bool:
    return str(getattr(function, "__module__", "")).startswith(("reflex.", "reflex_"))


def unmarked(states: Iterator[type[rx.State]]) -> list[str]:
    return [
        f"{state.__name__}.{name}"
        for state in states
        for name, function in handlers_of(state).items()
        if not hasattr(function, MARK)
    ]


def public_helpers(states: Iterator[type[rx.State]]) -> list[str]:
    """Static and class methods: no events by themselves, but reached through others, and a name away from it."""
    return [
        f"{state.__name__}.{name}"
        for state in states
        for name, found in vars(state).items()
        if isinstance(found, staticmethod | classmethod)
        and not name.startswith("_")
        and not _is_reflex(found.__func__)
    ]


def computed(states: Iterator[type[rx.State]]) -> list[str]:
    return [
        f"{state.__name__}.{name}"
        for state in states
        for name, var in vars(state).items()
        if isinstance(var, ComputedVar) and not _is_reflex(getattr(var, "fget", None))
    ]


def test_the_states_of_the_product_are_found() -> None:
    names = {state.__name__ for state in own_states()}
    assert {"FrameState", "SignInState", "StartState", "Binding"} <= names
    assert "refresh" in handlers_of(next(state for state in own_states() if state.__name__ == "FrameState"))


def test_every_handler_carries_the_mark() -> None:
    assert unmarked(own_states()) == []


def test_only_the_sign_in_page_may_be_used_by_nobody() -> None:
    found = {
        f"{state.__name__}.{name}"
        for state in own_states()
        for name, function in handlers_of(state).items()
        if getattr(function, MARK, None) == PUBLIC
    }
    assert found == OPEN_HANDLERS


def test_what_a_page_loads_is_marked() -> None:
    for spec in PAGES:
        for loader in spec.on_load:
            assert hasattr(getattr(loader, "fn", None), MARK), f"{spec.route}: {loader}"


def test_no_handler_is_named_as_reflex_names_its_setters() -> None:
    setters = [
        f"{s.__name__}.{name}" for s in own_states() for name in handlers_of(s) if name.startswith("set_")
    ]
    assert setters == []


def test_helpers_of_a_state_are_private_or_outside_of_it() -> None:
    assert public_helpers(own_states()) == []


def test_states_are_flat() -> None:
    assert [state.__name__ for state in own_states() if state.get_parent_state() is not State] == []


def test_nothing_is_computed_in_a_state_since_the_build_would_publish_it() -> None:
    assert computed(own_states()) == []


def test_no_state_starts_with_anything_in_it_that_could_be_data() -> None:
    """Lists and records start empty: initial values are part of the public scripts."""
    reflexes = set(State.get_fields())
    filled = [
        f"{state.__name__}.{name}"
        for state in own_states()
        for name, field in state.get_fields().items()
        if name not in reflexes and isinstance(start := field.default_value(), list | dict) and start
    ]
    assert filled == []


class Careless(rx.State, mixin=True):
    """What the rules above exist for."""

    async def pay(self) -> None:
        """Reachable, unmarked."""

    @handler
    async def fine(self) -> None:
        """As it should be."""

    @staticmethod
    def helper() -> None:
        """Public."""

    @rx.var
    def everything(self) -> str:
        """Computed at build."""
        return ""


@pytest.fixture
def careless() -> type[rx.State]:
    """A class that is no state of the application, looked at as if it were."""
    found = type("Found", (), {})
    found.event_handlers = {  # type: ignore[attr-defined]  # made to be looked at
        name: EventHandler(fn=function)
        for name, function in vars(Careless).items()
        if inspect.isfunction(function)
    }
    for name in ("helper", "everything"):
        setattr(found, name, vars(Careless)[name])
    return found  # type: ignore[return-value]  # made to be looked at


def test_the_rules_find_what_they_look_for(careless: type[rx.State]) -> None:
    assert unmarked(iter([careless])) == ["Found.pay"]
    assert public_helpers(iter([careless])) == ["Found.helper"]
    assert computed(iter([careless])) == ["Found.everything"]
