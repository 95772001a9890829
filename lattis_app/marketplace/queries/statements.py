"""A seller's own statement of account, from the books (contract: api.md, "Ledger")."""

from __future__ import annotations

from sqlalchemy.orm import Session

from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.identity.permissions import Permission, requires
from lattis_app.ledger.queries import statements
from lattis_app.ledger.schemas.statements import StatementFilters, StatementOut, StatementRowOut
from lattis_app.marketplace.queries import sellers

OWN = Permission.MARKETPLACE_OWN_INVOICES_READ


@requires(OWN)
def mine(session: Session, actor: Actor, filters: StatementFilters) -> StatementOut:
    """The signed-in seller's statement in one currency; a positive balance is still to be paid."""
    return statements.find(session, SYSTEM, sellers.me(session, actor).party_id, filters)


@requires(OWN)
def rows_of_mine(session: Session, actor: Actor, filters: StatementFilters) -> list[StatementRowOut]:
    """The statement as a table: opening balance, lines, closing balance."""
    return statements.rows(session, SYSTEM, sellers.me(session, actor).party_id, filters)


@requires(OWN)
def mine_as_pdf(session: Session, actor: Actor, filters: StatementFilters) -> bytes:
    """The statement on the business's letterhead."""
    return statements.as_pdf(session, SYSTEM, sellers.me(session, actor).party_id, filters)
