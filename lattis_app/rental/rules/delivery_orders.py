"""What a delivery order adds up to, and what may still be changed about it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from lattis_app.core.errors import Conflict, Invalid, PreconditionFailed
from lattis_app.core.money import Money
from lattis_app.rental.statuses import DeliveryOrderStatus, FulfilmentStatus

PHOTOS_REQUIRED = 3
PHOTOS_REQUIRED_TO_FAIL = 1
EVERYWHERE = frozenset({"reason"})
AFTERWARDS = frozenset({"weight_kg", "notes"})
ON_THE_WAY = AFTERWARDS | {"phone", "do_by_name", "do_book_number", "po_number"}
BEFORE_THE_START = ON_THE_WAY | {"driver_id", "lorry_id"}
FINISHED = frozenset({FulfilmentStatus.DONE, FulfilmentStatus.FAILED})
AT_THE_SITE = (FulfilmentStatus.STARTED, FulfilmentStatus.DELIVERED)
LONGEST_WITHOUT_A_SIGNAL = timedelta(hours=24)


class TooFewPhotos(PreconditionFailed):
    """The step needs more photos than the order has."""


class NotAtTheSite(PreconditionFailed):
    """Only who has a bin set down receives it."""


class AlreadyReceived(Conflict):
    """Who received the bin is known, and the delivery is over."""


class NotChangeable(PreconditionFailed):
    """The order is too far for this change."""


def line_total(quantity: Decimal, price: Money) -> Money:
    """Quantity × price, rounded half-up to the minor unit."""
    return price.times(quantity)


def require_matching_total(amount: Money, lines: Iterable[Money]) -> None:
    """Lines say what the amount is for: they add up to it, or to nothing. Raises Invalid naming both totals."""
    total = sum((line.minor for line in lines), 0)
    if total not in (0, amount.minor):
        added = Money(total, amount.currency)
        raise Invalid.field(
            "amount",
            f"is {amount.text()}, but the waste items add up to {added.text()}",
            amount=amount,
            lines_total=added,
        )


def changeable(status: DeliveryOrderStatus, fulfilment: FulfilmentStatus) -> frozenset[str] | None:
    """The fields that may still be changed; None means all of them."""
    match status:
        case DeliveryOrderStatus.DRAFT:
            return None
        case DeliveryOrderStatus.CANCELLED:
            return frozenset()
        case DeliveryOrderStatus.CLOSED:
            return AFTERWARDS | EVERYWHERE
    if fulfilment in FINISHED:
        return AFTERWARDS | EVERYWHERE
    if fulfilment is FulfilmentStatus.ASSIGNED:
        return BEFORE_THE_START | EVERYWHERE
    return ON_THE_WAY | EVERYWHERE


def require_changeable(
    status: DeliveryOrderStatus, fulfilment: FulfilmentStatus, wanted: Iterable[str], reason: str | None
) -> None:
    """Raise NotChangeable for a field that is fixed by now, and Invalid for a late correction without a reason."""
    allowed = changeable(status, fulfilment)
    fixed = sorted(set(wanted) - allowed) if allowed is not None else []
    if fixed:
        raise NotChangeable(
            f"{', '.join(fixed)} can't be changed any more: the order is {status} and {fulfilment}",
            field=fixed[0],
            reason="can't be changed any more",
            status=str(status),
            fulfilment_status=str(fulfilment),
            changeable=sorted(allowed or ()),
        )
    if "weight_kg" in wanted and fulfilment in FINISHED and not reason:
        raise Invalid.field("reason", "say why the weight is corrected after completion")


def require_photos(present: int, needed: int) -> None:
    """Raise TooFewPhotos unless there are enough."""
    if present < needed:
        raise TooFewPhotos(
            f"The order has {present} of at least {needed} photos",
            field="photos",
            reason=f"at least {needed} needed",
            present=present,
            required=needed,
        )


def require_receivable(fulfilment: FulfilmentStatus, known: str) -> None:
    """Raise unless somebody may receive the bin now: on the site, or afterwards while nobody is known to have."""
    if fulfilment not in AT_THE_SITE:
        raise NotAtTheSite(
            f"The order is {fulfilment}: nobody receives its bin now",
            field="fulfilment_status",
            reason=f"is {fulfilment}",
        )
    if fulfilment is FulfilmentStatus.DELIVERED and known:
        raise AlreadyReceived(
            f"{known} has received the bin already", field="received_by", reason="is known already"
        )


def moment_of_step(said: datetime | None, before: Iterable[datetime | None], now: datetime) -> datetime:
    """When something was done by what the driver's phone says, brought to what can be.

    It is not in the future, not before what came `before` it, and not longer ago than a phone may go without a signal.
    """
    if said is None:
        return now
    known = [moment for moment in before if moment is not None]
    earliest = max([now - LONGEST_WITHOUT_A_SIGNAL, *known])
    return min(max(said, earliest), now)
