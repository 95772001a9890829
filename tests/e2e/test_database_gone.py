"""What people see while the database can't be reached, and that all goes on by itself when it is back."""

import signal
from contextlib import ExitStack
from pathlib import Path

import psutil
from playwright.sync_api import Browser, expect

from lattis_app.core import postgres
from tests.copies import RunningCopy, running_copy
from tests.e2e.people import fits, sign_in_driver, sign_in_office, told

GONE = "Lattis can't reach its database. What you typed is still here; trying again…"
STANDS_IN = "This page could not be loaded"


def test_pages_say_that_the_database_is_gone_keep_what_was_typed_and_come_back_with_it(
    browser: Browser, home: Path
) -> None:
    with ExitStack() as afterwards, running_copy(home) as copy:
        office = browser.new_context(base_url=copy.url, viewport={"width": 1280, "height": 800})
        form, opened = office.new_page(), office.new_page()
        phone = browser.new_context(base_url=copy.url, viewport={"width": 375, "height": 812}).new_page()
        sign_in_office(form, "/rental/customers?new=yes")
        form.locator("#customer-company_name").fill("Kilang Baru")
        form.locator("#customer-phone").fill("012-777 8899")
        opened.goto("/rental/bins")
        expect(opened.get_by_text("ASR").first).to_be_visible()
        sign_in_driver(phone)
        expect(phone.get_by_text("Bins to collect")).to_be_visible()

        _end_database(copy)
        form.get_by_role("button", name="Save customer").click()
        expect(form.get_by_text(GONE)).to_be_visible()
        expect(form.locator("form[data-busy]")).to_have_count(0)
        opened.get_by_role("link", name="Expenses").click()
        phone.reload()
        for page in (opened, phone):
            expect(page.get_by_role("heading", name=STANDS_IN)).to_be_visible()
            expect(page.locator("main .skeleton:visible")).to_have_count(0)
            fits(page)

        afterwards.callback(postgres.start(home / "pg").stop)
        expect(opened.get_by_role("heading", name="Expenses")).to_be_visible()
        expect(phone.get_by_text("Bins to collect")).to_be_visible()
        expect(form.get_by_text(GONE)).to_be_hidden()
        form.get_by_role("button", name="Save customer").click()
        told(form, "Customer saved")
        for page in (form, phone):
            page.context.close()


def _end_database(copy: RunningCopy) -> None:
    (server,) = [each for each in copy.family() if each.name() == "postgres" and "-D" in each.cmdline()]
    connections = server.children()
    server.send_signal(signal.SIGINT)
    psutil.wait_procs(connections, timeout=30)
