"""Seed 003 over REST: its testing scenarios and the backend's side of its checklist, each by its name."""

import csv
import io

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from lattis_app.core.actors import SYSTEM
from lattis_app.identity.permissions import Role
from lattis_app.marketplace.models import (
    MarketplaceInvoice,
    MarketplaceOrder,
    MarketplacePaymentClaim,
    MarketplaceSeller,
)
from lattis_app.marketplace.services import generation
from tests.factories.marketplace import make_delivered, make_order, make_seller, set_marketplace
from tests.marketplace.conftest import MONDAY, WEDNESDAY

MINE = "/api/invoices/seller/my-invoices"
NOBODYS = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"


def paid_url(invoice: MarketplaceInvoice, who: str = "seller") -> str:
    return f"/api/invoices/{who}/{invoice.id}/mark-paid"


def orders_of(session: Session, invoice_id: object) -> list[MarketplaceOrder]:
    session.expire_all()
    return [order for order in session.scalars(select(MarketplaceOrder)) if order.invoice_id == invoice_id]


def test_testing_scenario_1_view_invoice_list(me, session: Session, seller, invoice, clock) -> None:
    """Checklist: invoice list view for sellers, pagination, filtering by status, status indicators."""
    make_delivered(session, seller, MONDAY)
    clock.advance(days=7)
    generation.generate_due(session, SYSTEM, clock.now())
    clock.set(MONDAY)
    first = me.get(MINE, params={"limit": 1}).json()
    assert first["pagination"] == {"page": 1, "limit": 1, "total": 2, "totalPages": 2}
    assert [each["invoiceNumber"] for each in first["invoices"]] == ["INV-2026-48-ABCD"]
    second = me.get(MINE, params={"limit": 1, "page": 2}).json()
    assert [each["invoiceNumber"] for each in second["invoices"]] == ["INV-2026-47-ABCD"]
    for status, count in (("pending", 2), ("paid", 0), ("overdue", 0), ("cancelled", 0), ("paid,pending", 2)):
        assert me.get(MINE, params={"status": status}).json()["pagination"]["total"] == count


def test_testing_scenario_2_view_invoice_details(me, seller, invoice) -> None:
    """Checklist: invoice detail view, order breakdown in invoice details, payment deadline countdown."""
    answer = me.get(f"/api/invoices/seller/{invoice.id}")
    assert answer.status_code == 200
    found = answer.json()
    wanted = {
        "id": str(invoice.id),
        "invoiceNumber": "INV-2026-47-ABCD",
        "sellerId": str(seller.id),
        "weekStartDate": "2026-11-16",
        "weekEndDate": "2026-11-22",
        "dueDate": "2026-11-27",
        "status": "pending",
        "totalAmount": 307.5,
        "totalAmountMKD": 184.5,
        "totalAmountEUR": 2.0,
        "orderCount": 2,
        "paidAt": None,
        "paymentNotes": "",
        "daysUntilDue": 4,
        "daysOverdue": 0,
    }
    assert {name: found[name] for name in wanted} == wanted
    assert found["createdAt"] == found["updatedAt"] == "2026-11-22T23:00:00Z"
    euros, denars = found["items"]
    assert {name: value for name, value in denars.items() if name not in ("id", "orderId")} == {
        "orderNumber": "T-MKD",
        "deliveryDate": "2026-11-18T10:00:00Z",
        "currency": "MKD",
        "productPrice": 1230.0,
        "productPriceMKD": 1230.0,
        "productPriceEUR": None,
        "platformFeePercent": 10,
        "platformFee": 123.0,
        "platformFeeMKD": 123.0,
        "platformFeeEUR": None,
        "affiliateFeePercent": 5,
        "affiliateFee": 61.5,
        "affiliateFeeMKD": 61.5,
        "affiliateFeeEUR": None,
        "totalOwed": 184.5,
        "totalOwedMKD": 184.5,
        "totalOwedEUR": None,
    }
    assert (euros["affiliateFeePercent"], euros["affiliateFeeEUR"], euros["totalOwedEUR"]) == (
        None,
        None,
        2.0,
    )


