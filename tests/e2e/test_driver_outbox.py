"""The driver's outbox in a real browser, against a server that fails as networks fail: nothing is lost or doubled."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from PIL import ExifTags, Image
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from lattis_app.core.frontend import PROJECT

HOME = "http://driver.test/"
JOB = "/v1/delivery-orders/1"
PAGE = """
<!doctype html><body>
<div id="driver" data-who="{who}" data-csrf="csrf-1"></div>
<div id="waiting"><span id="waiting-text"></span><button id="waiting-send">Send now</button></div>
<div id="driver-problem" hidden><span data-said></span></div>
<button data-driver-refresh hidden onclick="window.refreshed = (window.refreshed ?? 0) + 1"></button>
<button id="start" data-do="PATCH" data-path="/v1/delivery-orders/1/status" data-body='{{"status": "started"}}'
  data-version="{version}" data-label="Start trip">Start trip</button>
<button id="delivered" data-do="PATCH" data-path="/v1/delivery-orders/1/status" data-body='{{"status": "delivered"}}'
  data-version="{version}" data-label="Delivered" data-needs-photos="3" data-has-photos="2"
  data-photos-of="/v1/delivery-orders/1/attach">Delivered</button>
<form id="pay" data-pay data-do="POST" data-path="/v1/delivery-orders/1/receipt" data-version="{version}"
  data-label="Payment"><label><input type="radio" name="payment_method" value="CASH" data-word="cash" checked></label>
  <input name="amount" value="350.00" required><input name="reference">
  <button type="submit"><span data-pay-label></span></button></form>
