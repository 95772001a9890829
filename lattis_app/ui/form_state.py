"""The server side of forms: what was refused and why, field by field; what was typed stays in the browser."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import reflex as rx
from pydantic import BaseModel, ValidationError

from lattis_app.core.errors import DomainError, Invalid, Unauthorized
from lattis_app.core.language import say, translate
from lattis_app.ui.handlers import handler, run

IN_WORDS = {
    "missing": "Fill this in",
    "date_from_datetime_parsing": "Give a date",
    "date_parsing": "Give a date",
    "datetime_parsing": "Give a date and a time",
    "datetime_from_date_parsing": "Give a date and a time",
    "uuid_parsing": "Choose one from the list",
    "int_parsing": "Give a whole number",
    "decimal_parsing": "Give a number",
    "float_parsing": "Give a number",
    "enum": "Choose one",
    "literal_error": "Choose one",
}

LENGTHS = {
    "string_too_short": ("min_length", "At least {0} characters"),
    "string_too_long": ("max_length", "At most {0} characters"),
}

TYPED = "__typed"
"""Ending of the field that holds the words typed into a combobox; the chosen value has the plain name."""


@dataclass(frozen=True)
class Draft:
    """Form data that has to satisfy a schema before a use case sees it."""

    schema: type[BaseModel]
    form: Mapping[str, Any]

    def parse(self) -> BaseModel:
        """The typed input; raises pydantic's ValidationError."""
        return self.schema.model_validate(nested(self.form))


@dataclass(frozen=True)
class Corrections(Draft):
    """A form of corrections: only what differs from what stood there is changed; an emptied field is cleared."""

    stood: Mapping[str, str] | None = None

    def parse(self) -> BaseModel:
        """The typed input; raises pydantic's ValidationError."""
        return self.schema.model_validate(self.changed())

    def changed(self) -> dict[str, str | None]:
        """The fields that differ."""
        stood = self.stood or {}
        typed = {name: str(value).strip() for name, value in self.form.items() if not name.endswith(TYPED)}
        return {name: value or None for name, value in typed.items() if value != stood.get(name, "")}


class FormMixin(rx.State, mixin=True):
    """Errors and starting values of the forms of a page; `attempt` counts finished submissions."""

    errors: dict[str, str] = {}
    form_error: str = ""
    values: dict[str, str] = {}
    attempt: int = 0
    form_key: int = 0

    def _begin(self, values: Mapping[str, str] | None = None) -> None:
        """Start a form afresh, with these values in its fields."""
        self.errors, self.form_error = {}, ""
        self.values = dict(values or {})
        self.form_key += 1

    @handler
    async def clear_form(self) -> None:
        """After a form was closed: the next one starts without its errors and values."""
        if self.errors or self.form_error or self.values:
            self._begin()

    async def _submit(self, use_case: Callable[..., Any], *args: Any) -> Any:
        """Run a write with its arguments, parsing each Draft; None when it was refused.

        A refusal lands beside its field (`errors`) or above the form (`form_error`).
        """
        self.errors, self.form_error = {}, ""
        names = {name for arg in args if isinstance(arg, Draft) for name in arg.form}
        try:
            parsed = [arg.parse() if isinstance(arg, Draft) else arg for arg in args]
            return await run(self, use_case, *parsed)
        except ValidationError as refusal:
            self.errors, self.form_error = placed(schema_problems(refusal.errors()), names)
        except Invalid as refusal:
            self.errors, self.form_error = placed(refusal_problems(refusal), names)
        except Unauthorized:
            raise
        except DomainError as refusal:
            self.form_error = translate(refusal.message)
        finally:
            self.attempt += 1
        return None


def nested(form: Mapping[str, Any]) -> dict[str, Any]:
    """Form data as a schema wants it: blanks left out, `size.l_ft` as an object inside `size`.

    Passwords stay as they were typed, spaces included.
    """
    tree: dict[str, Any] = {}
    for name, value in form.items():
        text = value.strip() if isinstance(value, str) else value
        if text in ("", None) or str(name).endswith(TYPED):
            continue
        *parents, leaf = str(name).split(".")
        if leaf.endswith("password"):
            text = value
        branch = tree
        for parent in parents:
            branch = branch.setdefault(parent, {})
        branch[leaf] = text
    return tree


def schema_problems(errors: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Pydantic's errors as (field, words for the person who typed)."""
    problems = []
    for error in errors:
        problems.append((".".join(str(part) for part in error["loc"]), _in_words(error)))
    return problems


def _in_words(error: Mapping[str, Any]) -> str:
    if not error["input"] and error["type"] == "string_too_short":
        return IN_WORDS["missing"]
    if error["type"] in LENGTHS:
        limit, words = LENGTHS[error["type"]]
        return words.format(error["ctx"][limit])
    said = str(error["msg"]).removeprefix("Value error, ").removeprefix("Assertion failed, ")
    return IN_WORDS.get(str(error["type"]), said[:1].upper() + said[1:])


def refusal_problems(refusal: Invalid) -> list[tuple[str, str]]:
    """The fields a use case refused, with its reasons; the whole message when it names none."""
    listed = refusal.details.get("errors") or ([refusal.details] if refusal.details.get("field") else [])
    return [
        (str(each["field"]), str(each["reason"])[:1].upper() + str(each["reason"])[1:]) for each in listed
    ] or [("", refusal.message)]  # fmt: skip


def placed(problems: Iterable[tuple[str, str]], names: Iterable[str]) -> tuple[dict[str, str], str]:
    """Problems beside their fields; those of fields the form does not show go above it."""
    known = set(names)
    beside: dict[str, str] = {}
    above: list[str] = []
    for name, words in problems:
        reason = _said(words)
        if name in known:
            beside.setdefault(name, reason)
        elif name:
            above.append(f"{say(name.replace('_', ' ').capitalize())}: {reason[:1].lower()}{reason[1:]}")
        else:
            above.append(reason)
    return beside, ". ".join(above)


def _said(words: str) -> str:
    """A reason in the reader's language, as a sentence; those of refusals are known with a small letter."""
    said = translate(words)
    if said == words:
        said = translate(words[:1].lower() + words[1:])
    return said[:1].upper() + said[1:]
