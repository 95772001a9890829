"""Status badges: a dot, a word and a tone. Never colour alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import reflex as rx

from lattis_app.core.language import say
from lattis_app.ui import translation
from lattis_app.ui.theme import Tone

__all__ = ["Tone", "badge", "count", "tones", "words"]


def badge(word: str | rx.Var[str], tone: Tone | rx.Var[str] = "neutral") -> rx.Component:
    """A status in words with the tone of its meaning."""
    shown = translation.say(word) if isinstance(word, rx.Var) else word
    return rx.el.span(shown, class_name="badge", data_tone=tone)


def count(number: Any) -> rx.Component:
    """A small number beside a word, for example the photos of a record."""
    return rx.el.span(number, class_name="count")


def words(status: object) -> str:
    """A status value as people read it: `partially_paid` becomes `Partially paid`."""
    return say(str(status).replace("_", " ").strip().capitalize())


def tones(table: Mapping[Any, Tone], status: object) -> Tone:
    """The tone of a status in a domain's table; neutral when the table does not name it."""
    return table.get(status, "neutral")
