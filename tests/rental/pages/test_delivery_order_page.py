"""The delivery orders page, event by event: what is shown, each step's effect, what a form keeps and refuses."""

import pytest
from sqlalchemy import select

from lattis_app.rental.models import RentalBin, RentalCollectionReminder, RentalDeliveryOrder, RentalInvoice
from lattis_app.rental.pages.delivery_orders import DeliveryOrders
from tests.factories.rental import make_customer
from tests.factories.rental_delivery_orders import add_photos, drive, make_delivery_order
from tests.factories.rental_operations import make_bin
from tests.ui.visits import everything, signed_in, visit


@pytest.fixture
def office(session, clock):
    return signed_in(session)


def opened(order):
    return ("open_record", {"record_id": str(order.id)})


def form_of(session, **typed):
    values = {
        "customer_id": str(make_customer(session).id),
        "customer_id__typed": "ABC",
        "inventory_bin_id": str(make_bin(session).id),
        "amount": "350.00",
        "payment_method": "CASH",
        "scheduled_at": "",
        "waste_items.0.description": "",
    }
    return values | typed


def test_orders_are_listed_in_words_with_what_they_are_worth(session, office):
    order = drive(session, make_delivery_order(session), "delivered")
    make_delivery_order(session, draft=True)

    seen = visit(DeliveryOrders, office, address="/x?fulfilment_status=delivered,collected&sort=number")

    (row,) = seen["rows"]
    assert {key: row[key] for key in ("number", "status", "road", "road_tone", "amount", "service_on")} == {
        "number": order.system_do_number,
        "status": "Issued",
        "road": "With customer",
        "road_tone": "warn",
        "amount": "350.00",
        "service_on": "16 Mar 2026",
    }
    assert (seen["total"], seen["note"], seen["chips"][0]["text"]) == (
        1,
        "RM 350.00",
        "With customer, Collected",
    )


def test_what_an_order_names_can_be_opened(session, office):
    order = make_delivery_order(session)
    seen = visit(DeliveryOrders, office, opened(order))
    hrefs = {each["label"]: each["href"] for each in seen["details"] if each["href"]}
    assert hrefs == {
        "Customer": f"/rental/customers?open={order.customer_id}",
        "Bin": f"/rental/bins?open={order.bin_id}",
        "Driver · lorry": f"/rental/drivers?open={order.driver_id}",
    }


@pytest.mark.parametrize("key", ["customer_id", "bin_id", "driver_id", "booking", "open"])
@pytest.mark.parametrize("value", ["garbage", "6f9619ff-8b86-4d01-b42d-00cf4fc964ff", "%00"])
def test_an_address_of_nothing_still_shows_the_page(session, office, key, value):
    make_delivery_order(session)
    seen = visit(DeliveryOrders, office, address=f"/rental/delivery-orders?{key}={value}")
    assert (seen["loaded"], seen["open_id"]) == (True, "")
    assert "Something went wrong" not in seen.said


@pytest.mark.parametrize(
    ("as_draft", "status", "said"), [("", "issued", "DO-2026-00001"), ("true", "draft", "Draft")]
)
def test_an_order_is_made_from_the_form(session, office, as_draft, status, said):
    form = form_of(
        session, as_draft=as_draft, **{"waste_items.0.description": "Tiles", "waste_items.0.price": "350"}
    )

    seen = visit(DeliveryOrders, office, ("begin", {}), ("save", {"form": form}))

    order = session.scalars(select(RentalDeliveryOrder)).one()
    assert (order.status, order.amount_minor) == (status, 35000)
    assert f"{said} saved" in seen.said
    assert "order-sheet" in seen.said
    assert (seen["open_id"], seen["facts"]["total"]) == (str(order.id), "RM 350.00")


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"customer_id": "", "amount": ""}, {"customer_id": "Fill this in", "amount": "Fill this in"}),
        ({"inventory_bin_id": "ASR100"}, {"inventory_bin_id": None}),
        ({"amount": "a lot", "payment_method": "GOLD"}, {"amount": None, "payment_method": "Choose one"}),
        ({"waste_items.0.description": "Tiles", "waste_items.0.price": "-1"}, {"waste_items.0.price": None}),
        ({"scheduled_at": "yesterday"}, {"scheduled_at": "Give a date and a time"}),
        ({"amount": {"minor": 1}, "notes": ["x"]}, {"amount": None, "notes": None}),
    ],
)
def test_a_form_that_does_not_fit_is_told_field_by_field_and_keeps_what_was_typed(
    session, office, typed, errors
):
    form = form_of(session, **typed)
    before = everything(session)

    seen = visit(DeliveryOrders, office, ("begin", {}), ("save", {"form": form}))

    assert set(seen["errors"]) == set(errors)
    assert {key: seen["errors"][key] for key, words in errors.items() if words} == {
        key: words for key, words in errors.items() if words
    }
    assert (seen["form_key"], "order-sheet" in seen.said) == (1, False)
    assert everything(session) == before


