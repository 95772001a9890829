"""What a driver does with the bin of a job, in words."""

from __future__ import annotations

from lattis_app.core.language import say
from lattis_app.rental.schemas.delivery_orders import DeliveryOrderRow
from lattis_app.rental.schemas.transfers import RelocationOut


def bringing(order: DeliveryOrderRow) -> str:
    """What is done at first: bring a bin, or an empty one for a full one."""
    if order.exchanged_serial_number is None:
        return say("Deliver {bin}", bin=order.bin_serial_number)
    return say("Exchange {full} for {bin}", full=order.exchanged_serial_number, bin=order.bin_serial_number)


def moving(move: RelocationOut) -> str:
    """What is done with a bin that changes its site."""
    return say("Move {bin}", bin=move.bin_serial_number)
