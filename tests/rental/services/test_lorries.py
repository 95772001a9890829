"""Lorries, their papers and their statuses (contract: rental.md, "Records" and "Jobs")."""

from datetime import date
from itertools import product

import pytest
from sqlalchemy import select

from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import columns
from lattis_app.core.errors import InvalidTransition
from lattis_app.identity.permissions import Role
from lattis_app.rental.models import RentalLorry, RentalLorryDocument
from lattis_app.rental.schemas.lorries import LorryChanges
from lattis_app.rental.services import lorries
from lattis_app.rental.statuses import LORRY_LIFECYCLE, LorryStatus
from tests.factories.rental_delivery_orders import drive, make_delivery_order
from tests.factories.rental_operations import make_lorry

PAPERS = [
    {"kind": "road_tax", "number": "RT-1", "expires_on": "2026-03-15"},
    {"kind": "insurance", "number": "IN-1", "expires_on": "2026-03-16"},
    {"kind": "puspakom", "number": "PK-1", "expires_on": "2026-04-15"},
    {"kind": "permit", "number": "PM-1", "expires_on": "2026-04-16"},
]
EDGES = [(a, b) for a, b in product(LorryStatus, LorryStatus) if LORRY_LIFECYCLE.allows(a, b)]
OTHERS = [(a, b) for a, b in product(LorryStatus, LorryStatus) if a != b and not LORRY_LIFECYCLE.allows(a, b)]
pytestmark = pytest.mark.usefixtures("clock")


def papers(session, lorry):
    found = session.scalars(
        select(RentalLorryDocument).where(columns(RentalLorryDocument).lorry_id == lorry.id)
    )
    return {each.kind: (each.number, each.expires_on) for each in found}


def change(session, lorry, **values):
    lorries.update(session, SYSTEM, lorry.id, LorryChanges.model_validate(values))
    session.flush()


def test_a_paper_given_again_replaces_that_of_its_kind(session):
    lorry = make_lorry(session, documents=PAPERS[:2])
    change(session, lorry, documents=[{"kind": "road_tax", "number": "RT-2", "expires_on": "2027-03-15"}])
    assert papers(session, lorry) == {
        "road_tax": ("RT-2", date(2027, 3, 15)),
        "insurance": ("IN-1", date(2026, 3, 16)),
    }


@pytest.mark.parametrize(
    ("days", "kinds"),
    [(0, ["road_tax", "insurance"]), (29, ["road_tax", "insurance"]), (30, ["road_tax", "insurance", "puspakom"]),
     (31, ["road_tax", "insurance", "puspakom", "permit"])],
)  # fmt: skip
def test_alerts_name_papers_that_run_out_in_time_the_most_urgent_first(api, session, days, kinds):
    make_lorry(session, registration_no="WXY 4521", documents=PAPERS)
    make_lorry(session, status="inactive", documents=PAPERS)
    answer = api.as_(Role.ADMIN).get("/v1/lorries/alerts", params={"withinDays": days}).json()
    assert [(each["registration_no"], each["kind"]) for each in answer["data"]] == [
        ("WXY 4521", kind) for kind in kinds
    ]
    assert [(each["days_left"], each["expired"]) for each in answer["data"]][:2] == [(-1, True), (0, False)]


@pytest.mark.parametrize(("current", "to"), EDGES)
def test_a_lorry_changes_its_status(session, current, to):
    lorry = make_lorry(session, status=current)
    change(session, lorry, status=to)
    assert lorry.status == to


@pytest.mark.parametrize(("current", "to"), OTHERS)
def test_any_other_change_of_status_is_refused(session, current, to):
    lorry = make_lorry(session, status=current, type="Arm roll")
    with pytest.raises(InvalidTransition) as refused:
        change(session, lorry, status=to)
    assert refused.value.details["current"] == current
    assert lorry.status == current


def test_a_refused_change_leaves_the_lorry_as_it_was(api, session):
    lorry = make_lorry(session, status="inactive", type="Arm roll")
    answer = api.as_(Role.ADMIN).patch(f"/v1/lorries/{lorry.id}", json={"status": "in_use", "type": "Crane"})
    session.refresh(lorry)
    assert (answer.status_code, lorry.status, lorry.type) == (412, "inactive", "Arm roll")
    assert answer.json()["error"]["details"]["allowed"] == ["available"]


@pytest.mark.parametrize(
    ("step", "status"),
    [("assigned", "available"), ("started", "in_use"), ("delivered", "available"), ("done", "available")],
)
def test_a_lorry_is_in_use_while_its_trip_lasts(session, step, status):
    order = drive(session, make_delivery_order(session), step)
    assert session.get(RentalLorry, order.lorry_id).status == status


def test_a_trip_does_not_start_with_a_paper_that_has_run_out(session, clock):
    lorry = make_lorry(session, documents=[{"kind": "permit", "number": "PM-1", "expires_on": "2026-03-16"}])
    order = make_delivery_order(session, lorry_id=lorry.id)
    clock.advance(days=1)
    with pytest.raises(lorries.LorryDocumentExpired) as refused:
        drive(session, order, "started")
    assert refused.value.details["document"] == "permit"
    assert (order.fulfilment_status, lorry.status) == ("assigned", "available")


def test_the_paper_that_ran_out_first_is_named(session):
    lorry = make_lorry(session, registration_no="WXY 4521", documents=PAPERS)
    with pytest.raises(lorries.LorryDocumentExpired) as refused:
        lorries.check_drivable(session, lorry.id, date(2026, 4, 20))
    assert refused.value.message == "The road tax of WXY 4521 runs out on 2026-03-15"


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"documents": [{"kind": "road_tax", "number": "RT-1"}]}, "documents.0.expires_on"),
        ({"documents": [{"kind": "passport", "expires_on": "2026-03-15"}]}, "documents.0.kind"),
        ({"documents": [PAPERS[0], PAPERS[0]]}, "documents"),
        ({"registration_no": " "}, "registration_no"),
        ({"capacity_kg": 0}, "capacity_kg"),
        ({"status": "flying"}, "status"),
    ],
)
def test_a_lorry_that_makes_no_sense_is_refused(api, session, sent, field):
    answer = api.as_(Role.ADMIN).post("/v1/lorries", json={"registration_no": "WXY 4521"} | sent)
    assert (answer.status_code, answer.json()["error"]["details"]["field"]) == (400, field)
    assert session.scalars(select(RentalLorry)).all() == []


def test_a_registration_is_one_lorrys_however_it_is_written(api, session):
    make_lorry(session, registration_no="WXY 4521")
    answer = api.as_(Role.ADMIN).post("/v1/lorries", json={"registration_no": " wxy   4521 "})
    assert (answer.status_code, answer.json()["error"]["details"]["field"]) == (409, "registration_no")
    assert len(session.scalars(select(RentalLorry)).all()) == 1
