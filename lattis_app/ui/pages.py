"""Pages register themselves here; the composition root adds them all to the app. One page per module."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import reflex as rx

from lattis_app.ui import failures
from lattis_app.ui.frame import FrameState
from lattis_app.ui.shell import shell
from lattis_app.ui.states import forbidden
from lattis_app.ui.translation import say, translated

Frame = Literal["office", "none"]
Build = Callable[[], rx.Component]


@dataclass(frozen=True)
class PageSpec:
    """Everything the composition root needs to add a page."""

    route: str
    title: Any
    permission: str
    component: Build
    on_load: tuple[Any, ...]


PAGES: list[PageSpec] = []


def page(
    route: str,
    title: Any,
    permission: str = "",
    on_load: Any | Sequence[Any] = (),
    *,
    frame: Frame = "office",
    public: bool = False,
) -> Callable[[Build], Build]:
    """Register a page: its address, its title, the permission its content needs, and its loaders.

    With `frame="none"` the function returns the whole page (the driver's shell, sign-in); a `public` page needs
    nobody to be signed in.
    """

    loaders = tuple(on_load) if isinstance(on_load, (list, tuple)) else (on_load,)
    failures.note_loaders(loaders)

    def register(build: Build) -> Build:
        def component() -> rx.Component:
            content = build()
            if frame == "office":
                content = failures.unless_failed(content, loaders)
            if permission:
                content = _only_with(permission, content)
            return translated(shell(content, path=route) if frame == "office" else content)

        component.__name__ = build.__name__
        component.__module__ = build.__module__
        run = loaders if public else (FrameState.refresh, *loaders)
        PAGES.append(PageSpec(route, _titled(title), permission, component, run))
        return build

    return register


def add_pages(app: rx.App) -> None:
    """Add every registered page to the app."""
    for spec in PAGES:
        app.add_page(spec.component, route=spec.route, title=spec.title, on_load=list(spec.on_load))


def _titled(title: Any) -> Any:
    return say(title) + " · Lattis"


def _only_with(permission: str, content: rx.Component) -> rx.Component:
    denied = FrameState.ready & ~FrameState.permissions.contains(permission)
    return rx.cond(denied, forbidden(), content)
