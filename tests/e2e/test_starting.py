"""`make run` from the outside: it answers, it starts again, and it leaves nothing behind."""

import signal
from pathlib import Path

import httpx
import psutil
import pytest

from tests.copies import clone, pages_are_built, running_copy

SECONDS_TO_END = 30


@pytest.fixture(autouse=True)
def built() -> None:
    if not pages_are_built():
        pytest.skip("the pages are not built from these sources (make build)")


def test_a_killed_copy_takes_its_servers_along_starts_again_and_ends_without_a_trace(home: Path) -> None:
    with running_copy(home) as copy:
        family = copy.family()
        assert {"postgres"} <= {process.name() for process in family}
        copy.process.send_signal(signal.SIGKILL)
        _, alive = psutil.wait_procs(family[1:], timeout=SECONDS_TO_END)
        assert alive == []
    with running_copy(home) as again:
        family = again.family()
        assert httpx.get(f"{again.url}/ping").status_code == 200
        assert httpx.get(again.url).headers["content-type"].startswith("text/html")
        assert f"Lattis is ready: {again.url}" in again.said
        assert any("admin@lattis.com" in line for line in again.said)
        assert not any(line.startswith(("Building", "Loading")) for line in again.said)
        assert again.stop() == 0
    assert [process for process in family if process.is_running()] == []


def test_two_copies_run_side_by_side(seeded: Path, tmp_path: Path) -> None:
    homes = [clone(seeded, tmp_path / name) for name in ("one", "two")]
    with running_copy(homes[0]) as one, running_copy(homes[1]) as two:
        assert one.url != two.url
        assert [httpx.get(f"{copy.url}/ping").status_code for copy in (one, two)] == [200, 200]


def test_production_names_no_demo_account(tmp_path: Path) -> None:
    with running_copy(tmp_path / "home", LATTIS_ENV="production", LATTIS_HOST="127.0.0.1") as copy:
        assert not any("lattis.com" in line for line in copy.said)
        assert not any("demo" in line for line in copy.said)
