"""Every registered page can be drawn, which otherwise only a build or a starting server would notice."""

import pytest

from lattis_app import lattis_app as composition
from lattis_app.identity.landing import ELSEWHERE, LANDING
from lattis_app.ui.pages import PAGES, PageSpec

assert composition.app is not None


@pytest.mark.parametrize("spec", PAGES, ids=lambda spec: spec.route)
def test_a_page_can_be_drawn(spec: PageSpec) -> None:
    assert spec.component().render()["name"]


def test_every_page_a_role_lands_on_exists() -> None:
    assert {*LANDING.values(), ELSEWHERE, "/sign-in", "/"} <= {spec.route for spec in PAGES}


def test_no_two_pages_share_an_address() -> None:
    routes = [spec.route for spec in PAGES]
    assert len(routes) == len(set(routes))
