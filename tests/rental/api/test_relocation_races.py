"""Moves of bins planned, done, called off and overtaken at the same moment, over REST."""

from collections import Counter

import pytest
from sqlalchemy import func, select

from lattis_app.core import db
from lattis_app.core.actors import SYSTEM
from lattis_app.core.schemas import parse
from lattis_app.identity.permissions import Role
from lattis_app.rental.models import RentalBinMovement, RentalDeliveryOrder, RentalRelocation
from lattis_app.rental.schemas.transfers import RelocationPlan
from lattis_app.rental.services import relocations
from tests.factories.rental_delivery_orders import drive, make_delivery_order
from tests.factories.rental_operations import make_driver
from tests.races import at_once, caller, statuses

AT_ONCE = 6
PLAN = {"site_address": "9 Jalan Dua, Seremban", "scheduled_at": "2026-03-17T01:00:00Z"}
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def order(committed_database):
    """An order whose bin is with the customer: its id and its first site."""
    with db.unit_of_work() as session:
        made = drive(session, make_delivery_order(session), "delivered")
        return made.id, made.site_address


def planned(order_id):
    with db.unit_of_work() as session:
        return relocations.plan(session, SYSTEM, order_id, parse(RelocationPlan, PLAN)).id


def post(path, body=None):
    return lambda client: client.post(path, json=body)


def found(order_id):
    """The statuses of its moves, where the order stands, and how often its bin was transferred."""
    with db.reading() as session:
        moves = Counter(session.scalars(select(RentalRelocation.status)))
        site = session.get_one(RentalDeliveryOrder, order_id).site_address
        m = RentalBinMovement.__table__.c
        transfers = session.scalar(select(func.count()).where(m.movement_type == "TRANSFER"))
        return dict(moves), site, transfers


def test_of_many_plans_at_once_one_is_kept(rest_api, order):
    order_id, site = order
    office = caller(rest_api)
    answers = at_once([(office, post(f"/v1/delivery-orders/{order_id}/relocations", PLAN))] * AT_ONCE)
    assert statuses(answers) == [201] + [409] * (AT_ONCE - 1)
    assert found(order_id) == ({"planned": 1}, site, 0)


def test_a_move_that_is_done_many_times_at_once_is_done_once(rest_api, order):
    order_id, _ = order
    path, office = f"/v1/relocations/{planned(order_id)}/finish", caller(rest_api)
    answers = at_once([(office, post(path))] * AT_ONCE)
    assert statuses(answers) == [200] + [412] * (AT_ONCE - 1)
    assert found(order_id) == ({"done": 1}, PLAN["site_address"], 1)


def test_a_move_done_and_called_off_at_once_is_one_of_them(rest_api, order):
    order_id, site = order
    path, office = f"/v1/relocations/{planned(order_id)}", caller(rest_api)
    done, off = at_once(
        [(office, post(f"{path}/finish")), (office, post(f"{path}/cancel", {"reason": "Not ready"}))]
    )
    assert statuses([done, off]) == [200, 412]
    if done.status_code == 200:
        assert found(order_id) == ({"done": 1}, PLAN["site_address"], 1)
    else:
        assert found(order_id) == ({"cancelled": 1}, site, 0)


def test_another_driver_and_the_wrong_role_move_nothing(rest_api, order):
    order_id, site = order
    path = f"/v1/relocations/{planned(order_id)}/finish"
    with db.unit_of_work() as session:
        other = make_driver(session).id
    assert post(path)(caller(rest_api, Role.DRIVER, other)).status_code == 404
    assert post(path)(caller(rest_api, Role.VIEWER)).status_code == 403
    assert found(order_id) == ({"planned": 1}, site, 0)
