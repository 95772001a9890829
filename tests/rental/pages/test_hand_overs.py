"""Drivers' cash in the office, and on the driver's phone."""

import asyncio

import pytest
from sqlalchemy import select

from lattis_app.core.actors import SYSTEM
from lattis_app.identity.permissions import Role
from lattis_app.rental.models import RentalHandOver
from lattis_app.rental.pages.driver_cash import DriverCash
from lattis_app.rental.pages.hand_overs import HandOvers
from lattis_app.rental.schemas.hand_overs import HandOverEntry
from lattis_app.rental.schemas.invoices import CollectionEntry
from lattis_app.rental.services import hand_overs, payments
from tests.factories.rental_delivery_orders import make_delivery_order
from tests.factories.rental_operations import make_driver
from tests.ui.pipeline import pipeline
from tests.ui.visits import everything, signed_in, stay, visit


@pytest.fixture
def office(session, clock):
    return signed_in(session)


@pytest.fixture
def driver(session, clock):
    """A driver who took 300.00 in cash."""
    made = make_driver(session, name="Lim Wei", phone="017-700 0001")
    order = make_delivery_order(session, driver_id=made.id)
    payments.collect(session, SYSTEM, order.id, CollectionEntry(payment_method="CASH", amount=300))
    session.flush()
    return made


def opened(driver):
    return "open_record", {"record_id": str(driver.id)}


def counted(session, driver, amount="290.00", note="Change given"):
    made = hand_overs.count(session, SYSTEM, driver.id, HandOverEntry(counted=amount, note=note))
    session.flush()
    return made


def test_the_office_counts_what_the_driver_holds(session, office, driver):
    seen = visit(HandOvers, office, opened(driver), ("begin", {}))
    assert (seen["note"], seen["values"], seen["record"]["held_text"]) == (
        "RM 300.00",
        {"expected": "300.00"},
        "RM 300.00",
    )
    shown = {key: seen["rows"][0][key] for key in ("name", "held", "status", "last")}
    assert shown == {"name": "Lim Wei", "held": "300.00", "status": "Holds cash", "last": "–"}
    assert [(each["what"], each["amount"]) for each in seen["movements"]] == [
        ("Taken from a customer", "300.00")
    ]

    form = {"expected": "300.00", "counted": "290", "note": "Change given"}
    done = visit(HandOvers, office, opened(driver), ("count", {"form": form}))
    assert "HO-2026-00001 counted" in done.said
    assert (done["record"]["waiting_text"], done["record"]["holds"]) == (
        "RM 290.00 counted of RM 300.00, by " + session.scalars(select(RentalHandOver.counted_by)).one(),
        "",
    )
    assert [(each["off"], each["counted"], each["status"]) for each in done["counts"]] == [
        ("−10.00", "290.00", "Counted")
    ]


@pytest.mark.parametrize(
    ("form", "errors", "above"),
    [
        ({"expected": "300.00", "counted": "", "note": ""}, {"counted": "Fill this in"}, ""),
        ({"expected": "300.00", "counted": "290", "note": ""}, {"note": "Say why RM 10.00 is missing"}, ""),
        ({"expected": "300.00", "counted": "-1", "note": ""}, {"counted": "Must not be negative"}, ""),
        (
            {"expected": "250.00", "counted": "250", "note": ""},
            {},
            "The driver holds RM 300.00 now: count again",
        ),
    ],
)
def test_a_count_that_does_not_fit_is_told_and_changes_nothing(session, office, driver, form, errors, above):
    before = everything(session)
    seen = visit(HandOvers, office, opened(driver), ("count", {"form": form}))
    assert (seen["errors"], seen["form_error"]) == (errors, above)
    assert everything(session) == before


def test_the_office_signs_or_takes_a_count_back(session, office, driver):
    counted(session, driver)
    before = everything(session)
    refused = visit(HandOvers, office, opened(driver), ("cancel", {"form": {"reason": ""}}))
    assert ("toast" in refused.said, everything(session) == before) == (True, True)

    back = visit(HandOvers, office, opened(driver), ("cancel", {"form": {"reason": "Miscounted"}}))
    assert (back["record"]["waiting"], back["record"]["held_text"]) == ("", "RM 300.00")
    assert back["counts"][0]["by"] == "Miscounted"

    again = counted(session, driver, "300.00", "")
    signed = visit(HandOvers, office, opened(driver), ("sign_off", {}))
    assert f"{again.hand_over_number} signed" in signed.said
    assert [each["status"] for each in signed["counts"]] == ["Signed off", "Cancelled"]


def test_filters_find_who_holds_cash_and_whose_count_waits(session, office, driver):
    make_driver(session, name="Idle")
    assert [row["name"] for row in visit(HandOvers, office, address="/x?holding=true")["rows"]] == ["Lim Wei"]
    counted(session, driver)
    waiting = visit(HandOvers, office, address="/x?unsigned=true")
    assert [(row["name"], row["status"]) for row in waiting["rows"]] == [("Lim Wei", "Count to sign")]


def test_the_driver_sees_the_month_and_the_count_to_confirm(session, driver):
    made = counted(session, driver)
    cookie = signed_in(session, Role.DRIVER, subject_id=driver.id)

    async def look():
        async with pipeline() as tab:
            return await stay(tab, DriverCash, cookie, ("refresh", {}))

    seen = asyncio.run(look())
    assert (seen["held"], seen["today"]) == ("RM 0.00", "RM 300.00")
    assert [(each["what"], each["amount"]) for each in seen["month"]] == [
        ("Collected in cash", "RM 300.00"),
        ("Handed over", "−RM 300.00"),
    ]
    (waiting,) = seen["waiting"]
    assert (waiting["amount"], waiting["off"], waiting["note"], waiting["confirm"]) == (
        "RM 290.00",
        "RM 10.00 short",
        "Change given",
        f"/v1/me/hand-overs/{made.id}/confirm",
    )
    hand_overs.sign_off(session, SYSTEM, made.id)
    session.flush()
    afterwards = asyncio.run(look())
    assert (afterwards["waiting"], [each["status"] for each in afterwards["given"]]) == ([], ["Signed off"])
