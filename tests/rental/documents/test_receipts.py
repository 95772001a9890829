"""The receipt says how much, from whom, for what, and what is still to pay."""

from dataclasses import replace

import pytest

from lattis_app.core.pdf import Paper
from lattis_app.rental.documents import receipts
from lattis_app.rental.documents.receipts import ReceiptDocument
from tests.rental.documents.printed import BUSINESS, CHECK_URL, CUSTOMER, MOMENT, pages_of, ringgit, text_of

BOTH_PAPERS = pytest.mark.parametrize("paper", list(Paper))
RECEIPT = ReceiptDocument(
    business=BUSINESS,
    customer=CUSTOMER,
    number="RCPT-2026-00031",
    received_at=MOMENT,
    method="CASH",
    amount=ringgit(35000),
    check_url=CHECK_URL,
    reference="Cash collected on site",
    invoice_number="INV-2026-00012",
    invoice_total=ringgit(47170),
    delivery_order_number="DO-2026-00045",
    balance=ringgit(12170),
    received_by="Ahmad Rahman",
)


@BOTH_PAPERS
def test_a_receipt_fits_one_sheet_and_says_everything(paper: Paper) -> None:
    pages = pages_of(receipts.render(RECEIPT, paper))
    assert len(pages) == 1
    for words in (
        "RCPT-2026-00031", "ABC Construction Sdn Bhd", "21 Nov 2026, 09:42", "Cash", "Cash collected on site",
        "INV-2026-00012", "DO-2026-00045", "Ahmad Rahman", "RM 350.00", "471.70", "RM 121.70",
    ):  # fmt: skip
        assert words in pages[0]


@BOTH_PAPERS
def test_money_taken_before_the_invoice_has_a_receipt_without_a_balance(paper: Paper) -> None:
    early = replace(RECEIPT, invoice_number="", invoice_total=None, balance=None)
    shown = text_of(receipts.render(early, paper))
    assert "RM 350.00" in shown
    assert "Still to pay" not in shown


@BOTH_PAPERS
def test_a_voided_receipt_says_so(paper: Paper) -> None:
    assert "VOID" in text_of(receipts.render(replace(RECEIPT, voided=True), paper))


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("ONLINE", "Online transfer"),
        ("CDM", "Cash deposit machine"),
        ("EWALLET", "E-wallet"),
        ("GOLD", "GOLD"),
    ],
)
def test_payment_methods_are_words(code: str, words: str) -> None:
    assert words in text_of(receipts.render(replace(RECEIPT, method=code), Paper.A4))


@BOTH_PAPERS
def test_the_same_receipt_is_the_same_file(paper: Paper) -> None:
    assert receipts.render(RECEIPT, paper) == receipts.render(RECEIPT, paper)
