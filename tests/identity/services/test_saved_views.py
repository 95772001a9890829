"""Views of lists belong to those who keep them."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.errors import Invalid
from lattis_app.identity.queries import saved_views as queries
from lattis_app.identity.services import saved_views
from tests.factories.identity import actor_for, make_user


def signed_in(session: Session) -> Actor:
    actor = actor_for(make_user(session))
    acts(session, actor)
    return actor


def acts(session: Session, actor: Actor) -> None:
    """What `identity.queries.actors` tells the database about a request."""
    session.execute(text("SELECT set_config('lattis.user_id', :id, true)"), {"id": str(actor.user_id)})


def test_a_view_is_kept_replaced_and_removed(session: Session) -> None:
    actor = signed_in(session)
    saved_views.save(session, actor, "bins", " Repair ", "status=repair")
    saved_views.save(session, actor, "bins", "All", "")
    saved_views.save(session, actor, "bins", "Repair", "status=repair&sort=-size")
    saved_views.save(session, actor, "lorries", "Mine", "q=WX")
    assert queries.saved(session, actor, "bins") == [("All", ""), ("Repair", "status=repair&sort=-size")]
    saved_views.remove(session, actor, "bins", "Repair")
    saved_views.remove(session, actor, "bins", "Repair")
    assert queries.saved(session, actor, "bins") == [("All", "")]
    assert queries.saved(session, actor, "lorries") == [("Mine", "q=WX")]


def test_nobody_sees_replaces_or_removes_anothers_view(session: Session) -> None:
    owner = signed_in(session)
    saved_views.save(session, owner, "bins", "Repair", "status=repair")
    other = signed_in(session)
    assert queries.saved(session, other, "bins") == []
    saved_views.remove(session, other, "bins", "Repair")
    saved_views.save(session, other, "bins", "Repair", "other")
    acts(session, owner)
    assert queries.saved(session, owner, "bins") == [("Repair", "status=repair")]


@pytest.mark.parametrize(("name", "query"), [("", "q"), ("  ", "q"), ("x" * 61, "q"), ("ok", "q" * 2001)])
def test_what_cannot_be_kept_is_refused(session: Session, name: str, query: str) -> None:
    actor = signed_in(session)
    with pytest.raises(Invalid):
        saved_views.save(session, actor, "bins", name, query)
    assert queries.saved(session, actor, "bins") == []
