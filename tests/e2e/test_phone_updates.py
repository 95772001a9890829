"""A new build on a phone that has the old one: the next opening takes it, and nothing that waits is lost."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from lattis_app.core.frontend import PROJECT
from tests.e2e.test_driver_queue import KEPT, PAGE, SECONDS_TO_WAIT, queued, until

ASSETS = PROJECT / "assets"
SHELL = sorted(path.relative_to(ASSETS).as_posix() for path in (ASSETS / "js").rglob("*.js"))
SCRIPTS = "js/driver"
MODULE = '<script type="module" src="/js/driver/main.js"></script>'
LOADER = '<script defer src="/js/kit.js"></script>'
LOADED = '\n(globalThis.loaded ??= new Set()).add("%s");'
KINDS = {".js": "text/javascript", ".html": "text/html", ".json": "application/json"}
CONTROLLED = "navigator.serviceWorker.controller !== null"
CACHES = "caches.keys()"
SERVING = """Promise.all([caches.keys(), navigator.serviceWorker.getRegistration()]).then(([names, {active}]) =>
  [names, active?.state === "activated" && active === navigator.serviceWorker.controller])"""


@dataclass
class Site:
    """The product as a phone sees it: one build at a time, which a test puts in the place of the last."""

    build: str = "one"
    works: bool = True
    broken: str = ""
    keys: list[str] = field(default_factory=list)
    url: str = ""

    def answer(self, method: str, path: str, headers: Any) -> tuple[int, str, bytes]:
        """What this build answers: status, kind of file, content."""
        if method != "GET":
            self.keys.append(headers["Idempotency-Key"])
            return (200 if self.works else 503), ".json", b'{"data": {}}'
        if path == self.broken:
            return 500, ".html", b""
        if path in ("/", "/driver"):
            page = PAGE.format(version=self.build, who="ahmad").replace(MODULE, LOADER)
            return 200, ".html", f"<title>build {self.build}</title>{page}".encode()
        if path == "/offline.html":
            page = (ASSETS / "offline.html").read_text()
            return 200, ".html", page.replace("<title>Lattis", f"<title>build {self.build}").encode()
        if (known := KEPT.get(path.removeprefix("/"))) is not None:
            data = known | {"driver_id": "ahmad"} if isinstance(known, dict) else known
            return 200, ".json", json.dumps({"data": data}).encode()
        if path == "/words.js":
            return 200, ".js", b""
        if path == "/sw.js":
            return 200, ".js", self.worker().encode()
        file = ASSETS / path.removeprefix("/").replace(self.scripts, SCRIPTS)
        if not file.is_file() or path.startswith(f"/{SCRIPTS}/"):
            return 404, ".html", b""
        content = file.read_bytes().replace(SCRIPTS.encode(), self.scripts.encode())
        return 200, file.suffix, content + (LOADED % self.build).encode() * path.startswith("/js/driver")

    @property
    def scripts(self) -> str:
        """The folder of the driver's scripts, as a build names it."""
        return f"{SCRIPTS}-{self.build}"

    def worker(self) -> str:
        """The worker as a build numbers it."""
        shell = [f"/{name}".replace(SCRIPTS, self.scripts) for name in SHELL]
        names = json.dumps(["/offline.html", *shell])
        text = (ASSETS / "sw.js").read_text().replace('"unbuilt"', f'"{self.build}"')
        return text.replace('["/offline.html"]', names)


