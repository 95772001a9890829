"""Every endpoint that a seed asks for exists, and every endpoint there is has a test that calls it."""

from pathlib import Path

import pytest
from fastapi import FastAPI

from tests.endpoints import TABLE, promised

ROOT = Path(__file__).parents[2]
SEEDS = sorted((ROOT / "tests" / "seeds").glob("*.txt"))


def documented(rest_api: FastAPI) -> set[str]:
    paths = rest_api.openapi()["paths"].items()
    return {f"{method.upper()} {path}" for path, methods in paths for method in methods}


def shape(endpoint: str) -> str:
    return "/".join("{}" if part.startswith("{") else part for part in endpoint.split("/"))


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.stem)
def test_every_endpoint_of_the_seed_exists(rest_api: FastAPI, seed: Path) -> None:
    wanted = set(seed.read_text().splitlines())
    assert len(wanted) > 10
    assert wanted - set(map(shape, documented(rest_api))) == set()


def test_the_table_names_every_endpoint_and_no_other(rest_api: FastAPI) -> None:
    assert set(promised()) == documented(rest_api), f"make endpoints writes {TABLE.name}"


def test_every_endpoint_has_a_test_that_exists() -> None:
    lost = [
        f"{endpoint}: {test or 'no test'}"
        for endpoint, test in promised().items()
        if not _exists(*test.partition("::")[::2])
    ]
    assert lost == []


def _exists(path: str, name: str) -> bool:
    source = ROOT / path
    function = name.rpartition("::")[2].partition("[")[0]
    return bool(name) and source.is_file() and f"def {function}(" in source.read_text()
