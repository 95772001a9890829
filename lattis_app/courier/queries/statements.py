"""A merchant's statement of account, from the books (contract: api.md, "Ledger")."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.courier.queries import merchants
from lattis_app.courier.queries.scopes import merchant_of
from lattis_app.identity.permissions import Permission, requires
from lattis_app.ledger.queries import statements
from lattis_app.ledger.schemas.statements import StatementFilters, StatementOut, StatementRowOut


@requires(Permission.COURIER_STATEMENTS_READ)
def find(session: Session, actor: Actor, merchant_id: UUID | None, filters: StatementFilters) -> StatementOut:
    """The statement; what is owed to the merchant has a minus. A merchant may leave the id out. NotFound."""
    return statements.find(session, SYSTEM, _party(session, actor, merchant_id), filters)


@requires(Permission.COURIER_STATEMENTS_READ)
def rows(
    session: Session, actor: Actor, merchant_id: UUID, filters: StatementFilters
) -> list[StatementRowOut]:
    """The statement as a table: opening balance, lines, closing balance. NotFound."""
    return statements.rows(session, SYSTEM, _party(session, actor, merchant_id), filters)


@requires(Permission.COURIER_STATEMENTS_READ)
def as_pdf(session: Session, actor: Actor, merchant_id: UUID, filters: StatementFilters) -> bytes:
    """The statement on the business's letterhead. NotFound."""
    return statements.as_pdf(session, SYSTEM, _party(session, actor, merchant_id), filters)


def _party(session: Session, actor: Actor, merchant_id: UUID | None) -> UUID:
    return merchants.find(session, SYSTEM, merchant_of(actor, merchant_id)).party_id
