"""Every page of the office on a wide screen, by day."""

from playwright.sync_api import Page, expect

from tests.e2e.office import look_at_every_page, sign_in
from tests.e2e.people import reads_well

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


def test_every_page_of_the_office_shows_its_records_and_reads_well_by_day(page: Page) -> None:
    sign_in(page)
    look_at_every_page(page, "light")


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
