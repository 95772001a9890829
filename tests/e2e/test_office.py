"""The office's main path in Chromium: sign in, look around, take money for an invoice."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.people import fits, focus_by_keyboard, reads_well

PAGES = {
    "/dashboard": "Needs you",
    "/rental/assignment": "Not assigned",
    "/rental/calendar": "A day opens its board",
    "/rental/bookings": "BK-",
    "/rental/delivery-orders": "DO-",
    "/rental/bins": "ASR",
    "/rental/lorries": "WXY 4521",
    "/rental/drivers": "Ahmad Rahman",
    "/rental/customers": "ABC Construction",
    "/rental/invoices?status=issued": "INV-",
    "/rental/payments": "RCPT-",
    "/rental/refunds": "RFND-",
    "/rental/driver-cash": "Ahmad Rahman",
    "/rental/commissions": "John Referrer",
    "/rental/expenses": "Diesel",
    "/rental/charges": "Days over the included",
    "/rental/price-cards": "Construction debris",
    "/rental/waste-items": "Garden waste",
    "/rental/rentable-lorries": "Pengangkutan Ali",
    "/rental/trips": "Warehouse",
    "/rental/collection-reminders": "DO-",
    "/rental/reports": "Sales by period",
    "/rental/reports/summary": "Net cash",
    "/rental/reports/customers": "ABC Construction",
    "/rental/reports/invoices-pending-alerts": "INV-",
    "/rental/reports/customers-ageing": "Balance",
    "/rental/report-schedules": "No report is e-mailed yet",
    "/system/users": "admin@lattis.com",
    "/system/jobs": "rental.sweep_commission_eligibility",
    "/system/messages": "Waiting for settings",
    "/system/webhooks": "Nobody listens yet",
    "/imports": "small-bins.csv",
    "/imports/new?kind=lorries": "road_tax_expires_on",
    "/system/audit": "Signed in",
    "/system/business": "Usual hire",
}
KEPT = (
    "/rental/bins",
    "/rental/lorries",
    "/rental/rentable-lorries",
    "/rental/trips",
    "/rental/drivers",
    "/rental/waste-items",
    "/rental/price-cards",
    "/rental/collection-reminders",
)


def sign_in(page: Page) -> None:
    page.goto("/sign-in")
    page.fill("input[name=account], input[name=email]", "admin@lattis.com")
    page.fill("input[name=password]", "lattis-demo")
    page.keyboard.press("Enter")
    page.wait_for_url("**/dashboard**")


def turn_to(page: Page, path: str) -> None:
    """Go to a page as a link of the navigation does, without loading the application again."""
    before = page.title()
    page.evaluate(
        "path => { history.pushState({}, '', path); dispatchEvent(new PopStateEvent('popstate')) }", path
    )
    page.wait_for_function("before => document.title !== before", arg=before)


def look_at_every_page(page: Page, theme: str) -> None:
    """The dashboard is where people arrive; reports share a title, so each of them is loaded."""
    for path, words in PAGES.items():
        if path.startswith("/rental/reports/"):
            page.goto(path)
        elif path != "/dashboard":
            turn_to(page, path)
        expect(page.locator("main").get_by_text(words).filter(visible=True).first).to_be_visible(
            timeout=15_000
        )
        fits(page)
        reads_well(page, (theme,))


def test_every_page_of_the_office_shows_its_records_and_reads_well_by_day(page: Page) -> None:
    sign_in(page)
    look_at_every_page(page, "light")


def test_every_page_of_the_office_fits_a_phone_and_reads_well_by_night(phone: Page) -> None:
    sign_in(phone)
    look_at_every_page(phone, "dark")


def test_what_the_office_keeps_reads_well_with_a_record_open(page: Page) -> None:
    sign_in(page)
    for path in KEPT:
        page.goto(path)
        page.locator("tr[data-row]").first.click()
        expect(page.locator(".record-panel .record-title")).to_be_visible()
        reads_well(page)
    page.goto("/rental/availability")
    expect(page.locator(".free-day").first).to_be_visible()
    reads_well(page)


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
