"""Toasts: short sentences that say what happened, with an undo where there is one."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_sonner.toast import ToastAction

from lattis_app.core.language import say, translate


def toaster() -> rx.Component:
    """The place where toasts appear; given to the app once."""
    return rx.toast.provider(
        position="bottom-right", rich_colors=False, expand=False, close_button=True, gap=10
    )


def done(text: str, detail: str = "", *, undo: Any = None) -> rx.event.EventSpec:
    """Something was done: `Invoice INV-2026-00012 issued`."""
    return rx.toast.success(translate(text), **_extras(detail, undo))


def told(text: str, detail: str = "") -> rx.event.EventSpec:
    """Something to know that needs no action."""
    return rx.toast.info(translate(text), **_extras(detail, None))


def warned(text: str, detail: str = "") -> rx.event.EventSpec:
    """Something was done, but with a catch."""
    return rx.toast.warning(translate(text), **_extras(detail, None))


def refused(text: str, detail: str = "") -> rx.event.EventSpec:
    """Something was not done, and why."""
    return rx.toast.error(translate(text), duration=8000, **_extras(detail, None))


def crashed(request_id: str) -> rx.event.EventSpec:
    """Something failed that nobody can understand; the log knows it by the request."""
    return refused("Something went wrong on our side", f"Request {request_id}")


def unreachable() -> rx.event.EventSpec:
    """The database can't be asked: the browser says so until it is back, and then goes on by itself."""
    return rx.call_script("window.lattis.unreachable()")


def _extras(detail: str, undo: Any) -> dict[str, Any]:
    extras: dict[str, Any] = {"description": translate(detail)} if detail else {}
    if undo is not None:
        extras |= {"action": ToastAction(label=say("Undo"), on_click=undo), "duration": 8000}
    return extras
