"""The driver's queue in a real browser, against a server that fails as networks fail: nothing is lost or doubled."""

import io
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PIL import ExifTags, Image
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from lattis_app.core.frontend import PROJECT

HOME = "https://driver.test/"
SECONDS_TO_WAIT = 30
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
JOB = "/v1/delivery-orders/1"
DAY = {
    "driver_id": "ahmad",
    "today": "2026-11-21",
    "time_zone": "Asia/Kuala_Lumpur",
    "photos_required": 3,
    "jobs": [],
    "lorries": [],
}
CASH = {"held": 0, "collected_today": 0, "by_method": {}, "month": {}, "payments": [], "hand_overs": []}
KEPT: dict[str, Any] = {"v1/me/day": DAY, "v1/me/cash": CASH, "v1/me/delivery-orders": []}
PAGE = """
<!doctype html><body><div class="phone">
<div id="driver" data-who="{who}" data-csrf="csrf-1" data-name="{who}" data-turn="1"></div>
<div id="waiting"><span id="waiting-text"></span><button id="waiting-send">Send now</button></div>
<div id="unsent"></div>
<main>
<button data-driver-refresh hidden onclick="driver.dataset.turn = window.refreshed = (window.refreshed ?? 0) + 1"></button>
<button id="start" data-do="PATCH" data-path="/v1/delivery-orders/1/status" data-body='{{"status": "started"}}'
  data-version="{version}" data-label="Start trip">Start trip</button>
<button id="delivered" data-do="PATCH" data-path="/v1/delivery-orders/1/status" data-body='{{"status": "delivered"}}'
  data-version="{version}" data-label="Delivered" data-needs-photos="3" data-has-photos="2"
  data-photos-of="/v1/delivery-orders/1/attach">Delivered</button>
<form id="received" data-do="PATCH" data-path="/v1/delivery-orders/1/status" data-body='{{"status": "delivered"}}'
  data-receiver="/v1/delivery-orders/1/receiver" data-version="{version}" data-label="Delivered">
  <input name="received_by" required><div><canvas data-pad style="width: 300px; height: 150px"></canvas></div>
  <button type="button" data-pad-clear>Clear</button><button type="submit">Received</button></form>
<button id="other" data-do="PATCH" data-path="/v1/delivery-orders/2/status" data-body='{{"status": "started"}}'
  data-version="{version}" data-label="Start trip">Start the other trip</button>
<form id="pay" data-pay data-do="POST" data-path="/v1/delivery-orders/1/receipt" data-version="{version}"
  data-label="Payment"><label><input type="radio" name="payment_method" value="CASH" data-word="cash" checked></label>
  <input name="amount" value="350.00" required><input name="reference">
  <button type="submit"><span data-pay-label></span></button></form>
<label><input type="file" data-photo="/v1/delivery-orders/1/attach"></label>
<div data-outbox="/v1/delivery-orders/1/attach"></div>
</main><div id="driver-local"></div></div>
<script src="/js/words.js"></script><script defer src="/js/kit.js"></script></body>
"""
ENTRIES = """() => new Promise((done) => {
  const asked = indexedDB.open("lattis-driver", 1);
  asked.onupgradeneeded = () => { asked.transaction.abort(); };
  asked.onerror = () => done([]);
  asked.onsuccess = () => {
    const all = asked.result.transaction("entries").objectStore("entries").getAll();
    all.onsuccess = () => { asked.result.close(); done(all.result); };
  };
})"""


