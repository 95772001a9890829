"""Text of the pages in the reader's language.

Pages are compiled once, in English. `translated` turns every text of a finished page into a lookup in the words that
`/words.js` brings, so that neither pages nor the parts they are made of say anything twice.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

import reflex as rx
from reflex_base.vars.base import VarData
from reflex_base.vars.number import ternary_operation
from reflex_base.vars.sequence import ConcatVarOperation, LiteralStringVar
from reflex_components_core.base.bare import Bare
from reflex_components_core.core.match import Match

WORDS = "globalThis.lattisWords"
ASIDE = "globalThis.lattisAside"
READ_ALOUD = ("aria-label", "title", "placeholder", "alt", "label", "data-label")
"""Attributes that people read or hear; on a phone the last is the heading of a cell."""
LEFT_AS_IT_IS = frozenset({"script", "style", "code", "pre"})
_A_WORD = re.compile(r"[^\W\d_]{2}")

asked: set[str] = set()
"""Every message that a page drawn so far looks up."""


def say(text: str | rx.Var[str]) -> rx.Var[str]:
    """A text in the reader's language; a Var is looked up as it is when shown."""
    if isinstance(text, rx.Var):
        lookup = f"({WORDS}?.[{text!s}] ?? {text!s})"
        return rx.Var(lookup, _var_type=str, _var_data=text._get_all_var_data()).guess_type()
    core = text.strip()
    if not _A_WORD.search(core):
        return rx.Var.create(text)
    before, after = text[: text.index(core)], text[text.index(core) + len(core) :]
    pieces = [json.dumps(before)] * bool(before) + [_lookup(core)] + [json.dumps(after)] * bool(after)
    joined = " + ".join(pieces)
    return rx.Var(joined if len(pieces) == 1 else f"({joined})", _var_type=str).guess_type()


def translated(component: Any) -> Any:
    """The same component, with every text it shows looked up in the reader's language."""
    if not isinstance(component, rx.Component) or component.tag in LEFT_AS_IT_IS:
        return component
    attributes = component.custom_attrs
    if str(getattr(component, "translate", "")).strip('"') == "no":
        return component
    if isinstance(component, Bare):
        component.contents = _in_words(component.contents)
    for name in READ_ALOUD:
        if name in attributes:
            attributes[name] = _in_words(rx.Var.create(attributes[name]))
        elif isinstance(value := getattr(component, name.replace("-", "_"), None), rx.Var):
            setattr(component, name.replace("-", "_"), _in_words(value))
    for child in _inside(component):
        translated(child)
    return component


def _inside(component: rx.Component) -> Iterable[Any]:
    if isinstance(component, Match):
        return [*(shown for _, shown in component.match_cases), component.default]
    return component.children


def _in_words(var: Any) -> Any:
    plain = var
    while hasattr(plain, "_original"):
        plain = plain._original
    if isinstance(plain, LiteralStringVar):
        return say(plain._var_value)
    if isinstance(plain, ConcatVarOperation):
        return _sentence(plain)
    if getattr(plain, "_name", "") == "ternary_operation":
        parts = dict(plain._args)
        return ternary_operation(
            parts["condition"], _in_words(parts["if_true"]), _in_words(parts["if_false"])
        ).guess_type()
    return var


def _sentence(concat: ConcatVarOperation) -> Any:
    """A text with values in it, looked up as one message: `Bin {0} of {1}`."""
    message, values = "", []
    for part in concat._var_value:
        if isinstance(part, LiteralStringVar):
            message += part._var_value
        else:
            message += f"{{{len(values)}}}"
            values.append(_in_words(part))
    core = message.strip()
    if not _A_WORD.search(core):
        return concat
    filled = f"{json.dumps(message)}.replace({json.dumps(core)}, () => {_lookup(core)})"
    for place, value in enumerate(values):
        filled += f'.replace("{{{place}}}", () => {ASIDE}?.({value!s}) ?? {value!s})'
    data = VarData.merge(*(value._get_all_var_data() for value in values))
    return rx.Var(f"({filled})", _var_type=str, _var_data=data).guess_type()


def _lookup(message: str) -> str:
    asked.add(message)
    quoted = json.dumps(message, ensure_ascii=False)
    return f"({WORDS}?.[{quoted}] ?? {quoted})"
