"""Finding merchants, and where they stand."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, SQLColumnExpression, or_, select
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.errors import NotFound
from lattis_app.core.pagination import Page, PageRequest, paginate, sorted_by
from lattis_app.courier.models import CourierMerchant
from lattis_app.courier.queries.scopes import merchant_of, scoped
from lattis_app.courier.schemas.merchants import MerchantFilters, MerchantOut
from lattis_app.identity.permissions import Permission, Role, requires
from lattis_app.parties.models import Party

M, P = columns(CourierMerchant), columns(Party)
SORTS: dict[str, SQLColumnExpression[Any]] = {"name": P.name, "code": M.code, "created_at": M.created_at}
SHOWN: Select[Any] = select(
    M.id,
    M.party_id,
    P.name,
    M.code,
    P.contact_name,
    P.phone,
    P.email,
    P.address,
    M.bank_name,
    M.bank_account_number,
    M.bank_account_holder,
    M.delivery_charge_minor.label("delivery_charge"),
    M.return_charge_minor.label("return_charge"),
    M.currency,
    M.active,
    M.notes,
    M.created_at,
    M.updated_at,
).join_from(CourierMerchant, Party)


@requires(Permission.COURIER_MERCHANTS_READ)
def page(session: Session, actor: Actor, filters: MerchantFilters, request: PageRequest) -> Page[MerchantOut]:
    """List merchants, by name unless asked otherwise; a merchant sees itself. Sorts: name, code, created_at."""
    statement = scoped(_filtered(SHOWN, filters), actor, M.id)
    ordered = sorted_by(statement, request.sort, SORTS, "name", M.code, M.id)
    return paginate(session, ordered, request).map(lambda row: _shown(row, actor))


@requires(Permission.COURIER_MERCHANTS_READ)
def find(session: Session, actor: Actor, merchant_id: UUID) -> MerchantOut:
    """One merchant, or NotFound."""
    row = session.execute(scoped(SHOWN.where(M.id == merchant_id), actor, M.id)).one_or_none()
    if row is None:
        raise NotFound.record("Merchant", merchant_id)
    return _shown(row, actor)


@requires(Permission.COURIER_OWN_ACCOUNT_READ)
def own(session: Session, actor: Actor) -> MerchantOut:
    """The merchant that an account stands for, or NotFound."""
    return find(session, actor, merchant_of(actor, None))


def named(words: str) -> Select[Any]:
    """The ids of the merchants whose name contains these words or whose code they begin, for other lists."""
    found = or_(P.name.icontains(words, autoescape=True), M.code.startswith(words.upper(), autoescape=True))
    return select(M.id).join_from(CourierMerchant, Party).where(found)


def _shown(row: Row[Any], actor: Actor) -> MerchantOut:
    """A merchant; what the office notes about it is for the office only."""
    shown = MerchantOut(**row._mapping)
    return shown.model_copy(update={"notes": ""}) if actor.role == Role.MERCHANT else shown


def _filtered(statement: Select[Any], filters: MerchantFilters) -> Select[Any]:
    if filters.active is not None:
        statement = statement.where(M.active == filters.active)
    if filters.q:
        signs = (
            M.code.startswith(filters.q.upper(), autoescape=True),
            P.name.icontains(filters.q, autoescape=True),
            P.contact_name.icontains(filters.q, autoescape=True),
        )
        statement = statement.where(or_(*signs))
    return statement
