"""Half a year of a courier with 60 merchants and 20,000 parcels, settled as it would have been, relative to today."""

from __future__ import annotations

from lattis_app.courier.demo.masters import take_on
from lattis_app.courier.demo.parcels import carry
from lattis_app.courier.demo.settlements import settle


def load() -> None:
    """Take on the merchants, carry their parcels, then settle, correct and dispute them."""
    merchants = take_on()
    carry()
    settle(merchants)
