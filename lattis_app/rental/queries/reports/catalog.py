"""Every report: where it is, what it is called and says, and what makes it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, get_type_hints

from lattis_app.core.errors import NotFound
from lattis_app.core.schemas import Out, Span
from lattis_app.rental.queries.reports import ageing, bins, finance, orders, people, sales


@dataclass(frozen=True)
class Report:
    """One report. `find` is its query; its filters and rows are those that the query's signature names."""

    path: str
    group: str
    title: str
    about: str
    find: Callable[..., Any]

    @staticmethod
    def named(slug: str) -> Report:
        """The report of this name. NotFound."""
        report = next((each for each in REPORTS if each.slug == slug), None)
        if report is None:
            raise NotFound.record("Report", slug)
        return report

    @property
    def slug(self) -> str:
        """Its name in an address and in the name of a file."""
        return self.path.replace("/", "-")

    @cached_property
    def filters(self) -> type[Span]:
        """What it is asked."""
        kind: type[Span] = get_type_hints(self.find)["filters"]
        return kind

    @cached_property
    def row(self) -> type[Out]:
        """What one of its rows holds."""
        kind: type[Out] = self.answer.__pydantic_generic_metadata__["args"][1]
        return kind

    @property
    def answer(self) -> Any:
        """What it answers: a ReportOut of its totals and its rows."""
        return get_type_hints(self.find)["return"]

    @cached_property
    def is_long(self) -> bool:
        """Whether it may have more rows than are shown at once."""
        return "most" in inspect.signature(self.find).parameters


SALES, OWED, ORDERS, DRIVERS, FLEET, BINS = "Sales", "Owed and paid", "Orders", "Drivers", "Fleet", "Bins"
GROUPS = (SALES, OWED, ORDERS, DRIVERS, FLEET, BINS)
REPORTS = (
    Report("summary", SALES, "Summary", "Orders, sales, money in and money out, period by period.", finance.summary),
    Report("invoices/period-sales", SALES, "Sales by period", "What was invoiced each day, week or month, with tax.",
           sales.period_sales),
    Report("invoices", SALES, "Invoices", "Issued invoices by status: what is paid, open and overdue.", sales.by_status),
    Report("invoices/area-wise", SALES, "Sales by area", "Which areas bring the most business.", sales.by_area),
    Report("invoices/by-method", SALES, "Sales by payment method", "How customers are to pay, and how much of it is paid.",
           sales.by_method),
    Report("customers", SALES, "Customers", "Orders, sales, payments and debt of each customer, the best first.",
           sales.by_customer),
    Report("invoices/pending-alerts", OWED, "Payment alerts", "Invoices overdue or due within three days: whom to call.",
           sales.pending_alerts),
    Report("customers/ageing", OWED, "Ageing", "What each customer owes by how long it is overdue, the most first.",
           ageing.by_customer),
    Report("invoices/by-client-pending", OWED, "Open invoices", "Every invoice not paid in full, of one customer or all.",
           sales.pending_by_customer),
    Report("invoices/by-client-paid", OWED, "Payment history", "Every payment of one customer or all, with its receipt.",
           sales.paid_by_customer),
    Report("delivery-orders/cash-vs-pending", OWED, "Cash against pending",
           "Cash that came in beside what is still owed for delivered work.", orders.cash_vs_pending),
    Report("delivery-orders/payments-by-method", OWED, "Payments by method", "How the money came in: cash, transfer, cheque.",
           orders.payments_by_method),
    Report("commissions", OWED, "Commissions", "What introducers wait for, and what they were paid.", finance.commissions),
    Report("refunds", OWED, "Refunds", "What customers ask back, and what was given back.", finance.refunds),
    Report("expenses", OWED, "Expenses", "What was spent on fuel, repairs, salaries and the rest.", finance.expenses),
    Report("bookings", ORDERS, "Bookings", "How many bookings there are, and how many were fulfilled or cancelled.",
           orders.bookings),
    Report("delivery-orders", ORDERS, "Delivery orders", "Delivery orders by where they stand, in the office and on the road.",
           orders.by_status),
    Report("delivery-orders/daily-totals", ORDERS, "Orders by day", "How many delivery orders each day had, and their amount.",
           orders.daily_totals),
    Report("drivers", DRIVERS, "Driver performance", "Jobs done and failed, drives and hours on the road.", people.drivers),
    Report("delivery-orders/by-driver", DRIVERS, "Money by driver", "What each driver delivered, and the money they took.",
           people.money_by_driver),
    Report("lorries", FLEET, "Lorry use", "Jobs, drives and days in use of each lorry.", people.lorries),
    Report("lorries/trips", FLEET, "Trips", "Every drive: which lorry, who drove, how long it took.", people.trips),
    Report("rentable-lorries", FLEET, "Hired lorries", "How much other owners' lorries were used, and what that costs.",
           people.hired_lorries),
    Report("inventory", BINS, "Inventory", "Bins of each size by where they are, and how often they moved.", bins.inventory),
    Report("bins/stock-on-hand", BINS, "Stock on hand", "How many bins of each size are free, out or in repair now.",
           bins.stock_on_hand),
    Report("bins/inout-by-sn", BINS, "Bin movements", "How one bin, or every bin, went out and came in.", bins.movements),
    Report("bins/area-out", BINS, "Bins out by area", "Where the bins with customers are, and how many are late.",
           bins.out_by_area),
)  # fmt: skip
