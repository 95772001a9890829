"""What the palette and the dashboard say of courier."""

import pytest
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.courier.pages import needs as courier_needs
from lattis_app.courier.pages import search
from lattis_app.courier.queries.search import KINDS
from lattis_app.identity.permissions import ROLE_PERMISSIONS, Role
from lattis_app.ui import needs, palette
from lattis_app.ui.navigation import groups
from tests.factories.courier_world import make_courier_world
from tests.factories.identity import make_actor


@pytest.fixture
def world(session: Session, clock):
    return make_courier_world(session)


def test_the_office_and_a_merchant_open_pages_of_their_own(session: Session, admin: Actor, world) -> None:
    assert [(hit.kind, hit.href) for hit in palette.find_hits(session, admin, "TRK770006")] == [
        ("Parcels", f"/courier/parcels?open={world['parcel_id']}")
    ]
    merchant = make_actor(session, Role.MERCHANT, subject_id=world["merchant_id"])
    assert [(hit.kind, hit.href) for hit in palette.find_hits(session, merchant, "TRK770006")] == [
        ("Parcels", f"/merchant/parcels?open={world['parcel_id']}")
    ]


def test_every_kind_has_a_place_of_the_navigation() -> None:
    places = {item.href for group in groups() for item in group.items}
    assert set(search.SHOWN) == {kind.name for kind in KINDS}
    assert {place for _, place, _ in [*search.SHOWN.values(), *search.OWN.values()]} <= places
    assert {permission for _, _, permission in search.COMMANDS} <= ROLE_PERMISSIONS[Role.ADMIN]


def test_the_dashboard_tells_the_office_of_disputes_and_payouts(
    session: Session, admin: Actor, world
) -> None:
    told = courier_needs.find(session, admin)
    assert [(need["word"], need["title"], need["href"]) for need in told] == [
        ("Dispute", "1 parcel disputed", "/courier/disputes"),
        ("Payout", "3 merchant invoices to pay out", "/courier/invoices?status=GENERATED"),
    ]
    assert told[1]["text"] == "RM 14,535.00 in all"
    assert told == [need for need in needs.of(session, admin) if "/courier/" in need["href"]]


def test_merchants_are_not_told_what_the_office_has_to_do(session: Session, world) -> None:
    merchant = make_actor(session, Role.MERCHANT, subject_id=world["merchant_id"])
    assert needs.of(session, merchant) == []
