"""A bin's whole story through pages only: the office books, dispatches, invoices and pays; the driver drives and collects."""

import io
import re
from dataclasses import dataclass
from datetime import datetime

import pypdf
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.copies import ZONE
from tests.e2e.people import (
    RAVI,
    choose,
    fits,
    photo,
    press,
    reads_well,
    sign,
    sign_in_driver,
    sign_in_office,
    told,
    went_well,
)

LORRY = "BPL 5076"
SIZE = "4x12x6"
TODAY = datetime.now(ZONE).date()


@dataclass
class Hire:
    """What the story is about; numbers and ids are learnt on the way."""

    customer: str
    hour: int
    booking: str = ""
    order: str = ""
    number: str = ""
    invoice: str = ""
    receipt: str = ""


def panel(page: Page) -> Locator:
    return page.locator(".record-panel")


def fact(page: Page, label: str) -> Locator:
    """What the open record says about something."""
    term = panel(page).locator("dt", has_text=re.compile(f"^{label}$"))
    return term.locator("xpath=following-sibling::dd[1]").filter(visible=True)


def stands_at(page: Page, words: str, strip: int = 0) -> None:
    """How far the open record is; an order has a second strip for the road."""
    reached = panel(page).locator(".steps").nth(strip).locator(".step:not([data-state=todo])")
    expect(reached.last).to_have_text(words)


def open_row(page: Page, words: str) -> str:
    """Open the record of a row, which the address then names; its id."""
    page.locator("tr[data-row]", has_text=words).click()
    expect(page).to_have_url(re.compile("open="))
    return page.url.partition("open=")[2].partition("&")[0]


def buy_bin(office: Page, hire: Hire) -> None:
    """The office owns one more bin of the size the customer will want."""
    office.goto("/rental/bins")
    press(office, "New bin")
    office.locator("#bin-serial_number").fill(f"WALK-{hire.hour}")
    for side, feet in zip(("h_ft", "l_ft", "w_ft"), SIZE.split("x"), strict=True):
        office.locator(f"[id='bin-size.{side}']").fill(feet)
    office.locator("#bin-area").fill("Klang Valley")
    press(office, "Save bin")
    expect(panel(office).locator(".record-title")).to_have_text(f"WALK-{hire.hour}")


def take_on(office: Page, hire: Hire) -> None:
    """The office takes on a customer whom somebody introduced."""
    office.goto("/rental/customers")
    press(office, "New customer")
    office.locator("#customer-company_name").fill("ABC Construction Sdn Bhd")
    expect(office.locator("#customers-sheet")).to_contain_text("Looks like somebody you know")
    office.locator("#customer-company_name").fill(hire.customer)
    office.locator("#customer-contact_name").fill("John Doe")
    office.locator("#customer-phone").fill("+60123456789")
    office.locator("#customer-email").fill("john@abc.com")
    office.locator("#customer-address").fill("456 Jalan Puchong, 47100 Puchong")
    office.locator("#customer-introducer_name").fill("John Referrer")
    press(office, "Save customer")
    expect(panel(office).locator(".record-title")).to_have_text(hire.customer)


def book(office: Page, hire: Hire) -> None:
    """The office takes the customer's booking and confirms it."""
    office.goto("/rental/bookings")
    press(office, "New booking")
    choose(office, "booking-customer_id", hire.customer)
    office.locator("#booking-requested_bin_size").select_option(SIZE)
    office.locator("#booking-scheduled_at").fill(f"{TODAY}T{hire.hour}:00")
    office.locator("#booking-hire_days").fill("3")
    office.locator("#booking-area").fill("Klang Valley")
    office.locator("#booking-state").fill("Selangor")
    office.locator("#booking-notes").fill("Construction site delivery")
    press(office, "Save booking")
    title = panel(office).locator(".record-title")
    expect(title).to_have_text(re.compile(r"BK-\d{4}-\d{5}"))
    stands_at(office, "Pending")
    number = title.inner_text()
    press(office, "Confirm")
    stands_at(office, "Confirmed")
    press(office, "Close")
    hire.booking = open_row(office, number)