def test_a_draft_is_edited_and_issued(session, office):
    draft = make_delivery_order(session, draft=True)
    edited = visit(DeliveryOrders, office, opened(draft), ("edit", {}))
    assert (edited["editing"], edited["values"]["amount"]) == (str(draft.id), "350.00")
    assert "order-sheet" in edited.said

    seen = visit(DeliveryOrders, office, opened(draft), ("issue", {}))

    session.refresh(draft)
    assert (draft.status, seen["facts"]["number"]) == ("issued", draft.system_do_number)
    assert f"{draft.system_do_number} issued" in seen.said


def test_an_issued_order_is_corrected_and_invoiced(session, office):
    order = make_delivery_order(session)
    form = {"weight_kg": "1450", "notes": "Gate 2"}

    corrected = visit(DeliveryOrders, office, opened(order), ("edit", {}), ("correct", {"form": form}))
    invoiced = visit(DeliveryOrders, office, opened(order), ("invoice", {}))

    session.refresh(order)
    assert (order.weight_kg, order.notes, "details-sheet" in corrected.said) == (1450, "Gate 2", True)
    invoice = session.scalars(select(RentalInvoice)).one()
    assert (order.status, invoice.status) == ("invoiced_linked", "issued")
    assert f"{invoice.invoice_number} issued" in invoiced.said


def test_the_office_takes_the_drivers_steps_and_too_few_photos_are_refused(session, office):
    order = make_delivery_order(session)
    step = ("take_step", {"status": "delivered"})
    visit(DeliveryOrders, office, opened(order), ("take_step", {"status": "started"}))
    before = everything(session)
    refused = visit(DeliveryOrders, office, opened(order), step)
    assert "photo" in refused.said
    assert everything(session) == before

    add_photos(session, order)
    seen = visit(DeliveryOrders, office, opened(order), step)

    assert "with customer" in seen.said
    assert [each["state"] for each in seen["road"]] == ["done", "done", "current", "todo", "todo"]


@pytest.mark.parametrize("reason", ["", "  ", "no", ["why"], None])
@pytest.mark.parametrize("event", ["cancel", "fail"])
def test_a_step_back_needs_a_reason(session, office, event, reason):
    order = make_delivery_order(session)
    before = everything(session)
    seen = visit(DeliveryOrders, office, opened(order), (event, {"form": {"reason": reason}}))
    assert f"{event}-order" in seen.said
    assert everything(session) == before


def test_a_cancelled_order_frees_its_bin_and_says_why(session, office):
    order = make_delivery_order(session)
    seen = visit(DeliveryOrders, office, opened(order), ("cancel", {"form": {"reason": "Site not ready"}}))
    assert (seen["facts"]["stopped"], seen["allowed"]) == ("Site not ready", [])
    assert session.scalars(select(RentalBin.status)).all() == ["in_warehouse"]


def test_a_reminder_is_set_in_the_business_time(session, office):
    order = make_delivery_order(session)
    form = {"reminder_type": "same_day", "scheduled_date": "2026-03-17T08:30"}
    seen = visit(DeliveryOrders, office, opened(order), ("remind", {"form": form}))
    reminder = session.scalars(select(RentalCollectionReminder)).one()
    assert reminder.scheduled_at.isoformat() == "2026-03-17T00:30:00+00:00"
    assert [each["when"] for each in seen["reminders"]] == ["17 Mar 2026, 08:30"]
