"""The office makes, corrects, drives and cancels a delivery order, and finds it again."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.people import choose, press, sign_in_office


def test_an_order_goes_from_draft_to_cancelled(page: Page) -> None:
    sign_in_office(page, "/rental/delivery-orders")
    expect(page.locator("tr[data-row]").first).to_be_visible()
    press(page, "New order")
    sheet = page.locator("#order-sheet")
    press(page, "Save order")
    expect(sheet.locator("#order-customer_id-error")).to_contain_text("Fill this in")
    expect(sheet.locator("#order-inventory_bin_id-error")).to_contain_text("Fill this in")

    choose(page, "order-customer_id", "ABC")
    choose(page, "order-inventory_bin_id", "ASR")
    sheet.locator("#order-amount").fill("410.00")
    sheet.locator('[name="waste_items.0.description"]').fill("Broken tiles")
    sheet.locator('[name="waste_items.0.price"]').fill("400.00")
    press(page, "Save order")
    expect(sheet.locator("#order-amount-error")).to_contain_text("add up to RM 400.00")

    sheet.locator('[name="waste_items.0.price"]').fill("410.00")
    sheet.get_by_text("Keep as a draft").click()
    press(page, "Save order")
    expect(sheet).to_be_hidden()
    panel = page.locator(".record-panel")
    expect(panel.locator(".record-title")).to_have_text("Draft")

    press(page, "Edit")
    expect(sheet.locator("#order-amount")).to_have_value("410.00")
    sheet.locator("#order-do_by_name").fill("Mei Ling")
    press(page, "Save order")
    expect(panel).to_contain_text("Mei Ling")

    press(page, "Issue order")
    expect(panel.locator(".record-title")).to_have_text(re.compile(r"DO-\d{4}-\d{5}"))
    press(page, "Cancel…")
    page.locator("#cancel-order textarea").fill("The customer called it off")
    press(page, "Cancel the order")
    expect(panel.locator(".steps").first.locator(".step").last).to_have_text("Cancelled")
    page.get_by_role("tab", name="History").click()
    expect(panel).to_contain_text("The customer called it off")


def test_the_list_is_narrowed_by_address_chips_and_views(page: Page) -> None:
    sign_in_office(page, "/rental/delivery-orders?status=issued,pending_invoice&fulfilment_status=delivered")
    rows = page.locator("tr[data-row]")
    expect(rows.first).to_be_visible()
    expect(page.locator(".chip").first).to_contain_text("Issued, Pending invoice")
    for text in rows.all_inner_texts():
        assert "With customer" in text
        assert "Pending invoice" in text or "Issued" in text

    page.get_by_role("button", name="Views").click()
    page.get_by_text("Failed trips").click()
    expect(page).to_have_url(re.compile("fulfilment_status=failed"))
    expect(rows.first).to_contain_text("Failed")
    rows.first.click()
    expect(page.locator(".record-panel")).to_contain_text("Failed trip")


def test_a_search_that_finds_nothing_says_so(page: Page) -> None:
    sign_in_office(page, "/rental/delivery-orders?q=zzzzzz")
    expect(page.get_by_text("Nothing fits")).to_be_visible()
