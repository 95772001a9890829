"""When a page can't be loaded, the failure stands in place of its content until a loader begins again.

`@page` names the loaders of a page here. A state that has a place of its own for a failure (a list, the record
beside it) takes it there: it has a method `_take(failure)` that answers whether it did.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import reflex as rx
from reflex.event import EventHandler

from lattis_app.core.errors import NotFound
from lattis_app.core.language import say, translate
from lattis_app.ui import toasts
from lattis_app.ui.states import failed

_loaders: set[tuple[str, str]] = set()


@dataclass(frozen=True)
class Failure:
    """What a person is told of an error: a sentence, or a toast where it has no place on the page.

    One that is ours has a reference to the log.
    """

    text: str
    toast: rx.event.EventSpec
    request_id: str = ""
    is_ours: bool = True


def gone(error: NotFound) -> Failure:
    """What was asked for is not there, or not for this person."""
    return Failure(translate(error.message), toasts.refused(error.message), is_ours=False)


def crash(request_id: str) -> Failure:
    """Something failed that only the log explains."""
    text = say("Something went wrong on our side, and it has been logged.")
    return Failure(text, toasts.crashed(request_id), request_id)


def unreachable() -> Failure:
    """The database can't be asked."""
    return Failure(
        say("Lattis can't reach its database right now. Try again in a moment."), toasts.unreachable()
    )


class PageFailure(rx.State):
    """The page that could not be loaded, by the name of its state, and why."""

    page: str = ""
    text: str = ""
    request_id: str = ""


def note_loaders(loaders: Sequence[Any]) -> None:
    """Remember what loads a page."""
    _loaders.update(
        (each.state_full_name, each.fn.__name__) for each in loaders if isinstance(each, EventHandler)
    )


def loads_a_page(state: Any, method: str) -> bool:
    """Whether this handler of a state loads a page."""
    return (state.get_full_name(), method) in _loaders


async def begin_again(state: Any) -> None:
    """A loader begins: what failed before is no longer said."""
    shown = await state.get_state(PageFailure)
    if shown.page:
        shown.page = ""


async def take(state: Any, method: str, failure: Failure) -> bool:
    """Show a failure where the content would be; answers whether there is such a place."""
    own_place = getattr(state, "_take", None)
    if own_place is not None:
        return failure.is_ours and own_place(failure)
    if not loads_a_page(state, method):
        return False
    shown = await state.get_state(PageFailure)
    shown.page, shown.text, shown.request_id = state.get_full_name(), failure.text, failure.request_id
    return True


def unless_failed(content: Any, loaders: Sequence[Any]) -> rx.Component:
    """The content of a page, or why it could not be loaded, with a way to try again."""
    ours = [each for each in loaders if isinstance(each, EventHandler)]
    if not ours:
        return content
    hit = rx.Var.create([each.state_full_name for each in ours]).contains(PageFailure.page)
    told = failed(
        PageFailure.text,
        request_id=PageFailure.request_id,
        on_retry=ours,
        title="This page could not be loaded",
        heading=rx.el.h1,
    )
    return rx.cond(hit, rx.el.section(told, class_name="card"), content)
