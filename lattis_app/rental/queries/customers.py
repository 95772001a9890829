"""Finding customers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select, SQLColumnExpression, bindparam, case, func, or_, select
from sqlalchemy.orm import Session

from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.db import columns
from lattis_app.core.errors import NotFound
from lattis_app.core.normal import normal_name, try_phone
from lattis_app.core.pagination import Page, PageRequest, paginate, sorted_by
from lattis_app.identity.permissions import Permission, requires
from lattis_app.parties.models import Party
from lattis_app.parties.queries import parties
from lattis_app.parties.schemas.parties import DuplicateSigns
from lattis_app.rental.models import RentalCustomer
from lattis_app.rental.schemas.customers import CustomerDouble, CustomerFilters, CustomerOut

C, P = columns(RentalCustomer), columns(Party)
SORTS: dict[str, SQLColumnExpression[Any]] = {
    "company_name": P.name,
    "created_at": C.created_at,
}
SHOWN: Select[Any] = select(
    C.id,
    C.party_id,
    P.name.label("company_name"),
    P.contact_name,
    P.phone,
    P.email,
    P.address,
    func.coalesce(P.tax_ids["gst_no"].astext, "").label("gst_no"),
    func.coalesce(P.tax_ids["sst_no"].astext, "").label("sst_no"),
    case((C.on_stop, "on_stop"), else_="active").label("status"),
    C.payment_terms_days,
    C.credit_limit_minor.label("credit_limit"),
    C.on_stop,
    C.po_required,
    C.introducer_name,
    C.notes,
    C.email_messages,
    C.message_channel,
    C.created_at,
    C.updated_at,
).join_from(RentalCustomer, Party)
NAMED = RentalCustomer.__table__.alias("named")  # type: ignore[attr-defined]  # every table model has one
CURRENT = select(func.coalesce(NAMED.c.merged_into_id, NAMED.c.id)).where(NAMED.c.id == bindparam("id"))
ONE = SHOWN.where(C.id == CURRENT.scalar_subquery())


@requires(Permission.RENTAL_CUSTOMERS_READ)
def page(session: Session, actor: Actor, filters: CustomerFilters, request: PageRequest) -> Page[CustomerOut]:
    """List customers, by name unless asked otherwise. Sorts: company_name, created_at."""
    statement = sorted_by(
        _filtered(SHOWN.where(C.merged_into_id.is_(None)), filters),
        request.sort,
        SORTS,
        "company_name",
        P.name,
        C.created_at,
        C.id,
    )
    return paginate(session, statement, request).map(lambda row: CustomerOut(**row._mapping))


@requires(Permission.RENTAL_CUSTOMERS_READ)
def find(session: Session, actor: Actor, customer_id: UUID) -> CustomerOut:
    """One customer, or NotFound; for one that was merged, the customer who took its place."""
    row = session.execute(ONE, {"id": customer_id}).one_or_none()
    if row is None:
        raise NotFound.record("Customer", customer_id)
    return CustomerOut(**row._mapping)


@requires(Permission.RENTAL_CUSTOMERS_READ)
def doubles(session: Session, actor: Actor, typed: DuplicateSigns) -> list[CustomerDouble]:
    """The customers whom somebody may be typing again: like name, same phone or e-mail."""
    alike = {each.id: each for each in parties.find_duplicates(session, SYSTEM, typed)}
    if not alike:
        return []
    rows = session.execute(select(C.id, C.party_id).where(C.party_id.in_(alike), C.merged_into_id.is_(None)))
    ids = {row.party_id: row.id for row in rows}
    return [
        CustomerDouble(id=ids[party_id], name=each.name, because=each.because)
        for party_id, each in alike.items()
        if party_id in ids
    ]


def named(words: str) -> Select[Any]:
    """The ids of the customers whose name contains these words, for other lists to search by."""
    return select(C.id).join_from(RentalCustomer, Party).where(P.name.icontains(words, autoescape=True))


def _filtered(statement: Select[Any], filters: CustomerFilters) -> Select[Any]:
    if filters.on_stop is not None:
        statement = statement.where(C.on_stop == filters.on_stop)
    if filters.q:
        signs = [
            P.name_key.startswith(normal_name(filters.q), autoescape=True),
            P.name.icontains(filters.q, autoescape=True),
            P.contact_name.icontains(filters.q, autoescape=True),
        ]
        if number := try_phone(filters.q):
            signs.append(P.phone == number)
        if "@" in filters.q:
            signs.append(P.email.startswith(filters.q.lower(), autoescape=True))
        statement = statement.where(or_(*signs))
    return statement