@pytest.mark.parametrize("who", ["seller", "admin"])
def test_testing_scenarios_3_and_4_mark_invoice_as_paid(
    me, office, session: Session, seller, invoice, who: str
) -> None:
    """Checklist: "mark as paid" for sellers and for admins, the payment flow end to end."""
    client = me if who == "seller" else office
    answer = client.put(paid_url(invoice, who), json={"paymentNotes": "TXN 77"})
    assert answer.status_code == 200
    found = answer.json()
    assert (found["status"], found["paymentNotes"]) == ("paid", "TXN 77")
    assert found["paidAt"] == "2026-11-22T23:00:00Z"
    for order in orders_of(session, invoice.id):
        assert (order.seller_paid, order.payment_settled_at) == (True, MONDAY)
    assert len(orders_of(session, invoice.id)) == 2
    again = client.put(paid_url(invoice, who))
    assert again.status_code == 400
    assert again.json()["message"] == "Invoice is already marked as paid"
    assert again.json()["statusCode"] == 400
    assert again.json()["error"] == "Bad Request"


def test_testing_scenario_5_overdue_invoice(me, office, sign_in_again, overdue_invoice) -> None:
    """Checklist: test with various invoice statuses."""
    found = sign_in_again().get(f"/api/invoices/seller/{overdue_invoice.id}").json()
    assert (found["status"], found["daysOverdue"], found["daysUntilDue"]) == ("overdue", 1, 0)
    told = sign_in_again().get("/api/seller/restrictions").json()
    assert told["restricted"] is True
    assert told["restrictedAt"] == "2026-11-28T00:00:00Z"
    assert told["amountToClear"] == 307.5
    assert (told["amountToClearMKD"], told["amountToClearEUR"]) == (184.5, 2.0)
    assert told["hiddenProducts"] == 2
    assert [(each["invoiceNumber"], each["daysOverdue"]) for each in told["invoices"]] == [
        ("INV-2026-47-ABCD", 1)
    ]


def test_testing_scenario_6_payment_restriction(
    api, sign_in_again, session: Session, seller, overdue_invoice
) -> None:
    """Checklist: payment restriction warnings, payment restriction scenarios."""
    client = sign_in_again()
    order = {"productName": "Ring", "price": 500, "buyerName": "Petar"}
    before = len(session.scalars(select(MarketplaceOrder)).all())
    refused = client.post("/api/orders", json=order)
    assert refused.status_code == 403
    said = refused.json()
    assert said["message"] == "You cannot create new orders until overdue invoices are paid"
    assert (said["statusCode"], said["error"]) == (403, "Forbidden")
    assert said["details"]["amountToClear"] == 307.5
    assert said["details"]["invoices"][0]["invoiceNumber"] == "INV-2026-47-ABCD"
    assert said["details"]["invoices"][0]["link"] == f"/seller/invoices/{overdue_invoice.id}"
    assert len(session.scalars(select(MarketplaceOrder)).all()) == before
    assert api.anonymous().get("/api/products").json()["products"] == []
    mine = client.get("/api/seller/products").json()["products"]
    assert {(each["active"], each["hiddenBySystem"]) for each in mine} == {(False, True)}
    hidden = client.put(f"/api/seller/products/{mine[0]['id']}/activate")
    assert (hidden.status_code, hidden.json()["message"]) == (
        403,
        "Your products stay hidden until overdue invoices are paid",
    )
    assert client.post("/api/seller/products/reactivate").status_code == 403


def test_when_the_last_overdue_invoice_is_paid_orders_work_and_products_wait_for_one_click(
    api, sign_in_again, session: Session, seller, overdue_invoice
) -> None:
    client = sign_in_again()
    gone = client.get("/api/seller/products", params={"q": "Ring"}).json()["products"][0]["id"]
    assert client.put(paid_url(overdue_invoice)).status_code == 200
    assert client.get("/api/seller/restrictions").json()["restricted"] is False
    assert client.post("/api/orders", json={"productName": "Ring", "price": 500}).status_code == 201
    assert api.anonymous().get("/api/products").json()["products"] == []
    assert client.put(f"/api/seller/products/{gone}/deactivate").json()["hiddenBySystem"] is False
    assert client.get("/api/seller/restrictions").json()["hiddenProducts"] == 1
    assert client.post("/api/seller/products/reactivate").json() == {"reactivated": 1}
    shown = api.anonymous().get("/api/products").json()["products"]
    assert [each["name"] for each in shown] == ["Necklace"]
    assert client.put(f"/api/seller/products/{gone}/activate").json()["active"] is True
    assert len(api.anonymous().get("/api/products").json()["products"]) == 2


