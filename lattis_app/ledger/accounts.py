"""The chart of accounts."""

from __future__ import annotations

from enum import StrEnum


class Account(StrEnum):
    """Where amounts are posted."""

    RECEIVABLE = "receivable"
    CUSTOMER_CREDIT = "customer_credit"
    DRIVER_CASH = "driver_cash"
    CASH_OVER_SHORT = "cash_over_short"
    OFFICE_CASH = "office_cash"
    BANK = "bank"
    EWALLET = "ewallet"
    CHEQUES = "cheques"
    PLATFORM_FEES = "platform_fees"
    AFFILIATE_PAYABLE = "affiliate_payable"
    SALES = "sales"
    SALES_RETURNS = "sales_returns"
    TAX_PAYABLE = "tax_payable"
    COMMISSION_EXPENSE = "commission_expense"
    COMMISSION_PAYABLE = "commission_payable"
    EXPENSES = "expenses"
    COD_COLLECTED = "cod_collected"
    DELIVERY_INCOME = "delivery_income"
    MERCHANT_PAYABLE = "merchant_payable"
