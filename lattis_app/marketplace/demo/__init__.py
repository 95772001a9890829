"""A marketplace of 200 sellers and twelve weeks of orders, billed week by week, relative to the day it is made."""

from __future__ import annotations

from lattis_app.core.db import unit_of_work
from lattis_app.marketplace.demo import orders, shops
from lattis_app.marketplace.demo.weeks import live_through


def load() -> None:
    """Open the shops, let buyers order, and bill and pay the weeks on the days that would have happened."""
    with unit_of_work() as session:
        opened = shops.open_all(session)
        orders.place(session)
    live_through(opened)
