"""Every list as a file (contract: api.md, "Import/export")."""

import csv
import io
from typing import Any

import openpyxl
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from lattis_app.core import pagination
from lattis_app.identity.cookies import SESSION_COOKIE
from lattis_app.identity.permissions import Role
from lattis_app.identity.services.sessions import _open
from tests.factories.identity import make_user
from tests.factories.rental import make_customer
from tests.factories.rental_delivery_orders import make_delivery_order
from tests.factories.rental_operations import make_driver

LISTS = (
    "/v1/bins",
    "/v1/bookings",
    "/v1/charges",
    "/v1/collection-reminders",
    "/v1/commissions",
    "/v1/customers",
    "/v1/delivery-orders",
    "/v1/drivers",
    "/v1/expenses",
    "/v1/invoices",
    "/v1/lorries",
    "/v1/lorry-trips",
    "/v1/payments",
    "/v1/price-cards",
    "/v1/rentable-lorries",
    "/v1/waste-items",
)


def rows_of(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_customers_as_csv_to_the_byte(api, session, clock):
    customer = make_customer(session, credit_limit="5000.50")

    answer = api.as_(Role.ADMIN).get("/v1/customers?format=csv")

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="customers-2026-03-16.csv"'
    assert answer.headers["content-length"] == str(len(answer.content))
    headings = (
        "company_name,contact_name,phone,email,address,gst_no,sst_no,status,payment_terms_days,credit_limit,"
        "on_stop,po_required,introducer_name,notes,email_messages,message_channel,created_at,updated_at,currency,id,party_id"
    )
    row = (
        'ABC Construction Sdn Bhd,John Doe,\'+60123456789,john@abc.com,"456 Jalan Puchong, 47100 Puchong",'
        "GST123456789,SST987654321,active,30,5000.50,false,false,,,true,none,"
        f"2026-03-16T10:00:00+08:00,2026-03-16T10:00:00+08:00,MYR,{customer.id},{customer.party_id}"
    )
    assert answer.content == f"\ufeff{headings}\r\n{row}\r\n".encode()


def test_the_customers_as_an_excel_file(api, session, clock):
    make_customer(session, credit_limit="5000.50")

    answer = api.as_(Role.ADMIN).get("/v1/customers?format=xlsx")

    assert answer.headers["content-disposition"] == 'attachment; filename="customers-2026-03-16.xlsx"'
    headings, row = openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True)
    shown = dict(zip(headings, row, strict=True))
    assert (shown["company_name"], shown["phone"], shown["credit_limit"], shown["currency"]) == (
        "ABC Construction Sdn Bhd",
        "+60123456789",
        5000.5,
        "MYR",
    )


def test_a_file_holds_the_whole_list_in_its_order_whatever_the_page(api, session):
    for number in range(30):
        make_customer(session, company_name=f"Company {number:02}")

    answer = api.as_(Role.ADMIN).get("/v1/customers?format=csv&sort=-company_name&limit=5&page=3")

    names = [row["company_name"] for row in rows_of(answer)]
    assert names == [f"Company {number:02}" for number in reversed(range(30))]


def test_a_file_holds_what_the_filter_shows(api, session):
    make_customer(session, company_name="Setia Build")
    make_customer(session, company_name="Other", on_stop=True)
    client = api.as_(Role.ADMIN)

    stopped = rows_of(client.get("/v1/customers?format=csv&on_stop=true"))
    found = rows_of(client.get("/v1/customers?format=csv&q=setia"))

    assert [row["company_name"] for row in stopped] == ["Other"]
    assert [row["company_name"] for row in found] == ["Setia Build"]


def test_a_driver_takes_out_own_orders_only(api, session):
    mine, other = make_driver(session), make_driver(session)
    own = make_delivery_order(session, driver_id=mine.id)
    make_delivery_order(session, driver_id=other.id)

    rows = rows_of(api.as_(Role.DRIVER, mine.id).get("/v1/delivery-orders?format=csv"))

    assert [row["id"] for row in rows] == [str(own.id)]


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_every_list_is_a_file_for_those_who_may_see_it(api, session, path, kind):
    make_delivery_order(session)
    url = f"{path}?format={kind}"

    assert api.anonymous().get(url).status_code == 401
    assert api.as_(Role.MERCHANT).get(url).status_code == 403
    assert api.as_(Role.ADMIN).get(url).status_code == 200


def test_every_list_of_the_api_offers_files(rest_api: FastAPI):
    """A record of many parts, shown page by page, is no list: its parts are one beside it."""
    without = [
        path
        for path, methods in rest_api.openapi()["paths"].items()
        for operation in methods.values()
        if "limit" in (names := {each["name"] for each in operation.get("parameters", [])})
        and "format" not in names
        and "Permission: none" not in operation["description"]
        and not path.endswith("}")
    ]
    assert without == []


def test_a_refused_file_is_refused_in_the_words_of_the_api(api):
    client = api.as_(Role.ADMIN)

    unknown = client.get("/v1/customers?format=pdf")
    bad_sort = client.get("/v1/customers?format=csv&sort=shoe_size")

    for answer, field in ((unknown, "format"), (bad_sort, "sort")):
        error = answer.json()["error"]
        assert (answer.status_code, error["code"], error["details"]["field"]) == (
            400,
            "VALIDATION_ERROR",
            field,
        )


def test_a_list_too_long_for_a_file_is_refused_whole(api, session, monkeypatch):
    monkeypatch.setattr(pagination, "LARGEST_EXPORT", 2)
    client = api.as_(Role.ADMIN)
    make_customer(session)
    make_customer(session)
    assert len(rows_of(client.get("/v1/customers?format=csv"))) == 2
    make_customer(session)

    answer = client.get("/v1/customers?format=csv")

    assert (answer.status_code, answer.json()["error"]["details"]["reason"]) == (
        400,
        "an export holds at most 2 rows: narrow the list",
    )


def test_a_longer_file_costs_no_more_statements(api, session, queries):
    client = api.as_(Role.ADMIN)
    make_customer(session)
    with queries() as few:
        client.get("/v1/customers?format=csv")
    for _ in range(20):
        make_customer(session)

    with queries() as many:
        client.get("/v1/customers?format=csv")

    assert many.count == few.count
    assert sum("FROM rental_customers" in statement for statement in many.sent) == 1


def test_a_browser_downloads_with_its_cookie(api, session, rest_api: FastAPI):
    make_customer(session)
    signed_in = _open(session, make_user(session), "tests")
    session.flush()
    browser = TestClient(rest_api, cookies={SESSION_COOKIE: signed_in.cookie})

    assert len(rows_of(browser.get("/v1/customers?format=csv"))) == 1


def test_files_are_taken_out_at_most_so_often_a_minute(api):
    client = api.as_(Role.ADMIN)
    answers = [client.get("/v1/waste-items?format=csv").status_code for _ in range(21)]
    assert answers == [200] * 20 + [429]
