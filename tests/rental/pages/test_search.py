"""What the palette finds and offers of the rental business."""

from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.identity.permissions import ROLE_PERMISSIONS, Role
from lattis_app.rental.pages import search
from lattis_app.rental.queries.search import KINDS
from lattis_app.ui import palette
from lattis_app.ui.navigation import groups
from tests.factories.rental import make_customer
from tests.factories.rental_delivery_orders import make_delivery_order


def test_a_hit_opens_the_record_beside_its_list(session: Session, admin: Actor) -> None:
    customer = make_customer(session)

    (hit,) = palette.find_hits(session, admin, "construction")

    assert (hit.kind, hit.title, hit.text, hit.icon, hit.href) == (
        "Customers",
        "ABC Construction Sdn Bhd",
        "John Doe · +60 12-345 6789",
        "building-2",
        f"/rental/customers?open={customer.id}",
    )


def test_a_hit_says_its_day_as_people_do(session: Session, admin: Actor, clock: object) -> None:
    make_delivery_order(session)

    (hit,) = palette.find_hits(session, admin, "DO-2026-00001")

    assert (hit.title, hit.text) == ("DO-2026-00001", "ABC Construction · 16 Mar 2026")


def test_every_kind_has_a_place_of_the_navigation() -> None:
    places = {item.href for group in groups() for item in group.items}
    assert set(search.SHOWN) == {kind.name for kind in KINDS}
    assert {place for _, place, _ in search.SHOWN.values()} <= places
    assert {place for _, place, _ in search.COMMANDS} <= places


def test_every_command_is_for_somebody_and_not_for_drivers() -> None:
    needed = {permission for _, _, permission in search.COMMANDS}
    assert needed <= ROLE_PERMISSIONS[Role.ADMIN]
    assert needed & ROLE_PERMISSIONS[Role.DRIVER] == set()
