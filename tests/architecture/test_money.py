"""No float comes near money: not in rules, services, models, queries, the ledger or the money module."""

import ast

import pytest

from tests.architecture.sources import modules, place, tree_of

DOMAINS = ("ledger", "rental", "courier", "crm", "marketplace", "retail")
LAYERS = ("rules/**/*.py", "rules.py", "services/**/*.py", "models/**/*.py", "queries/**/*.py", "subscribers/**/*.py",
          "jobs.py")  # fmt: skip
PATHS = (
    "core/money.py",
    "core/numbering.py",
    *(f"{domain}/{layer}" for domain in DOMAINS for layer in LAYERS),
)
READING = {"core/money.py"}
"""Reads what programs send, which JSON makes floats of; it turns them into text before anything else."""


def floats(tree: ast.AST, *, naming_allowed: bool = False) -> list[ast.AST]:
    """Float literals, the name `float`, and columns that hold one."""
    found: list[ast.AST] = []
    for node in ast.walk(tree):
        if (isinstance(node, ast.Constant) and isinstance(node.value, float)) or (
            isinstance(node, ast.Name) and node.id in {"float", "Float"} and not naming_allowed
        ):
            found.append(node)
    return found


def test_the_search_finds_floats() -> None:
    assert len(floats(ast.parse("a = 0.1\nb = float(a)\nc: float\nColumn(Float)"))) == 4
    assert floats(ast.parse("a = Decimal('0.1')\nb = 1")) == []


@pytest.mark.parametrize("path", modules(*PATHS), ids=place)
def test_no_float_in_money_paths(path) -> None:
    found = [place(path, node) for node in floats(tree_of(path), naming_allowed=place(path) in READING)]
    assert found == []


def test_minor_units_are_kept_as_big_integers() -> None:
    from sqlalchemy import BigInteger
    from sqlmodel import SQLModel

    import lattis_app.models  # noqa: F401 - every table registers itself

    minors = [
        column
        for table in SQLModel.metadata.tables.values()
        for column in table.columns
        if column.name.endswith("_minor")
    ]
    assert len(minors) > 10
    assert [str(column) for column in minors if not isinstance(column.type, BigInteger)] == []
