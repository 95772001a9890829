"""Parts that are there for some people, or some of the time."""

from __future__ import annotations

from typing import Any

import reflex as rx

from lattis_app.identity.permissions import Permission
from lattis_app.ui.frame import FrameState


def if_may(permission: Permission, part: rx.Component) -> rx.Component:
    """A part for those who hold a permission; the services refuse the others anyway."""
    return rx.cond(FrameState.permissions.contains(str(permission)), part, rx.fragment())


def only_while(flag: Any, part: rx.Component) -> rx.Component:
    """A part that is there while a flag is set."""
    return rx.cond(flag, part, rx.fragment())
