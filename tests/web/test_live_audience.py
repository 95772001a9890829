"""Who sees which event as it happens."""

from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from lattis_app.core.events import EventRow
from lattis_app.identity.permissions import Role
from lattis_app.web import live
from tests.factories.identity import make_actor

MINE, OTHERS = UUID(int=2), UUID(int=3)


def event(entity: str, **payload: object) -> EventRow:
    given = {name: str(value) for name, value in payload.items()}
    return EventRow(name="something.happened", entity=entity, entity_id=UUID(int=1), payload=given, seq=1)


@pytest.mark.parametrize(
    ("role", "entity", "field"),
    [
        (Role.DRIVER, "rental_delivery_orders", "driver_id"),
        (Role.MERCHANT, "courier_merchant_invoices", "merchant_id"),
        (Role.SELLER, "marketplace_invoices", "seller_id"),
    ],
)
def test_people_see_what_names_them_and_the_office_sees_all(
    session: Session, admin, role: Role, entity: str, field: str
) -> None:
    mine, others = (live._message(event(entity, **{field: whose})) for whose in (MINE, OTHERS))
    nobodys = live._message(event(entity))
    me, nobody = make_actor(session, role, subject_id=MINE), make_actor(session, role)
    assert [message.is_for(me) for message in (mine, others, nobodys)] == [True, False, False]
    assert [message.is_for(nobody) for message in (mine, others, nobodys)] == [False, False, False]
    assert [message.is_for(admin) for message in (mine, others, nobodys)] == [True, True, True]


@pytest.mark.parametrize("role", [Role.DRIVER, Role.MERCHANT, Role.SELLER, Role.VIEWER])
def test_another_domains_field_opens_nothing(session: Session, role: Role) -> None:
    stranger = make_actor(session, role, subject_id=MINE)
    own = {Role.DRIVER: "driver_id", Role.MERCHANT: "merchant_id", Role.SELLER: "seller_id"}.get(role)
    for name in live.OWNERS:
        if name != own:
            assert not live._message(event("rental_invoices", **{name: MINE})).is_for(stranger)
