"""What courier's events do to the books (contract: api.md, "Ledger").

Carrying an amount forward posts nothing: it stands in the books since the invoice it comes from was generated.
"""

from __future__ import annotations

from uuid import UUID

from lattis_app.core.money import Money
from lattis_app.ledger.accounts import Account
from lattis_app.ledger.rules import Posting, credit, debit

GENERATED = "merchant_invoice.generated"
PAID = "merchant_invoice.paid"
MERCHANT_PAID = "merchant_invoice.merchant_paid"
REMITTED = "remittance.accepted"


def generated(party_id: UUID, collected: Money, charges: Money) -> list[Posting]:
    """Cash collected on delivery is the merchant's, except for the charges, which are earned."""
    return [
        debit(Account.COD_COLLECTED, collected),
        credit(Account.DELIVERY_INCOME, charges),
        credit(Account.MERCHANT_PAYABLE, collected - charges, party_id),
    ]


def paid(party_id: UUID, payable: Money) -> list[Posting]:
    """The merchant has the money; with a negative amount, the business has the merchant's."""
    return [debit(Account.MERCHANT_PAYABLE, payable, party_id), credit(Account.BANK, payable)]


def remitted(amount: Money) -> list[Posting]:
    """A delivery partner paid over what it had collected."""
    return [debit(Account.BANK, amount), credit(Account.COD_COLLECTED, amount)]
