"""What there is to say in every language: found in the pages as they are drawn and in the code, kept in `locale/`."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from lattis_app.core.db import Record
from lattis_app.core.errors import DomainError
from lattis_app.core.language import CATALOGS, ENGLISH, LANGUAGES, VALUE
from lattis_app.core.schemas import Out
from lattis_app.identity.permissions import Role
from lattis_app.ui import translation
from lattis_app.ui.badges import words
from lattis_app.ui.errors import error_boundary, not_found
from lattis_app.ui.frame import connection_banners
from lattis_app.ui.pages import PAGES
from lattis_app.ui.shell import shell
from lattis_app.ui.translation import translated

T = TypeVar("T")
PACKAGE = Path(__file__).parents[1]
SAYING = {
    "say": (0,),
    "done": (0, 1),
    "told": (0, 1),
    "warned": (0, 1),
    "refused": (0, 1),
    "field": (1,),
    "record": (0,),
    "cls": (0,),
    "Kind": (1,),
    "Standing": (0,),
    "_counted": (1, 2),
    "About": (1, 2),
}
"""Functions whose arguments at these places are read by people."""
NAMED = {
    ("ListSpec", "views"),
    ("Alert", "title"),
    ("Alert", "text"),
    ("notify", "title"),
    ("notify", "body"),
    ("CheckedKind", "label"),
    ("CheckedKind", "addressee"),
    ("CheckedKind", "amount"),
    ("CheckedKind", "amount_below_zero"),
    ("ObstacleOut", "reason"),
}
"""Named arguments that people read."""
TABLES = ("IN_WORDS", "LABELS", "LENGTHS", "PAYMENT_METHODS")
"""How tables are named whose values people read."""
SAMPLES = ("gallery", "example", "/_")
"""Modules and pages that only show the kit."""
AUDITING = {"record_action": (1, 3), "_entry": (3,)}
"""Functions whose arguments at these places name a table or an action that the audit log shows."""
_IN_SCRIPTS = re.compile(r'say\((["\'`])(.+?)\1')


def messages() -> set[str]:
    """Everything that the interface says of itself; pages have to be registered."""
    code = {path for path in PACKAGE.rglob("*.py") if not path.name.startswith(SAMPLES)}
    return _on_pages("/") | _in_code(code) | _in_scripts() | _statuses() | _audited(code) | _columns()


def essential() -> set[str]:
    """What everybody reads, with or without an account, and all that a driver does: no release may lack a word of it."""
    code = {
        *(PACKAGE / "ui").glob("*.py"),
        *PACKAGE.glob("*/pages/driver_*.py"),
        PACKAGE / "core" / "check_page.py",
        *PACKAGE.glob("*/checkable.py"),
    }
    code = {path for path in code if not path.name.startswith(SAMPLES)}
    return _on_pages("/driver", "/sign-") | _in_code(code) | _in_scripts() | _statuses()


def _on_pages(*routes: str) -> set[str]:
    translation.asked.clear()
    for spec in PAGES:
        if spec.route.startswith(routes) and not spec.route.startswith(SAMPLES):
            spec.component()
    not_found(), error_boundary()
    translated(connection_banners()), translated(shell(path="/"))
    return set(translation.asked)


def update() -> dict[str, int]:
    """Bring each catalog in step with the code; answers how many messages of it wait for a translation."""
    known, waiting = messages(), {}
    for code in LANGUAGES:
        if code == ENGLISH:
            continue
        before = read(code)
        after = Catalog(locale=code, project="Lattis", fuzzy=False, header_comment="# Lattis")
        for message in sorted(known):
            kept = before.get(message)
            after.add(message, str(kept.string) if kept else "")
        with (CATALOGS / f"{code}.po").open("wb") as file:
            write_po(file, after, width=0, omit_header=False, sort_output=False)
        waiting[code] = sum(1 for each in after if each.id and not each.string)
    return waiting


def read(code: str) -> Catalog:
    """The catalog of a language as translators keep it."""
    path = CATALOGS / f"{code}.po"
    if not path.exists():
        return Catalog(locale=code)
    with path.open("rb") as file:
        return read_po(file)


def _in_code(paths: Iterable[Path]) -> set[str]:
    refusals = {each.__name__ for each in _subclasses(DomainError)}
    found = set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                found |= set(_said(node, refusals))
            elif isinstance(node, ast.FunctionDef) and any(_is_job(each) for each in node.decorator_list):
                found.add(str(ast.get_docstring(node)).splitlines()[0].rstrip("."))
            elif isinstance(node, (ast.Assign, ast.AnnAssign)) and _is_words(node):
                found |= {
                    text
                    for value in getattr(node.value, "values", ())
                    for each in ast.walk(value)
                    if (text := _text(each))
                }
    return found


def _is_job(decorator: ast.expr) -> bool:
    """Whether a function is recurring work, whose docstring the Jobs page shows."""
    return isinstance(decorator, ast.Call) and _name(decorator) == "job"


def _is_words(node: ast.Assign | ast.AnnAssign) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return any(isinstance(each, ast.Name) and each.id.endswith(TABLES) for each in targets)


def _said(call: ast.Call, refusals: set[str]) -> Iterator[str]:
    name = _name(call)
    places = (0,) if name in refusals else SAYING.get(name, ())
    for keyword in call.keywords:
        if (name, keyword.arg) in NAMED:
            yield from _texts(keyword.value)
    for place in places:
        if place < len(call.args) and (text := _text(call.args[place])):
            yield text


def _texts(node: ast.AST) -> Iterator[str]:
    """The texts an expression may come to; of a pair, such as (name, query), the first."""
    if isinstance(node, ast.Tuple) and node.elts and isinstance(node.elts[0], ast.Constant):
        yield from _texts(node.elts[0])
    elif isinstance(node, (ast.Constant, ast.JoinedStr)):
        if text := _text(node):
            yield text
    else:
        for part in ast.iter_child_nodes(node):
            yield from _texts(part)


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.Constant):
        text = node.value if isinstance(node.value, str) else ""
    elif isinstance(node, ast.JoinedStr):
        places = iter(range(len(node.values)))
        text = "".join(
            str(each.value) if isinstance(each, ast.Constant) else f"{{{next(places)}}}"
            for each in node.values
        )
    else:
        text = ""
    is_words = re.search(r"[^\W\d_]{2}", VALUE.sub("", text)) and not re.fullmatch(r"\w+_\w+", text)
    return text if is_words else ""


def _in_scripts() -> set[str]:
    scripts = (PACKAGE.parent / "assets" / "js").rglob("*.js")
    return {found[2] for path in scripts for found in _IN_SCRIPTS.finditer(path.read_text())}


def _statuses() -> set[str]:
    found = {words(role) for role in Role}
    for path in PACKAGE.glob("*/statuses.py"):
        module = importlib.import_module(f"{PACKAGE.name}.{path.parent.name}.statuses")
        for _, kind in inspect.getmembers(module, inspect.isclass):
            if issubclass(kind, StrEnum):
                found |= {words(status) for status in kind}
    return found


def _audited(paths: Iterable[Path]) -> set[str]:
    """What the audit log calls records and what happens to them."""
    kinds = [each for each in _subclasses(Record) if each.audited and hasattr(each, "__table__")]
    tables = {str(each.__tablename__).removeprefix(f"{each.__module__.split('.')[1]}_") for each in kinds}
    named = {
        each.value
        for path in paths
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call)
        for place in AUDITING.get(_name(call), ())
        if place < len(call.args)
        for each in ast.walk(call.args[place])
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    }
    return {words(each) for each in tables | named}


def _columns() -> set[str]:
    """What reports call their columns."""
    found = set()
    for path in PACKAGE.glob("*/documents/reports.py"):
        domain = f"{PACKAGE.name}.{path.parents[1].name}"
        reports = importlib.import_module(f"{domain}.documents.reports")
        for kind in _subclasses(Out):
            if kind.__module__.startswith(f"{domain}.schemas.reports"):
                found |= {reports.name_of(column) for column in reports.readable(kind)}
    return found


def _name(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _subclasses(kind: type[T]) -> set[type[T]]:
    return {kind}.union(*(_subclasses(each) for each in kind.__subclasses__()))