def test_a_seller_changes_an_own_product_and_orders_keep_their_price(me, session: Session, seller) -> None:
    product = me.get("/api/seller/products", params={"q": "Ring"}).json()["products"][0]
    address = f"/api/seller/products/{product['id']}"
    order = me.post("/api/orders", json={"productId": product["id"]}).json()
    changed = me.patch(address, json={"name": "Gold ring", "price": "2000.50", "description": "18 k"})
    assert changed.status_code == 200
    body = changed.json()
    assert {name: body[name] for name in body if body[name] != product[name]} == {
        "name": "Gold ring",
        "price": 2000.5,
        "description": "18 k",
        **({"updatedAt": body["updatedAt"]} if body["updatedAt"] != product["updatedAt"] else {}),
    }
    kept = me.get(f"/api/orders/{order['id']}").json()
    assert (kept["price"], kept["productName"]) == (1230, "Ring")
    assert me.post("/api/orders", json={"productId": product["id"]}).json()["price"] == 2000.5
    assert me.patch(address, json={"description": None}).json()["description"] == ""


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"price": "0.001"}, "price"),
        ({"price": -1}, "price"),
        ({"price": None}, "price"),
        ({"name": ""}, "name"),
        ({"currency": "USD"}, "currency"),
        ({"active": True}, "active"),
    ],
)
def test_a_bad_change_of_a_product_changes_nothing(me, session: Session, seller, body, field) -> None:
    product = me.get("/api/seller/products").json()["products"][0]
    refused = me.patch(f"/api/seller/products/{product['id']}", json=body)
    assert (refused.status_code, refused.json()["details"]["field"]) == (400, field)
    assert me.get("/api/seller/products").json()["products"][0] == product


def test_a_bad_id_in_a_path_is_named_as_the_dialect_names_it(me) -> None:
    refused = me.get("/api/invoices/seller/xyz")
    assert (refused.status_code, refused.json()["message"]) == (400, "invoiceId: must be a UUID")
    assert refused.json()["details"]["field"] == "invoiceId"


def test_testing_scenario_7_currency_display(office, session: Session) -> None:
    """Checklist: multi-currency display."""
    for code, base, orders in (
        ("DEN", "MKD", [("MKD", 100_000)]),
        ("EURO", "EUR", [("EUR", 5_000)]),
        ("BOTH", "EUR", [("MKD", 61_500), ("EUR", 5_000)]),
    ):
        seller = make_seller(session, code=code, baseCurrency=base)
        for currency, price in orders:
            make_delivered(session, seller, WEDNESDAY, currency=currency, price_minor=price)
    generation.generate_due(session, SYSTEM, MONDAY)
    found = office.get("/api/invoices/admin", params={"sort": "invoice_number"}).json()["invoices"]
    assert [
        (each["baseCurrency"], each["totalAmount"], each["totalAmountMKD"], each["totalAmountEUR"])
        for each in found
    ] == [("EUR", 6.0, 61.5, 5.0), ("MKD", 100.0, 100.0, 0.0), ("EUR", 5.0, 0.0, 5.0)]


def test_testing_scenario_8_empty_states(me, seller) -> None:
    answer = me.get(MINE).json()
    assert answer == {"invoices": [], "pagination": {"page": 1, "limit": 20, "total": 0, "totalPages": 0}}
    told = me.get("/api/seller/restrictions").json()
    assert (told["restricted"], told["amountToClear"], told["invoices"]) == (False, 0.0, [])


def test_testing_scenario_9_error_handling(api, me, office, invoice) -> None:
    """Checklist: handle error states 404, 401, 403 and 400; API client with authentication."""
    missing = me.get(f"/api/invoices/seller/{NOBODYS}")
    assert (missing.status_code, missing.json()["error"]) == (404, "Not Found")
    anonymous = api.anonymous().get(MINE)
    assert (anonymous.status_code, anonymous.json()["error"]) == (401, "Unauthorized")
    assert anonymous.json()["statusCode"] == 401
    assert api.anonymous().get(MINE, headers={"Authorization": "Bearer nonsense"}).status_code == 401
    wrong = me.put(paid_url(invoice, "admin"))
    assert (wrong.status_code, wrong.json()["error"]) == (403, "Forbidden")
    assert office.get(MINE).status_code == 403
    assert api.as_(Role.MERCHANT).get("/api/invoices/admin").status_code == 403
    bad = me.get(MINE, params={"status": "late", "limit": 1000})
    assert bad.status_code == 400
    assert {each["field"] for each in bad.json()["details"]["errors"]} == {"status", "limit"}
    assert me.put(paid_url(invoice), json={"paymentNotes": 7}).status_code == 400
    assert me.put(paid_url(invoice), json={"paymentNote": "typo"}).status_code == 400
    assert me.get(f"/api/invoices/seller/{invoice.id}").json()["status"] == "pending"


