"""What people do in a browser, shared by the end-to-end tests: sign in, fill sheets, press, look."""

import io
from collections.abc import Iterable
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from lattis_app.registry import DEMO_PASSWORD

AHMAD = {"driverName": "Ahmad Rahman", "icNumber": "920815-14-5678", "phoneNumber": "012-3456789"}
RAVI = {"driverName": "Ravi Chandran", "icNumber": "930130-05-5831", "phoneNumber": "012-3456794"}
THEMES = ("light", "dark")
GRAVE = ("serious", "critical")
MOST_TABS = 150


def sign_in_office(page: Page, path: str, account: str = "admin@lattis.com") -> None:
    """Sign an office account in and open a page."""
    form = {"account": account, "password": DEMO_PASSWORD}
    answer = page.request.post("/auth/sign-in", form=form, max_redirects=0)
    assert answer.status == 303
    page.goto(path)


def sign_in_driver(phone: Page, driver: dict[str, str] = AHMAD, path: str = "/driver") -> None:
    """Sign a driver in and open a page."""
    answer = phone.request.post("/auth/driver-sign-in", form=driver, max_redirects=0)
    assert answer.headers["location"] == "/driver"
    phone.goto(path)


def photo(shade: str) -> dict[str, Any]:
    """A picture as a phone's camera gives it."""
    buffer = io.BytesIO()
    Image.new("RGB", (2000, 1500), shade).save(buffer, "JPEG")
    return {"name": "IMG.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()}


def sign(pad: Locator) -> None:
    """Write on a pad with a finger."""
    box = pad.bounding_box()
    assert box is not None
    mouse = pad.page.mouse
    left, middle = box["x"] + box["width"] / 4, box["y"] + box["height"] / 2
    mouse.move(left, middle)
    mouse.down()
    for place, height in enumerate((-50, 40, -30, 20, -10), start=1):
        mouse.move(left + 30 * place, middle + height, steps=4)
    mouse.up()
    expect(pad.locator("..")).to_have_attribute("data-signed", "true")


def press(page: Page, name: str) -> None:
    """Press the button of this name."""
    page.get_by_role("button", name=name, exact=True).click()


def choose(page: Page, field: str, words: str) -> None:
    """Type into a combobox of the open sheet and take the first offer that has the words."""
    page.locator(f"#{field}").fill(words)
    offered = page.locator(f"#{field}-options [role=option]", has_text=words)
    offered.first.click()


def focus_by_keyboard(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus."""
    for _ in range(MOST_TABS):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} can't be reached by Tab")


def told(page: Page, words: str) -> None:
    """The page says that it is done."""
    expect(page.locator("[data-sonner-toast]", has_text=words).first).to_be_visible()


def went_well(page: Page) -> None:
    """No error was told, and nothing sticks out to the side."""
    expect(page.locator("[data-sonner-toast][data-type=error]")).to_have_count(0)
    fits(page)


def fits(page: Page) -> None:
    """Nothing sticks out to the side."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def reads_well(page: Page, themes: Iterable[str] = THEMES) -> None:
    """Nothing keeps people with disabilities out, in the light and in the dark."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    for theme in themes:
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.wait_for_function("theme => document.documentElement.classList.contains(theme)", arg=theme)
        page.evaluate(
            "Promise.allSettled(document.getAnimations().filter((each) => each instanceof CSSTransition).map((each) => each.finished))"
        )
        found = page.evaluate("axe.run({resultTypes: ['violations']}).then((found) => found.violations)")
        grave = [
            f"{theme} {page.url}: {each['id']} ({each['help']}): {[node['target'] for node in each['nodes']]}"
            for each in found
            if each["impact"] in GRAVE
        ]
        assert grave == []
    page.emulate_media(color_scheme="light")
