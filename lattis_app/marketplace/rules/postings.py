"""What marketplace's events do to the books (contract: api.md, "Ledger").

A weekly run posts the same by SQL (`services/generation.sql`); a test holds the two together.
"""

from __future__ import annotations

from uuid import UUID

from lattis_app.core.money import Money
from lattis_app.ledger.accounts import Account
from lattis_app.ledger.rules import Posting, credit, debit

INVOICE_GENERATED = "seller_invoice.generated"
INVOICE_PAID = "seller_invoice.paid"


def invoice_generated(party_id: UUID, platform: Money, affiliate: Money) -> list[Posting]:
    """The seller owes the fees in one currency: the platform's are earned, the affiliates' are owed to them."""
    return [
        debit(Account.RECEIVABLE, platform + affiliate, party_id),
        credit(Account.PLATFORM_FEES, platform),
        credit(Account.AFFILIATE_PAYABLE, affiliate),
    ]


def invoice_paid(party_id: UUID, owed: Money) -> list[Posting]:
    """The bank has what the seller owed in one currency."""
    return [debit(Account.BANK, owed), credit(Account.RECEIVABLE, owed, party_id)]