def test_testing_scenario_10_multi_week_view(me, session: Session, seller, clock) -> None:
    for week in range(3):
        make_delivered(session, seller, WEDNESDAY.replace(day=4 + 7 * week))
    generation.generate_due(session, SYSTEM, MONDAY)
    found = me.get(MINE).json()["invoices"]
    assert [(each["weekStartDate"], each["invoiceNumber"]) for each in found] == [
        ("2026-11-16", "INV-2026-47-ABCD"),
        ("2026-11-09", "INV-2026-46-ABCD"),
        ("2026-11-02", "INV-2026-45-ABCD"),
    ]


def test_testing_scenario_12_admin_invoice_access(api, office, session: Session, seller, invoice) -> None:
    """Checklist: admin invoice views, by seller, by name, by status and by number."""
    of_seller = office.get(f"/api/invoices/admin/seller/{seller.id}").json()
    assert [each["id"] for each in of_seller["invoices"]] == [str(invoice.id)]
    assert len(of_seller["invoices"][0]["items"]) == 2
    assert office.get(f"/api/invoices/admin/seller/{NOBODYS}").status_code == 404
    for wanted in ("ohrid", "ABCD", "ana il", "inv-2026-47", str(seller.store_name)):
        found = office.get("/api/invoices/admin", params={"q": wanted}).json()
        assert found["pagination"]["total"] == 1, wanted
    assert office.get("/api/invoices/admin", params={"q": "nobody"}).json()["invoices"] == []
    one = office.get(f"/api/invoices/admin/{invoice.id}").json()
    assert (one["storeName"], one["sellerName"], one["sellerRestricted"]) == (
        "Ohrid Pearls",
        "Ana Ilieva",
        False,
    )
    for who, client in (("admin", office), ("seller", api.as_(Role.SELLER, seller.id))):
        pdf = client.get(f"/api/invoices/{who}/{invoice.id}/pdf")
        assert (pdf.status_code, pdf.content[:5]) == (200, b"%PDF-")
        assert 'filename="INV-2026-47-ABCD.pdf"' in pdf.headers["Content-Disposition"]


def test_under_verify_the_sellers_word_is_a_claim_that_an_admin_confirms(
    me, office, session: Session, invoice
) -> None:
    set_marketplace(session, sellerMarkPaid="verify")
    said = me.put(paid_url(invoice), json={"paymentNotes": "TXN 9"}).json()
    assert (said["status"], said["paymentClaimed"], said["paidAt"]) == ("pending", True, None)
    assert me.put(paid_url(invoice)).status_code == 409
    waiting = office.get("/api/invoices/admin", params={"claimed": True}).json()["invoices"]
    assert [each["id"] for each in waiting] == [str(invoice.id)]
    assert not any(order.seller_paid for order in orders_of(session, invoice.id))
    confirmed = office.put(paid_url(invoice, "admin")).json()
    assert (confirmed["status"], confirmed["paymentClaimed"]) == ("paid", False)
    assert confirmed["paymentNotes"] == "TXN 9"
    assert [each["status"] for each in confirmed["claims"]] == ["confirmed"]
    assert all(order.seller_paid for order in orders_of(session, invoice.id))


def test_a_claim_can_be_refused_and_made_again(me, office, session: Session, invoice) -> None:
    url = f"/api/invoices/seller/{invoice.id}/claim-payment"
    refuse = f"/api/invoices/admin/{invoice.id}/reject-claim"
    assert office.post(refuse, json={"reason": "nothing came"}).status_code == 412
    assert me.post(url, json={"proof": "x"}).status_code == 400
    assert me.post(url, json={"proof": "Stopanska 123"}).json()["paymentClaimed"] is True
    refused = office.post(refuse, json={"reason": "No such transfer"}).json()
    assert [(each["status"], each["rejection"]) for each in refused["claims"]] == [
        ("rejected", "No such transfer")
    ]
    assert me.post(url, json={"proof": "Stopanska 124"}).json()["paymentClaimed"] is True
    assert len(session.scalars(select(MarketplacePaymentClaim)).all()) == 2


