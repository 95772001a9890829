"""One's own profile: details, the secret, and the devices one is signed in on."""

import pytest
from sqlalchemy import select

from lattis_app.identity.models import User, UserSession
from lattis_app.identity.pages.profile import ProfileState
from lattis_app.identity.passwords import hash_secret, matches
from lattis_app.identity.permissions import Role
from lattis_app.identity.services.sessions import _open
from tests.factories.identity import PASSWORD
from tests.factories.rental_operations import make_driver
from tests.ui.visits import everything, signed_in, visit


@pytest.fixture
def ada(session, clock):
    return signed_in(
        session, Role.VIEWER, name="Ada", email="ada@example.com", password_hash=hash_secret(PASSWORD)
    )


def the_user(session):
    session.expire_all()
    return session.scalars(select(User)).one()


def test_details_are_kept_and_an_emptied_field_is_cleared(session, ada):
    form = visit(ProfileState, ada)["values"]
    assert form == {"name": "Ada", "email": "ada@example.com", "phone": "", "language": "en"}

    seen = visit(ProfileState, ada, ("save", {"form": form | {"phone": "012-345 6789", "email": ""}}))

    user = the_user(session)
    assert (user.phone, user.email, user.language) == ("+60123456789", None, "en")
    assert "toast" in seen.said


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"email": "nobody"}, "email"),
        ({"email": "", "phone": ""}, "email"),
        ({"language": "tlh"}, "language"),
        ({"name": {"first": "Ada"}}, "name"),
    ],
)
def test_a_detail_that_does_not_fit_is_told_beside_it(session, ada, changed, field):
    before = everything(session)
    form = visit(ProfileState, ada)["values"]
    seen = visit(ProfileState, ada, ("save", {"form": form | changed}))
    assert set(seen["errors"]) == {field}
    assert everything(session) == before


@pytest.mark.parametrize(
    ("form", "errors"),
    [
        ({"current_password": PASSWORD, "new_password": ""}, {"new_password": "Fill this in"}),
        ({"current_password": "", "new_password": "long enough"}, {"current_password": "Fill this in"}),
        ({"current_password": "wrong", "new_password": "long enough"}, {"current_password": "Is not right"}),
        ({"current_password": PASSWORD, "new_password": "short"}, {"new_password": "At least 8 characters"}),
    ],
)
def test_a_password_that_can_not_be_changed_says_why(session, ada, form, errors):
    before = everything(session)
    seen = visit(ProfileState, ada, ("change_secret", {"form": form}))
    assert seen["errors"] == errors
    assert "secret-sheet" not in seen.said
    assert everything(session) == before


def test_a_new_password_counts_as_typed_and_ends_the_other_sessions(session, ada):
    user = the_user(session)
    _open(session, user, "another device")
    session.flush()
    form = {"current_password": PASSWORD, "new_password": " with spaces "}

    seen = visit(ProfileState, ada, ("change_secret", {"form": form}))

    assert matches(" with spaces ", the_user(session).password_hash)
    assert "secret-sheet" in seen.said
    assert [device["here"] for device in seen["devices"]] == ["true"]


def test_one_signs_out_everywhere_else(session, ada):
    _open(session, the_user(session), "another device")
    session.flush()
    seen = visit(ProfileState, ada, ("sign_out_elsewhere", {}))
    assert len(seen["devices"]) == 1
    open_now = select(UserSession).where(UserSession.revoked_at.is_(None))
    assert len(session.scalars(open_now).all()) == 1


def test_a_driver_sets_a_pin_but_keeps_the_name_the_office_gave(session, clock):
    driver = make_driver(session)
    user = session.scalars(select(User).where(User.subject_id == driver.id)).one()
    cookie = _open(session, user, "phone").cookie
    session.flush()

    renamed = visit(ProfileState, cookie, ("save", {"form": {"name": "Boss", "language": "en"}}))
    bad = visit(ProfileState, cookie, ("change_secret", {"form": {"new_pin": "12"}}))
    visit(ProfileState, cookie, ("change_secret", {"form": {"new_pin": "4711"}}))

    session.refresh(user)
    assert renamed["errors"] == {"name": "Is kept by the office"}
    assert bad["errors"] == {"new_pin": "Must be 4 to 8 digits"}
    assert matches("4711", user.pin_hash)
