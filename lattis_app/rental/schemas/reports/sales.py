"""Reports of sales and of what customers owe."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from lattis_app.core.schemas import MoneyOut, Out, any_of
from lattis_app.rental.schemas.reports.parts import PeriodOut, ReportFilters
from lattis_app.rental.statuses import InvoiceStatus, PaymentMethod


class MethodFilters(ReportFilters):
    """A span, of one payment method or several separated by commas."""

    method: Annotated[tuple[PaymentMethod, ...], any_of(PaymentMethod)] = ()


class SalesSums(Out):
    """Invoices, and what they come to."""

    invoices: int
    subtotal: MoneyOut
    tax: MoneyOut
    total: MoneyOut


class PeriodSalesRow(SalesSums, PeriodOut):
    """The sales of one period."""


class AreaKey(Out):
    """A place."""

    area: str
    state: str


class AreaSalesRow(SalesSums, AreaKey):
    """The sales in one place."""


class PaidSums(Out):
    """Invoices, what of them is paid, and what is not."""

    invoices: int
    total: MoneyOut
    paid: MoneyOut
    balance: MoneyOut


class MethodKey(Out):
    """A way to pay."""

    method: PaymentMethod


class InvoicesByMethodRow(PaidSums, MethodKey):
    """The invoices that are to be paid in one way."""


class InvoiceStatusRow(Out):
    """The invoices that stand at one status."""

    status: InvoiceStatus
    invoices: int
    subtotal: MoneyOut
    tax: MoneyOut
    total: MoneyOut
    paid: MoneyOut
    balance: MoneyOut


class InvoiceTotals(Out):
    """Issued invoices that are not voided; `overdue` of their balance should have been paid by now."""

    invoices: int
    subtotal: MoneyOut
    tax: MoneyOut
    total: MoneyOut
    paid: MoneyOut
    balance: MoneyOut
    overdue: MoneyOut
    average_total: MoneyOut
    voided: int


class CustomerSums(Out):
    """What was delivered, sold, paid and is still owed."""

    delivery_orders: int
    invoices: int
    sales: MoneyOut
    paid: MoneyOut
    balance: MoneyOut


class CustomerKey(Out):
    """A customer."""

    customer_id: UUID
    customer: str


class CustomerRow(CustomerSums, CustomerKey):
    """One customer's business."""

    last_order_on: date | None


class CustomerTotals(CustomerSums):
    """All customers' business."""

    customers: int


class PaymentRow(Out):
    """One payment of a customer."""

    payment_id: UUID
    receipt_number: str
    invoice_id: UUID | None
    invoice_number: str | None
    customer_id: UUID
    customer: str
    received_on: date
    method: PaymentMethod
    amount: MoneyOut


class PaymentTotals(Out):
    """Payments, and what they come to."""

    payments: int
    amount: MoneyOut


class PendingRow(Out):
    """An invoice that is not paid in full."""

    invoice_id: UUID
    invoice_number: str
    customer_id: UUID
    customer: str
    issued_on: date
    due_on: date
    days_overdue: int
    total: MoneyOut
    paid: MoneyOut
    balance: MoneyOut


class PendingTotals(PaidSums):
    """Invoices that are not paid in full; `overdue` of their balance should have been by now."""

    overdue: MoneyOut


class AlertRow(Out):
    """An invoice that is overdue, or due within three days."""

    invoice_id: UUID
    invoice_number: str
    customer_id: UUID
    customer: str
    due_on: date
    days_overdue: int
    balance: MoneyOut


class AlertTotals(Out):
    """Invoices to ask for, and what is open on them."""

    invoices: int
    overdue_invoices: int
    balance: MoneyOut
    overdue: MoneyOut
