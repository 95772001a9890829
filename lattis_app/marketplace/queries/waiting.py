"""What waits for the office: claims to confirm, and sellers who are restricted."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.identity.permissions import Permission, requires
from lattis_app.marketplace.models import MarketplaceInvoice, MarketplacePaymentClaim, MarketplaceSeller
from lattis_app.marketplace.schemas.waiting import Waiting
from lattis_app.marketplace.statuses import ClaimStatus, InvoiceStatus

S, I, C = columns(MarketplaceSeller), columns(MarketplaceInvoice), columns(MarketplacePaymentClaim)  # noqa: E741 — one letter per table
CLAIMS = select(func.count()).where(C.status == ClaimStatus.CLAIMED).scalar_subquery()
RESTRICTED = select(func.count()).where(S.restricted_at.is_not(None)).scalar_subquery()
SUMS = select(
    CLAIMS.label("claims"),
    RESTRICTED.label("restricted"),
    func.count().label("overdue"),
    func.coalesce(func.sum(I.platform_mkd_minor + I.affiliate_mkd_minor), 0).label("overdue_mkd"),
    func.coalesce(func.sum(I.platform_eur_minor + I.affiliate_eur_minor), 0).label("overdue_eur"),
).where(I.status == InvoiceStatus.OVERDUE)


@requires(Permission.MARKETPLACE_INVOICES_READ)
def summarise(session: Session, actor: Actor) -> Waiting:
    """How many claims wait, how many sellers are restricted, and what is overdue in each currency."""
    found = session.execute(SUMS).one()
    return Waiting(**{name: int(value) for name, value in found._mapping.items()})
