"""The invoice says exactly what was frozen, on both papers, however much or little there is to say."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from lattis_app.core.pdf import Addressee, Paper
from lattis_app.rental.documents import invoices
from lattis_app.rental.documents.invoices import InvoiceCredit, InvoiceDocument, InvoiceLine, InvoicePayment
from tests.rental.documents.printed import (
    ARABIC_CUSTOMER,
    BUSINESS,
    CHECK_URL,
    CUSTOMER,
    MOMENT,
    pages_of,
    ringgit,
    text_of,
)

BOTH_PAPERS = pytest.mark.parametrize("paper", list(Paper))
DEBRIS = InvoiceLine("Construction debris", Decimal(1), "load", ringgit(35000), ringgit(35000))
WEIGHT = InvoiceLine("Extra weight", Decimal("0.25"), "tonne", ringgit(18000), ringgit(4500))
INVOICE = InvoiceDocument(
    business=BUSINESS,
    customer=CUSTOMER,
    number="INV-2026-00012",
    status="issued",
    dated_at=MOMENT,
    lines=(DEBRIS, WEIGHT),
    subtotal=ringgit(39500),
    tax=ringgit(2370),
    tax_rate=Decimal("0.06"),
    total=ringgit(41870),
    paid=ringgit(0),
    balance=ringgit(41870),
    check_url=CHECK_URL,
    due_on=date(2026, 12, 21),
    delivery_order_number="DO-2026-00045",
    book_number="AS-2025-00123",
    purchase_order_number="PO-77812",
    terms="30 days",
    payment_instructions="Maybank 5140 1234 5678",
)
CASH = InvoicePayment(date(2026, 11, 21), "CASH", "RCPT-2026-00031", "on site", ringgit(10000))
PART_PAID = replace(INVOICE, paid=ringgit(10000), balance=ringgit(31870), payments=(CASH,))


@BOTH_PAPERS
def test_an_invoice_names_both_sides_and_its_dates(paper: Paper) -> None:
    shown = text_of(invoices.render(INVOICE, paper))
    for words in (
        "Lattis Bin Services Sdn Bhd", "123456-A", "W10-1808-32000001", "info@lattis.com",
        "ABC Construction Sdn Bhd", "Attn: John Doe", "456 Jalan Puchong", "SST987654321",
        "INV-2026-00012", "21 Nov 2026", "21 Dec 2026", "30 days", "DO-2026-00045", "AS-2025-00123", "PO-77812",
        "Maybank 5140 1234 5678",
    ):  # fmt: skip
        assert words in shown


@BOTH_PAPERS
def test_an_invoice_shows_exact_totals_with_two_decimals(paper: Paper) -> None:
    shown = text_of(invoices.render(INVOICE, paper))
    for figure in ("350.00", "180.00", "45.00", "395.00", "SST 6%", "23.70", "RM 418.70"):
        assert figure in shown
    assert "Balance due" not in shown


@BOTH_PAPERS
def test_payments_and_the_balance_left_are_listed(paper: Paper) -> None:
    shown = text_of(invoices.render(PART_PAID, paper))
    for words in ("RCPT-2026-00031", "Cash", "on site", "100.00", "−100.00", "Balance due", "RM 318.70"):
        assert words in shown


@BOTH_PAPERS
@pytest.mark.parametrize(("status", "word"), [("draft", "DRAFT"), ("voided", "VOID")])
def test_a_draft_and_a_voided_invoice_carry_their_word_across_the_page(
    status: str, word: str, paper: Paper
) -> None:
    assert word in text_of(invoices.render(replace(INVOICE, status=status), paper))


@pytest.mark.parametrize("status", ["issued", "partially_paid", "paid", "closed"])
def test_a_valid_invoice_carries_no_watermark(status: str) -> None:
    shown = text_of(invoices.render(replace(INVOICE, status=status), Paper.A4))
    assert "DRAFT" not in shown
    assert "VOID" not in shown


@BOTH_PAPERS
def test_sixty_lines_run_over_pages_and_the_sum_is_said_once(paper: Paper) -> None:
    lines = tuple(replace(DEBRIS, description=f"Load number {number}") for number in range(1, 61))
    long = replace(INVOICE, lines=lines, subtotal=ringgit(2100000), tax=ringgit(0), total=ringgit(2100000))
    pages = pages_of(invoices.render(long, paper))
    assert len(pages) == (3 if paper is Paper.A4 else 1)
    whole = "\n".join(pages)
    assert all(
        f"Load number {number}\n" in whole or f"Load number {number} " in whole for number in range(1, 61)
    )
    assert whole.count("RM 21,000.00") == 1
    assert "RM 21,000.00" in pages[-1]


@BOTH_PAPERS
def test_an_invoice_without_lines_says_so(paper: Paper) -> None:
    nothing = replace(INVOICE, lines=(), subtotal=ringgit(0), tax=ringgit(0), total=ringgit(0))
    shown = text_of(invoices.render(nothing, paper))
    assert "No charges on this invoice" in shown
    assert "RM 0.00" in shown


@BOTH_PAPERS
def test_the_largest_amount_is_printed_whole(paper: Paper) -> None:
    most = ringgit(10**14 - 1)
    line = replace(DEBRIS, unit_price=most, amount=most)
    shown = text_of(invoices.render(replace(INVOICE, lines=(line,), subtotal=most, total=most), paper))
    assert "RM 999,999,999,999.99" in shown
    assert shown.count("999,999,999,999.99") >= 3


@BOTH_PAPERS
def test_long_and_foreign_names_never_stop_an_invoice(paper: Paper) -> None:
    customer = Addressee(name="Syarikat " * 40, address="建筑 😀 " * 20, phone="x" * 200)
    shown = text_of(invoices.render(replace(INVOICE, customer=customer, number=""), paper))
    assert shown.split().count("Syarikat") == 40
    assert "Not numbered yet" in shown
    assert "建筑 □" in shown


@BOTH_PAPERS
def test_an_arabic_customer_is_printed_beside_english_figures(paper: Paper) -> None:
    line = replace(DEBRIS, description="مخلفات بناء")
    shown = text_of(invoices.render(replace(INVOICE, customer=ARABIC_CUSTOMER, lines=(line,)), paper))
    assert set("شركةالبناء") <= set(shown)
    assert "350.00" in shown
    assert "RM 418.70" in shown


@BOTH_PAPERS
def test_the_same_invoice_is_the_same_file(paper: Paper) -> None:
    assert invoices.render(PART_PAID, paper) == invoices.render(PART_PAID, paper)


REFUNDED = replace(
    PART_PAID,
    paid=ringgit(41870),
    balance=ringgit(0),
    credits_=(
        InvoiceCredit(date(2026, 11, 25), "RFND-2026-00001", "A day late", ringgit(5000)),
        InvoiceCredit(date(2026, 11, 28), "RFND-2026-00004", "Wrong waste", ringgit(2500)),
    ),
)


@BOTH_PAPERS
def test_refunds_are_listed_with_what_is_left_of_the_invoice(paper: Paper) -> None:
    shown = text_of(invoices.render(REFUNDED, paper))
    for words in (
        "RFND-2026-00001", "25 Nov 2026", "A day late", "−50.00", "RFND-2026-00004", "Wrong waste", "−25.00",
        "Credited and paid back", "−75.00", "Invoice after credits", "RM 343.70",
    ):  # fmt: skip
        assert words in shown
    assert "RM 418.70" in shown


@BOTH_PAPERS
def test_an_invoice_without_refunds_says_nothing_of_credits(paper: Paper) -> None:
    assert "redit" not in text_of(invoices.render(PART_PAID, paper))


@BOTH_PAPERS
def test_a_supplementary_invoice_says_so(paper: Paper) -> None:
    assert "SUPPLEMENTARY INVOICE" in text_of(invoices.render(replace(INVOICE, supplementary=True), paper))
