"""One commit, at the edge: nothing but `core/db.py` commits, rolls back a session or opens a transaction of its own."""

import ast

from tests.architecture.sources import modules, place, tree_of


def commits(tree: ast.AST) -> list[ast.Call]:
    """Calls of anything named `commit`, and sessions made past `core.db`."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and (
            (isinstance(node.func, ast.Attribute) and node.func.attr == "commit")
            or (isinstance(node.func, ast.Name) and node.func.id in {"sessionmaker", "scoped_session"})
        )
    ]


def test_the_search_finds_commits() -> None:
    assert len(commits(ast.parse("session.commit()\nself._s.commit()\nsessionmaker(engine)\n"))) == 3
    assert commits(ast.parse("commit = 1\nsession.flush()")) == []


def test_nothing_commits_outside_the_database_module() -> None:
    found = [
        place(path, node)
        for path in modules()
        if place(path) != "core/db.py"
        for node in commits(tree_of(path))
    ]
    assert found == []
