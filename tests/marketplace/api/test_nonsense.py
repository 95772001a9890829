"""What a hostile stranger sends to the marketplace: refused by the name of its field, and nothing is changed."""

import pytest
from sqlalchemy import func, select

from lattis_app.marketplace.models import MarketplaceInvoice, MarketplaceOrder, MarketplaceProduct

TOP, OVER = "100000000.00", "100000000.01"
YEARS = "must be a week of the years 2000 to 2199"
NO_WEEK = "must be a week such as 2026-47, or a date in it"


def refused(answer):
    """The field and the reason of a refusal."""
    details = answer.json()["details"]
    return answer.status_code, details["field"], details["reason"]


@pytest.mark.parametrize(
    ("week", "reason"),
    [
        ("0001-01", YEARS),
        ("0001-01-01", YEARS),
        ("1999-52", YEARS),
        ("2200-02", YEARS),
        ("9999-52", YEARS),
        ("9999-12-31", YEARS),
        ("0000-01", NO_WEEK),
        ("2026-54", NO_WEEK),
        ("-1", NO_WEEK),
    ],
)
def test_a_week_that_nobody_works_in_is_refused_by_name(office, session, week, reason):
    assert refused(office.get("/api/invoices/admin/runs/preview", params={"week": week})) == (
        400,
        "week",
        reason,
    )
    for preview in (True, False):
        answer = office.post("/api/invoices/admin/runs", json={"week": week, "preview": preview})
        assert refused(answer) == (400, "week", reason)
    assert session.scalar(select(func.count()).select_from(MarketplaceInvoice)) == 0


def test_no_price_is_so_high_that_one_seller_could_stop_the_billing_of_all(me, session):
    product = {"name": "Honey", "price": OVER}
    assert refused(me.post("/api/seller/products", json=product)) == (
        400,
        "price",
        "must be at most 100000000",
    )
    order = {"productName": "Honey", "price": OVER, "currency": "EUR"}
    assert refused(me.post("/api/orders", json=order)) == (400, "price", "must be at most 100000000")
    assert session.scalar(select(func.count()).select_from(MarketplaceOrder)) == 0
    assert session.scalar(select(func.count()).select_from(MarketplaceProduct)) == 2
    assert me.post("/api/orders", json=order | {"price": TOP}).status_code == 201


def test_another_price_of_a_product_in_euros_is_in_euros(me, session):
    euros = {"name": "Pearls", "price": 50, "currency": "EUR"}
    product = me.post("/api/seller/products", json=euros).json()["id"]
    asked = ({"price": 40}, {}, {"price": 2460, "currency": "MKD"})
    taken = [me.post("/api/orders", json={"productId": product} | each).json() for each in asked]
    assert [(order["price"], order["currency"]) for order in taken] == [
        (40.0, "EUR"),
        (50.0, "EUR"),
        (2460.0, "MKD"),
    ]
    named = me.post("/api/orders", json={"productName": "Ring", "price": 5}).json()
    assert (named["price"], named["currency"]) == (5.0, "MKD")
