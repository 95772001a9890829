"""Delivery orders on the page: what is shown, which steps are offered, and how forms become input."""

from datetime import date

import pytest
from pydantic import ValidationError

from lattis_app.core.files import Upload
from lattis_app.rental.pages import delivery_order_rows as rows
from lattis_app.rental.pages.delivery_order_forms import OrderDraft, starting_values
from lattis_app.rental.pages.driver_day import _urgency
from lattis_app.rental.pages.driver_job import read_job
from lattis_app.rental.pages.driver_parts import job_facts
from lattis_app.rental.queries import delivery_orders
from lattis_app.rental.schemas.delivery_orders import (
    DeliveryOrderChanges,
    DeliveryOrderEntry,
    ReceiverEntry,
)
from lattis_app.rental.services import delivery_order_receivers
from tests.factories.identity import make_actor
from tests.factories.rental_delivery_orders import add_photos, drive, make_delivery_order, signature
from tests.factories.rental_operations import make_driver

SIZE = {"h_ft": 4, "l_ft": 12, "w_ft": 6}
CUSTOMER, BIN = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff", "6f9619ff-8b86-4d01-b42d-00cf4fc964fe"


def shown(session, admin, order):
    return delivery_orders.find(session, admin, order.id)


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("assigned", ["details", "invoice", "cancel", "start", "fail", "remind"]),
        ("started", ["details", "invoice", "cancel", "deliver", "fail", "remind"]),
        ("delivered", ["details", "invoice", "collect", "remind", "transfer"]),
        ("collected", ["details", "invoice", "cancel", "finish"]),
        ("done", ["details", "invoice", "cancel"]),
    ],
)
def test_only_allowed_steps_are_offered(session, admin, clock, step, expected):
    order = drive(session, make_delivery_order(session), step)
    assert rows.allowed(shown(session, admin, order)) == expected


def test_a_draft_a_cancelled_and_a_closed_order_offer_their_own(session, admin, clock):
    draft = make_delivery_order(session, draft=True)
    order = make_delivery_order(session)
    assert rows.allowed(shown(session, admin, draft)) == ["issue", "edit", "cancel"]
    for status, expected in (("cancelled", []), ("closed", ["correct"]), ("pending_invoice", None)):
        order.status = status
        if status == "pending_invoice":
            order.collected_minor, expected = 100, ["details", "invoice", "start", "fail", "remind"]
        session.flush()
        assert rows.allowed(shown(session, admin, order)) == expected


def test_the_strip_shows_where_an_order_stands(session, admin, clock):
    draft = shown(session, admin, make_delivery_order(session, draft=True))
    assert [(step["label"], step["state"]) for step in rows.steps(draft)][:2] == [
        ("Draft", "current"),
        ("Issued", "todo"),
    ]
    order = make_delivery_order(session)
    order.status = "invoiced_linked"
    session.flush()
    assert [(step["label"], step["state"]) for step in rows.steps(shown(session, admin, order))] == [
        ("Issued", "done"),
        ("Pending invoice", "done"),
        ("Invoiced", "current"),
        ("Closed", "todo"),
    ]


def test_a_record_reads_in_words_and_shows_what_is_left_to_pay(session, admin, clock):
    order = make_delivery_order(session, waste_items=[])
    order.collected_minor = 10000
    add_photos(session, order, 2)

    record = rows.read(session, admin, order.id)

    assert record.facts["to_pay"] == "RM 250.00"
    assert [(line["text"], line["amount"]) for line in record.lines] == [
        ("Bin rental 4 × 12 × 6 ft", "350.00"),
        ("Collected by driver", "−100.00"),
    ]
    known = {each["label"]: each["value"] for each in record.details}
    assert (known["Ordered by"], known["Weight"]) == ("John Doe · +60 12-345 6789", "1,200 kg")
    assert known["Scheduled"] == "16 Mar 2026, 10:00"
    assert not {"Delivered", "Phone on site"} & set(known)
    assert record.facts["photos"] == "2 of at least 3 photos"
    assert [event["what"] for event in record.events][-1] == "Created"


def test_a_record_shows_who_received_the_bin_with_their_signature_apart_from_the_photos(
    session, admin, clock
):
    order = drive(session, make_delivery_order(session), "delivered")
    entry = ReceiverEntry(received_by="Encik Lim")
    delivery_order_receivers.note(session, admin, order.id, entry, Upload("signature.png", signature()))

    record = rows.read(session, admin, order.id)

    known = {each["label"]: each["value"] for each in record.details}
    assert known["Received by"] == "Encik Lim"
    assert record.facts["signature"] == f"/v1/attachments/{order.signature_id}/content"
    assert record.facts["signed"] == "Signed by Encik Lim, 16 Mar 2026, 10:00"
    assert (len(record.photos), record.facts["photos"]) == (3, "3 of at least 3 photos")


def test_a_record_without_a_signature_shows_none(session, admin, clock):
    record = rows.read(session, admin, make_delivery_order(session).id)
    assert (record.facts["signature"], record.facts["signed"]) == ("", "")


def test_a_phone_without_a_name_is_called_a_phone(session, admin, clock):
    order = shown(session, admin, make_delivery_order(session, do_by_name=None))

    known = {each["label"]: each["value"] for each in rows.details(order)}

    assert known["Phone on site"] == "+60 12-345 6789"
    assert "Ordered by" not in known


def test_a_place_says_each_part_once():
    assert rows.place("47 Jalan Seremban 6, Seremban", "Seremban", "Negeri Sembilan") == (
        "47 Jalan Seremban 6, Seremban, Negeri Sembilan"
    )
    assert rows.place("", "Klang", "") == "Klang"


