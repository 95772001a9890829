"""What the palette says of the marketplace."""

import pytest
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.identity.permissions import ROLE_PERMISSIONS, Role
from lattis_app.marketplace.pages import search
from lattis_app.marketplace.queries.search import KINDS
from lattis_app.ui import palette
from lattis_app.ui.navigation import groups
from tests.factories.identity import make_actor
from tests.factories.marketplace_world import make_marketplace_world


@pytest.fixture
def world(session: Session, clock):
    return make_marketplace_world(session)


def test_the_office_and_a_seller_open_pages_of_their_own(session: Session, admin: Actor, world) -> None:
    number, invoice_id = "INV-2026-11-OHRID", world["invoice_id"]
    assert [(hit.kind, hit.href) for hit in palette.find_hits(session, admin, number)] == [
        ("Seller invoices", f"/marketplace/invoices?open={invoice_id}")
    ]
    seller = make_actor(session, Role.SELLER, subject_id=world["seller_id"])
    assert [(hit.kind, hit.href) for hit in palette.find_hits(session, seller, number)] == [
        ("Invoices", f"/seller/invoices/{invoice_id}")
    ]
    assert [(hit.kind, hit.title) for hit in palette.find_hits(session, seller, "secret")] == [
        ("Orders", "SECRET-2"),
        ("Orders", "SECRET-1"),
        ("Products", "Secret jar"),
    ]


def test_every_kind_has_a_place_of_the_navigation() -> None:
    places = {item.href for group in groups() for item in group.items}
    assert set(search.SHOWN) | set(search.OWN) == {kind.name for kind in KINDS}
    shown = [*search.SHOWN.values(), *search.OWN.values()]
    assert {place.removesuffix("/{id}") for _, place, _ in shown} <= places
    held = ROLE_PERMISSIONS[Role.ADMIN] | ROLE_PERMISSIONS[Role.SELLER]
    assert {permission for _, _, permission in search.COMMANDS} <= held
