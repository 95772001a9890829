"""What marketplace tells the ledger: what accounts should hold, and when invoices are due (contract: api.md, "Ledger")."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, Uuid, literal, null, select

from lattis_app.core.db import columns
from lattis_app.ledger.accounts import Account
from lattis_app.ledger.domains import register_balance, register_due_dates
from lattis_app.marketplace.models import MarketplaceInvoice, MarketplaceSeller
from lattis_app.marketplace.statuses import InvoiceStatus

I, S = columns(MarketplaceInvoice), columns(MarketplaceSeller)  # noqa: E741 — one letter per table
NOBODY: ColumnElement[Any] = null().cast(Uuid())
OPEN = I.status.in_((InvoiceStatus.PENDING, InvoiceStatus.OVERDUE))
PAID = I.status == InvoiceStatus.PAID
STANDING = I.status != InvoiceStatus.CANCELLED


def _register(
    account: Account,
    name: str,
    currency: str,
    amount: SQLColumnExpression[Any],
    which: ColumnElement[bool],
    owner: ColumnElement[Any] = NOBODY,
) -> None:
    statement = (
        select(owner, literal(currency), amount)
        .join_from(MarketplaceInvoice, MarketplaceSeller, I.seller_id == S.id)
        .where(which, amount != 0)
    )
    register_balance(account, f"marketplace: {name} in {currency}", statement)


for code in ("MKD", "EUR"):
    platform, affiliate = I[f"platform_{code.lower()}_minor"], I[f"affiliate_{code.lower()}_minor"]
    _register(Account.RECEIVABLE, "unpaid invoices", code, platform + affiliate, OPEN, S.party_id)
    _register(Account.PLATFORM_FEES, "platform fees", code, -platform, STANDING)
    _register(Account.AFFILIATE_PAYABLE, "affiliates' fees", code, -affiliate, STANDING)
    _register(Account.BANK, "paid invoices", code, platform + affiliate, PAID)

register_due_dates("marketplace_invoices", select(I.id, I.id, I.due_on))