def test_a_form_becomes_the_schemas_input(clock):
    form = {
        "customer_id": CUSTOMER,
        "customer_id__typed": "ABC",
        "inventory_bin_id": BIN,
        "amount": "350.00",
        "payment_method": "CASH",
        "scheduled_at": "2026-03-16T09:00",
        "notes": "",
        "waste_items.0.description": "Tiles",
        "waste_items.0.price": "100",
        "waste_items.1.description": "",
        "waste_items.2.description": "Wood",
        "waste_items.2.price": "250",
    }
    entry = OrderDraft(DeliveryOrderEntry, form, SIZE).parse()

    assert entry.scheduled_at.isoformat() == "2026-03-16T01:00:00+00:00"
    assert [line.description for line in entry.waste_items] == ["Tiles", "Wood"]
    assert (entry.bin_size.text, entry.notes) == ("4 × 12 × 6 ft", None)


def test_a_form_without_a_bin_asks_for_the_bin_and_not_for_its_size():
    with pytest.raises(ValidationError) as refused:
        OrderDraft(DeliveryOrderEntry, {"customer_id": CUSTOMER, "payment_method": "CASH"}).parse()
    assert {error["loc"][0] for error in refused.value.errors()} == {"inventory_bin_id", "amount"}


def test_an_emptied_field_of_a_draft_is_cleared_and_one_that_is_not_shown_stays(clock):
    form = {"notes": "", "phone": " ", "amount": "10", "inventory_bin_id": BIN}
    changes = OrderDraft(DeliveryOrderChanges, form, SIZE, is_change=True).parse()
    assert changes.given()["notes"] == ""
    assert changes.given()["phone"] == ""
    assert "do_by_name" not in changes.given()


def test_a_draft_fills_its_form_again(session, admin, clock):
    draft = make_delivery_order(session, draft=True)
    values = starting_values(session, admin, draft.id)
    assert (values["amount"], values["scheduled_at"]) == ("350.00", "2026-03-16T10:00")
    assert (values["waste_items.0.description"], values["waste_items.0.price"]) == (
        "Construction debris",
        "350.00",
    )
    assert values["customer_id_label"] == "ABC Construction"


# ---- the driver's phone ----------------------------------------------------------------------------------


def test_what_is_under_way_comes_before_what_is_next_and_bins_come_last(session, admin, clock):
    driver = make_driver(session)

    def job(step, at):
        order = make_delivery_order(session, driver_id=driver.id, scheduled_at=at)
        return drive(session, order, step).id

    fetch = job("delivered", "2026-03-10T00:00:00Z")
    later = job("assigned", "2026-03-16T06:00:00Z")
    sooner = job("assigned", "2026-03-16T01:00:00Z")
    under_way = job("started", "2026-03-16T07:00:00Z")
    jobs = [delivery_orders.find(session, admin, each) for each in (fetch, later, sooner, under_way)]

    assert [each.id for each in sorted(jobs, key=_urgency)] == [under_way, sooner, later, fetch]


def test_a_job_says_when_where_and_what_is_due(session, admin, clock):
    order = shown(session, admin, make_delivery_order(session, scheduled_at="2026-03-16T06:00:00Z"))

    today = job_facts(order, date(2026, 3, 16))
    late = job_facts(order, date(2026, 3, 17))

    assert (today["when"], today["tone"], late["tone"]) == ("14:00", "info", "warn")
    assert late["when"] == "16 Mar 2026, 14:00"
    assert today["what"].startswith(f"Deliver {order.bin_serial_number} · 456 Jalan Puchong")
    assert (today["due"], today["due_plain"], today["owes"]) == ("RM 350.00", "350.00", "true")
    assert today["map"].startswith("geo:0,0?q=456%20Jalan%20Puchong")


def test_the_version_of_an_action_changes_with_the_step_and_the_money(session, admin, clock):
    order = make_delivery_order(session)
    versions = [job_facts(shown(session, admin, order), date(2026, 3, 16))["version"]]
    drive(session, order, "started")
    versions.append(job_facts(shown(session, admin, order), date(2026, 3, 16))["version"])
    order.collected_minor = 100
    session.flush()
    versions.append(job_facts(shown(session, admin, order), date(2026, 3, 16))["version"])
    assert len(set(versions)) == 3


def test_on_terms_and_when_all_is_paid_nothing_is_asked_for(session, admin, clock):
    on_terms = shown(session, admin, make_delivery_order(session, payment_method="TERM"))
    assert (job_facts(on_terms, date(2026, 3, 16))["owes"], on_terms.payment_method) == ("", "TERM")
    paid = make_delivery_order(session)
    paid.collected_minor = 35000
    session.flush()
    assert job_facts(shown(session, admin, paid), date(2026, 3, 16))["owes"] == ""


def test_a_driver_chooses_among_free_lorries_only_when_none_was_said(session, clock):
    order = make_delivery_order(session, lorry_id=None)
    named = make_delivery_order(session, driver_id=order.driver_id)
    driver = make_actor(session, "DRIVER", subject_id=order.driver_id)

    assert [each["value"] for each in read_job(session, driver, order.id)["fleet"]] == [str(named.lorry_id)]
    assert read_job(session, driver, named.id)["fleet"] == []


def test_a_job_that_nobody_is_named_for_says_so(session, clock):
    order = make_delivery_order(session, do_by_name=None)
    driver = make_actor(session, "DRIVER", subject_id=order.driver_id)
    assert read_job(session, driver, order.id)["job"]["ordered_by"] == "–"
