"""Sellers' own steps at the same moment, each in real threads: one effect each."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lattis_app.core import clock as lattis_clock
from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import columns, reading, unit_of_work
from lattis_app.identity.permissions import Role
from lattis_app.ledger.queries import checks
from lattis_app.marketplace.models import MarketplaceInvoice, MarketplaceOrder, MarketplacePaymentClaim
from lattis_app.marketplace.services import generation
from tests.factories.marketplace import make_delivered, make_order, make_seller
from tests.races import at_once, caller, statuses

I = columns(MarketplaceInvoice)  # noqa: E741 — one letter per table
TIMES = 4


@pytest.fixture
def world(committed_database, rest_api, clock):
    """Clients of one seller, an order that is on its way, and an invoice."""
    with unit_of_work() as session:
        seller = make_seller(session)
        make_delivered(session, seller, lattis_clock.now() - timedelta(days=5))
        order_id, seller_id = make_order(session, seller, status="shipped").id, seller.id
    with unit_of_work() as session:
        generation.generate_due(session, SYSTEM, lattis_clock.now())
    with reading() as session:
        invoice_id = session.execute(select(I.id)).scalar_one()
    return [caller(rest_api, Role.SELLER, seller_id) for _ in range(TIMES)], order_id, invoice_id


def test_one_order_is_delivered_or_returned_once(world):
    clients, order_id, _ = world
    path = f"/api/orders/{order_id}/status"
    wanted = ("delivered", "returned", "delivered", "returned")
    answers = at_once(
        [
            (client, lambda asked, status=status: asked.patch(path, json={"status": status}))
            for client, status in zip(clients, wanted, strict=True)
        ]
    )
    assert statuses(answers) == [200] + [412] * (TIMES - 1)
    with reading() as session:
        status = session.get_one(MarketplaceOrder, order_id).status
    done = [status_ for answer, status_ in zip(answers, wanted, strict=True) if answer.status_code == 200]
    assert done == [status]


def test_one_invoice_is_claimed_once(world):
    clients, _, invoice_id = world
    path = f"/api/invoices/seller/{invoice_id}/claim-payment"
    answers = at_once(
        [(client, lambda asked: asked.post(path, json={"proof": "TXN-1"})) for client in clients]
    )
    assert statuses(answers) == [200] + [409] * (TIMES - 1)
    with reading() as session:
        assert session.execute(select(func.count()).select_from(MarketplacePaymentClaim)).scalar_one() == 1
        assert checks.check(session, SYSTEM).status == "balanced"
