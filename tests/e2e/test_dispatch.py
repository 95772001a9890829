"""The dispatch board in Chromium: by mouse, by keyboard alone, on a phone, and with two dispatchers at once."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from lattis_app.registry import DEMO_PASSWORD
from tests.copies import ZONE, RunningCopy
from tests.e2e.people import choose, fits, focus_by_keyboard, press, reads_well, sign_in_office, told

FIRST_DAY = 40
"""So many days ahead nobody has booked anything yet; each test has a day of its own."""
AHMAD, LIM = "Ahmad Rahman", "Lim Wei"
LONG_PRESS = 250
"""Milliseconds after which a finger lifts a card instead of scrolling."""
SIZE = {"h_ft": 4, "l_ft": 12, "w_ft": 6}


@dataclass
class Office:
    """What the tests arrange beforehand, over REST, and how it stands afterwards."""

    client: httpx.Client

    def first(self, path: str, **asked: Any) -> dict[str, Any]:
        """The first record of a list that has these values."""
        found = self.client.get(path, params={"limit": 100}).json()["data"]
        return next(each for each in found if all(each[name] == value for name, value in asked.items()))

    def book(self, on: str, hour: int) -> dict[str, Any]:
        """A booking for a day, at an hour of the business's own time."""
        moment = datetime.fromisoformat(on).replace(hour=hour, tzinfo=ZONE)
        wanted = {
            "customer_id": self.first("/v1/customers")["id"],
            "requested_bin_size": SIZE,
            "scheduled_at": moment.isoformat(),
            "hire_days": 1,
            "area": "Puchong",
        }
        made = self.client.post("/v1/bookings", json=wanted)
        assert made.status_code == 201, made.text
        return dict(made.json()["data"])

    def give(self, booking: dict[str, Any], driver: str, lorry: str) -> None:
        """A booking gets its driver and lorry."""
        chosen = {
            "driver_id": self.first("/v1/drivers", name=driver)["id"],
            "lorry_id": self.first("/v1/lorries", registration_no=lorry)["id"],
        }
        given = self.client.post(f"/v1/orders/{booking['id']}/assign", json=chosen)
        assert given.status_code == 200, given.text

    def driver_of(self, booking: dict[str, Any]) -> str | None:
        """Who has a booking now."""
        return self.client.get(f"/v1/bookings/{booking['id']}").json()["data"]["driver_name"]


@pytest.fixture
def office(copy: RunningCopy) -> Iterator[Office]:
    account = {"email": "admin@lattis.com", "password": DEMO_PASSWORD}
    with httpx.Client(base_url=copy.url) as client:
        token = client.post("/v1/auth/login", json=account).json()["data"]["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield Office(client)


@pytest.fixture(scope="module")
def free_days() -> Iterator[str]:
    today = datetime.now(ZONE).date()
    return iter([str(today + timedelta(days=FIRST_DAY + number)) for number in range(30)])


@pytest.fixture
def day(free_days: Iterator[str]) -> str:
    return next(free_days)


def card(page: Page, booking: dict[str, Any]) -> Locator:
    return page.locator(f"[data-job='{booking['id']}']")


def lane(page: Page, name: str) -> Locator:
    return page.locator("section.lane").filter(has=page.locator("h2", has_text=name))


def open_board(page: Page, day: str) -> None:
    sign_in_office(page, f"/rental/assignment?day={day}")
    expect(lane(page, "Not assigned")).to_be_visible()


def lift_with_mouse(page: Page, lifted: Locator) -> None:
    box = lifted.bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 40, box["y"] + 30, steps=4)


def drag(page: Page, lifted: Locator, target: Locator) -> None:
    lift_with_mouse(page, lifted)
    box = target.bounding_box()
    assert box
    page.mouse.move(box["x"] + 60, box["y"] + 80, steps=12)
    expect(target.locator("[data-over=true]")).to_be_visible()
    page.mouse.up()


