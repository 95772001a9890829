"""The delivery order says which bin goes where, who brings it, what is in it, and leaves room to sign."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from lattis_app.core.pdf import Paper
from lattis_app.rental.documents import delivery_orders
from lattis_app.rental.documents.delivery_orders import DeliveryOrderDocument, WasteLine
from tests.rental.documents.printed import BUSINESS, CHECK_URL, CUSTOMER, MOMENT, pages_of, ringgit, text_of

BOTH_PAPERS = pytest.mark.parametrize("paper", list(Paper))
DEBRIS = WasteLine("Construction debris", Decimal(2), "load", ringgit(35000), ringgit(70000))
ORDER = DeliveryOrderDocument(
    business=BUSINESS,
    customer=CUSTOMER,
    number="DO-2026-00045",
    status="issued",
    dated_at=MOMENT,
    bin_serial="ASR100",
    bin_size="4 × 12 × 6 ft",
    driver_name="Ahmad Rahman",
    lorry_registration="WXY 4521",
    lines=(DEBRIS,),
    total=ringgit(70000),
    payment_method="CASH",
    check_url=CHECK_URL,
    book_number="AS-2025-00123",
    site_address="Lot 18, Jalan Industri PBP 8",
    ordered_by="John Doe",
    scheduled_at=MOMENT,
    delivered_at=MOMENT + timedelta(hours=2),
    weight_kg=Decimal(1200),
    gross_weight_kg=Decimal(9450),
    tare_weight_kg=Decimal(8250),
    photo_count=3,
    collected=ringgit(10000),
    to_collect=ringgit(60000),
    notes="Place the bin on planks.",
)


@BOTH_PAPERS
def test_a_delivery_order_fits_one_sheet_and_says_everything(paper: Paper) -> None:
    pages = pages_of(delivery_orders.render(ORDER, paper))
    assert len(pages) == 1
    for words in (
        "DO-2026-00045", "AS-2025-00123", "ASR100", "4 × 12 × 6 ft", "Ahmad Rahman", "WXY 4521", "John Doe",
        "Lot 18, Jalan Industri PBP 8", "Construction debris", "350.00", "700.00", "RM 700.00", "−100.00",
        "RM 600.00", "1,200 kg", "9,450 kg", "8,250 kg", "21 Nov 2026, 09:42", "21 Nov 2026, 11:42",
        "Place the bin on planks.", "Delivered by", "Received by", "Photos", "Cash",
    ):  # fmt: skip
        assert words in pages[0]


@BOTH_PAPERS
def test_a_draft_says_what_is_still_open(paper: Paper) -> None:
    draft = replace(
        ORDER, number="", status="draft", bin_serial="", driver_name="", lorry_registration="", lines=(),
        weight_kg=None, gross_weight_kg=None, tare_weight_kg=None,
    )  # fmt: skip
    shown = text_of(delivery_orders.render(draft, paper))
    assert "DRAFT" in shown
    assert "Not numbered yet" in shown
    assert shown.count("Not assigned") == 3
    assert "Not weighed" in shown
    assert "No waste recorded yet" in shown


@BOTH_PAPERS
def test_a_cancelled_order_is_void(paper: Paper) -> None:
    assert "VOID" in text_of(delivery_orders.render(replace(ORDER, status="cancelled"), paper))


def test_the_site_is_named_only_when_it_is_not_the_customer_s_address() -> None:
    shown = text_of(delivery_orders.render(replace(ORDER, site_address=CUSTOMER.address), Paper.A4))
    assert "Site:" not in shown


def test_the_signatures_stay_together_after_sixty_lines() -> None:
    lines = tuple(replace(DEBRIS, description=f"Load number {number}") for number in range(1, 61))
    pages = pages_of(delivery_orders.render(replace(ORDER, lines=lines), Paper.A4))
    assert len(pages) == 3
    assert "Delivered by" in pages[-1]
    assert "Received by" in pages[-1]


@BOTH_PAPERS
def test_the_same_order_is_the_same_file(paper: Paper) -> None:
    assert delivery_orders.render(ORDER, paper) == delivery_orders.render(ORDER, paper)
