"""Who received the bin on site, with the signature they drew, if they did."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from lattis_app.attachments.opening import signature
from lattis_app.attachments.schemas.attachments import SIGNATURE
from lattis_app.attachments.services import attachments
from lattis_app.core.actors import Actor
from lattis_app.core.files import Upload
from lattis_app.core.opening import opened
from lattis_app.identity.permissions import Permission, requires
from lattis_app.rental.models import RentalDeliveryOrder
from lattis_app.rental.rules.delivery_orders import require_receivable
from lattis_app.rental.schemas.delivery_orders import ReceiverEntry
from lattis_app.rental.services import fulfilments
from lattis_app.rental.services.attachment_targets import DELIVERY_ORDER
from lattis_app.rental.services.delivery_orders import lock
from lattis_app.rental.statuses import FulfilmentStatus


@requires(Permission.RENTAL_DELIVERY_ORDERS_PROGRESS, Permission.RENTAL_DELIVERY_ORDERS_MANAGE)
def note(
    session: Session,
    actor: Actor,
    delivery_order_id: UUID,
    entry: ReceiverEntry,
    drawn: Upload | None = None,
    done_at: datetime | None = None,
) -> RentalDeliveryOrder:
    """Note who received the bin. Until it is delivered the last one counts, and only their signature.

    Raises NotFound for another's order, NotOnTheRoad, NotAtTheSite, AlreadyReceived, and the drawing's own refusal.
    """
    order = lock(session, actor, delivery_order_id)
    fulfilments.require_on_the_road(order)
    require_receivable(FulfilmentStatus(order.fulfilment_status), order.received_by)
    order.received_by, order.signature_id = entry.received_by, None
    if drawn is not None:
        signed = opened(drawn, signature)
        kept = attachments.attach(session, actor, DELIVERY_ORDER, order.id, signed, SIGNATURE)
        kept.taken_at = fulfilments.moment_of(order, done_at)
        session.flush()
        order.signature_id = kept.id
    return order