def drag_by_touch(page: Page, lifted: Locator, target: Locator) -> None:
    """Press a finger on a card until it lifts, carry it to a lane and let go."""
    finger = page.context.new_cdp_session(page)

    def touch(kind: str, x: float, y: float) -> None:
        points = [] if kind == "touchEnd" else [{"x": x, "y": y}]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    lifted.scroll_into_view_if_needed()
    here, there = lifted.bounding_box(), target.bounding_box()
    assert here
    assert there
    x, y = here["x"] + 30, here["y"] + 20
    touch("touchStart", x, y)
    page.wait_for_timeout(LONG_PRESS)
    expect(lifted).to_have_attribute("data-dragging", "true")
    over_x, over_y = there["x"] + 60, there["y"] + 70
    for step in range(1, 13):
        touch("touchMove", x + (over_x - x) * step / 12, y + (over_y - y) * step / 12)
    expect(target.locator("[data-over=true]")).to_be_visible()
    touch("touchEnd", over_x, over_y)


def test_a_job_is_dragged_to_a_driver_and_the_drop_undone(page: Page, office: Office, day: str) -> None:
    office.give(office.book(day, 9), AHMAD, "VCR 3355")
    booking = office.book(day, 13)
    open_board(page, day)
    drag(page, card(page, booking), lane(page, AHMAD))
    told(page, f"{booking['number']} given to {AHMAD} · VCR 3355")
    expect(lane(page, AHMAD).locator("h2")).to_contain_text("2 of")
    assert office.driver_of(booking) == AHMAD
    press(page, "Undo")
    told(page, f"{booking['number']} waits for a driver again")
    expect(lane(page, "Not assigned").locator(f"[data-job='{booking['id']}']")).to_be_visible()
    assert office.driver_of(booking) is None


def test_a_drop_that_is_refused_goes_back_and_says_why(page: Page, office: Office, day: str) -> None:
    first, second = office.book(day, 9), office.book(day, 9)
    office.give(first, AHMAD, "VCR 3355")
    open_board(page, day)
    drag(page, card(page, second), lane(page, AHMAD))
    told(page, f"{AHMAD} has {first['number']} within 60 minutes of that time")
    expect(lane(page, "Not assigned").locator(f"[data-job='{second['id']}']")).to_be_visible()
    assert office.driver_of(second) is None


def test_a_job_is_assigned_by_the_keyboard_alone(page: Page, office: Office, day: str) -> None:
    office.give(office.book(day, 9), AHMAD, "VCR 3355")
    booking = office.book(day, 13)
    open_board(page, day)
    holder = card(page, booking).locator("xpath=..")
    spoken = page.locator("[id^='rfd-announcement']")

    focus_by_keyboard(page, holder)
    page.keyboard.press("Space")
    expect(spoken).to_contain_text("is lifted")
    page.keyboard.press("ArrowRight")
    expect(spoken).to_contain_text(f"is over {AHMAD}, 1 of")
    page.keyboard.press("Space")
    told(page, f"{booking['number']} given to {AHMAD}")
    assert office.driver_of(booking) == AHMAD

    focus_by_keyboard(page, card(page, booking).locator("xpath=.."))
    page.keyboard.press("Enter")
    sheet = page.locator("#assignment-sheet")
    expect(sheet).to_be_visible()
    focus_by_keyboard(page, sheet.get_by_role("button", name="Take back"))
    page.keyboard.press("Enter")
    told(page, f"{booking['number']} waits for a driver again")
    assert office.driver_of(booking) is None


def test_a_lorry_is_asked_for_only_where_it_is_not_clear(page: Page, office: Office, day: str) -> None:
    booking = office.book(day, 9)
    open_board(page, day)
    drag(page, card(page, booking), lane(page, AHMAD))
    sheet = page.locator("#assignment-sheet")
    expect(sheet.locator("#assignment-driver_id")).to_have_value(AHMAD)
    press(page, "Assign")
    told(page, "assigned")
    assert office.driver_of(booking) == AHMAD


def test_on_a_phone_a_tap_chooses_the_driver(phone: Page, office: Office, day: str) -> None:
    booking = office.book(day, 9)
    open_board(phone, day)
    fits(phone)
    card(phone, booking).click()
    choose(phone, "assignment-driver_id", LIM)
    press(phone, "Assign")
    told(phone, "assigned")
    expect(lane(phone, LIM).locator(f"[data-job='{booking['id']}']")).to_be_visible()