def test_a_cancelled_invoice_is_issued_again_as_r2_only_when_an_admin_says_so(
    me, office, session: Session, seller, invoice
) -> None:
    url = f"/api/invoices/admin/{invoice.id}/cancel"
    assert office.post(url, json={"reason": ""}).status_code == 400
    assert office.post(url, json={"reason": "Wrong fees"}).json()["status"] == "cancelled"
    assert office.post(url, json={"reason": "Wrong fees"}).status_code == 412
    assert me.put(paid_url(invoice)).status_code == 412
    assert orders_of(session, invoice.id) == []
    assert generation.generate_due(session, SYSTEM, MONDAY).invoices == 0
    looked = office.post("/api/invoices/admin/runs", json={"week": "2026-47", "preview": True}).json()
    assert (looked["preview"], looked["invoices"], looked["orders"]) == (True, 1, 2)
    made = office.post("/api/invoices/admin/runs", json={"week": "2026-11-18"}).json()
    assert (made["week"], made["preview"], made["invoices"], made["totalAmountMKD"]) == (
        "2026-47",
        False,
        1,
        184.5,
    )
    found = me.get(MINE).json()["invoices"]
    assert {(each["invoiceNumber"], each["status"], len(each["items"])) for each in found} == {
        ("INV-2026-47-ABCD-R2", "pending", 2),
        ("INV-2026-47-ABCD", "cancelled", 2),
    }
    log = office.get("/api/invoices/admin/runs").json()["runs"]
    assert [(each["week"], each["invoices"], each["steps"]) for each in log] == [("2026-47", 1, 1)] * 2


def test_a_paid_invoice_cannot_be_cancelled(me, office, session: Session, invoice) -> None:
    me.put(paid_url(invoice))
    refused = office.post(f"/api/invoices/admin/{invoice.id}/cancel", json={"reason": "Too late"})
    assert (refused.status_code, refused.json()["error"]) == (412, "Precondition Failed")
    assert len(orders_of(session, invoice.id)) == 2


def test_a_week_that_is_not_over_is_only_looked_at(office, session: Session, seller, invoice, clock) -> None:
    clock.advance(minutes=5)
    make_delivered(session, seller, price_minor=100_000)
    refused = office.post("/api/invoices/admin/runs", json={"week": "2026-48"})
    assert (refused.status_code, refused.json()["details"]["reason"]) == (400, "is not over yet")
    for week in ("2026-99", "soon", "2026-11-40"):
        assert office.post("/api/invoices/admin/runs", json={"week": week}).status_code == 400, week
    (row,) = office.get("/api/invoices/admin/runs/preview").json()["invoices"]
    assert row["invoiceNumber"] == "INV-2026-48-ABCD"
    assert (row["totalAmount"], row["lastWeekTotalAmount"], row["difference"]) == (100.0, 307.5, -207.5)


SELLERS_PATHS = (
    ("GET", "/api/invoices/seller/{invoice}", None),
    ("GET", "/api/invoices/seller/{invoice}/pdf", None),
    ("PUT", "/api/invoices/seller/{invoice}/mark-paid", {}),
    ("POST", "/api/invoices/seller/{invoice}/claim-payment", {"proof": "I paid"}),
    ("GET", "/api/orders/{order}", None),
    ("PATCH", "/api/orders/{order}/status", {"status": "cancelled"}),
    ("PUT", "/api/seller/products/{product}/activate", None),
    ("PUT", "/api/seller/products/{product}/deactivate", None),
    ("PATCH", "/api/seller/products/{product}", {"price": 1}),
)
ADMINS_PATHS = (
    ("GET", "/api/invoices/admin", None),
    ("GET", "/api/invoices/admin/runs", None),
    ("GET", "/api/invoices/admin/runs/preview", None),
    ("POST", "/api/invoices/admin/runs", {"week": "2026-47"}),
    ("GET", "/api/invoices/admin/seller/{seller}", None),
    ("GET", "/api/invoices/admin/{invoice}", None),
    ("GET", "/api/invoices/admin/{invoice}/pdf", None),
    ("PUT", "/api/invoices/admin/{invoice}/mark-paid", {}),
    ("POST", "/api/invoices/admin/{invoice}/cancel", {"reason": "because"}),
    ("POST", "/api/invoices/admin/{invoice}/reject-claim", {"reason": "because"}),
    ("GET", "/api/sellers", None),
    ("POST", "/api/sellers", {"storeName": "Mine"}),
    ("GET", "/api/sellers/{seller}", None),
    ("GET", "/api/sellers/{seller}/restrictions", None),
    ("PATCH", "/api/sellers/{seller}", {"storeName": "Mine"}),
    ("GET", "/api/marketplace/settings", None),
    ("PATCH", "/api/marketplace/settings", {"exchangeRate": 1}),
)


