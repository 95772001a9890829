"""Who is told what when something happens in the marketplace."""

from __future__ import annotations

from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.events import subscribe
from lattis_app.identity.permissions import Permission
from lattis_app.marketplace.events import (
    ClaimRejected,
    InvoiceGenerated,
    InvoiceOverdue,
    PaymentClaimed,
    SellerRestricted,
    SellerUnrestricted,
)
from lattis_app.marketplace.models import MarketplaceInvoice
from lattis_app.marketplace.queries import restrictions
from lattis_app.marketplace.rules.amounts import amount
from lattis_app.marketplace.rules.links import invoice_link
from lattis_app.marketplace.services import seller_messages
from lattis_app.marketplace.statuses import InvoiceStatus
from lattis_app.notifications.services import notifications


@subscribe(InvoiceGenerated)
def tell_of_new_invoice(session: Session, actor: Actor, generated: InvoiceGenerated) -> None:
    """A seller learns of a new invoice, unless it is cancelled or paid meanwhile."""
    invoice = session.get_one(MarketplaceInvoice, generated.entity_id)
    if invoice.status in (InvoiceStatus.PENDING, InvoiceStatus.OVERDUE):
        seller_messages.tell_of_invoice(session, actor, seller_messages.GENERATED, invoice)


@subscribe(InvoiceOverdue)
def tell_of_overdue_invoice(session: Session, actor: Actor, overdue: InvoiceOverdue) -> None:
    """A seller learns that an invoice is overdue, and since when, unless it is paid meanwhile."""
    invoice = session.get_one(MarketplaceInvoice, overdue.entity_id)
    if invoice.status == InvoiceStatus.OVERDUE:
        seller_messages.tell_of_invoice(session, actor, seller_messages.OVERDUE, invoice)


@subscribe(SellerRestricted)
def tell_of_restriction(session: Session, actor: Actor, restricted: SellerRestricted) -> None:
    """A seller learns what is closed, and exactly what opens it again; nothing when that is paid meanwhile."""
    found = restrictions.of_seller(session, restricted.entity_id)
    if not found.invoices:
        return
    numbers = ", ".join(f"{each.invoice_number} ({each.days_overdue} d overdue)" for each in found.invoices)
    notifications.notify(
        session,
        actor,
        users=[restricted.entity_id],
        kind=restricted.name,
        title="Your shop is restricted",
        body=f"No new orders, and {restricted.hidden_products} products are hidden, until "
        f"{amount(found.amount_to_clear, found.base_currency)} is paid: {numbers}",
        link=found.invoices[0].link,
        tone="bad",
    )


@subscribe(SellerUnrestricted)
def tell_of_freedom(session: Session, actor: Actor, freed: SellerUnrestricted) -> None:
    """A seller learns that orders can be taken again, and that the products wait."""
    waiting = f" {freed.hidden_products} products wait to be reactivated." if freed.hidden_products else ""
    notifications.notify(
        session,
        actor,
        users=[freed.entity_id],
        kind=freed.name,
        title="Your shop is open again",
        body=f"Invoice {freed.number} is settled and nothing is overdue.{waiting}",
        link="/seller/products",
        tone="ok",
    )


@subscribe(PaymentClaimed)
def tell_of_claim(session: Session, actor: Actor, claimed: PaymentClaimed) -> None:
    """Administrators learn of a payment to confirm."""
    notifications.notify(
        session,
        actor,
        users=Permission.MARKETPLACE_INVOICES_MANAGE,
        kind=claimed.name,
        title=f"{claimed.seller} says {claimed.number} is paid",
        body="Confirm it when the money is there.",
        link=f"/marketplace/invoices?open={claimed.entity_id}",
        tone="warn",
    )


@subscribe(ClaimRejected)
def tell_of_rejection(session: Session, actor: Actor, rejected: ClaimRejected) -> None:
    """A seller learns that no payment was found."""
    notifications.notify(
        session,
        actor,
        users=[rejected.seller_id],
        kind=rejected.name,
        title=f"No payment was found for {rejected.number}",
        body=rejected.reason,
        link=invoice_link(rejected.entity_id),
        tone="bad",
    )
