"""Every page of the product, as a browser may address it."""

from collections.abc import Iterator
from typing import Any

import reflex as rx
from reflex_base.registry import RegistrationContext

from tests.ui.visits import handlers_of


def states() -> list[type[rx.State]]:
    """The states of all pages and of the frame around them, each once; what they are mixed from is none."""
    found = {each.get_full_name(): each for each in _below(rx.State) if not each._mixin}
    return [found[name] for name in sorted(found) if found[name].__module__.startswith("lattis_app.")]


def events_of(state: type[rx.State]) -> list[tuple[str, dict[str, Any]]]:
    """The events that a page's own scripts send, with the types of their arguments."""
    return sorted(handlers_of(state))


def no_events_of(state: type[rx.State]) -> list[str]:
    """What Reflex would let a browser call beside them: setters, and methods that nobody marked."""
    start, marked = f"{state.get_full_name()}.", {name for name, _ in events_of(state)}
    names = (
        name.removeprefix(start)
        for name in RegistrationContext.get().event_handlers
        if name.startswith(start)
    )
    return sorted({name for name in names if "." not in name} - marked | {"setvar"})


def _below(state: type[rx.State]) -> Iterator[type[rx.State]]:
    for child in state.__subclasses__():
        yield child
        yield from _below(child)
