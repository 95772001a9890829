"""A delivery whose signal is lost half-way: the phone goes on, and everything arrives once and in order."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request, expect

from lattis_app.registry import DEMO_PASSWORD
from tests.copies import RunningCopy
from tests.e2e.people import fits, photo, reads_well, sign, sign_in_driver

AZMAN = {"driverName": "Azman Yusof", "icNumber": "840708-03-5215", "phoneNumber": "012-3456795"}
CHONG = {"driverName": "Chong Kah Wai", "icNumber": "900519-10-5643", "phoneNumber": "012-3456796"}
ACTIONS = "**/v1/delivery-orders/**"
ATTACHED = "**/v1/delivery-orders/*/attach"


@dataclass
class Office:
    """The office over REST: makes jobs, and knows what became of them."""

    client: httpx.Client

    def one(self, path: str, **wanted: Any) -> dict[str, Any]:
        """The first of a list."""
        found: dict[str, Any] = self.client.get(path, params=wanted).raise_for_status().json()["data"][0]
        return found

    def lorry(self) -> str:
        """A lorry whose papers are good for long, and its id."""
        lorries = self.client.get("/v1/lorries", params={"status": "available", "limit": 100}).json()["data"]
        return str(max(lorries, key=lambda each: each["next_expiry_on"] or "")["id"])

    def job(self, driver: dict[str, str]) -> str:
        """A new delivery of today for RM 350, and its id."""
        new = {"serial_number": f"NEW-{uuid4().hex[:8]}", "size": {"h_ft": 4, "l_ft": 12, "w_ft": 6}}
        free = self.client.post("/v1/bins", json=new).raise_for_status().json()["data"]
        entry = {
            "customer_id": self.one("/v1/customers")["id"],
            "inventory_bin_id": free["id"],
            "bin_size": free["size"],
            "payment_method": "CASH",
            "amount": 350,
            "driver_id": self.one("/v1/drivers", q=driver["driverName"])["id"],
            "lorry_id": self.lorry(),
        }
        made = self.client.post("/v1/delivery-orders", json=entry)
        assert made.status_code == 201, made.text
        return str(made.json()["data"]["id"])

    def state(self, job: str) -> tuple[str, int, float]:
        """How far the job is, how many photos it has, and what was collected."""
        found = self.client.get(f"/v1/delivery-orders/{job}").json()["data"]
        return found["fulfilment_status"], found["photo_count"], found["collected"]

    def receiver(self, job: str) -> tuple[str, bool]:
        """Who received the bin, and whether they signed."""
        found = self.client.get(f"/v1/delivery-orders/{job}").json()["data"]
        return found["received_by"], found["signature_id"] is not None

    def payments(self, job: str) -> list[tuple[str, float, bool]]:
        """Each payment for the job, and whether it has its receipt."""
        found = self.client.get("/v1/payments", params={"delivery_order_id": job}).json()["data"]
        return [(each["method"], each["amount"], bool(each["receipt_number"])) for each in found]


@pytest.fixture(scope="module")
def office(copy: RunningCopy) -> Iterator[Office]:
    with httpx.Client(base_url=copy.url) as client:
        account = {"email": "admin@lattis.com", "password": DEMO_PASSWORD}
        token = client.post("/v1/auth/login", json=account).json()["data"]["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield Office(client)


@pytest.fixture
def pocket(browser: Browser, copy: RunningCopy) -> Iterator[BrowserContext]:
    """A phone whose console may say that requests fail, since they do."""
    context = browser.new_context(base_url=copy.url, viewport={"width": 375, "height": 812})
    yield context
    context.close()


def opened(phone: Page, driver: dict[str, str], path: str) -> Locator:
    """Open a page as this driver and wait until the phone keeps the day; what the phone draws itself."""
    with phone.expect_response("**/v1/me/day"):
        sign_in_driver(phone, driver, path)
    phone.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.wait_for_function("navigator.serviceWorker.controller !== null")
    return phone.locator("#driver-local")


def sent(context: BrowserContext) -> list[str]:
    """Collects every action that leaves the phone: the step, or the last part of its path."""
    steps: list[str] = []

    def note(request: Request) -> None:
        if request.method in ("POST", "PATCH") and "/v1/delivery-orders/" in request.url:
            last = request.url.rpartition("/")[2]
            steps.append(json.loads(request.post_data or "{}")["status"] if last == "status" else last)

    context.on("request", note)
    return steps


def test_a_delivery_goes_on_without_a_signal_and_arrives_once_and_in_order(
    pocket: BrowserContext, office: Office
) -> None:
    job, phone, steps = office.job(AZMAN), pocket.new_page(), sent(pocket)
    drawn = opened(phone, AZMAN, "/driver")
    phone.goto(f"/driver/job/{job}")
    phone.get_by_role("button", name="Start trip").click()
    expect(phone.locator("h1:visible")).to_have_text("Photos of the placed bin")
    camera = phone.locator("main:visible .photo-add input").first
    camera.set_input_files(photo("red"))
    expect(phone.get_by_text("1 of at least 3 photos")).to_be_visible()

    pocket.set_offline(True)
    expect(phone.locator("#waiting")).to_contain_text("No signal")
    for place, shade in enumerate(("green", "blue"), start=2):
        drawn.locator(".photo-add input").first.set_input_files(photo(shade))
        expect(drawn.get_by_text(f"{place} of at least 3 photos")).to_be_visible()
    phone.reload()
    expect(drawn.get_by_text("3 of at least 3 photos")).to_be_visible()
    expect(drawn.locator("main > .photos-unsent .photo-waiting")).to_have_count(2)
    drawn.get_by_role("button", name="Delivered", exact=True).click()
    drawn.get_by_label("Name").fill("Encik Lim")
    sign(drawn.locator("canvas"))
    fits(phone)
    reads_well(phone)
    drawn.get_by_role("dialog").get_by_role("button", name="Delivered").click()
    expect(drawn.get_by_role("heading", name="Collect payment")).to_be_visible()
    drawn.get_by_role("button", name="Take RM 350.00 cash").dblclick()
    expect(drawn.get_by_text("Taken, waiting to send")).to_be_visible()
    expect(phone.locator("#unsent")).to_contain_text(
        "Waiting to send: Photo × 2 · Signature · Delivered · Payment"
    )
    expect(phone.locator("#waiting")).to_contain_text("5 actions waiting to send")
    fits(phone)
    reads_well(phone)
    drawn.get_by_role("button", name="Bin collected").click()
    phone.reload()
    drawn.get_by_role("button", name="Close job").click()
    expect(drawn.get_by_role("heading", name="Job done")).to_be_visible()
    phone.goto("/driver")
    expect(drawn.get_by_text("7 waiting to send")).to_be_visible()
    assert office.state(job) == ("started", 1, 0)

    steps.clear()
    pocket.set_offline(False)
    expect(phone.locator("#driver-local")).to_be_empty(timeout=20000)
    expect(phone.locator("#waiting")).to_be_hidden()
    assert steps == ["attach", "attach", "receiver", "delivered", "receipt", "collected", "done"]
    assert office.state(job) == ("done", 3, 350)
    assert office.payments(job) == [("CASH", 350, True)]
    assert office.receiver(job) == ("Encik Lim", True)


def test_answers_that_are_lost_after_the_server_has_done_it_double_nothing(
    pocket: BrowserContext, office: Office
) -> None:
    job, phone, lost = office.job(AZMAN), pocket.new_page(), set[str]()
    network = pocket.new_cdp_session(phone)

    def lose_the_first_answer(paused: dict[str, Any]) -> None:
        key = {name.lower(): value for name, value in paused["request"]["headers"].items()}.get(
            "idempotency-key", ""
        )
        asked = {"requestId": paused["requestId"]}
        if not key or key in lost:
            network.send("Fetch.continueRequest", asked)
        else:
            lost.add(key)
            network.send("Fetch.failRequest", asked | {"errorReason": "ConnectionAborted"})

    network.on("Fetch.requestPaused", lose_the_first_answer)
    answers = {"urlPattern": "*/v1/delivery-orders/*", "requestStage": "Response"}
    network.send("Fetch.enable", {"patterns": [answers]})
    opened(phone, AZMAN, f"/driver/job/{job}")
    phone.locator(":visible:text-is('Start trip')").click()
    expect(phone.locator("h1:visible")).to_have_text("Photos of the placed bin")
    camera = phone.locator(".photo-add input:visible, :visible > .photo-add input").first
    for shade in ("red", "green", "blue"):
        camera.set_input_files(photo(shade))
    phone.locator("button:visible[data-opens$=received]:not([aria-disabled=true])").click()
    phone.locator("dialog[open] [name=received_by]").fill("Encik Lim")
    sign(phone.locator("dialog[open] canvas"))
    phone.locator("dialog[open] button[type=submit]").click()
    phone.locator("form:visible[data-pay] button[type=submit]").click()
    phone.locator("button:visible[data-label='Bin collected']").click()
    phone.locator("button:visible[data-label='Close job']").click()
    expect(phone.get_by_text("Everything about this job is finished.")).to_be_visible(timeout=60000)

    assert len(lost) == 9, "start, three photos, the receiver, delivered, the money, collected, done"
    assert office.receiver(job) == ("Encik Lim", True)
    assert office.state(job) == ("done", 3, 350)
    assert office.payments(job) == [("CASH", 350, True)]
    expect(phone.locator("#unsent")).to_be_empty()


def test_two_tabs_send_a_tap_once(pocket: BrowserContext, office: Office) -> None:
    job, steps = office.job(AZMAN), sent(pocket)
    tabs = [pocket.new_page(), pocket.new_page()]
    opened(tabs[0], AZMAN, f"/driver/job/{job}")
    tabs[1].goto(f"/driver/job/{job}")
    expect(tabs[1].get_by_role("button", name="Start trip")).to_be_visible()
    pocket.set_offline(True)
    tabs[0].locator("#driver-local").get_by_role("button", name="Start trip").click()
    expect(tabs[1].locator("#driver-local h1")).to_have_text("Photos of the placed bin")
    tabs[1].reload()
    expect(tabs[1].locator("#unsent")).to_have_text("Waiting to send: Start trip")
    pocket.set_offline(False)
    for tab in tabs:
        server_page = tab.locator(".phone > main")
        expect(server_page.get_by_text("0 of at least 3 photos")).to_be_visible(timeout=20000)

    assert steps == ["started"]
    assert office.state(job) == ("started", 0, 0)


def test_a_refusal_says_what_the_office_must_do(pocket: BrowserContext, office: Office) -> None:
    job, phone = office.job(CHONG), pocket.new_page()
    drawn = opened(phone, CHONG, f"/driver/job/{job}")
    pocket.set_offline(True)
    drawn.get_by_role("button", name="Start trip").click()
    reason = {"reason": "Called off"}
    assert office.client.post(f"/v1/delivery-orders/{job}/cancel", json=reason).status_code == 200
    pocket.set_offline(False)

    refused = phone.locator("#unsent .unsent-problem")
    expect(refused).to_contain_text("Delivery order is cancelled: nothing to drive")
    expect(refused).to_contain_text("Tell the office what you did")
    expect(phone.locator("#waiting")).to_contain_text("1 was refused")
    fits(phone)
    reads_well(phone)
    refused.get_by_role("button", name="Discard…").click()
    phone.get_by_role("button", name="Discard", exact=True).click()
    expect(phone.locator("#unsent")).to_be_empty()
    expect(phone.locator("#waiting")).to_be_hidden()


def test_photos_that_are_sent_under_an_open_sheet_count_in_it(pocket: BrowserContext, office: Office) -> None:
    job, phone = office.job(AZMAN), pocket.new_page()
    drawn = opened(phone, AZMAN, f"/driver/job/{job}")
    phone.get_by_role("button", name="Start trip").click()
    expect(phone.locator("h1:visible")).to_have_text("Photos of the placed bin")
    pocket.set_offline(True)
    for place, shade in enumerate(("red", "green", "blue"), start=1):
        drawn.locator(".photo-add input").first.set_input_files(photo(shade))
        expect(drawn.get_by_text(f"{place} of at least 3 photos")).to_be_visible()
    drawn.get_by_role("button", name="Delivered", exact=True).click()
    drawn.get_by_label("Name").fill("Encik Lim")
    with phone.expect_response(lambda answer: answer.url.endswith("/status")):
        with (
            phone.expect_response(ATTACHED),
            phone.expect_response(ATTACHED),
            phone.expect_response(ATTACHED),
        ):
            pocket.set_offline(False)
        expect(phone.locator("#waiting")).to_be_hidden()
        drawn.get_by_role("dialog").get_by_role("button", name="Delivered").click()
    expect(phone.get_by_role("heading", name="Collect payment")).to_be_visible(timeout=20000)
    assert (office.state(job), office.receiver(job)) == (("delivered", 3, 0), ("Encik Lim", False))


def test_another_driver_of_the_phone_sends_and_sees_nothing_of_the_first(
    pocket: BrowserContext, office: Office
) -> None:
    job, phone, steps = office.job(AZMAN), pocket.new_page(), sent(pocket)
    opened(phone, AZMAN, f"/driver/job/{job}")
    pocket.route(ACTIONS, lambda route: route.abort())
    phone.get_by_role("button", name="Start trip").click()
    expect(phone.locator("#waiting")).to_contain_text("1 action waiting to send")
    phone.goto("/driver")
    expect(phone.locator("#waiting")).to_contain_text("1 action waiting to send")
    phone.goto("/sign-out")
    phone.get_by_role("button", name="Sign out").click()
    expect(phone).to_have_url(re.compile("/sign-in"))
    phone.wait_for_load_state("networkidle")
    pocket.unroute(ACTIONS)
    steps.clear()

    drawn = opened(phone, CHONG, "/driver")
    expect(phone.locator("#unsent")).to_contain_text("1 action of Azman Yusof is still on this phone")
    pocket.set_offline(True)
    expect(drawn.locator("h1")).to_be_visible()
    expect(drawn.locator(f"a[href='/driver/job/{job}']")).to_have_count(0)
    pocket.set_offline(False)
    expect(drawn).to_be_empty(timeout=20000)
    assert (steps, office.state(job)) == ([], ("assigned", 0, 0))

    with phone.expect_response(lambda answer: answer.url.endswith("/status")):
        sign_in_driver(phone, AZMAN, f"/driver/job/{job}")
    expect(phone.get_by_role("heading", name="Photos of the placed bin")).to_be_visible(timeout=20000)
    assert (steps, office.state(job)) == (["started"], ("started", 0, 0))


def test_signing_out_keeps_no_job_and_asks_when_something_was_not_sent(
    pocket: BrowserContext, office: Office
) -> None:
    job, phone = office.job(AZMAN), pocket.new_page()
    opened(phone, AZMAN, "/driver")
    pocket.route(ACTIONS, lambda route: route.abort())
    phone.evaluate(
        """job => { const made = document.createElement("button"); made.type = "button"; Object.assign(made.dataset,
        {do: "PATCH", path: `/v1/delivery-orders/${job}/status`, body: '{"status": "started"}', label: "Start trip"});
        document.querySelector("main").append(made); made.click(); }""",
        job,
    )
    expect(phone.locator("#waiting")).to_contain_text("1 action waiting to send")
    phone.evaluate("document.querySelector(\"form[action='/auth/sign-out']\").requestSubmit()")
    expect(phone.get_by_text("1 action was not sent yet. It stays on this phone")).to_be_visible()
    phone.get_by_role("alertdialog").get_by_role("button", name="Sign out").click()
    expect(phone).to_have_url(re.compile("/sign-in"))

    pocket.set_offline(True)
    phone.goto("/driver")
    expect(phone.locator("#driver-local")).to_contain_text("Lattis opens as soon as there is a signal")
    assert office.state(job) == ("assigned", 0, 0)


def test_cash_and_history_are_drawn_with_what_waits_counted_in(
    pocket: BrowserContext, office: Office
) -> None:
    job, phone = office.job(CHONG), pocket.new_page()
    number = office.client.get(f"/v1/delivery-orders/{job}").json()["data"]["system_do_number"]
    drawn = opened(phone, CHONG, f"/driver/job/{job}")
    with phone.expect_response("**/v1/me/cash"), phone.expect_response("**/v1/me/delivery-orders?**"):
        phone.goto("/driver/cash")
    held = phone.locator("main .amount b").inner_text()
    before = Decimal(held.removeprefix("RM ").replace(",", ""))
    phone.goto(f"/driver/job/{job}")
    phone.get_by_role("button", name="Start trip").click()
    expect(phone.locator("h1:visible")).to_have_text("Photos of the placed bin")
    camera = phone.locator("main:visible .photo-add input").first
    for place, shade in enumerate(("red", "green", "blue"), start=1):
        camera.set_input_files(photo(shade))
        expect(phone.locator("main:visible").get_by_text(f"{place} of at least 3 photos")).to_be_visible()

    pocket.set_offline(True)
    drawn.get_by_role("button", name="Delivered, nobody there").click()
    drawn.get_by_role("button", name="Take RM 350.00 cash").click()
    drawn.get_by_role("button", name="Bin collected").click()
    drawn.get_by_role("button", name="Close job").click()
    phone.reload()
    tab = drawn.get_by_role("link", name="My cash")
    expect(tab).to_have_text(f"My cash · {f'RM {before + 350:,.2f}'.removesuffix('.00')}")
    tab.click()
    expect(drawn.locator(".amount b")).to_have_text(f"RM {before + 350:,.2f}")
    taken = drawn.locator(".line", has_text="Taken, waiting to send")
    expect(taken).to_contain_text("RM 350.00")
    expect(drawn.get_by_text("What waits to be sent is counted in.")).to_be_visible()
    fits(phone)
    reads_well(phone)
    drawn.get_by_role("link", name="History").click()
    expect(drawn.locator(".line").first).to_contain_text(number)
    expect(drawn.locator(".line").first).to_contain_text("Done")
    fits(phone)
    reads_well(phone)

    pocket.set_offline(False)
    expect(drawn).to_be_empty(timeout=20000)
    phone.goto("/driver/cash")
    expect(phone.locator("main .amount b")).to_have_text(f"RM {before + 350:,.2f}")
    assert office.state(job) == ("done", 3, 350)


def test_a_bin_is_moved_without_a_signal_and_only_once(pocket: BrowserContext, office: Office) -> None:
    order = office.one("/v1/delivery-orders", fulfilment_status="delivered")
    at = datetime.now(UTC).replace(hour=20, minute=0, second=0, microsecond=0) + timedelta(days=1)
    plan = {"site_address": "9 Jalan Dua", "scheduled_at": at.isoformat(), "reason": "Next site"}
    planned = office.client.post(f"/v1/delivery-orders/{order['id']}/relocations", json=plan)
    assert planned.status_code == 201, planned.text
    path = f"/v1/relocations/{planned.json()['data']['id']}"
    crew = {
        "driver_id": office.one("/v1/drivers", q=CHONG["driverName"])["id"],
        "lorry_id": office.lorry(),
    }
    given = office.client.post(f"{path}/assign", json=crew)
    assert given.status_code == 200, given.text

    phone = pocket.new_page()
    urls: list[str] = []
    phone.on("request", lambda request: urls.append(request.url))
    drawn = opened(phone, CHONG, "/driver")
    card = phone.locator(".card", has_text="To 9 Jalan Dua")
    expect(card.locator("h2")).to_have_text(f"Move {order['bin_serial_number']}")
    fits(phone)
    pocket.set_offline(True)
    card = drawn.locator(".card", has_text="To 9 Jalan Dua")
    expect(card.locator("h2")).to_have_text(f"Move {order['bin_serial_number']}")
    reads_well(phone)
    card.get_by_role("button", name="Bin moved").dblclick()
    expect(card).to_have_count(0)
    expect(phone.locator("#waiting")).to_contain_text("1 action waiting to send")

    pocket.set_offline(False)
    expect(drawn).to_be_empty(timeout=20000)
    expect(phone.locator(".card", has_text="To 9 Jalan Dua")).to_have_count(0)
    found = office.client.get(path).json()["data"]
    moved = office.client.get(f"/v1/bins/{order['inventory_bin_id']}/movements").json()["data"][0]
    assert (found["status"], moved["movement_type"], moved["notes"]) == ("done", "TRANSFER", "Next site")
    assert sum(url.endswith(f"{path}/finish") for url in urls) == 1
