"""Writes docs/endpoints.md: every endpoint, who may call it, and the test that does (make endpoints)."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from lattis_app import registry
from lattis_app.web.app import create_api
from tests.endpoints import FOLDER, TABLE

SEEDS = ROOT / "tests" / "seeds"
HEAD = """# Endpoints

Every endpoint of the REST API and a test that calls it with success; that test fails if it stops doing so
(`tests/endpoints.py`). Written by `make endpoints` from the OpenAPI document and a run of the tests.
"""


def operations() -> dict[str, tuple[str, str]]:
    """What each endpoint is for, and who may call it."""
    found = {}
    for path, methods in create_api(registry.routers()).openapi()["paths"].items():
        for method, operation in methods.items():
            *_, permission = operation.get("description", "").split("Permission: ")
            found[f"{method.upper()} {path}"] = (operation.get("summary", ""), permission.strip().rstrip("."))
    return found


def called() -> dict[str, list[tuple[str, int]]]:
    """The tests that call each endpoint, each with how many others it calls."""
    tests: dict[str, list[tuple[str, int]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        ignored = ("--ignore=tests/e2e", "--ignore=tests/crash")
        command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "tests", *ignored, *sys.argv[1:]]
        environment = os.environ | {FOLDER: folder}
        subprocess.run(command, cwd=ROOT, env=environment, check=False)  # noqa: S603 - our own program and arguments
        for part in Path(folder).glob("*.json"):
            for test, endpoints in json.loads(part.read_text()).items():
                for endpoint in endpoints:
                    tests.setdefault(endpoint, []).append((test, len(endpoints)))
    return tests


def best(endpoint: str, tests: list[tuple[str, int]]) -> str:
    """The test that is most about this endpoint: of its own subject, without parameters, with few other calls.

    In a race, who wins may leave nothing to do for another: such a test is named only if there is no other.
    """
    tests = [test for test in tests if "test_conformance" not in test[0]]
    subject = endpoint.split("/")[2].replace("-", "_") if endpoint.count("/") > 1 else ""
    ranked = sorted(
        tests, key=lambda test: ("_race" in test[0], subject not in test[0], "[" in test[0], test[1], test[0])
    )
    return ranked[0][0] if ranked else ""


def section(title: str, endpoints: list[str], known: dict[str, tuple[str, str]], tests) -> str:
    rows = [
        f"| `{endpoint}` | {known[endpoint][0].replace('|', '/')} | {known[endpoint][1]} "
        f"| `{best(endpoint, tests.get(endpoint, []))}` |"
        for endpoint in endpoints
    ]
    return "\n".join(
        (f"\n## {title}\n", "| endpoint | what | permission | test |", "|---|---|---|---|", *rows, "")
    )


def shape(endpoint: str) -> str:
    """An endpoint without the names of its parameters."""
    return "/".join("{}" if part.startswith("{") else part for part in endpoint.split("/"))


def main() -> None:
    known, tests, text = operations(), called(), HEAD
    rest = dict.fromkeys(known)
    for seed in sorted(SEEDS.glob("*.txt")):
        wanted = seed.read_text().splitlines()
        by_shape = {shape(endpoint): endpoint for endpoint in known}
        asked = [by_shape[endpoint] for endpoint in wanted if endpoint in by_shape]
        text += section(f"Asked for by seed {seed.stem}", asked, known, tests)
        rest = {endpoint: None for endpoint in rest if endpoint not in asked}
    text += section("Beyond the seeds", sorted(rest, key=lambda one: one.split()[::-1]), known, tests)
    TABLE.write_text(text)


if __name__ == "__main__":
    main()
