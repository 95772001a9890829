"""The marketplace in Chromium: a restricted seller pays on a phone and sells again; the office confirms a payment."""

from playwright.sync_api import Page, expect

from tests.e2e.people import fits, press, reads_well, sign_in_office, told, went_well

SELLER = "seller@lattis.com"
WHY = "You cannot create new orders until overdue invoices are paid"
OWN_PAGES = {
    "/seller/orders": "Orders",
    "/seller/products": "Products",
    "/seller/statement": "Statement",
    "/seller/invoices": "Invoices",
}
OFFICE_PAGES = {
    "/marketplace/sellers?restricted=true": "Bitola Books",
    "/marketplace/invoices?status=overdue": "INV-",
    "/marketplace/orders?status=delivered": "ORD-",
    "/marketplace/next-run": "Fees in denars",
    "/marketplace/runs": "200 invoices",
    "/marketplace/settings": "MKD per EUR",
}


def test_a_restricted_seller_pays_on_a_phone_and_sells_again(phone: Page) -> None:
    """Checklist: "Test payment flow end-to-end (seller and admin)", "Test payment restriction scenarios"."""
    sign_in_office(phone, "/", account=SELLER)
    phone.wait_for_url("**/seller/invoices")
    warning = phone.get_by_role("alert").filter(has_text=WHY)
    expect(warning).to_be_visible()
    reads_well(phone)
    fits(phone)
    phone.goto("/seller/orders")
    expect(phone.get_by_role("button", name="New order")).to_be_disabled()
    phone.goto("/seller/invoices")
    expect(warning).to_be_visible()
    left = warning.get_by_role("link", name="Pay INV").count()
    for number in range(left, 0, -1):
        expect(warning.get_by_role("link", name="Pay INV")).to_have_count(number)
        warning.get_by_role("link", name="Pay INV").first.click()
        sheet = phone.locator("#pay-sheet")
        expect(sheet).to_be_visible()
        sheet.locator("textarea").fill("Stopanska 4711")
        sheet.get_by_role("button", name="Mark as paid").click()
        told(phone, "is marked as paid")
        expect(phone.get_by_text("Recorded by")).to_be_visible()
        phone.goto("/seller/invoices")
        expect(phone.locator("tr[data-row]").first).to_be_visible()
    expect(warning).to_have_count(0)
    press(phone, "Reactivate the 14 products")
    told(phone, "14 products are on offer again")
    phone.goto("/seller/orders")
    phone.get_by_role("button", name="New order").click()
    sheet = phone.locator("#order-sheet")
    sheet.locator("select[name=productId]").select_option(index=1)
    sheet.locator("input[name=buyerName]").fill("Марија Петрова")
    sheet.get_by_role("button", name="Take the order").click()
    told(phone, "taken")
    press(phone, "Send it")
    told(phone, "is on its way")
    press(phone, "Delivered")
    told(phone, "is delivered")
    expect(phone.get_by_text("With next Monday's invoice")).to_be_visible()
    went_well(phone)


def test_a_sellers_pages_fit_a_phone_and_keep_nobody_out(phone: Page) -> None:
    sign_in_office(phone, "/seller/invoices", account=SELLER)
    for path, title in OWN_PAGES.items():
        phone.goto(path)
        expect(phone.get_by_role("heading", name=title, exact=True)).to_be_visible()
        expect(phone.locator(".skeleton")).to_have_count(0)
        went_well(phone)
        reads_well(phone)
    phone.locator("tr[data-row]").first.click()
    expect(phone.get_by_role("heading", name="Orders on this invoice")).to_be_visible()
    went_well(phone)
    reads_well(phone)


def test_the_office_sees_every_seller_and_confirms_what_was_claimed(page: Page) -> None:
    """Checklist: "Implement admin "mark as paid" functionality"."""
    sign_in_office(page, "/marketplace/invoices?claimed=true")
    for path, words in OFFICE_PAGES.items():
        page.goto(path)
        expect(page.locator("main").get_by_text(words).first).to_be_visible()
        expect(page.locator(".skeleton")).to_have_count(0)
        went_well(page)
        reads_well(page)
    page.goto("/marketplace/invoices?claimed=true")
    expect(page.get_by_role("button", name="Remove filter Payment claimed")).to_be_visible()
    page.locator("tr[data-row]").first.click()
    expect(page.get_by_text("Stopanska transfer").first).to_be_visible()
    press(page, "Confirm payment")
    sheet = page.locator("#paid-sheet")
    expect(sheet).to_be_visible()
    sheet.get_by_role("button", name="Confirm the payment").click()
    told(page, "is paid")
    expect(page.get_by_text("Confirmed", exact=True)).to_be_visible()
    went_well(page)
