"""A business of 50,000 delivery orders on the tests' server, made once, read by every test here."""

from collections.abc import Iterator

import pytest
from sqlalchemy import make_url

from benchmarks import large_set
from lattis_app.core import db
from tests.database import Template


@pytest.fixture(scope="module")
def large(template: Template, request: pytest.FixtureRequest) -> Iterator[int]:
    """The configured database holds as many delivery orders as the module asks for in `ORDERS`."""
    orders: int = request.module.ORDERS
    before = db._url_override
    with template.copy() as url:
        owner = make_url(template.owner_url).set(database=make_url(url).database)
        large_set.fill(owner.render_as_string(hide_password=False), orders)
        db.configure(url)
        try:
            yield orders
        finally:
            db.configure(before)
