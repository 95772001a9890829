"""What the frame shows of rental."""

import pytest

from lattis_app.identity.permissions import Role
from lattis_app.rental.queries import business
from lattis_app.ui.frame_facts import collect
from tests.factories.identity import make_actor
from tests.factories.rental_delivery_orders import set_business


@pytest.mark.parametrize(("role", "named"), [(Role.ADMIN, True), (Role.MERCHANT, False)])
def test_the_office_is_named_to_those_who_work_there(session, role, named):
    set_business(session)
    session.flush()
    name = business.find(session, make_actor(session, Role.ADMIN)).name
    assert collect(session, make_actor(session, role)).business == (name if named else "Lattis")
