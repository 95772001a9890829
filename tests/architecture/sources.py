"""The product's own modules as syntax trees, for rules that no type checker holds."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from lattis_app.core.frontend import PROJECT

PACKAGE = PROJECT / "lattis_app"


@cache
def tree_of(path: Path) -> ast.Module:
    """One module, parsed."""
    return ast.parse(path.read_text(), str(path))


def modules(*patterns: str) -> list[Path]:
    """The modules whose path inside the package matches one of the patterns; all without one."""
    found = [path for pattern in patterns or ("**/*.py",) for path in PACKAGE.glob(pattern)]
    return sorted(set(found))


def place(path: Path, node: ast.AST | None = None) -> str:
    """Where something stands: `rental/services/invoices.py:42`."""
    line = f":{node.lineno}" if node is not None and hasattr(node, "lineno") else ""
    return f"{path.relative_to(PACKAGE)}{line}"


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method, nested ones too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
