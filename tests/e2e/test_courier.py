"""A courier's settlement in Chromium: a merchant on the phone, and the office that settles and pays."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.people import fits, press, reads_well, sign_in_office, told, went_well

MERCHANT = "merchant@lattis.com"
OFFICE = {
    "/courier/parcels": "Payable (RM)",
    "/courier/settle": "Settle everybody",
    "/courier/invoices": "INV-",
    "/courier/disputes": "What the merchant says",
    "/courier/clearances": "Correction (RM)",
    "/courier/remittances": "Compare a file",
    "/courier/merchants": "Code",
    "/courier/health": "Amounts that are right",
}
OWN = {
    "/merchant": "Next settlement",
    "/merchant/parcels": "Find many",
    "/merchant/invoices": "INV-",
    "/merchant/statement": "Balance",
    "/merchant/disputes": "Disputes",
}


def look_at(page: Page, places: dict[str, str]) -> None:
    """Every page shows what it is about, fits, and keeps nobody out."""
    for path, words in places.items():
        page.goto(path)
        expect(page.locator("#main").get_by_text(words).locator("visible=true").first).to_be_visible()
        expect(page.locator("[aria-busy=true]")).to_have_count(0)
        went_well(page)
        reads_well(page, themes=("light",))


def test_the_office_settles_a_merchant_and_pays(page: Page) -> None:
    sign_in_office(page, "/courier/settle")
    page.locator("table[aria-label='What would be settled'] a").first.click()
    expect(page.get_by_role("heading", name="The invoice")).to_be_visible()
    first = page.locator("tbody input.box").first
    first.click()
    expect(page.get_by_text("1 left out")).to_be_visible()
    press(page, "Take all in")
    expect(first).to_be_checked()
    press(page, "Generate the invoice")
    told(page, "generated")

    page.wait_for_url(re.compile(r"/courier/invoices\?open="))
    press(page, "Mark as paid…")
    page.fill("input[name=payment_reference]", "MBB-2026-0001")
    press(page, "Mark as paid")
    told(page, "is paid")
    expect(page.locator(".record-panel")).to_contain_text("MBB-2026-0001")
    went_well(page)


def test_every_page_of_the_office_shows_what_it_is_about(page: Page) -> None:
    sign_in_office(page, "/courier/parcels")
    look_at(page, OFFICE)


def test_a_merchant_finds_their_money_on_the_phone(phone: Page) -> None:
    sign_in_office(phone, "/", MERCHANT)
    phone.wait_for_url("**/merchant")
    look_at(phone, OWN)
    at_hand = phone.get_by_role("navigation", name="At hand")
    at_hand.get_by_text("Parcels").click()
    phone.wait_for_url("**/merchant/parcels")


def test_a_merchant_pastes_numbers_and_disputes_one_on_the_phone(phone: Page) -> None:
    sign_in_office(phone, "/merchant/parcels?status=DELIVERED&disputed=false", MERCHANT)
    number = phone.locator("tr[data-row] td.lead").first.inner_text().split()[0]
    press(phone, "Find many…")
    phone.fill("textarea[name=numbers]", f"{number}\nNOBODYS1")
    press(phone, "Find them")
    expect(phone.get_by_text("1 of 2 found")).to_be_visible()
    expect(phone.get_by_text("NOBODYS1")).to_be_visible()

    phone.locator("tr[data-row]").first.click()
    press(phone, "Something is wrong…")
    phone.fill("textarea[name=reason]", "The recipient paid more than you show")
    press(phone, "Send")
    told(phone, "We look into it")
    expect(phone.locator(".record-panel")).to_contain_text("Disputed")
    fits(phone)
