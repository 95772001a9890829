"""A running copy with demo data for the end-to-end tests of a process, and Chromium to look at it."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.copies import RunningCopy, clone, pages_are_built, running_copy

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
SLOW_MACHINE = 15_000
"""Milliseconds that a page may take to show what a person did, where two browsers share one core."""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-prefers-reduced-motion",
]

LONGEST_FIRST = (
    "test_kills",
    "test_office_by_day",
    "test_starting",
    "test_office_by_night",
    "test_delivery_orders",
    "test_walk",
    "test_driver_offline",
)
"""Files take their turn in this order, the others afterwards: no worker begins a long one when the rest are done."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first."""
    turns = {name: turn for turn, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: turns.get(item.path.stem, len(turns)))


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a copy that has its demo data and has been stopped; one for all workers of a run."""
    if not pages_are_built():
        pytest.skip("the pages are not built from these sources (make build)")
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    home = shared / "seeded"
    with (shared / "seeding").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not home.exists():
            with running_copy(shared / "first"):
                pass
            (shared / "first").rename(home)
    return home


@pytest.fixture
def home(seeded: Path, tmp_path: Path) -> Path:
    """A home of the test's own, with the demo data in it."""
    return clone(seeded, tmp_path / "home")


@pytest.fixture(scope="session")
def copy(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCopy]:
    """The product with its demo data, started as people start it."""
    home = clone(seeded, tmp_path_factory.mktemp("e2e") / "home")
    with running_copy(home, LATTIS_SIGN_IN_PER_MINUTE="1000") as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    program = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip("Chromium is not installed")
    expect.set_options(timeout=SLOW_MACHINE)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser, copy: RunningCopy) -> Iterator[Page]:
    """A desktop tab, nobody signed in; the test fails on any error in its console."""
    yield from _tab(browser, copy, width=1280, height=800)


@pytest.fixture
def phone(browser: Browser, copy: RunningCopy) -> Iterator[Page]:
    """A tab of the size of a phone, nobody signed in; errors in its console fail the test."""
    yield from _tab(browser, copy, width=375, height=812)


def _tab(browser: Browser, copy: RunningCopy, *, width: int, height: int) -> Iterator[Page]:
    context = browser.new_context(base_url=copy.url, viewport={"width": width, "height": height})
    opened = context.new_page()
    problems: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            problems.append(f"{opened.url}: {message.text}")

    opened.on("console", note)
    opened.on("pageerror", lambda error: problems.append(f"{opened.url}: {error}"))
    yield opened
    context.close()
    assert problems == []
