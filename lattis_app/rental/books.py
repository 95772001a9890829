"""What rental tells the ledger: what accounts should hold, when invoices are due, and whose they are.

Contract: api.md, "Ledger"; rental.md, "Reports": sums reconcile with the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, Uuid, null, select
from sqlalchemy.orm import Session

from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import columns
from lattis_app.core.pdf import Letterhead
from lattis_app.core.settings import settings
from lattis_app.ledger.accounts import Account
from lattis_app.ledger.domains import register_balance, register_due_dates, register_letterhead
from lattis_app.rental.models import (
    RentalCommission,
    RentalCustomer,
    RentalExpense,
    RentalHandOver,
    RentalInvoice,
    RentalPayment,
    RentalRefund,
    RentalRefundPart,
)
from lattis_app.rental.queries import business
from lattis_app.rental.rules.postings import HELD_IN, PAID_FROM
from lattis_app.rental.statuses import (
    CommissionStatus,
    ExpenseStatus,
    HandOverStatus,
    InvoiceStatus,
    PaymentMethod,
    RefundStatus,
)

I, P = columns(RentalInvoice), columns(RentalPayment)  # noqa: E741 — one letter per table
C, K, X = columns(RentalCustomer), columns(RentalCommission), columns(RentalExpense)
F, G, H = columns(RentalRefund), columns(RentalRefundPart), columns(RentalHandOver)
NOBODY: ColumnElement[Any] = null().cast(Uuid())
COUNTED = I.status.not_in((InvoiceStatus.DRAFT, InvoiceStatus.VOIDED))
SPENT = X.status == ExpenseStatus.RECORDED
APPROVED = K.status.in_((CommissionStatus.APPROVED, CommissionStatus.PAID))
WITH_DRIVER = P.driver_id.is_not(None) & (P.method == PaymentMethod.CASH)


def _invoices(amount: SQLColumnExpression[Any], owner: ColumnElement[Any] = NOBODY) -> Select[Any]:
    return (
        select(owner, I.currency, amount)
        .join_from(RentalInvoice, RentalCustomer, I.customer_id == C.id)
        .where(COUNTED)
    )


def _payments(
    where: ColumnElement[bool], owner: ColumnElement[Any], amount: SQLColumnExpression[Any] = P.amount_minor
) -> Select[Any]:
    return (
        select(owner, P.currency, amount)
        .join_from(RentalPayment, RentalCustomer, P.customer_id == C.id)
        .where(where)
    )


def _commissions(
    where: ColumnElement[bool], owner: ColumnElement[Any], amount: SQLColumnExpression[Any]
) -> Select[Any]:
    return select(owner, K.currency, amount).where(where)


def _credits(amount: SQLColumnExpression[Any]) -> Select[Any]:
    """What processed refunds took off their invoices."""
    processed = (F.status == RefundStatus.PROCESSED) & F.invoice_id.is_not(None)
    return select(NOBODY, F.currency, amount).where(processed)


def _methods(held: Iterable[tuple[Any, Account]], account: Account) -> list[str]:
    return [str(method) for method, place in held if place is account]


def _letterhead(session: Session) -> Letterhead:
    profile = business.find(session, SYSTEM)
    shown = ("name", "roc_number", "sst_no", "address", "email", "phone")
    values = {name: getattr(profile, name) or "" for name in shown}
    return Letterhead(**values, time_zone=settings().business_timezone)


register_letterhead(_letterhead)
register_due_dates("rental_invoices", select(I.id, I.id, I.due_on))
register_due_dates(
    "rental_payments", select(P.id, I.id, I.due_on).join_from(RentalPayment, RentalInvoice, isouter=True)
)
register_due_dates("rental_refunds", select(F.id, I.id, I.due_on).join_from(RentalRefund, RentalInvoice))
register_balance(
    Account.RECEIVABLE, "rental: balances of invoices", _invoices(I.total_minor - I.paid_minor, C.party_id)
)
register_balance(Account.SALES, "rental: subtotals of invoices", _invoices(-I.subtotal_minor))
register_balance(Account.TAX_PAYABLE, "rental: tax of invoices", _invoices(-I.tax_minor))
register_balance(
    Account.CUSTOMER_CREDIT,
    "rental: payments before their invoice",
    _payments(P.invoice_id.is_(None), C.party_id, P.refunded_minor - P.amount_minor),
)
register_balance(Account.DRIVER_CASH, "rental: cash with drivers", _payments(WITH_DRIVER, P.driver_id))
register_balance(
    Account.DRIVER_CASH,
    "rental: refunds out of drivers' cash",
    select(G.driver_id, G.currency, -G.amount_minor).where(G.driver_id.is_not(None)),
)
STANDING = H.status != HandOverStatus.CANCELLED
register_balance(
    Account.DRIVER_CASH,
    "rental: cash handed over",
    select(H.driver_id, H.currency, -H.expected_minor).where(STANDING),
)
register_balance(
    Account.OFFICE_CASH,
    "rental: cash counted",
    select(NOBODY, H.currency, H.counted_minor).where(STANDING),
)
register_balance(
    Account.CASH_OVER_SHORT,
    "rental: differences of counts",
    select(NOBODY, H.currency, H.expected_minor - H.counted_minor).where(STANDING),
)
register_balance(Account.SALES_RETURNS, "rental: refunds without tax", _credits(F.amount_minor - F.tax_minor))
register_balance(Account.TAX_PAYABLE, "rental: tax of refunds", _credits(F.tax_minor))
register_balance(
    Account.COMMISSION_EXPENSE,
    "rental: commissions approved",
    _commissions(APPROVED, NOBODY, K.amount_minor),
)
register_balance(
    Account.COMMISSION_PAYABLE,
    "rental: commissions to pay",
    _commissions(K.status == CommissionStatus.APPROVED, K.id, -K.amount_minor),
)
register_balance(
    Account.EXPENSES, "rental: expenses", select(NOBODY, X.currency, X.amount_minor).where(SPENT)
)
for place in sorted({*HELD_IN.values(), *PAID_FROM.values()}):
    register_balance(
        place,
        "rental: payments received",
        _payments(P.method.in_(_methods(HELD_IN.items(), place)) & ~WITH_DRIVER, NOBODY),
    )
    register_balance(
        place,
        "rental: refunds paid out",
        select(NOBODY, G.currency, -G.amount_minor).where(G.account == place),
    )
    register_balance(
        place,
        "rental: commissions paid out",
        _commissions(
            (K.status == CommissionStatus.PAID) & K.payment_method.in_(_methods(PAID_FROM.items(), place)),
            NOBODY,
            -K.amount_minor,
        ),
    )
    register_balance(
        place,
        "rental: expenses paid",
        select(NOBODY, X.currency, -X.amount_minor).where(
            SPENT, X.payment_method.in_(_methods(PAID_FROM.items(), place))
        ),
    )
