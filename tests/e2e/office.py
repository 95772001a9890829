"""The office's pages, how one gets to them, and what each shows with the demo data."""

from playwright.sync_api import Page, expect

from tests.e2e.people import fits, reads_well

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
