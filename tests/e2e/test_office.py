"""The office's main path in Chromium: sign in, and take money for an invoice."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.office import sign_in
from tests.e2e.people import focus_by_keyboard, reads_well


def test_an_invoice_is_paid_and_receipted(page: Page) -> None:
    sign_in(page)
    page.goto("/rental/invoices?status=issued")
    page.locator("tbody tr", has_text="INV-").first.click()
    page.get_by_role("button", name="Record payment").first.click()
    sheet = page.locator("#payment-sheet")
    expect(sheet.locator("input[name=amount]")).to_have_value(re.compile(r"^\d+\.\d\d$"))
    sheet.get_by_role("button", name="Record payment").click()
    expect(page.get_by_text(re.compile(r"Receipt RCPT-\d{4}-\d{5} given"))).to_be_visible(timeout=15_000)


def test_an_invoice_is_paid_by_the_keyboard_alone(page: Page) -> None:
    sign_in(page)
    page.goto("/rental/invoices?status=issued")
    expect(page.locator("tr[data-row]").first).to_be_visible()
    page.keyboard.press("j")
    expect(page.locator("tr[data-row]").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".record-title").first).to_contain_text("INV-")
    focus_by_keyboard(page, page.get_by_role("button", name="Record payment").first)
    page.keyboard.press("Enter")
    amount = page.locator("#payment-sheet input[name=amount]")
    expect(amount).to_be_focused()
    reads_well(page)
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowUp")
    focus_by_keyboard(page, page.locator("#payment-sheet").get_by_role("button", name="Record payment"))
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile(r"Receipt RCPT-\d{4}-\d{5} given"))).to_be_visible(timeout=15_000)
    expect(page.locator("#payment-sheet")).to_be_hidden()


def test_an_amount_above_the_balance_is_refused_beside_its_field(page: Page) -> None:
    sign_in(page)
    page.goto("/rental/invoices?status=issued")
    page.locator("tbody tr", has_text="INV-").first.click()
    page.get_by_role("button", name="Record payment").first.click()
    sheet = page.locator("#payment-sheet")
    sheet.locator("input[name=amount]").fill("999999.00")
    sheet.get_by_role("button", name="Record payment").click()
    expect(sheet.get_by_text(re.compile("must not exceed the balance", re.IGNORECASE))).to_be_visible(
        timeout=15_000
    )
    expect(sheet.locator("input[name=amount]")).to_have_value("999999.00")
