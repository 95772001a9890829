"""A driver's job on the phone, from the start of the trip to the closed job, with the connection lost on the way."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.copies import RunningCopy
from tests.e2e.people import fits, photo, sign_in_driver


@pytest.fixture
def losing(browser: Browser, copy: RunningCopy) -> Iterator[Page]:
    """A phone whose console may say that requests fail, since they do."""
    context = browser.new_context(base_url=copy.url, viewport={"width": 375, "height": 812})
    yield context.new_page()
    context.close()


def test_a_job_is_driven_paid_and_closed_although_the_signal_was_gone(losing: Page) -> None:
    phone = losing
    sign_in_driver(phone)
    now = phone.locator(".card-now")
    expect(now).to_be_visible()
    fits(phone)
    now.get_by_role("button", name="Start trip").click()
    now.get_by_role("link", name="Continue").click()

    expect(phone.get_by_role("heading", name="Photos of the placed bin")).to_be_visible()
    camera = phone.locator("main:visible .photo-add input").first
    delivered = phone.get_by_role("button", name="Delivered, nobody there")
    expect(delivered).to_have_attribute("aria-disabled", "true")
    for place, shade in enumerate(("red", "green"), start=1):
        camera.set_input_files(photo(shade))
        expect(phone.locator("main:visible").get_by_text(f"{place} of at least 3 photos")).to_be_visible()
    fits(phone)

    lose(phone.context)
    camera.set_input_files(photo("blue"))
    expect(phone.locator("#waiting")).to_contain_text("1 action waiting to send")
    delivered.click()
    expect(phone.locator("#waiting")).to_contain_text("2 actions waiting to send")
    phone.context.unroute("**/v1/delivery-orders/**")

    expect(phone.get_by_role("heading", name="Collect payment")).to_be_visible()
    take = phone.get_by_role("button", name=re.compile(r"Take RM \d+\.\d\d cash"))
    take.dblclick()
    expect(phone.locator(".receipt")).to_have_count(1)
    expect(phone.locator(".receipt")).to_contain_text(re.compile(r"RCPT-\d{4}-\d{5}"))
    expect(phone.get_by_alt_text("Check link of this receipt")).to_be_visible()
    fits(phone)

    phone.get_by_role("button", name="Bin collected").click()
    phone.get_by_role("button", name="Close job").click()
    expect(phone.get_by_role("heading", name="Job done")).to_be_visible()


def lose(context: BrowserContext) -> None:
    """No request of an action gets through."""
    context.route("**/v1/delivery-orders/**", lambda route: route.fulfill(status=503, body=""))


def test_cash_and_history_are_the_drivers_own(phone: Page) -> None:
    sign_in_driver(phone)
    phone.get_by_role("link", name=re.compile("My cash")).click()
    expect(phone.get_by_text("Cash you hold")).to_be_visible()
    fits(phone)
    phone.get_by_role("link", name="History").click()
    expect(phone.get_by_role("heading", name="History")).to_be_visible()
    expect(phone.locator(".lines .line").first).to_be_visible()
    fits(phone)


def test_another_drivers_job_is_not_shown(phone: Page) -> None:
    sign_in_driver(phone)
    phone.goto("/driver/job/6f9619ff-8b86-4d01-b42d-00cf4fc964ff")
    expect(phone.get_by_text("This job is not yours any more")).to_be_visible()