def everything(session: Session) -> list[object]:
    session.flush()
    tables = ("invoices", "orders", "products", "sellers", "payment_claims", "settings", "runs")
    return [
        session.execute(
            text(f"SELECT coalesce(jsonb_agg(t ORDER BY id), '[]') FROM marketplace_{table} t")
        ).scalar()
        for table in tables
    ]


def test_another_seller_sees_and_changes_nothing_with_real_ids(
    api, session: Session, seller, invoice
) -> None:
    order = make_order(session, seller)
    product = session.execute(text("SELECT id FROM marketplace_products LIMIT 1")).scalar()
    other = api.as_(Role.SELLER, make_seller(session).id)
    before = everything(session)
    real = {"invoice": invoice.id, "seller": seller.id, "order": order.id, "product": product}
    for method, path, body in SELLERS_PATHS:
        answer = other.request(method, path.format(**real), json=body)
        assert answer.status_code == 404, f"{method} {path}: {answer.status_code}"
    for method, path, body in ADMINS_PATHS:
        answer = other.request(method, path.format(**real), json=body)
        assert answer.status_code == 403, f"{method} {path}: {answer.status_code}"
    assert other.get(MINE).json()["invoices"] == []
    assert other.get("/api/orders", params={"sellerId": str(seller.id)}).json()["orders"] == []
    assert other.get("/api/seller/products").json()["products"] == []
    taken = other.post("/api/orders", json={"productId": str(product)})
    assert (taken.status_code, taken.json()["details"]["field"]) == (400, "productId")
    assert everything(session) == before


def test_an_account_that_stands_for_no_seller_sees_nothing(api, invoice) -> None:
    nobody = api.as_(Role.SELLER)
    for path in (MINE, "/api/orders", "/api/seller/products", "/api/seller/restrictions"):
        assert nobody.get(path).status_code == 403, path


@pytest.mark.parametrize("typed", ["-1", "1e999", "NaN", "0", "abc", "1.005", None])
def test_nonsense_for_a_price_makes_no_order(me, session: Session, seller, typed) -> None:
    answer = me.post("/api/orders", json={"productName": "Ring", "price": typed})
    assert answer.status_code == 400
    assert session.scalars(select(MarketplaceOrder)).all() == []


def test_an_order_goes_from_the_buyer_to_delivery_and_freezes_its_fees(
    me, office, session: Session, seller, clock
) -> None:
    product = me.post("/api/seller/products", json={"name": "Vase 😀", "price": "2460.00"}).json()
    made = me.post(
        "/api/orders",
        json={"productId": product["id"], "affiliate": "ELENA", "buyerName": "'; drop table parties --"},
    ).json()
    assert (made["status"], made["price"], made["productName"]) == ("pending", 2460.0, "Vase 😀")
    assert made["orderNumber"].startswith("ORD-2026-")
    url = f"/api/orders/{made['id']}/status"
    assert me.patch(url, json={"status": "returned"}).status_code == 412
    assert me.patch(url, json={"status": "shipped"}).json()["status"] == "shipped"
    assert (
        me.patch(url, json={"status": "delivered", "deliveredAt": "2027-01-01T00:00:00Z"}).status_code == 400
    )
    assert (
        me.patch(url, json={"status": "delivered", "deliveredAt": "2020-01-01T00:00:00Z"}).status_code == 400
    )
    delivered = office.patch(url, json={"status": "delivered"}).json()
    assert (delivered["platformFee"], delivered["affiliateFee"]) == (246.0, 123.0)
    set_marketplace(session, platformFeePercent=50)
    found = me.get(f"/api/orders/{made['id']}").json()
    assert (found["platformFeePercent"], found["deliveredAt"]) == (10, "2026-11-22T23:00:00Z")
    listed = me.get("/api/orders", params={"status": "delivered", "q": made["orderNumber"][:12]}).json()
    assert [each["id"] for each in listed["orders"]] == [made["id"]]