@pytest.fixture
def site() -> Iterator[Site]:
    shown = Site()

    class Handler(BaseHTTPRequestHandler):
        def serve(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            path = self.path.partition("?")[0]
            status, suffix, content = shown.answer(self.command, path, self.headers)
            self.send_response(status)
            self.send_header("Content-Type", KINDS.get(suffix, "application/octet-stream"))
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Cache-Control", "no-cache")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Nothing is said."""

    for method in ("GET", "POST", "PATCH"):
        setattr(Handler, f"do_{method}", Handler.serve)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    shown.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield shown
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def phone(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    opened = browser.new_context(base_url=site.url)
    yield opened
    opened.close()


def installed(phone: BrowserContext) -> Page:
    """A page that this build's worker serves."""
    page = phone.new_page()
    with page.expect_response("**/v1/me/delivery-orders?**"):
        page.goto("/driver")
    page.wait_for_function(CONTROLLED)
    return page


def waiting(page: Page) -> str:
    """Tap while the server fails; the key of what waits."""
    page.click("#start")
    expect(page.locator("#waiting-text")).to_have_text("1 action waiting to send")
    (entry,) = until(page, lambda entries: len(entries) == 1 and entries[0]["tries"] > 0)
    return str(entry["key"])


def taken_over(page: Page, build: str) -> None:
    """Wait until this build's worker serves and the others' shells are gone."""
    late = time.monotonic() + SECONDS_TO_WAIT
    while (serving := page.evaluate(SERVING)) != [[f"lattis-shell-{build}"], True]:
        assert time.monotonic() < late, serving


def test_the_next_opening_takes_the_new_build_and_what_waits_is_sent_once(
    phone: BrowserContext, site: Site
) -> None:
    page = installed(phone)
    site.works = False
    key = waiting(page)
    page.close()
    site.build = "two"

    again = phone.new_page()
    again.goto("/driver")
    taken_over(again, "two")
    assert [entry["key"] for entry in queued(again)] == [key]
    phone.set_offline(True)
    again.goto("/driver")
    expect(again).to_have_title("build two")
    expect(again.locator("#waiting-text")).to_have_text("No signal · 1 action waiting to send")

    site.works = True
    site.keys.clear()
    phone.set_offline(False)
    expect(again.locator("#driver:not([data-shell])")).to_have_count(1)
    until(again, lambda entries: entries == [])
    assert site.keys == [key]


def test_a_phone_that_opens_without_a_signal_keeps_the_build_it_has(
    phone: BrowserContext, site: Site
) -> None:
    page = installed(phone)
    site.works = False
    key = waiting(page)
    site.build = "two"
    phone.set_offline(True)

    page.goto("/driver")

    expect(page).to_have_title("build one")
    expect(page.locator("#waiting-text")).to_have_text("No signal · 1 action waiting to send")
    assert page.evaluate(CACHES) == ["lattis-shell-one"]
    assert [entry["key"] for entry in queued(page)] == [key]


def test_a_build_that_arrives_in_part_leaves_the_old_one_whole(phone: BrowserContext, site: Site) -> None:
    page = installed(phone)
    site.build, site.broken = "two", "/js/words.js"
    page.evaluate(
        """navigator.serviceWorker.ready.then((registration) => new Promise((done) => {
                registration.addEventListener("updatefound", () => {
                  registration.installing.addEventListener("statechange", ({target}) => {
                    if (target.state === "redundant") done();
                  });
                });
                registration.update().catch(done);
            }))"""
    )
    page.close()
    phone.set_offline(True)

    again = phone.new_page()
    again.goto("/driver")

    expect(again).to_have_title("build one")
    site.broken = ""
    phone.set_offline(False)
    expect(again).to_have_title("build two")
    taken_over(again, "two")


def test_an_app_that_stays_open_takes_the_new_build_with_the_next_page(
    phone: BrowserContext, site: Site
) -> None:
    page = installed(phone)
    page.evaluate(
        """document.querySelector(".phone").insertAdjacentHTML("beforeend", '<a href="/driver">My day</a>');
        document.querySelector(".phone a").addEventListener("click", (event) => event.preventDefault())"""
    )
    page.click(".phone a")
    expect(page).to_have_title("build one")
    site.build = "two"
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    taken_over(page, "two")
    expect(page).to_have_title("build one")

    page.click(".phone a")
    expect(page).to_have_title("build two")


@pytest.mark.parametrize(
    ("broken", "served"), [("/js/kit.js", "one"), ("/js/driver-two/queue.js", "two"), ("/js/words.js", "two")]
)
def test_a_bad_line_mixes_no_scripts_of_two_builds(
    phone: BrowserContext, site: Site, broken: str, served: str
) -> None:
    installed(phone).close()
    site.build, site.broken = "two", broken
    again = phone.new_page()

    with again.expect_response(f"**{broken}"):
        again.goto("/driver")
    expect(again).to_have_title("build two")
    if broken.startswith("/js/driver"):
        assert again.evaluate("globalThis.loaded?.size ?? 0") == 0
        site.broken = ""

    again.wait_for_function("globalThis.loaded?.size")
    assert again.evaluate("[...loaded]") == [served]
    expect(again.locator("#pay button")).to_have_text("Take RM 350.00 cash")
