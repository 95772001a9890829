"""How each report is drawn, and which records stand behind each of its figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from urllib.parse import urlencode

from lattis_app.core import clock
from lattis_app.rental.rules.ageing import BUCKETS, due_between
from lattis_app.rental.statuses import BookingStatus, DeliveryOrderStatus, InvoiceStatus

Links = dict[str, str]
EXPECTED = ",".join(each for each in BookingStatus if each is not BookingStatus.CANCELLED)
OFFICIAL = ",".join(
    each
    for each in DeliveryOrderStatus
    if each not in (DeliveryOrderStatus.DRAFT, DeliveryOrderStatus.CANCELLED)
)
UNPAID_ORDERS = "issued,pending_invoice,invoiced_linked"
COUNTED = ",".join(each for each in InvoiceStatus if each not in (InvoiceStatus.DRAFT, InvoiceStatus.VOIDED))
OPEN = "issued,partially_paid"


def to(place: str, **asked: object) -> str:
    """The address of a page with what it is asked; empty values are left out."""
    query = {name: str(value) for name, value in asked.items() if value not in (None, "")}
    return f"/rental/{place}" + (f"?{urlencode(query, safe=',')}" if query else "")


def of(*names: str, href: str) -> Links:
    """The same address for several figures."""
    return dict.fromkeys(names, href)


def _days(since: date | None, until: date | None) -> dict[str, object]:
    return {"from": since, "to": until}


def _period(row: Any) -> dict[str, object]:
    return _days(row.from_on, row.to_on)


@dataclass(frozen=True)
class Look:
    """A report's chart, and the links of its rows and totals; `asked` is what the report was asked, its span included.

    A chart has a series for each of its fields over the rows' labels; `ranked` shows one, the largest first.
    """

    label: str
    series: tuple[str, ...]
    row: Callable[[Any, Mapping[str, Any]], Links]
    totals: Callable[[Mapping[str, Any]], Links]
    kind: Literal["time", "bars", "ranked"] = "bars"


def _business(asked: Mapping[str, Any]) -> Links:
    invoices = to("invoices", status=COUNTED, **asked)
    return {
        "bookings": to("bookings", status=EXPECTED, **asked),
        "delivery_orders": to("delivery-orders", status=OFFICIAL, **asked),
        **of("invoices_issued", "sales_total", href=invoices),
        "outstanding_total": to("invoices", status=OPEN, **asked),
        "payments_total": to("payments", **asked),
        "refunds_total": to("reports/refunds", **asked),
        "expenses_total": to("expenses", status="recorded", **asked),
        "commissions_total": to("reports/commissions", **asked),
    }


SOLD = ("invoices", "subtotal", "tax", "total")
PAID = ("invoices", "total", "paid")


def _sold(**asked: Any) -> Links:
    return of(*SOLD, "paid", href=to("invoices", status=COUNTED, **asked)) | of(
        "balance", href=to("invoices", status=OPEN, **asked)
    )


def _period_sales(row: Any, _asked: Mapping[str, Any]) -> Links:
    return _sold(**_period(row)) | {"period": to("invoices", status=COUNTED, **_period(row))}


def _invoice_totals(asked: Mapping[str, Any]) -> Links:
    return _sold(**asked) | {
        "average_total": to("invoices", status=COUNTED, **asked),
        "overdue": to("invoices", overdue="true", **asked),
        "voided": to("invoices", status="voided", **asked),
    }


def _invoice_status(row: Any, asked: Mapping[str, Any]) -> Links:
    href = to("invoices", status=row.status, **asked)
    return of("status", *SOLD, "paid", "balance", href=href)


def _area(row: Any, asked: Mapping[str, Any]) -> Links:
    if not row.area:
        return {}
    where = {**asked, "area": row.area, "state": row.state}
    return of("area", *SOLD, href=to("invoices", status=COUNTED, **where))


def _customer(row: Any, asked: Mapping[str, Any]) -> Links:
    mine = {**asked, "customer_id": row.customer_id}
    return {
        "customer": to("customers", open=row.customer_id),
        "delivery_orders": to("delivery-orders", status=OFFICIAL, **mine),
        **of("invoices", "sales", "paid", href=to("invoices", status=COUNTED, **mine)),
        "balance": to("invoices", status=OPEN, **mine),
    }


def _customers(asked: Mapping[str, Any]) -> Links:
    return {
        "delivery_orders": to("delivery-orders", status=OFFICIAL, **asked),
        **of("invoices", "sales", "paid", href=to("invoices", status=COUNTED, **asked)),
        "balance": to("invoices", status=OPEN, **asked),
        "customers": to("customers"),
    }


def _payment(row: Any, _asked: Mapping[str, Any]) -> Links:
    return {
        **of("receipt_number", "amount", href=to("payments", open=row.payment_id)),
        "received_on": to("payments", **_days(row.received_on, row.received_on)),
        "invoice_number": to("invoices", open=row.invoice_id) if row.invoice_id else "",
        "customer": to("customers", open=row.customer_id),
    }


def _invoice(row: Any, _asked: Mapping[str, Any]) -> Links:
    href = to("invoices", open=row.invoice_id)
    return of("invoice_number", "total", "paid", "balance", "days_overdue", href=href) | {
        "customer": to("customers", open=row.customer_id)
    }


def _ageing(asked: Mapping[str, Any], **whose: object) -> Links:
    """Each bucket leads to the invoices due in its days."""
    asked, today = {**asked, **whose, "status": OPEN}, clock.today()
    days = {bucket: due_between(bucket, today) for bucket in BUCKETS}
    return {"balance": to("invoices", **asked)} | {
        bucket: to("invoices", **asked, due_from=earliest, due_to=latest)
        for bucket, (earliest, latest) in days.items()
    }


def _aged(row: Any, asked: Mapping[str, Any]) -> Links:
    owed = _ageing(asked, customer_id=row.customer_id)
    return owed | {"customer": to("customers", open=row.customer_id)}


def _owed(asked: Mapping[str, Any]) -> Links:
    href, late = to("invoices", status=OPEN, **asked), to("invoices", overdue="true", **asked)
    return of("invoices", "total", "paid", "balance", href=href) | of(
        "overdue", "overdue_invoices", href=late
    )


def _cash(days: Mapping[str, Any]) -> Links:
    return {
        "cash_collected": to("payments", method="CASH", **days),
        "pending": to("delivery-orders", status=UNPAID_ORDERS, **days),
    }


def _commission(row: Any, _asked: Mapping[str, Any]) -> Links:
    return _commissions({}, q=row.introducer_name) | {
        "introducer_name": to("commissions", q=row.introducer_name)
    }


def _commissions(_asked: Mapping[str, Any], **also: str) -> Links:
    stands = {"waiting": "pending", "to_approve": "eligible", "to_pay": "approved", "paid": "paid"}
    return {name: to("commissions", status=status, **also) for name, status in stands.items()} | {
        "approved": to("commissions", status="approved,paid", **also)
    }


def _order_totals(asked: Mapping[str, Any]) -> Links:
    orders = to("delivery-orders", status=OFFICIAL, **asked)
    return of("delivery_orders", "amount", "average_amount", "weight_kg", "count", href=orders) | {
        "done": to("delivery-orders", status=OFFICIAL, fulfilment_status="done", **asked),
        "failed": to("delivery-orders", status=OFFICIAL, fulfilment_status="failed", **asked),
        "drafts": to("delivery-orders", status="draft", **asked),
        "cancelled": to("delivery-orders", status="cancelled", **asked),
    }


def _order_status(row: Any, asked: Mapping[str, Any]) -> Links:
    href = to("delivery-orders", status=row.status, fulfilment_status=row.fulfilment_status, **asked)
    return of("fulfilment_status", "delivery_orders", "amount", "weight_kg", href=href) | {
        "status": to("delivery-orders", status=row.status, **asked)
    }


def _day(row: Any, _asked: Mapping[str, Any]) -> Links:
    href = to("delivery-orders", status=OFFICIAL, **_days(row.date, row.date))
    return of("date", "count", "amount", href=href)


def _booking_totals(asked: Mapping[str, Any]) -> Links:
    return {
        "bookings": to("bookings", status=EXPECTED, **asked),
        "open": to("bookings", status="pending,confirmed,assigned", **asked),
        **of("fulfilled", "fulfilled_share", href=to("bookings", status="fulfilled", **asked)),
        "cancelled": to("bookings", status="cancelled", **asked),
    }


def _driver(row: Any, asked: Mapping[str, Any]) -> Links:
    mine = {**asked, "driver_id": row.driver_id}
    drives = to("trips", **mine)
    return (
        _order_totals(mine)
        | of("trips", "drive_hours", "minutes_per_trip", href=drives)
        | {
            "driver_name": to("drivers", open=row.driver_id),
            "collected": to("payments", **mine),
            "done_share": to("delivery-orders", status=OFFICIAL, fulfilment_status="done", **mine),
        }
    )


def _drivers(asked: Mapping[str, Any]) -> Links:
    drives = to("trips", **asked)
    taken = to("reports/delivery-orders-by-driver", **asked)
    return _order_totals(asked) | of("trips", "drive_hours", href=drives) | {"collected": taken}


def _lorry(row: Any, asked: Mapping[str, Any]) -> Links:
    mine = {**asked, "lorry_id": row.lorry_id}
    orders, drives = to("delivery-orders", status=OFFICIAL, **mine), to("trips", **mine)
    return (
        of("delivery_orders", "days_used", "utilisation", href=orders)
        | of("trips", "drive_hours", href=drives)
        | {"registration_no": to("lorries", open=row.lorry_id)}
    )


def _lorries(asked: Mapping[str, Any]) -> Links:
    orders, drives = to("delivery-orders", status=OFFICIAL, **asked), to("trips", **asked)
    return (
        of("delivery_orders", href=orders)
        | of("trips", "drive_hours", href=drives)
        | of("lorries", "utilisation", href=to("lorries"))
    )


def _trip(row: Any, _asked: Mapping[str, Any]) -> Links:
    return {
        "minutes": to("trips", open=row.trip_id),
        "system_do_number": to("delivery-orders", open=row.delivery_order_id)
        if row.delivery_order_id
        else "",
        "registration_no": to("lorries", open=row.lorry_id),
        "driver_name": to("drivers", open=row.driver_id),
    }


def _hired(row: Any, asked: Mapping[str, Any]) -> Links:
    href = to("rentable-lorries", open=row.rentable_lorry_id)
    return of("registration_no", "daily_rate", "trip_rate", href=href)


def _of_size(size: str) -> dict[str, object]:
    return dict(zip(("h_ft", "l_ft", "w_ft"), size.removesuffix(" ft").split(" × "), strict=True))


PLACES = ("in_warehouse", "assigned", "with_customer", "collected", "repair")


def _bins(asked: Mapping[str, Any], **size: object) -> Links:
    moved = to("reports/bins-inout-by-sn", **asked)
    return {
        **{name: to("bins", status=name, **size) for name in PLACES},
        **of("went_out", "came_in", href=moved),
        "bins": to("bins", **size),
        "utilisation": to("bins", status="assigned,with_customer", **size),
    }


def _size(row: Any, asked: Mapping[str, Any]) -> Links:
    size = _of_size(row.size)
    return _bins(asked, **size) | {"size": to("bins", **size)}


def _stock(row: Any, _asked: Mapping[str, Any]) -> Links:
    size = _of_size(row.size)
    return of("status", "count", href=to("bins", status=row.status, **size)) | {"size": to("bins", **size)}


def _movement(row: Any, _asked: Mapping[str, Any]) -> Links:
    return {
        "serial_number": to("bins", open=row.bin_id),
        "system_do_number": to("delivery-orders", open=row.delivery_order_id)
        if row.delivery_order_id
        else "",
        "customer": to("customers", open=row.customer_id) if row.customer_id else "",
    }


def _bins_out(row: Any, _asked: Mapping[str, Any]) -> Links:
    there = to("bins", status="with_customer", area=row.area, state=row.state)
    return of("area", "bins_out", href=there) | {
        "late": to("delivery-orders", late="true", fulfilment_status="delivered")
    }


def _nothing(_asked: Mapping[str, Any]) -> Links:
    return {}


LOOKS: dict[str, Look] = {
    "summary": Look("period", ("sales_total", "payments_total"), lambda row, _: _business(_period(row)), _business,
                    "time"),
    "invoices-period-sales": Look("period", ("total",), _period_sales, lambda asked: _sold(**asked), "time"),
    "invoices": Look("status", ("paid", "balance"), _invoice_status, _invoice_totals),
    "invoices-area-wise": Look("area", ("total",), _area, lambda asked: _sold(**asked), "ranked"),
    "invoices-by-method": Look("method", ("paid", "balance"),
                               lambda row, asked: _sold(**asked | {"method": row.method})
                               | {"method": to("invoices", status=COUNTED, **asked | {"method": row.method})},
                               lambda asked: _sold(**asked)),
    "customers": Look("customer", ("sales",), _customer, _customers, "ranked"),
    "invoices-pending-alerts": Look("customer", ("balance",), _invoice, _owed, "ranked"),
    "customers-ageing": Look("customer", ("balance",), _aged,
                             lambda asked: _ageing(asked) | {"customers": to("customers")}, "ranked"),
    "invoices-by-client-pending": Look("customer", ("balance",), _invoice, _owed, "ranked"),
    "invoices-by-client-paid": Look("received_on", ("amount",), _payment,
                                    lambda asked: of("payments", "amount", href=to("payments", **asked)), "time"),
    "delivery-orders-cash-vs-pending": Look("period", ("cash_collected", "pending"), lambda row, _: _cash(_period(row)),
                                            _cash, "time"),
    "delivery-orders-payments-by-method": Look(
        "method", ("amount",),
        lambda row, asked: of("method", "count", "amount", href=to("payments", method=row.method, **asked)),
        lambda asked: of("count", "amount", href=to("payments", **asked))),
    "commissions": Look("introducer_name", ("to_pay", "paid"), _commission, _commissions),
    "refunds": Look("status", ("amount",),
                    lambda row, asked: of("status", "refunds", "amount", href=to("refunds", status=row.status, **asked)),
                    lambda asked: of("refunds", "amount", href=to("refunds", status="pending,approved,processed", **asked))
                    | {"given_back": to("refunds", status="processed")}),
    "expenses": Look("category", ("amount",),
                     lambda row, asked: of("category", "expenses", "amount", "share", href=to(
                         "expenses", status="recorded", **asked | {"category": row.category})),
                     lambda asked: of("expenses", "amount", href=to("expenses", status="recorded", **asked))),
    "bookings": Look("status", ("bookings",),
                     lambda row, asked: of("status", "bookings", "share", href=to("bookings", status=row.status, **asked)),
                     _booking_totals),
    "delivery-orders": Look("status", ("delivery_orders",), _order_status, _order_totals),
    "delivery-orders-daily-totals": Look("date", ("amount",), _day, _order_totals, "time"),
    "drivers": Look("driver_name", ("done",), _driver, _drivers, "ranked"),
    "delivery-orders-by-driver": Look("driver_name", ("amount",), _driver, _drivers, "ranked"),
    "lorries": Look("registration_no", ("days_used",), _lorry, _lorries, "ranked"),
    "lorries-trips": Look("registration_no", ("minutes",), _trip,
                          lambda asked: of("trips", "on_the_road", "drive_hours", href=to("trips", **asked)), "ranked"),
    "rentable-lorries": Look("registration_no", ("cost_by_day", "cost_by_trip"), _hired,
                             lambda _: {"rentable_lorries": to("rentable-lorries")}),
    "inventory": Look("size", PLACES, _size, _bins),
    "bins-stock-on-hand": Look("size", ("count",), _stock,
                               lambda _: {"bins": to("bins"), "on_hand": to("bins", status="in_warehouse"),
                                          "with_customer": to("bins", status="with_customer")}),
    "bins-inout-by-sn": Look("serial_number", ("movements",), _movement, _nothing, "ranked"),
    "bins-area-out": Look("area", ("bins_out",), _bins_out,
                          lambda _: {"bins_out": to("bins", status="with_customer"),
                                     "late": to("delivery-orders", late="true")}, "ranked"),
}  # fmt: skip
