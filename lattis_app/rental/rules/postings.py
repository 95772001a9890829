"""What rental's events do to the books (contract: api.md, "Ledger")."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from lattis_app.core.money import Money
from lattis_app.ledger.accounts import Account
from lattis_app.ledger.rules import Posting, credit, debit
from lattis_app.rental.statuses import PaymentMethod, PayoutMethod

INVOICE_ISSUED = "invoice.issued"
PAYMENT_RECEIVED = "payment.received"
PAYMENT_APPLIED = "payment.applied"
COMMISSION_APPROVED = "commission.approved"
COMMISSION_PAID = "commission.paid"
EXPENSE_RECORDED = "expense.recorded"
CASH_HANDED_OVER = "cash.handed_over"
COMMISSION_CLAWED_BACK = "commission.clawed_back"
REFUND_CREDITED = "refund.credited"
REFUND_PAID = "refund.paid"

HELD_IN: dict[PaymentMethod, Account] = {
    PaymentMethod.CASH: Account.OFFICE_CASH,
    PaymentMethod.ONLINE: Account.BANK,
    PaymentMethod.CDM: Account.BANK,
    PaymentMethod.TERM: Account.BANK,
    PaymentMethod.EWALLET: Account.EWALLET,
    PaymentMethod.CHEQUE: Account.CHEQUES,
}
PAID_FROM: dict[PayoutMethod, Account] = {
    PayoutMethod.BANK_TRANSFER: Account.BANK,
    PayoutMethod.CASH: Account.OFFICE_CASH,
    PayoutMethod.CHEQUE: Account.CHEQUES,
    PayoutMethod.EWALLET: Account.EWALLET,
}


def invoice_issued(party_id: UUID, subtotal: Money, tax: Money) -> list[Posting]:
    """The customer owes; sales and tax are earned."""
    return [
        debit(Account.RECEIVABLE, subtotal + tax, party_id),
        credit(Account.SALES, subtotal),
        credit(Account.TAX_PAYABLE, tax),
    ]


def payment_received(
    party_id: UUID, amount: Money, method: PaymentMethod, driver_id: UUID | None, on_invoice: bool
) -> list[Posting]:
    """Money comes in: the office holds it, or the driver its cash; the customer owes less or has a credit."""
    if driver_id is not None and method is PaymentMethod.CASH:
        held = debit(Account.DRIVER_CASH, amount, holder_id=driver_id)
    else:
        held = debit(HELD_IN[method], amount)
    account = Account.RECEIVABLE if on_invoice else Account.CUSTOMER_CREDIT
    return [held, credit(account, amount, party_id)]


def payment_applied(party_id: UUID, amount: Money) -> list[Posting]:
    """A credit pays for an invoice."""
    return [debit(Account.CUSTOMER_CREDIT, amount, party_id), credit(Account.RECEIVABLE, amount, party_id)]


def commission_approved(amount: Money, commission_id: UUID) -> list[Posting]:
    """The business owes its introducer."""
    return [
        debit(Account.COMMISSION_EXPENSE, amount),
        credit(Account.COMMISSION_PAYABLE, amount, holder_id=commission_id),
    ]


def commission_paid(amount: Money, commission_id: UUID, method: PayoutMethod) -> list[Posting]:
    """The introducer has the money."""
    return [
        debit(Account.COMMISSION_PAYABLE, amount, holder_id=commission_id),
        credit(PAID_FROM[method], amount),
    ]


def refund_credited(party_id: UUID, amount: Money, tax: Money) -> list[Posting]:
    """The customer is charged less; sales and tax were not earned after all."""
    return [
        debit(Account.SALES_RETURNS, amount - tax),
        debit(Account.TAX_PAYABLE, tax),
        credit(Account.RECEIVABLE, amount, party_id),
    ]


def refund_paid(
    party_id: UUID, amount: Money, on_invoice: bool, parts: Iterable[tuple[Account, Money, UUID | None]]
) -> list[Posting]:
    """Money goes back to the customer out of accounts and drivers' cash."""
    account = Account.RECEIVABLE if on_invoice else Account.CUSTOMER_CREDIT
    given = [credit(place, part, holder_id=driver_id) for place, part, driver_id in parts]
    return [debit(account, amount, party_id), *given]


def expense_recorded(amount: Money, method: PayoutMethod) -> list[Posting]:
    """Money is spent."""
    return [debit(Account.EXPENSES, amount), credit(PAID_FROM[method], amount)]


def cash_handed_over(held: Money, counted: Money, driver_id: UUID) -> list[Posting]:
    """The office has what was counted, the driver nothing; too little is the business's loss, too much its gain."""
    return [
        debit(Account.OFFICE_CASH, counted),
        debit(Account.CASH_OVER_SHORT, held - counted),
        credit(Account.DRIVER_CASH, held, holder_id=driver_id),
    ]