@dataclass
class Server:
    """Answers what a test says, and remembers what it was asked."""

    answers: list[int | None] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    version: str = "1"
    who: str = "ahmad"
    takes_photos: bool = True

    def serve(self, route: Route) -> None:
        """None cuts the connection, after the server has done its work."""
        request = route.request
        if request.url == HOME:
            page = PAGE.format(version=self.version, who=self.who)
            route.fulfill(status=200, content_type="text/html", body=page)
            return
        if (asset := PROJECT / "assets" / request.url.removeprefix(HOME)).is_file():
            route.fulfill(status=200, path=asset)
            return
        if (known := KEPT.get(request.url.removeprefix(HOME).partition("?")[0])) is not None:
            data = known | {"driver_id": self.who} if isinstance(known, dict) else known
            route.fulfill(status=200, content_type="application/json", body=json.dumps({"data": data}))
            return
        sent = request.post_data_buffer or b""
        headers = request.headers
        self.asked.append(
            {
                "method": request.method,
                "path": request.url.removeprefix(HOME.rstrip("/")),
                "key": headers["idempotency-key"],
                "csrf": headers["x-csrf-token"],
                "ago": headers["done-ago"],
                "body": sent,
            }
        )
        answer = self.answers.pop(0) if self.answers else 200
        if answer is None:
            route.abort()
            return
        files = [{"accepted": self.takes_photos, "reason": "is not a picture"}]
        error = {"code": "PRECONDITION_FAILED", "message": "Delivery order is cancelled", "details": {}}
        body = {"data": {"files": files}} if answer < 300 else {"error": error}
        route.fulfill(status=answer, content_type="application/json", body=json.dumps(body))

    def keys(self, path: str = JOB) -> list[str]:
        """The keys of what was asked, in order."""
        return [each["key"] for each in self.asked if each["path"].startswith(path)]


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def context(browser: Browser, server: Server) -> Iterator[BrowserContext]:
    opened = browser.new_context(service_workers="block")
    opened.route("**/*", server.serve)
    yield opened
    opened.close()


@pytest.fixture
def tab(context: BrowserContext) -> Page:
    """A page whose clock stands still: nothing is tried again before a test says so."""
    opened = context.new_page()
    opened.clock.install(time=NOON)
    opened.clock.pause_at(NOON + timedelta(minutes=1))
    with opened.expect_response("**/v1/me/day"):  # asked for once the phone knows who is there
        opened.goto(HOME)
    return opened


def queued(tab: Page) -> list[dict[str, Any]]:
    """The actions this phone keeps, oldest first."""
    found: list[dict[str, Any]] = tab.evaluate(ENTRIES)
    return found


def until(tab: Page, holds: Callable[[list[dict[str, Any]]], bool]) -> list[dict[str, Any]]:
    """Wait until this holds of what the phone keeps."""
    late = time.monotonic() + SECONDS_TO_WAIT
    while not holds(found := queued(tab)):
        assert time.monotonic() < late, found
    return found


def emptied(tab: Page, server: Server | None = None, asked: int = 0) -> None:
    """Wait until nothing waits, after the server was asked so many times."""
    until(tab, lambda entries: entries == [] and (server is None or len(server.asked) >= asked))


def tried(tab: Page) -> None:
    """Wait until the server's answer was lost and the phone knows it."""
    expect(tab.locator("#waiting-text")).to_have_text("1 action waiting to send")


def answered(tab: Page) -> None:
    tab.wait_for_function("window.refreshed >= 1")


def time_passes(tab: Page) -> None:
    """Second after second, until nothing waits any more."""
    for _ in range(100):
        if not queued(tab):
            return
        tab.clock.fast_forward(5_000)
    raise AssertionError(queued(tab))


def jpeg(**exif: Any) -> dict[str, Any]:
    buffer, written = io.BytesIO(), Image.Exif()
    for name, value in exif.items():
        written[getattr(ExifTags.Base, name)] = value
    Image.new("RGB", (3200, 2400), "teal").save(buffer, "JPEG", exif=written)
    return {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()}


def test_a_tap_is_sent_once_with_its_key_and_the_session(tab: Page, server: Server) -> None:
    tab.click("#start")
    emptied(tab, server, 1)

    (asked,) = server.asked
    assert (asked["method"], asked["path"]) == ("PATCH", f"{JOB}/status")
    assert json.loads(asked["body"]) == {"status": "started"}
    assert (asked["csrf"], len(asked["key"])) == ("csrf-1", 32)
    answered(tab)
    assert tab.evaluate("window.refreshed") == 1


