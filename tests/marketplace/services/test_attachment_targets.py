"""Proofs of payment: a seller's own invoices take them, nobody else's."""

from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from lattis_app.core.errors import Forbidden, NotFound
from lattis_app.identity.permissions import Role
from lattis_app.marketplace.services.attachment_targets import guard_invoice
from tests.factories.identity import make_actor
from tests.factories.marketplace import make_seller, seller_actor


@pytest.mark.parametrize("write", [True, False])
def test_sellers_reach_their_own_invoices_and_the_office_all(
    session: Session, seller, invoice, write: bool
) -> None:
    for actor in (seller_actor(session, seller), make_actor(session)):
        assert guard_invoice(session, actor, invoice.id, write) is None


@pytest.mark.parametrize("write", [True, False])
def test_another_sellers_invoice_is_not_found_and_other_roles_are_refused(
    session: Session, invoice, write: bool
) -> None:
    other = seller_actor(session, make_seller(session))
    for wanted in (invoice.id, uuid4()):
        with pytest.raises(NotFound):
            guard_invoice(session, other, wanted, write)
    with pytest.raises(Forbidden):
        guard_invoice(session, make_actor(session, Role.DRIVER), invoice.id, write)
