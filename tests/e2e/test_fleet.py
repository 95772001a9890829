"""Several web processes on one Redis: a person may land in any of them and notices nothing."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import psutil
import pytest
from playwright.sync_api import Browser, expect

from lattis_app.registry import DEMO_PASSWORD
from tests.copies import RunningCopy, clone, free_port, running_copy

ATTEMPTS_A_MINUTE = 5
SECONDS = 90


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Redis server of these tests' own."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("Redis is not installed")
    port, folder = free_port(), tmp_path_factory.mktemp("redis")
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    yield f"redis://127.0.0.1:{port}/0"
    server.terminate()
    server.wait(10)


@pytest.fixture(scope="module")
def fleet(seeded: Path, redis: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCopy]:
    home = clone(seeded, tmp_path_factory.mktemp("fleet") / "home")
    with running_copy(home, LATTIS_WEB_PROCESSES="2", LATTIS_REDIS_URL=redis) as running:
        yield running


def web_workers(copy: RunningCopy) -> list[psutil.Process]:
    """The processes that answer requests."""
    return [process for process in copy.family() if _listens(process, int(copy.url.rpartition(":")[2]))]


def _listens(process: psutil.Process, port: int) -> bool:
    try:
        places = process.net_connections()
    except psutil.NoSuchProcess:
        return False
    return any(place.status == psutil.CONN_LISTEN and place.laddr.port == port for place in places)


def await_workers(copy: RunningCopy) -> list[psutil.Process]:
    """Both workers, once both answer; meanwhile whoever asks is answered or told to try again."""
    deadline = time.monotonic() + SECONDS
    while len(found := [each for each in web_workers(copy) if each.status() != psutil.STATUS_ZOMBIE]) != 2:
        assert time.monotonic() < deadline, found
        with suppress(httpx.TransportError):
            assert httpx.get(f"{copy.url}/ping").status_code == 200
    return found


def test_pages_and_limits_are_the_same_in_every_process(fleet: RunningCopy, browser: Browser) -> None:
    for _ in range(4):
        context = browser.new_context(base_url=fleet.url)
        page = context.new_page()
        page.request.post(
            "/auth/sign-in", form={"account": "admin@lattis.com", "password": DEMO_PASSWORD}, max_redirects=0
        )
        page.goto("/rental/customers")
        everybody = page.locator("main").get_by_text("1–20 of 40")
        expect(everybody).to_be_visible(timeout=15_000)
        page.locator(".list-search input").fill("zzz")
        expect(everybody).to_be_hidden(timeout=15_000)
        page.reload()
        expect(page.locator(".list-search input")).to_have_value("zzz", timeout=15_000)
        expect(everybody).to_be_hidden(timeout=15_000)
        context.close()

    statuses = [
        httpx.post(
            f"{fleet.url}/v1/auth/login", json={"email": "rep@lattis.com", "password": "wrong"}
        ).status_code
        for _ in range(2 * ATTEMPTS_A_MINUTE)
    ]
    assert statuses.count(401) <= ATTEMPTS_A_MINUTE
    assert statuses[-1] == 429


def test_a_process_that_dies_is_replaced_and_the_others_go_on(fleet: RunningCopy) -> None:
    first, second = await_workers(fleet)
    second.kill()
    second.wait(SECONDS)
    survivor, replacement = await_workers(fleet)
    assert (first.pid == survivor.pid, replacement.pid != second.pid) == (True, True)
    assert [httpx.get(f"{fleet.url}/ping").status_code for _ in range(20)] == [200] * 20