def dispatch(office: Page, hire: Hire) -> None:
    """The office gives the booking to a driver and a lorry."""
    office.goto(f"/rental/assignment?day={TODAY}")
    office.locator(f"[data-job='{hire.booking}']").click()
    choose(office, "assignment-driver_id", RAVI["driverName"])
    choose(office, "assignment-lorry_id", LORRY)
    press(office, "Assign")
    told(office, "assigned")


def make_order(office: Page, hire: Hire) -> None:
    """The assigned booking becomes a delivery order, which takes a bin and brings a draft invoice along."""
    office.goto(f"/rental/bookings?open={hire.booking}")
    expect(fact(office, "Driver · lorry")).to_have_text(f"Ravi Chandran · {LORRY}")
    press(office, "Make delivery order…")
    office.locator("#order-amount").fill("350.00")
    office.locator("#order-payment_method").select_option("CASH")
    press(office, "Issue order")
    stands_at(office, "Fulfilled")
    link = fact(office, "Delivery order").get_by_role("link")
    expect(link).to_have_text(re.compile(r"DO-\d{4}-\d{5}"))
    hire.number = link.inner_text()
    link.click()
    expect(panel(office).locator(".record-title")).to_have_text(hire.number)
    stands_at(office, "Pending invoice")
    expect(panel(office).locator("tfoot").filter(visible=True)).to_contain_text("RM 350.00")
    expect(fact(office, "Introducer")).to_have_text("John Referrer")


def open_order(office: Page, hire: Hire) -> None:
    """The office finds the order by its number."""
    office.goto(f"/rental/delivery-orders?q={hire.number}")
    hire.order = open_row(office, hire.number)


def drive(phone: Page, hire: Hire) -> None:
    """The driver starts, sets the bin down with three photos, takes cash, fetches the bin, closes."""
    phone.goto("/driver")
    phone.locator(f"a[href*='{hire.order}']").click()
    expect(phone.locator("h1:visible")).to_have_text("Start the trip")
    expect(phone.get_by_text(hire.customer).first).to_be_visible()
    fits(phone)
    press(phone, "Start trip")
    expect(phone.locator("h1:visible")).to_have_text("Photos of the placed bin")
    camera = phone.locator("main .photo-add input").first
    for place, shade in enumerate(("red", "green", "blue"), start=1):
        camera.set_input_files(photo(shade))
        expect(phone.get_by_text(f"{place} of at least 3 photos")).to_be_visible()
    fits(phone)
    press(phone, "Delivered")
    phone.get_by_label("Name").fill("Encik Lim")
    sign(phone.locator("main canvas"))
    fits(phone)
    phone.get_by_role("dialog").get_by_role("button", name="Delivered").click()
    expect(phone.get_by_role("heading", name="Collect payment")).to_be_visible()
    fits(phone)
    phone.get_by_role("button", name=re.compile("^Take RM 350.00 cash$", re.IGNORECASE)).click()
    receipt = phone.locator(".receipt")
    expect(receipt).to_contain_text("RM 350.00")
    expect(receipt).to_contain_text("Cash")
    expect(receipt.get_by_alt_text("Check link of this receipt")).to_be_visible()
    found = re.search(r"RCPT-\d{4}-\d{5}", receipt.inner_text())
    assert found
    hire.receipt = found[0]
    fits(phone)
    press(phone, "Bin collected")
    press(phone, "Close job")
    expect(phone.get_by_role("heading", name="Job done")).to_be_visible()
    fits(phone)


