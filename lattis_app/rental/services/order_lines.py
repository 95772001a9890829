"""Adding to what an order charges while its invoice is still to come."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lattis_app.core.db import columns
from lattis_app.core.money import Money
from lattis_app.rental.models import RentalDeliveryOrder, RentalDeliveryOrderLine
from lattis_app.rental.rules.charges import Extra
from lattis_app.rental.schemas.parts import BinSize

LINE = columns(RentalDeliveryOrderLine)


def add(session: Session, order: RentalDeliveryOrder, added: Iterable[Extra]) -> None:
    """Add lines and their amounts; an order without priced lines first says what its amount was for.

    The caller holds the order's lock. A draft invoice follows its order when it is issued.
    """
    session.flush()
    last, charged = session.execute(
        select(
            func.coalesce(func.max(LINE.position), 0), func.coalesce(func.sum(LINE.amount_minor), 0)
        ).where(LINE.delivery_order_id == order.id)
    ).one()
    lines = [(each.description, each.quantity, each.unit, each.price, each.amount) for each in added]
    grown = sum(amount.minor for *_, amount in lines)
    if charged == 0:
        size = BinSize(h_ft=order.h_ft, l_ft=order.l_ft, w_ft=order.w_ft)
        amount = Money(order.amount_minor, order.currency)
        lines.insert(0, (f"Bin rental {size.text}", Decimal(1), "bin", amount, amount))
    for position, (description, quantity, unit, price, amount) in enumerate(lines, start=last + 1):
        session.add(
            RentalDeliveryOrderLine(
                delivery_order_id=order.id,
                position=position,
                description=description,
                quantity=quantity,
                unit=unit,
                price_minor=price.minor,
                amount_minor=amount.minor,
            )
        )
    order.amount_minor += grown
