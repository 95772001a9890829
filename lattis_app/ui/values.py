"""Values as rows and fields show them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import reflex as rx


def dash(value: object) -> str:
    """Text, or a dash where there is none."""
    return str(value) if value not in (None, "") else "–"


def typed(values: Mapping[str, object]) -> dict[str, str]:
    """Values as a form's fields hold them."""
    return {name: "" if value is None else str(value) for name, value in values.items()}


def reach(text: Any, href: Any) -> rx.Component:
    """A telephone number or an e-mail address that opens the telephone or the mail program."""
    return rx.cond(href != "", rx.el.a(text, href=href, class_name="link"), text)
