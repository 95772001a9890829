"""Which test calls which endpoint, successfully: docs/endpoints.md names one for each and holds that test to it.

`make endpoints` runs the tests with ENDPOINTS_TO naming a folder, and writes the table anew from what they called.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from lattis_app.web.observed import REQUESTS

TABLE = Path(__file__).parents[1] / "docs" / "endpoints.md"
FOLDER = "ENDPOINTS_TO"
ROW = re.compile(r"^\| `([A-Z]+) (\S+)` \|.*\| `([^`]*)` \|$")
CALLED: dict[str, list[str]] = {}


@cache
def promised() -> dict[str, str]:
    """The test that the table names for each endpoint, `GET /v1/customers`."""
    rows = map(ROW.match, TABLE.read_text().splitlines()) if TABLE.exists() else ()
    return {f"{row[1]} {row[2]}": row[3] for row in rows if row}


@cache
def _promises() -> dict[str, list[str]]:
    kept: dict[str, list[str]] = {}
    for endpoint, test in promised().items():
        kept.setdefault(test, []).append(endpoint)
    return kept


def _answered() -> dict[str, float]:
    """How often each endpoint of this process gave what it was asked for."""
    sums: dict[str, float] = {}
    for metric in REQUESTS.collect():
        for sample in metric.samples:
            labels = sample.labels
            if sample.name.endswith("_total") and labels["status"] < "400":
                endpoint = f"{labels['method']} {labels['route']}"
                sums[endpoint] = sums.get(endpoint, 0) + sample.value
    return sums


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Iterator[Any]:
    """Compare what a test called with what the table promises of it."""
    mine, noting = _promises().get(pyfuncitem.nodeid, []), os.environ.get(FOLDER)
    if not mine and not noting:
        return (yield)
    before = _answered()
    outcome = yield
    called = [endpoint for endpoint, count in _answered().items() if count > before.get(endpoint, 0)]
    if noting:
        CALLED[pyfuncitem.nodeid] = called
    elif missed := set(mine) - set(called):
        pytest.fail(
            f"docs/endpoints.md says that this test calls {', '.join(sorted(missed))}; make endpoints"
        )
    return outcome


def pytest_sessionfinish() -> None:
    """Leave what this process noted for scripts/endpoints.py."""
    if folder := os.environ.get(FOLDER):
        part = os.environ.get("PYTEST_XDIST_WORKER", "alone")
        Path(folder, f"{part}.json").write_text(json.dumps(CALLED))
