"""Numbers of weekly invoices, and the codes of sellers in them (contract: marketplace.md)."""

from __future__ import annotations

import unicodedata
from collections.abc import Container

from lattis_app.marketplace.rules.weeks import Week

LETTERS = 4


def invoice_number(week: Week, code: str, revision: int = 1) -> str:
    """`INV-2026-47-ABCD`; issued again after a cancellation `INV-2026-47-ABCD-R2`."""
    number = f"INV-{week.text}-{code}"
    return number if revision == 1 else f"{number}-R{revision}"


def code_of(store_name: str, taken: Container[str]) -> str:
    """A free code from a store's name: its first letters, then with a number."""
    plain = unicodedata.normalize("NFKD", store_name).encode("ascii", "ignore").decode().upper()
    start = "".join(letter for letter in plain if letter.isalnum())[:LETTERS].ljust(2, "X")
    code, number = start, 2
    while code in taken:
        code, number = f"{start}{number}", number + 1
    return code
