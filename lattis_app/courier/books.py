"""What courier tells the ledger its accounts should hold (contract: api.md, "Ledger")."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, Uuid, null, select

from lattis_app.core.db import columns
from lattis_app.courier.models import CourierMerchant, CourierMerchantInvoice, CourierRemittance
from lattis_app.courier.statuses import MerchantInvoiceStatus, RemittanceStatus, SettledBy
from lattis_app.ledger.accounts import Account
from lattis_app.ledger.domains import register_balance

I, M = columns(CourierMerchantInvoice), columns(CourierMerchant)  # noqa: E741 — one letter per table
R = columns(CourierRemittance)
NOBODY: ColumnElement[Any] = null().cast(Uuid())
STANDING = I.invoice_status != MerchantInvoiceStatus.CANCELLED
MONEY_MOVED = (I.invoice_status == MerchantInvoiceStatus.PAID) & (I.settled_by != SettledBy.CARRIED)
ACCEPTED = R.status == RemittanceStatus.ACCEPTED


def _invoices(
    amount: SQLColumnExpression[Any], where: ColumnElement[bool], owner: ColumnElement[Any] = NOBODY
) -> Select[Any]:
    return (
        select(owner, I.currency, amount)
        .join_from(CourierMerchantInvoice, CourierMerchant, I.merchant_id == M.id)
        .where(where)
    )


register_balance(
    Account.MERCHANT_PAYABLE,
    "courier: invoices without what they carry forward",
    _invoices(I.opening_minor - I.payable_amount_minor, STANDING, M.party_id),
)
register_balance(
    Account.MERCHANT_PAYABLE,
    "courier: invoices settled",
    _invoices(I.payable_amount_minor, MONEY_MOVED, M.party_id),
)
register_balance(Account.BANK, "courier: merchants paid", _invoices(-I.payable_amount_minor, MONEY_MOVED))
register_balance(
    Account.DELIVERY_INCOME,
    "courier: charges of invoices",
    _invoices(
        -(I.total_delivery_charges_minor + I.total_return_charges_minor + I.clearance_charges_minor), STANDING
    ),
)
register_balance(
    Account.COD_COLLECTED,
    "courier: cash of invoices",
    _invoices(I.total_cod_collected_minor + I.clearance_cod_minor, STANDING),
)
register_balance(
    Account.COD_COLLECTED,
    "courier: cash remitted",
    select(NOBODY, R.currency, -R.remitted_minor).where(ACCEPTED),
)
register_balance(
    Account.BANK, "courier: remittances", select(NOBODY, R.currency, R.remitted_minor).where(ACCEPTED)
)