def invoice(office: Page, hire: Hire) -> None:
    """The office issues the invoice, which the driver's cash has paid, and looks at the papers."""
    open_order(office, hire)
    press(office, "Issue invoice")
    told(office, "issued")
    stands_at(office, "Closed")
    stands_at(office, "Done", strip=1)
    office.get_by_role("tab", name="Money").click()
    expect(fact(office, "Invoiced")).to_have_text("RM 350.00")
    expect(fact(office, "Paid")).to_have_text("RM 350.00")
    expect(fact(office, "To pay")).to_have_text("RM 0.00")
    link = fact(office, "Invoice").get_by_role("link")
    hire.invoice = link.inner_text()
    link.click()
    expect(panel(office).locator(".record-title")).to_have_text(hire.invoice)
    stands_at(office, "Closed")
    sums = panel(office).locator("tfoot tr")
    expect(sums).to_have_count(5)
    amounts = ("RM 350.00", "RM 0.00", "RM 350.00", "−RM 350.00", "RM 0.00")
    for row, amount in zip(sums.all(), amounts, strict=True):
        expect(row.locator("td").last).to_have_text(amount)
    words = read(office, panel(office).get_by_role("link", name="PDF"))
    assert hire.invoice in words
    assert hire.customer in words
    assert "350.00" in words
    office.get_by_role("tab", name="Payments").click()
    panel(office).get_by_role("link", name=hire.receipt).click()
    expect(panel(office).locator(".record-title")).to_have_text(hire.receipt)
    expect(fact(office, "Amount")).to_have_text("RM 350.00")
    words = read(office, panel(office).get_by_role("link", name="Receipt, 80 mm"))
    assert hire.receipt in words
    assert "350.00" in words


def read(page: Page, link: Locator) -> str:
    """The words of the PDF that a link opens."""
    answer = page.request.get(str(link.get_attribute("href")))
    assert answer.headers["content-type"] == "application/pdf"
    return "\n".join(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(answer.body())).pages)


def reward(office: Page, hire: Hire) -> None:
    """The office agrees to the introducer's commission and pays it."""
    office.goto(f"/rental/commissions?q={hire.number}")
    open_row(office, hire.number)
    stands_at(office, "Eligible")
    press(office, "Approve…")
    office.locator("#approval-amount").fill("50.00")
    press(office, "Approve")
    stands_at(office, "Approved")
    office.get_by_role("button", name=re.compile("^Pay")).first.click()
    office.locator("#payout-reference").fill(f"Commission payment for {hire.number}")
    press(office, "Mark as paid")
    stands_at(office, "Paid")
    expect(fact(office, "Commission")).to_contain_text("50.00")
    expect(fact(office, "Paid by")).to_have_text("Bank transfer")


@pytest.mark.parametrize(("width", "hour"), [(1280, 20), (375, 21)])
def test_a_bin_is_booked_driven_paid_and_rewarded(page: Page, phone: Page, width: int, hour: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    hire = Hire(f"Kukuh Builders {width} Sdn Bhd", hour)
    sign_in_office(page, "/rental/customers")
    sign_in_driver(phone, RAVI)
    for step in (buy_bin, take_on, book, dispatch, make_order, open_order):
        step(page, hire)
        went_well(page)
    drive(phone, hire)
    for step in (invoice, reward):
        step(page, hire)
        went_well(page)


PAGES = (
    "/rental/customers",
    "/rental/bookings",
    "/rental/assignment",
    "/rental/delivery-orders?status=closed",
    "/rental/invoices?status=closed",
    "/rental/payments",
    "/rental/commissions?status=paid",
)


def test_every_page_of_the_story_reads_well_by_day_and_by_night(page: Page, phone: Page) -> None:
    sign_in_office(page, PAGES[0])
    for path in PAGES:
        page.goto(path)
        if path != "/rental/assignment":
            page.locator("tr[data-row]").first.click()
            expect(panel(page).locator(".record-title")).to_be_visible()
        reads_well(page)
    sign_in_driver(phone, RAVI)
    for path in ("/driver", "/driver/cash", "/driver/history"):
        phone.goto(path)
        expect(phone.locator("main .card, main .line").first).to_be_visible()
        reads_well(phone)
