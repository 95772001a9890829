"""Statuses move in one place only: `core.transitions.move()`."""

import ast

from tests.architecture.sources import modules, place, tree_of

FIELDS = {"status", "fulfilment_status"}
ALLOWED = {"core/transitions.py", "core/jobs.py"}
"""A run of a job is no business record: its status has no lifecycle that a person could move."""


def assignments(tree: ast.AST) -> list[ast.AST]:
    """Where a status is set: by `=`, by `setattr`, or by a bulk update's `.values(status=…)`."""
    found: list[ast.AST] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            flat = [part for target in targets for part in ast.walk(target)]
            if any(
                isinstance(part, ast.Attribute) and part.attr in FIELDS and isinstance(part.ctx, ast.Store)
                for part in flat
            ):
                found.append(node)
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            constants = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
            if (name == "setattr" and FIELDS & set(constants)) or (
                name == "values" and FIELDS & {keyword.arg for keyword in node.keywords if keyword.arg}
            ):
                found.append(node)
    return found


def test_the_search_finds_every_way_to_set_a_status() -> None:
    ways = "a.status = 1\na.b.fulfilment_status: int = 1\nx, a.status = 1, 2\nsetattr(a, 'status', 1)\nu.values(status=1)"
    assert [node.lineno for node in assignments(ast.parse(ways))] == [1, 2, 3, 4, 5]  # type: ignore[attr-defined]
    assert assignments(ast.parse("status = a.status\na.status_code = 1\nf(status=1)")) == []


def test_only_move_sets_a_status() -> None:
    found = [
        place(path, node)
        for path in modules("core/**/*.py", "*/services/**/*.py", "*/subscribers/**/*.py", "*/subscribers.py",
                            "*/jobs.py", "*/jobs/**/*.py", "*/queries/**/*.py", "*/api/**/*.py", "*/demo.py", "*/demo/**/*.py")
        if place(path) not in ALLOWED
        for node in assignments(tree_of(path))
    ]  # fmt: skip
    assert found == []
