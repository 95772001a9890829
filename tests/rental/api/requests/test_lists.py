"""Lists cost two statements whatever they hold, and a driver's lists and records are their own."""

import inspect
from typing import get_origin, get_type_hints

import pytest

from lattis_app.core.actors import SYSTEM
from lattis_app.core.pagination import Page, PageRequest
from lattis_app.identity.permissions import ROLE_PERMISSIONS, Role
from lattis_app.registry import Domain
from lattis_app.rental.schemas.bookings import AssignmentEntry
from lattis_app.rental.schemas.invoices import CollectionEntry
from lattis_app.rental.services import bookings, payments
from tests.factories.identity import make_actor
from tests.factories.rental_operations import make_driver
from tests.factories.rental_world import filled

LISTS = {
    f"{module.__name__.rpartition('.')[2]}.{name}": function
    for module in Domain("rental").modules("queries")
    for name, function in vars(module).items()
    if inspect.isfunction(function)
    and function.__module__ == module.__name__
    and not name.startswith("_")
    and get_origin(get_type_hints(function).get("return")) is Page
}
FINDING_FIRST = {"bins.movements": 1}
"""Statements before the list's own: the record that the list belongs to."""
READS = [
    route
    for module in Domain("rental").modules("api")
    if hasattr(module, "routes")
    for route in module.routes.routes
    if "GET" in route.methods and "print" not in route.path and "export" not in route.path
]
NEEDED = {
    route.path: set(getattr(getattr(route.endpoint, "__serves__", None), "__requires__", ()))
    for route in READS
}
SHARED = "/v1/waste-items"
"""What the business sells is the same for every driver."""
DRIVERS = [
    path
    for path, needed in NEEDED.items()
    if needed & ROLE_PERMISSIONS[Role.DRIVER] and not path.startswith(SHARED)
]
SUMMARIES = ("/v1/me/cash", "/v1/me/day")
WHERE = {
    "booking_id": "booking",
    "delivery_order_id": "order",
    "relocation_id": "relocation",
    "trip_id": "trip",
    "payment_id": "payment",
}
OWN_LISTS = [path for path in DRIVERS if "{" not in path and path not in SUMMARIES]
OWN_RECORDS = [path for path in DRIVERS if "{" in path]


def arguments(function, world):
    """What a list is asked for beside the page."""
    known = {"phone": "+60123456789", "within_days": 3650, "bin_id": world["ordered_bin"]}
    known |= {"invoice_id": world["invoice"], "delivery_order_id": world["order"]}
    hints = get_type_hints(function)
    given = {}
    for name in list(inspect.signature(function).parameters)[2:]:
        if name != "request":
            given[name] = hints[name]() if name == "filters" else known[name]
    return given


@pytest.mark.parametrize("name", LISTS)
def test_a_list_costs_one_statement_for_its_rows_and_one_for_their_number(session, world, queries, name):
    function = LISTS[name]
    actor = make_actor(session, Role.DRIVER, world["driver"]) if name.endswith(".own") else SYSTEM
    given = arguments(function, world)
    counted = {}
    for limit in (1, 100):
        with queries() as sent:
            found = function(session, actor, **given, request=PageRequest(limit=limit))
        counted[limit] = sent.count - FINDING_FIRST.get(name, 0)
        assert len(found.rows) <= min(limit, found.total)
    assert counted == {1: 2 if found.total else 1, 100: 1}


@pytest.fixture
def owned(session, world):
    """The world, with a booking and a payment of its driver's."""
    entry = AssignmentEntry(driver_id=world["driver"], lorry_id=world["lorry"])
    bookings.assign(session, SYSTEM, world["booking"], entry)
    taken = payments.collect(
        session, SYSTEM, world["order"], CollectionEntry(payment_method="CASH", amount=1)
    )
    session.commit()
    return world | {"payment": taken.id}


def test_the_paths_a_driver_reads_are_known():
    assert set(OWN_LISTS) >= {
        "/v1/bookings",
        "/v1/delivery-orders",
        "/v1/me/delivery-orders",
        "/v1/lorry-trips",
        "/v1/relocations",
    }
    assert set(OWN_RECORDS) >= {
        "/v1/bookings/{booking_id}",
        "/v1/delivery-orders/{delivery_order_id}",
        "/v1/lorry-trips/{trip_id}",
        "/v1/payments/{payment_id}",
        "/v1/relocations/{relocation_id}",
    }
    assert {parameter for path in OWN_RECORDS for parameter in get_parameters(path)} <= set(WHERE)


def get_parameters(path):
    return [part[1:-1] for part in path.split("/") if part.startswith("{")]


@pytest.mark.parametrize("path", OWN_LISTS)
def test_a_drivers_list_holds_own_rows_only(api, session, owned, path):
    own = api.as_(Role.DRIVER, subject_id=owned["driver"]).get(path).json()
    another = api.as_(Role.DRIVER, subject_id=make_driver(session).id).get(path).json()
    nobody = api.as_(Role.DRIVER).get(path).json()

    assert own["meta"]["total"] >= 1
    assert {row["driver_id"] for row in own["data"]} == {str(owned["driver"])}
    assert (another["data"], another["meta"]["total"]) == ([], 0)
    assert (nobody["data"], nobody["meta"]["total"]) == ([], 0)


@pytest.mark.parametrize("path", OWN_RECORDS)
def test_another_drivers_record_does_not_exist(api, session, owned, path):
    address = filled(path, {name: owned[record] for name, record in WHERE.items()})

    assert api.as_(Role.DRIVER, subject_id=owned["driver"]).get(address).status_code == 200
    assert api.as_(Role.DRIVER, subject_id=make_driver(session).id).get(address).status_code == 404
    assert api.as_(Role.DRIVER).get(address).status_code == 404


def test_another_driver_holds_none_of_the_cash(api, session, owned):
    own = api.as_(Role.DRIVER, subject_id=owned["driver"]).get("/v1/me/cash").json()["data"]
    another = api.as_(Role.DRIVER, subject_id=make_driver(session).id).get("/v1/me/cash").json()["data"]
    assert (own["held"], len(own["payments"]), len(own["hand_overs"])) == (1.0, 2, 1)
    assert (another["held"], another["payments"], another["by_method"], another["hand_overs"]) == (
        0.0,
        [],
        {},
        [],
    )