<label><input type="file" data-photo="/v1/delivery-orders/1/attach"></label>
<div data-outbox="/v1/delivery-orders/1/attach"></div>
<script src="/words.js"></script><script src="/driver.js"></script></body>
"""


@dataclass
class Server:
    """Answers what a test says, and remembers what it was asked."""

    answers: list[int | None] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    version: str = "1"
    who: str = "ahmad"

    def serve(self, route: Route) -> None:
        """None cuts the connection, after the server has done its work."""
        request = route.request
        if request.url == HOME:
            page = PAGE.format(version=self.version, who=self.who)
            route.fulfill(status=200, content_type="text/html", body=page)
            return
        if request.url.endswith(".js"):
            script = (PROJECT / "assets/js" / request.url.rpartition("/")[2]).read_text()
            route.fulfill(status=200, content_type="text/javascript", body=script)
            return
        sent = request.post_data_buffer or b""
        headers = request.headers
        self.asked.append(
            {
                "method": request.method,
                "path": request.url.removeprefix(HOME.rstrip("/")),
                "key": headers["idempotency-key"],
                "csrf": headers["x-csrf-token"],
                "body": sent,
            }
        )
        answer = self.answers.pop(0) if self.answers else 200
        if answer is None:
            route.abort()
            return
        error = {"code": "PRECONDITION_FAILED", "message": "Delivery order is cancelled", "details": {}}
        body = {"data": {}} if answer < 300 else {"error": error}
        route.fulfill(status=answer, content_type="application/json", body=json.dumps(body))

    def keys(self, path: str = JOB) -> list[str]:
        """The keys of what was asked, in order."""
        return [each["key"] for each in self.asked if each["path"].startswith(path)]


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def context(browser: Browser, server: Server) -> Iterator[BrowserContext]:
    opened = browser.new_context()
    opened.route("**/*", server.serve)
    yield opened
    opened.close()


@pytest.fixture
def tab(context: BrowserContext) -> Page:
    opened = context.new_page()
    opened.clock.install()
    opened.goto(HOME)
    return opened


def outbox(tab: Page) -> list[dict[str, Any]]:
    return tab.evaluate("JSON.parse(localStorage.getItem('lattis.outbox') ?? '[]')")


def emptied(tab: Page) -> None:
    tab.wait_for_function("(localStorage.getItem('lattis.outbox') ?? '[]') === '[]'")


def tried(tab: Page) -> None:
    tab.wait_for_function("JSON.parse(localStorage.getItem('lattis.outbox') ?? '[]')[0]?.tries === 1")


def answered(tab: Page) -> None:
    tab.wait_for_function("window.refreshed >= 1")


def time_passes(tab: Page) -> None:
    """Minute after minute, until nothing waits any more."""
    for _ in range(50):
        if not outbox(tab):
            return
        tab.clock.fast_forward(61_000)
    raise AssertionError(outbox(tab))


def jpeg(**exif: Any) -> dict[str, Any]:
    buffer, written = io.BytesIO(), Image.Exif()
    for name, value in exif.items():
        written[getattr(ExifTags.Base, name)] = value
    Image.new("RGB", (3200, 2400), "teal").save(buffer, "JPEG", exif=written)
    return {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()}


def test_a_tap_is_sent_once_with_its_key_and_the_session(tab: Page, server: Server) -> None:
    tab.click("#start")
    emptied(tab)

    (asked,) = server.asked
    assert (asked["method"], asked["path"]) == ("PATCH", f"{JOB}/status")
    assert json.loads(asked["body"]) == {"status": "started"}
    assert (asked["csrf"], len(asked["key"])) == ("csrf-1", 32)
    assert tab.evaluate("window.refreshed") == 1


def test_tapping_again_does_nothing_more_until_the_page_has_moved_on(tab: Page, server: Server) -> None:
    tab.evaluate("for (let i = 0; i < 5; i += 1) document.getElementById('start').click()")
    emptied(tab)
    tab.evaluate("document.getElementById('start').click()")
    tab.reload()
    tab.evaluate("document.getElementById('start').click()")
    tab.evaluate("document.getElementById('start').dataset.version = '2'")
    tab.wait_for_function("document.getElementById('start').getAttribute('aria-disabled') === 'false'")
    tab.click("#start")
    emptied(tab)

    assert len(server.asked) == 2
    assert len(set(server.keys())) == 2


def test_a_lost_answer_is_asked_for_again_with_the_same_key(tab: Page, server: Server) -> None:
    server.answers = [None, 503, None, 200]
    tab.click("#start")
    time_passes(tab)

    assert len(server.asked) == 4
    assert len(set(server.keys())) == 1


def test_what_waits_outlives_the_page_and_keeps_its_key(
    context: BrowserContext, tab: Page, server: Server
) -> None:
    server.answers = [None]
    tab.click("#start")
    tried(tab)
    tab.close()

    again = context.new_page()
    again.goto(HOME)
    emptied(again)

    assert len(server.asked) == 2
    assert len(set(server.keys())) == 1


def test_another_driver_on_the_same_phone_sends_nothing_of_the_first(
    context: BrowserContext, tab: Page, server: Server
) -> None:
    server.answers = [None]
    tab.click("#start")
    tried(tab)
    tab.close()
    server.who = "lim"

    theirs = context.new_page()
    theirs.goto(HOME)
    theirs.click("#start")
    theirs.wait_for_function("JSON.parse(localStorage.getItem('lattis.outbox')).length === 1")

    assert [each["who"] for each in outbox(theirs)] == ["ahmad"]
    assert len(set(server.keys())) == 2


def test_a_refusal_is_said_and_not_sent_again(tab: Page, server: Server) -> None:
    server.answers = [412]
    tab.click("#start")

    expect(tab.locator("#driver-problem")).to_contain_text("Start trip: Delivery order is cancelled")
    assert outbox(tab) == []
    assert len(server.asked) == 1
    expect(tab.locator("#start")).to_have_attribute("aria-disabled", "false")


def test_actions_go_in_the_order_of_the_taps(tab: Page, server: Server) -> None:
    server.answers = [None]
    tab.set_input_files("input[data-photo]", jpeg())
    tried(tab)
    expect(tab.locator("#delivered")).to_have_attribute("aria-disabled", "false")
    tab.click("#delivered")
    time_passes(tab)

    paths = [each["path"] for each in server.asked]
    assert paths[-1] == f"{JOB}/status"
    assert set(paths[:-1]) == {f"{JOB}/attach"}


def test_too_few_photos_keep_the_step_shut(tab: Page, server: Server) -> None:
    tab.evaluate("document.getElementById('delivered').click()")
    expect(tab.locator("#delivered")).to_have_attribute("aria-disabled", "true")
    assert (outbox(tab), server.asked) == ([], [])


def test_a_photo_outlives_the_page(context: BrowserContext, tab: Page, server: Server) -> None:
    server.answers = [None]
    tab.set_input_files("input[data-photo]", jpeg())
    tried(tab)
    tab.close()

    again = context.new_page()
    again.goto(HOME)
    emptied(again)

    assert [each["path"] for each in server.asked] == [f"{JOB}/attach"] * 2
    assert len(set(server.keys())) == 1
    assert server.asked[0]["body"].count(b"\xff\xd8\xff") == 1


def test_a_photo_is_made_small_and_keeps_when_it_was_taken(tab: Page, server: Server) -> None:
    tab.set_input_files("input[data-photo]", jpeg(DateTime="2026:11:21 09:42:00", Orientation=6))
    answered(tab)

    body = server.asked[0]["body"]
    sent = Image.open(io.BytesIO(body[body.index(b"\xff\xd8") :]))
    assert sent.size == (1200, 1600), "upright, and 1600 pixels at most"
    assert sent.getexif()[ExifTags.Base.DateTime] == "2026:11:21 09:42:00"
    assert sent.getexif()[ExifTags.Base.Orientation] == 1


def test_the_pay_button_says_what_it_takes_and_money_is_taken_once(tab: Page, server: Server) -> None:
    expect(tab.locator("#pay button")).to_have_text("Take RM 350.00 cash")
    tab.fill("[name=amount]", "100.00")
    expect(tab.locator("#pay button")).to_have_text("Take RM 100.00 cash")
    server.answers = [None, 200]

    tab.evaluate("for (let i = 0; i < 3; i += 1) document.querySelector('#pay button').click()")
    tried(tab)
    time_passes(tab)

    assert [json.loads(each["body"]) for each in server.asked] == [
        {"payment_method": "CASH", "amount": "100.00"}
    ] * 2
    assert len(set(server.keys())) == 1


def test_an_answer_that_never_came_is_not_forced_after_the_server_forgot_the_key(
    tab: Page, server: Server
) -> None:
    tab.evaluate(
        """localStorage.setItem('lattis.outbox', JSON.stringify([{who: 'ahmad', key: 'k', tries: 1,
        at: Date.now() - 21 * 3600000, method: 'POST', path: '/v1/delivery-orders/1/receipt', body: '{}',
        version: '1', label: 'Payment'}]))"""
    )
    tab.evaluate("lattisDriver.flush()")

    expect(tab.locator("#driver-problem")).to_contain_text("There was no answer for too long")
    assert (outbox(tab), server.asked) == ([], [])
