"""The receipts of a delivery order, as a driver hands them over."""

import pytest

from lattis_app.core.errors import Forbidden, NotFound
from lattis_app.identity.permissions import Role
from lattis_app.rental.pages.driver_job import slip
from lattis_app.rental.queries import receipts
from tests.factories.identity import make_actor
from tests.factories.rental_delivery_orders import make_delivery_order
from tests.factories.rental_operations import make_driver


@pytest.fixture
def paid(api, session, clock):
    order = make_delivery_order(session)
    driver = api.as_(Role.DRIVER, subject_id=order.driver_id)
    for amount in ("100.00", "250.00"):
        clock.advance(minutes=1)
        sent = {"payment_method": "CASH", "amount": amount}
        assert driver.post(f"/v1/delivery-orders/{order.id}/receipt", json=sent).status_code == 201
    return order


def test_the_latest_receipt_comes_first_with_its_check_link(session, paid):
    driver = make_actor(session, Role.DRIVER, subject_id=paid.driver_id)

    given = receipts.of_order(session, driver, paid.id)

    assert [(each.amount, each.receipt_number) for each in given] == [
        (25000, "RCPT-2026-00002"),
        (10000, "RCPT-2026-00001"),
    ]
    assert all("/check/" in each.check_url for each in given)
    shown = slip(given[0])
    assert (shown["amount"], shown["when"]) == ("RM 250.00", "16 Mar 2026, 10:02")
    assert shown["code"].startswith("data:image/svg+xml")


def test_another_driver_and_other_roles_see_none(session, paid):
    stranger = make_actor(session, Role.DRIVER, subject_id=make_driver(session).id)
    with pytest.raises(NotFound):
        receipts.of_order(session, stranger, paid.id)
    with pytest.raises(Forbidden):
        receipts.of_order(session, make_actor(session, Role.MERCHANT), paid.id)