@pytest.mark.parametrize("width", [820, 375])
def test_a_finger_drags_a_job_to_a_driver(
    browser: Browser, copy: RunningCopy, office: Office, day: str, width: int
) -> None:
    office.give(office.book(day, 9), AHMAD, "VCR 3355")
    booking = office.book(day, 13)
    context = browser.new_context(
        base_url=copy.url, viewport={"width": width, "height": 1000}, has_touch=True
    )
    tablet = context.new_page()
    open_board(tablet, day)
    fits(tablet)
    drag_by_touch(tablet, card(tablet, booking), lane(tablet, AHMAD))
    told(tablet, f"{booking['number']} given to {AHMAD} · VCR 3355")
    expect(lane(tablet, AHMAD).locator(f"[data-job='{booking['id']}']")).to_be_visible()
    assert office.driver_of(booking) == AHMAD
    context.close()


def test_two_dispatchers_see_each_other_within_a_second(
    page: Page, browser: Browser, copy: RunningCopy, office: Office, day: str
) -> None:
    office.give(office.book(day, 9), AHMAD, "VCR 3355")
    booking = office.book(day, 13)
    open_board(page, day)
    context = browser.new_context(base_url=copy.url, viewport={"width": 1280, "height": 800})
    other = context.new_page()
    open_board(other, day)
    expect(card(other, booking)).to_be_visible()
    other.wait_for_timeout(1500)  # the event stream of a fresh tab opens a moment after the page

    drag(page, card(page, booking), lane(page, AHMAD))
    told(page, f"{booking['number']} given to {AHMAD}")
    since = time.monotonic()
    expect(lane(other, AHMAD).locator(f"[data-job='{booking['id']}']")).to_be_visible(timeout=5000)
    seconds = time.monotonic() - since
    assert seconds < 1, f"seen after {seconds:.2f} s"

    context.close()


def test_whoever_is_slower_overwrites_nothing(page: Page, office: Office, day: str) -> None:
    office.give(office.book(day, 9), LIM, "VCR 3355")
    booking = office.book(day, 13)
    open_board(page, day)
    lift_with_mouse(page, card(page, booking))
    office.give(booking, AHMAD, "WUQ 7718")
    box = lane(page, LIM).bounding_box()
    assert box
    page.mouse.move(box["x"] + 60, box["y"] + 80, steps=12)
    page.mouse.up()
    told(page, f"{booking['number']} is with {AHMAD} now: given by")
    expect(lane(page, AHMAD).locator(f"[data-job='{booking['id']}'] .job-note")).to_contain_text("given by")
    assert office.driver_of(booking) == AHMAD


def test_board_and_calendar_read_well(page: Page, phone: Page, office: Office, day: str) -> None:
    office.give(office.book(day, 9), AHMAD, "VCR 3355")
    office.book(day, 13)
    open_board(page, day)
    reads_well(page)
    for view in ("month", "week"):
        page.goto(f"/rental/calendar?view={view}&on={day}")
        expect(page.locator(".cal-day").first).to_be_visible()
        fits(page)
        reads_well(page)
    sign_in_office(phone, f"/rental/assignment?day={day}")
    expect(lane(phone, "Not assigned")).to_be_visible()
    reads_well(phone)
    for view in ("month", "week"):
        phone.goto(f"/rental/calendar?view={view}&on={day}")
        shown = phone.locator(".cal-day").filter(has=phone.locator(f"a[href$='day={day}']"))
        expect(shown).to_contain_text("2 jobs")
        fits(phone)
        reads_well(phone)


def test_a_day_of_the_calendar_opens_its_board_and_a_size_what_takes_its_bins(
    page: Page, office: Office, day: str
) -> None:
    booking = office.book(day, 9)
    sign_in_office(page, f"/rental/calendar?on={day}")
    cell = page.locator(".cal-day").filter(has=page.locator(f"a[href$='day={day}']"))
    cell.get_by_role("button", name=re.compile("4 × 12 × 6 ft free")).click()
    sheet = page.locator("#takers-sheet")
    expect(sheet).to_contain_text(booking["number"])
    expect(sheet).to_contain_text("Not assigned")
    sheet.get_by_role("button", name="Close").click()
    cell.get_by_role("link").first.click()
    expect(card(page, booking)).to_be_visible()
