"""Every page of the office on a phone, by night."""

from playwright.sync_api import Page

from tests.e2e.office import look_at_every_page, sign_in


def test_every_page_of_the_office_fits_a_phone_and_reads_well_by_night(phone: Page) -> None:
    sign_in(phone)
    look_at_every_page(phone, "dark")