def test_what_is_done_before_the_scripts_have_come_is_kept(context: BrowserContext, server: Server) -> None:
    tab, held = context.new_page(), list[Route]()
    tab.route("**/js/driver/main.js", lambda route: held.append(route))
    tab.goto(HOME)
    tab.evaluate("document.querySelector('#driver').dataset.csrf = ''")
    tab.dblclick("#start")
    tab.set_input_files("input[data-photo]", jpeg())
    tab.fill("[name=amount]", "120.00")
    tab.press("[name=amount]", "Enter")
    assert (tab.url, len(held), queued(tab)) == (HOME, 1, [])

    with tab.expect_response("**/js/driver/views.js"):
        server.serve(held[0])
    expect(tab.locator("#start")).to_have_attribute("data-loading", "true")
    tab.click("#other")
    assert server.asked == []

    tab.evaluate("document.querySelector('#driver').dataset.csrf = 'csrf-1'")
    emptied(tab, server, 4)
    sent = {each["path"].partition("orders/")[2]: each["body"] for each in server.asked}
    assert set(sent) == {"1/status", "1/attach", "1/receipt", "2/status"}
    assert json.loads(sent["1/receipt"]) == {"payment_method": "CASH", "amount": "120.00"}


def test_tapping_again_does_nothing_more_until_the_page_has_moved_on(tab: Page, server: Server) -> None:
    tab.evaluate("for (let i = 0; i < 5; i += 1) document.getElementById('start').click()")
    emptied(tab, server, 1)
    tab.evaluate("document.getElementById('start').click()")
    tab.evaluate("document.getElementById('start').dataset.version = '2'")
    tab.clock.run_for(100)
    expect(tab.locator("#start")).to_have_attribute("aria-disabled", "false")
    tab.click("#start")
    emptied(tab, server, 2)

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
    answered(theirs)

    assert [each["who"] for each in queued(theirs)] == ["ahmad"]
    assert len(set(server.keys())) == 2
    expect(theirs.locator("#unsent")).to_have_text(
        "1 action of ahmad is still on this phone. It is sent when they sign in here again."
    )
    theirs.close()
    server.who = "ahmad"
    again = context.new_page()
    again.goto(HOME)
    emptied(again)
    assert server.keys()[0] == server.keys()[2]


def test_a_refusal_is_said_with_what_to_do_and_not_sent_again_by_itself(tab: Page, server: Server) -> None:
    server.answers = [412]
    tab.click("#start")

    refused = tab.locator("#unsent .unsent-problem")
    expect(refused).to_contain_text("Start trip")
    expect(refused).to_contain_text("Delivery order is cancelled")
    expect(refused).to_contain_text("Tell the office what you did")
    expect(tab.locator("#waiting")).to_contain_text("1 was refused")
    tab.clock.fast_forward(600_000)
    tab.reload()
    expect(refused).to_be_visible()
    assert len(server.asked) == 1

    refused.get_by_role("button", name="Try again").click()
    emptied(tab)
    assert len(server.asked) == 2
    assert len(set(server.keys())) == 1
    expect(refused).to_have_count(0)


def test_a_refused_action_is_discarded_only_after_a_question(tab: Page, server: Server) -> None:
    server.answers = [412]
    tab.click("#start")
    tab.get_by_role("button", name="Discard…").click()
    tab.get_by_role("button", name="Cancel").click()
    assert [each["label"] for each in queued(tab)] == ["Start trip"]

    tab.get_by_role("button", name="Discard…").click()
    tab.get_by_role("button", name="Discard", exact=True).click()
    emptied(tab)
    assert len(server.asked) == 1


def test_a_refusal_stops_its_job_but_for_photos_and_no_other_job(tab: Page, server: Server) -> None:
    server.answers = [412]
    tab.click("#start")
    until(tab, lambda entries: [each["problem"] for each in entries] == ["Delivery order is cancelled"])
    tab.click("#pay button")
    tab.click("#other")
    tab.set_input_files("input[data-photo]", jpeg())
    until(tab, lambda entries: len(entries) == 2 and len(server.asked) == 3)

    assert [each["path"] for each in server.asked] == [
        f"{JOB}/status",
        "/v1/delivery-orders/2/status",
        f"{JOB}/attach",
    ]
    assert [each["label"] for each in queued(tab)] == ["Start trip", "Payment"]


