"""Budgets that keep every piece readable: module 400 lines, function 40, State class 150; one-line docstrings."""

import ast

from tests.architecture.sources import functions, modules, place, tree_of

MODULE, FUNCTION, STATE = 400, 40, 150


def length(node: ast.stmt) -> int:
    """Lines from the first decorator to the last statement."""
    first = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", []))])
    return (node.end_lineno or first) - first + 1


def is_state(node: ast.ClassDef) -> bool:
    """A class of Reflex states, or a mixin for them."""
    names = {base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "") for base in node.bases}
    return any(name == "State" or name.endswith(("State", "Mixin")) for name in names)


def too_long(source: str) -> list[str]:
    """What of a module is over budget."""
    tree, found = ast.parse(source), []
    if len(source.splitlines()) > MODULE:
        found.append("module")
    found += [node.name for node in functions(tree) if length(node) > FUNCTION]
    found += [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and is_state(node) and length(node) > STATE
    ]
    return found


def test_the_search_finds_what_is_too_long() -> None:
    assert too_long("def f():\n" + "    x = 1\n" * 39) == []
    assert too_long("def f():\n" + "    x = 1\n" * 40) == ["f"]
    assert too_long("class A(rx.State):\n" + "    x = 1\n" * 150) == ["A"]
    assert too_long("class A(ListMixin, rx.State):\n" + "    x = 1\n" * 149) == []
    assert too_long("x = 1\n" * 401) == ["module"]


def test_every_module_function_and_state_keeps_its_budget() -> None:
    over = [f"{place(path)}: {name}" for path in modules() for name in too_long(path.read_text())]
    assert over == []


def test_every_module_and_public_function_says_what_it_is_for() -> None:
    silent = []
    for path in modules():
        tree = tree_of(path)
        if tree.body and not ast.get_docstring(tree):
            silent.append(place(path))
        if "/api/" in place(path):
            continue
        silent += [
            f"{place(path, node)} {node.name}"
            for node in tree.body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            and not node.name.startswith("_")
            and not ast.get_docstring(node)
        ]
    assert silent == []
