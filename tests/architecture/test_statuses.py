"""Statuses move in one place only: `core.transitions.move()`."""

import ast
import re

from tests.architecture.sources import modules, place, tree_of

FIELDS = {"status", "fulfilment_status", "financial_status", "invoice_status"}
ALLOWED = {"core/transitions.py", "core/jobs.py"}
"""A run of a job is no business record: its status has no lifecycle that a person could move."""
SET_BASED = {"courier/services/moves.py", "marketplace/services/overdue.py", "marketplace/demo/weeks.py"}
HISTORY = ("{_history(", "{_HISTORY}", "INSERT INTO audit_entries")
"""Where many records take a step in one statement, which leaves each its entry as `move()` does (docs/decisions/0021)."""
SETS_A_STATUS = re.compile(rf"\bSET\b(?:(?!\bFROM\b|\bWHERE\b).)*?\b(?:{'|'.join(FIELDS)})\s*=", re.DOTALL)
DOMAINS = ("rental", "courier", "crm", "marketplace", "retail")


def assignments(tree: ast.AST) -> list[ast.stmt | ast.expr]:
    """Where a status is set: by `=`, by `setattr`, or by a bulk update's `.values(status=…)`."""
    found: list[ast.stmt | ast.expr] = []
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
    assert [node.lineno for node in assignments(ast.parse(ways))] == [1, 2, 3, 4, 5]
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


def statements(tree: ast.AST) -> list[str]:
    """The SQL of a module whose text sets a status; what is filled in stands as its source."""
    filled = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    parts = {id(part) for node in filled for part in ast.walk(node)}
    texts = [ast.unparse(node) for node in filled]
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
            texts.append(node.value)
    return [text for text in texts if SETS_A_STATUS.search(text)]


def test_the_search_finds_statements_that_set_a_status() -> None:
    assert len(statements(ast.parse("a = 'UPDATE t SET x = 1, status = 2 WHERE y'"))) == 1
    assert statements(ast.parse("a = 'UPDATE t SET x = 1 WHERE status = 2'")) == []


def test_a_statement_sets_statuses_only_where_it_leaves_a_history_too() -> None:
    found = {
        place(path): statements(tree_of(path))
        for path in modules(*(f"{domain}/**/*.py" for domain in DOMAINS))
    }
    setting = {where: texts for where, texts in found.items() if texts}
    assert set(setting) <= SET_BASED
    without = [
        f"{where}: {text[:60]}"
        for where, texts in setting.items()
        for text in texts
        if not any(sign in text for sign in HISTORY)
    ]
    assert without == []