def test_a_server_that_fails_for_one_job_holds_up_no_other(tab: Page, server: Server) -> None:
    server.answers = [503, 503]
    tab.click("#start")
    tried(tab)
    tab.click("#other")
    until(tab, lambda entries: len(entries) == 1 and entries[0]["tries"] == 2)
    time_passes(tab)

    assert [each["path"].split("/")[3] for each in server.asked][-1] == "1"
    assert len(set(server.keys("/v1/delivery-orders/2"))) == 1


def test_two_tabs_of_one_phone_keep_an_action_once_and_send_it_once(
    context: BrowserContext, tab: Page, server: Server
) -> None:
    second = context.new_page()
    second.goto(HOME)
    context.set_offline(True)
    for each in (tab, second, tab):
        each.evaluate("document.getElementById('start').click()")
    for each in (tab, second):
        expect(each.locator("#waiting")).to_have_text(
            "No signal · 1 action waiting to send", use_inner_text=True
        )
    server.answers = [None]
    context.set_offline(False)
    emptied(tab)
    emptied(second)

    assert len(set(server.keys())) == 1
    assert len(server.asked) == 2, "once whose answer was lost, and once more"


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
    assert (queued(tab), server.asked) == ([], [])


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
    assert sent.size == (1500, 2000), "upright, and 2000 pixels at most"
    assert sent.getexif()[ExifTags.Base.DateTime] == "2026:11:21 09:42:00"
    assert sent.getexif()[ExifTags.Base.Orientation] == 1


def test_a_photo_that_the_server_does_not_take_is_kept_and_said(tab: Page, server: Server) -> None:
    server.takes_photos = False
    tab.set_input_files("input[data-photo]", jpeg())

    expect(tab.locator("#unsent")).to_contain_text("is not a picture")
    expect(tab.locator("#unsent")).to_contain_text("Take it again.")
    assert [each["label"] for each in queued(tab)] == ["Photo"]


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
    server.answers = [None]
    tab.click("#start")
    tried(tab)
    tab.evaluate(
        """new Promise((done) => { indexedDB.open("lattis-driver", 1).onsuccess = ({target}) => {
        const all = target.result.transaction("entries", "readwrite").objectStore("entries");
        all.getAll().onsuccess = ({target: {result: [entry]}}) => {
          all.put({...entry, since: Date.now() - 21 * 3600000}).onsuccess = () => done(); }; }; })"""
    )
    tab.evaluate("dispatchEvent(new Event('online'))")

    expect(tab.locator("#unsent")).to_contain_text("There was no answer for too long")
    expect(tab.locator("#unsent")).to_contain_text("Look at the job before you do this again")
    assert len(server.asked) == 1


# ---- who received it, and when it was done ----------------------------------------------------------------------------


def draw(tab: Page) -> None:
    """Two strokes of a finger on the pad."""
    box = tab.locator("canvas").bounding_box()
    assert box is not None
    for start, end in ((40, 120), (160, 240)):
        tab.mouse.move(box["x"] + start, box["y"] + 30)
        tab.mouse.down()
        tab.mouse.move(box["x"] + end, box["y"] + 110, steps=5)
        tab.mouse.up()


def form_of(asked: dict[str, Any]) -> dict[str, bytes]:
    """The parts of a multipart body by name."""
    boundary, _, _ = asked["body"].partition(b"\r\n")
    parts = [part.partition(b"\r\n\r\n") for part in asked["body"].split(boundary)[1:-1]]
    return {
        head.partition(b'name="')[2].partition(b'"')[0].decode(): value.removesuffix(b"\r\n")
        for head, _, value in parts
    }


