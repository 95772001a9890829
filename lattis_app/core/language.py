"""The languages people read Lattis in: which one it is now, and what a message is in it.

A message is its English text. `locale/<code>.po` says it in the others; `make words` keeps these catalogs in step with
the code. Values stand in braces: `{count} jobs left`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import date
from functools import cache
from pathlib import Path

from babel.dates import format_date
from babel.messages.pofile import read_po

ENGLISH = "en"
LANGUAGES = {ENGLISH: "English", "ms": "Bahasa Melayu", "ar": "العربية"}
RIGHT_TO_LEFT = frozenset({"ar"})
CATALOGS = Path(__file__).parents[2] / "locale"
VALUE = re.compile(r"\{(\w+)\}")
FROM_LEFT, FROM_RIGHT, ASIDE_ENDS = "\u2066", "\u2067", "\u2069"
ARABIC = re.compile(r"[\u0600-\u06ff]")

_spoken: ContextVar[str] = ContextVar("lattis_language", default=ENGLISH)


def speak(code: str) -> None:
    """From here on, say everything in this language; English when there is no such one."""
    _spoken.set(code if code in LANGUAGES else ENGLISH)


def spoken() -> str:
    """The language of the person being answered."""
    return _spoken.get()


def direction(code: str) -> str:
    """Where lines of this language begin: `ltr` or `rtl`."""
    return "rtl" if code in RIGHT_TO_LEFT else "ltr"


def aside(value: object) -> str:
    """A value inside a right-to-left sentence, kept in its own order: sizes, phones, numbers of documents."""
    text = str(value)
    if spoken() not in RIGHT_TO_LEFT:
        return text
    return f"{FROM_RIGHT if ARABIC.search(text) else FROM_LEFT}{text}{ASIDE_ENDS}"


def preferred(accepted: str) -> str:
    """The first of our languages in an Accept-Language header; English when it names none."""
    wanted = []
    for part in accepted[:200].split(","):
        tag, _, weight = part.partition(";q=")
        wanted.append((-_weight(weight), tag.strip().partition("-")[0].lower()))
    return next((code for _, code in sorted(wanted, key=lambda each: each[0]) if code in LANGUAGES), ENGLISH)


def _weight(text: str) -> float:
    try:
        return float(text or 1)
    except ValueError:
        return 0


@cache
def catalog(code: str) -> Mapping[str, str]:
    """English message to translation; a message without one is missing."""
    path = CATALOGS / f"{code}.po"
    if code not in LANGUAGES or not path.exists():
        return {}
    with path.open("rb") as file:
        return {str(each.id): str(each.string) for each in read_po(file) if each.id and each.string}


def say(message: str, /, **values: object) -> str:
    """A message of ours in the language of the person being answered."""
    if not values:
        return _exactly(message)
    return _exactly(message).format(**{name: aside(value) for name, value in values.items()})


def translate(text: str) -> str:
    """A finished English sentence, for example of a refusal, in the language of the person being answered."""
    words = catalog(spoken())
    if not words or text in words:
        return _exactly(text)
    count, _, counted = text.partition(" ")
    if counted in words and count.replace(",", "").isdecimal():
        return f"{count} {words[counted]}"
    for pattern, names, translation in _patterns(spoken()):
        if found := pattern.fullmatch(text):
            return _filled(translation, dict(zip(names, map(_exactly, found.groups()), strict=True)))
    return text


def _filled(message: str, values: Mapping[str, str]) -> str:
    return VALUE.sub(lambda name: aside(values[name[1]]), message)


def day_in_words(value: date, form: str) -> str:
    """A day by a pattern of the Unicode CLDR, for example `d MMM y`."""
    return aside(format_date(value, form, locale=spoken()))


def _exactly(message: str) -> str:
    return catalog(spoken()).get(message, message)


@cache
def _patterns(code: str) -> list[tuple[re.Pattern[str], list[str], str]]:
    """Messages with values, those with most words of their own first."""
    found = []
    for message, translation in catalog(code).items():
        names = VALUE.findall(message)
        if names and re.search(r"[^\W\d_]{2}", VALUE.sub("", message)):
            pattern = "(.*?)".join(re.escape(piece) for piece in VALUE.split(message)[::2])
            found.append((re.compile(pattern, re.DOTALL), names, translation))
    return sorted(found, key=lambda each: -len(each[0].pattern))
