"""Every record is found by its id, and every document of it can be fetched."""

import pytest
from sqlalchemy import select

from lattis_app.core.db import columns
from lattis_app.identity.permissions import Role
from lattis_app.rental.models import RentalPayment
from tests.factories.rental_world import SCHEDULE, filled

RECORDS = (
    "/v1/business",
    "/v1/commissions/{commission}",
    "/v1/hand-overs/{hand_over}",
    "/v1/price-cards/{price_card}",
    "/v1/refunds/{pending_refund}",
    "/v1/relocations/{relocation}",
    "/v1/rentable-lorries/{rentable_lorry}",
)
PDFS = (
    "/v1/invoices/{invoice}/pdf",
    "/v1/print/invoice/{invoice}?a4=true",
    "/v1/print/invoice/{invoice}?a4=false",
    "/v1/print/do/{order}?a4=true",
    "/v1/print/do/{order}?a4=false",
)


@pytest.mark.parametrize("path", RECORDS)
def test_a_record_is_found_by_its_id(api, world, path) -> None:
    answer = api.as_(Role.ADMIN).get(filled(path, world))
    assert answer.status_code == 200, answer.text
    assert answer.json()["data"].get("id", path) in path.format(**world) or path == "/v1/business"


@pytest.mark.parametrize("path", PDFS)
def test_a_document_is_fetched_as_pdf(api, world, path) -> None:
    answer = api.as_(Role.ADMIN).get(filled(path, world))
    assert (answer.status_code, answer.headers["Content-Type"], answer.content[:5]) == (
        200,
        "application/pdf",
        b"%PDF-",
    )


def test_a_receipt_is_fetched_as_pdf(api, world, session) -> None:
    payment_id = session.scalars(select(columns(RentalPayment).id).limit(1)).one()
    answer = api.as_(Role.ADMIN).get(f"/v1/print/receipt/{payment_id}")
    assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")


def test_a_drivers_cash_is_shown(api, world) -> None:
    answer = api.as_(Role.ADMIN).get(f"/v1/driver-cash/{world['cash_driver']}")
    assert (answer.status_code, answer.json()["data"]["driver_id"]) == (200, str(world["cash_driver"]))


def test_invoices_are_searched_by_phone(api, world) -> None:
    customer = api.as_(Role.ADMIN).get(f"/v1/customers/{world['customer']}").json()["data"]
    found = api.as_(Role.ADMIN).get("/v1/invoices/search", params={"phone": customer["phone"]})
    assert found.status_code == 200, found.text
    assert {row["customer_id"] for row in found.json()["data"]} == {str(world["customer"])}


def test_hand_overs_are_listed(api, world) -> None:
    found = api.as_(Role.ADMIN).get("/v1/hand-overs").json()
    assert str(world["hand_over"]) in {row["id"] for row in found["data"]}


def test_what_may_be_imported_is_listed(api) -> None:
    kinds = api.as_(Role.ADMIN).get("/v1/imports/kinds").json()["data"]
    assert {"customers", "bins", "drivers", "lorries"} <= {each["name"] for each in kinds}


def test_a_scheduled_report_is_found_changed_and_removed(api) -> None:
    client = api.as_(Role.ADMIN)
    path = f"/v1/report-schedules/{client.post('/v1/report-schedules', json=SCHEDULE).json()['data']['id']}"
    assert client.get(path).json()["data"]["report"] == SCHEDULE["report"]
    changed = client.patch(path, json={"hour": 6, "recipients": ["bob@example.com"]}).json()["data"]
    assert (changed["hour"], changed["recipients"]) == (6, ["bob@example.com"])
    assert client.delete(path).status_code == 200
    assert client.get(path).status_code == 404
