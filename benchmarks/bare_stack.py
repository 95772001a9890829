"""The libraries alone: FastAPI and SQLAlchemy answer the list of delivery orders by the product's own statement.

No security layer, metrics, limits, languages or transactions of a request; `/v1/delivery-orders` asks nobody who they
are, `/v1/signed-in` looks up whose token it is. Served like the floor, on `FLOOR_DATABASE_URL`.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import FastAPI, Header, Query, Response
from pydantic import TypeAdapter
from sqlalchemy.orm import Session

from lattis_app import models  # noqa: F401 - every table registers itself
from lattis_app.core import db
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.pagination import PageRequest
from lattis_app.identity.queries import actors
from lattis_app.rental.queries import delivery_orders
from lattis_app.rental.schemas.delivery_orders import DeliveryOrderFilters, DeliveryOrderRow
from lattis_app.web.routing import PageParams

Filters = Annotated[DeliveryOrderFilters, Query()]
ROWS = TypeAdapter(list[DeliveryOrderRow])


@asynccontextmanager
async def _connected(_app: FastAPI) -> AsyncIterator[None]:
    db.configure(os.environ["FLOOR_DATABASE_URL"].replace("postgresql:", "postgresql+psycopg:", 1))
    yield
    db.configure(None)


app = FastAPI(lifespan=_connected, openapi_url=None)


@app.get("/v1/delivery-orders")
def of_anybody(filters: Filters, request: PageParams) -> Response:
    """The list, for whoever asks."""
    return _answer(lambda _: SYSTEM, filters, request)


@app.get("/v1/signed-in/delivery-orders")
def of_somebody(filters: Filters, request: PageParams, authorization: Annotated[str, Header()]) -> Response:
    """The list, for whose token it is."""
    token = authorization.removeprefix("Bearer ")
    return _answer(lambda session: actors.by_access_token(session, token), filters, request)


def _answer(
    whose: Callable[[Session], Actor], filters: DeliveryOrderFilters, request: PageRequest
) -> Response:
    with db.reading() as session:
        page = delivery_orders.page(session, whose(session), filters, request)
    rows = ROWS.dump_json(list(page.rows))
    return Response(b'{"data":%b,"meta":{"total":%d}}' % (rows, page.total), media_type="application/json")
