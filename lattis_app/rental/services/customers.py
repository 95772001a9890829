"""Keeping customers (contract: rental.md, "Records")."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.db import find
from lattis_app.core.schemas import minor_of
from lattis_app.identity.permissions import Permission, requires
from lattis_app.parties.schemas.merges import MergeEntry, MergeOut
from lattis_app.parties.schemas.parties import PartyDetails
from lattis_app.parties.services import merges, parties
from lattis_app.rental.models import RentalCustomer
from lattis_app.rental.schemas.customers import CustomerChanges, CustomerEntry

PARTY_FIELDS = {"company_name": "name", "contact_name": "contact_name", "phone": "phone", "email": "email",
                "address": "address"}  # fmt: skip
TAX_FIELDS = ("gst_no", "sst_no")

merges.lock_in_order(
    "rental_bookings",
    "rental_delivery_orders",
    "rental_bins",
    "rental_invoices",
    "rental_payments",
    "rental_charges",
    "rental_refunds",
)


@requires(Permission.RENTAL_CUSTOMERS_MANAGE)
def create(session: Session, actor: Actor, entry: CustomerEntry) -> RentalCustomer:
    """Take on a customer."""
    party = parties.create(
        session,
        actor,
        PartyDetails(
            name=entry.company_name,
            contact_name=entry.contact_name or "",
            phone=entry.phone,
            email=entry.email,
            address=entry.address or "",
            tax_ids={name: value for name in TAX_FIELDS if (value := getattr(entry, name))},
        ),
    )
    customer = RentalCustomer(
        party_id=party.id,
        payment_terms_days=entry.payment_terms_days,
        credit_limit_minor=None if entry.credit_limit is None else minor_of(entry.credit_limit),
        on_stop=entry.on_stop,
        po_required=entry.po_required,
        introducer_name=entry.introducer_name or "",
        notes=entry.notes or "",
        email_messages=entry.email_messages,
        message_channel=entry.message_channel,
    )
    session.add(customer)
    return customer


@requires(Permission.RENTAL_CUSTOMERS_MANAGE)
def update(session: Session, actor: Actor, customer_id: UUID, changes: CustomerChanges) -> RentalCustomer:
    """Change a customer's details or terms; documents already issued keep what they show."""
    customer = find(session, RentalCustomer, customer_id, lock=True)
    if customer.merged_into_id is not None:
        raise merges.AlreadyMerged("The customer was merged into another", field="id", reason="was merged")
    given = changes.given()
    tax_ids = {name: given.pop(name) for name in TAX_FIELDS if name in given}
    contacts = {PARTY_FIELDS[name]: given.pop(name) for name in list(given) if name in PARTY_FIELDS}
    if tax_ids:
        contacts["tax_ids"] = tax_ids
    if contacts:
        parties.update(session, actor, customer.party_id, contacts)
    if "credit_limit" in given:
        limit = given.pop("credit_limit")
        customer.credit_limit_minor = None if limit is None else minor_of(limit)
    for name, value in given.items():
        setattr(customer, name, value)
    return customer


@requires(Permission.RENTAL_CUSTOMERS_MANAGE)
def merge(session: Session, actor: Actor, customer_id: UUID, entry: MergeEntry) -> MergeOut:
    """Let another customer take the place of this one, with all orders, invoices and payments.

    Raises Invalid for itself, NotFound, AlreadyMerged.
    """
    old, new = find(session, RentalCustomer, customer_id), find(session, RentalCustomer, entry.into)
    return merges.merge(session, SYSTEM, old.party_id, MergeEntry(into=new.party_id, dry_run=entry.dry_run))