def test_the_receiver_and_the_signature_go_before_the_step_each_with_its_key(
    tab: Page, server: Server
) -> None:
    server.answers = [None]
    tab.fill("[name=received_by]", " Encik Lim ")
    draw(tab)
    tab.evaluate("for (let i = 0; i < 3; i += 1) document.querySelector('#received [type=submit]').click()")
    expect(tab.locator("#waiting-text")).to_have_text("2 actions waiting to send")
    time_passes(tab)

    assert [each["path"] for each in server.asked] == [f"{JOB}/receiver"] * 2 + [f"{JOB}/status"]
    first, second, step = server.keys()
    assert first == second != step
    received = form_of(server.asked[1])
    assert (received["received_by"], set(received)) == (b"Encik Lim", {"received_by", "signature"})
    signature = Image.open(io.BytesIO(received["signature"]))
    assert (signature.format, signature.size) == ("PNG", (600, 300))
    assert signature.convert("L").getextrema() == (22, 255), "dark ink on white"
    assert json.loads(server.asked[2]["body"]) == {"status": "delivered"}


def test_a_name_is_enough_and_a_cleared_signature_is_none(tab: Page, server: Server) -> None:
    draw(tab)
    tab.get_by_role("button", name="Clear").click()
    tab.fill("[name=received_by]", "Encik Lim")
    tab.get_by_role("button", name="Received").click()
    emptied(tab, server, 2)

    assert form_of(server.asked[0]) == {"received_by": b"Encik Lim"}


def test_a_signature_without_a_name_is_not_sent(tab: Page, server: Server) -> None:
    draw(tab)
    tab.get_by_role("button", name="Received").click()
    assert (queued(tab), server.asked) == ([], [])


@pytest.mark.parametrize("refusal", [400, 409, 412, 413, 415])
def test_a_refused_signature_is_said_and_holds_nothing_back(tab: Page, server: Server, refusal: int) -> None:
    server.answers = [refusal]
    tab.fill("[name=received_by]", "Encik Lim")
    draw(tab)
    tab.get_by_role("button", name="Received").click()
    until(
        tab, lambda entries: len(server.asked) == 2 and [each["label"] for each in entries] == ["Signature"]
    )

    assert [each["path"] for each in server.asked] == [f"{JOB}/receiver", f"{JOB}/status"]
    expect(tab.locator("#unsent")).to_contain_text("Delivery order is cancelled")
    expect(tab.locator("#unsent")).to_contain_text("The delivery is sent without it.")
    expect(tab.locator("#waiting-text")).to_have_text("1 was refused")
    tab.get_by_role("button", name="Try again").click()
    emptied(tab, server, 3)
    assert server.asked[2]["path"] == f"{JOB}/receiver"


def test_a_server_that_fails_at_a_signature_gets_the_delivery_all_the_same(tab: Page, server: Server) -> None:
    server.answers = [500]
    tab.fill("[name=received_by]", "Encik Lim")
    draw(tab)
    tab.get_by_role("button", name="Received").click()
    until(
        tab, lambda entries: len(server.asked) == 2 and [each["label"] for each in entries] == ["Signature"]
    )
    assert [each["path"] for each in server.asked] == [f"{JOB}/receiver", f"{JOB}/status"]

    time_passes(tab)
    emptied(tab, server, 3)
    assert len(set(server.keys(f"{JOB}/receiver"))) == 1


def test_a_signature_outlives_the_page(context: BrowserContext, tab: Page, server: Server) -> None:
    server.answers = [None]
    tab.fill("[name=received_by]", "Encik Lim")
    draw(tab)
    tab.get_by_role("button", name="Received").click()
    expect(tab.locator("#waiting-text")).to_have_text("2 actions waiting to send")
    tab.close()

    again = context.new_page()
    again.goto(HOME)
    emptied(again)

    assert [each["path"] for each in server.asked] == [f"{JOB}/receiver"] * 2 + [f"{JOB}/status"]
    assert form_of(server.asked[0]) == form_of(server.asked[1])


def test_every_action_says_how_long_ago_it_was_done(tab: Page, server: Server) -> None:
    server.answers = [None]
    tab.click("#start")
    tried(tab)
    tab.clock.fast_forward(3_600_000)
    emptied(tab)

    assert [each["ago"] for each in server.asked] == ["0", "3600"]


def test_trying_a_refused_action_again_does_not_change_when_it_was_done(tab: Page, server: Server) -> None:
    server.answers = [412]
    tab.click("#start")
    again = tab.get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    tab.clock.fast_forward(120_000)
    again.click()
    emptied(tab)

    assert [each["ago"] for each in server.asked] == ["0", "120"]