def test_an_admin_keeps_sellers_and_settings(office, session: Session) -> None:
    made = office.post("/api/sellers", json={"storeName": "Bitola Books", "email": "a@b.mk"})
    assert (made.status_code, made.json()["code"]) == (201, "BITO")
    second = office.post("/api/sellers", json={"storeName": "Bitola Bikes", "baseCurrency": "EUR"}).json()
    assert (second["code"], second["baseCurrency"]) == ("BITO2", "EUR")
    assert office.post("/api/sellers", json={"storeName": "X", "code": "BITO"}).status_code == 409
    changed = office.patch(f"/api/sellers/{second['id']}", json={"platformFeePercent": 7.5}).json()
    assert (changed["platformFeePercent"], changed["storeName"]) == (7.5, "Bitola Bikes")
    assert office.patch(f"/api/sellers/{second['id']}", json={"platformFeePercent": 101}).status_code == 400
    found = office.get("/api/sellers", params={"q": "bitola", "sort": "-store_name"}).json()
    assert [each["storeName"] for each in found["sellers"]] == ["Bitola Books", "Bitola Bikes"]
    assert office.get("/api/marketplace/settings").json()["paymentDeadlineDays"] == 5
    for wrong in ({"paymentDeadlineDays": 6}, {"paymentDeadlineDays": 2}, {"exchangeRate": 0}, {"rate": 1}):
        assert office.patch("/api/marketplace/settings", json=wrong).status_code == 400, wrong
    kept = office.patch(
        "/api/marketplace/settings", json={"paymentDeadlineDays": 3, "exchangeRate": "61.4950"}
    )
    assert (kept.json()["paymentDeadlineDays"], kept.json()["exchangeRate"]) == (3, 61.495)


def test_a_seller_sees_who_they_are(me, seller: MarketplaceSeller, invoice) -> None:
    found = me.get("/api/seller/me").json()
    assert (found["storeName"], found["openInvoices"], found["openAmountMKD"]) == ("Ohrid Pearls", 1, 184.5)


def test_lists_can_be_saved_as_files_that_name_their_currency_and_count_in_whole_units(
    me, office, invoice
) -> None:
    for client, path, wanted in (
        (me, MINE, {"total_amount": "307.50", "base_currency": "MKD", "total_amount_eur": "2.00"}),
        (office, "/api/invoices/admin", {"total_amount_mkd": "184.50"}),
        (office, "/api/orders", {"price": "1230.00", "currency": "MKD", "affiliate_fee": "61.50"}),
    ):
        answer = client.get(path, params={"format": "csv"})
        assert answer.status_code == 200
        rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
        (row,) = [each for each in rows if each.get("order_number", "T-MKD") == "T-MKD"]
        assert {name: row[name] for name in wanted} == wanted
        assert row["invoice_number"] == "INV-2026-47-ABCD"
        assert "MYR" not in answer.text
        assert "items" not in row
    assert office.get("/api/sellers", params={"format": "xlsx"}).content[:2] == b"PK"


def test_lists_cost_the_same_few_statements_however_long(me, office, queries, invoice) -> None:
    for client, path, most in (
        (me, MINE, 3),
        (office, "/api/invoices/admin", 2),
        (office, "/api/orders", 2),
        (office, "/api/sellers", 2),
        (me, "/api/seller/products", 2),
    ):
        client.get(path)
        with queries() as sent:
            assert client.get(path).status_code == 200
        read = [each for each in sent.sent if "marketplace_" in each]
        assert len(read) <= most, path


def test_the_office_reads_a_seller_and_what_clears_its_restriction(api, seller, overdue_invoice) -> None:
    office = api.as_(Role.ADMIN)

    found = office.get(f"/api/sellers/{seller.id}").json()
    assert (found["storeName"], found["code"], found["restricted"], found["overdueInvoices"]) == (
        "Ohrid Pearls",
        "ABCD",
        True,
        1,
    )
    assert (found["openAmountMKD"], found["openAmountEUR"]) == (184.5, 2.0)

    restriction = office.get(f"/api/sellers/{seller.id}/restrictions").json()
    assert restriction["restricted"] is True
    assert [(each["invoiceNumber"], each["totalAmount"]) for each in restriction["invoices"]] == [
        ("INV-2026-47-ABCD", 307.5)
    ]
