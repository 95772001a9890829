"""Which rental records carry files, and who may see and add them (seed: "File Attachments")."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from lattis_app.attachments.targets import register_target
from lattis_app.core.actors import Actor
from lattis_app.core.db import find
from lattis_app.identity.permissions import Permission, check
from lattis_app.rental.models import RentalExpense, RentalInvoice, RentalLorry
from lattis_app.rental.queries import delivery_orders

P = Permission
DELIVERY_ORDER, INVOICE, LORRY, EXPENSE = "DO", "INVOICE", "LORRY", "EXPENSE"


def guard_delivery_order(session: Session, actor: Actor, target_id: UUID, write: bool) -> None:
    """Those who may see an order see its files; those who drive or manage it add to them."""
    changing = (P.RENTAL_DELIVERY_ORDERS_PROGRESS, P.RENTAL_DELIVERY_ORDERS_MANAGE)
    check(actor, *(changing if write else (P.RENTAL_DELIVERY_ORDERS_READ,)))
    delivery_orders.require_visible(session, actor, target_id)


def guard_invoice(session: Session, actor: Actor, target_id: UUID, write: bool) -> None:
    """The office keeps papers with its invoices."""
    check(actor, P.RENTAL_INVOICES_MANAGE if write else P.RENTAL_INVOICES_READ)
    find(session, RentalInvoice, target_id)


def guard_lorry(session: Session, actor: Actor, target_id: UUID, write: bool) -> None:
    """The office keeps papers with its lorries."""
    check(actor, P.RENTAL_LORRIES_MANAGE if write else P.RENTAL_LORRIES_READ)
    find(session, RentalLorry, target_id)


def guard_expense(session: Session, actor: Actor, target_id: UUID, write: bool) -> None:
    """The office keeps receipts with its expenses."""
    check(actor, P.RENTAL_EXPENSES_MANAGE if write else P.RENTAL_EXPENSES_READ)
    find(session, RentalExpense, target_id)


register_target(DELIVERY_ORDER, guard_delivery_order)
register_target(INVOICE, guard_invoice)
register_target(LORRY, guard_lorry)
register_target(EXPENSE, guard_expense)
