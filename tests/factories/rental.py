"""Rental records for tests: each factory's defaults already form a valid record."""

from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from lattis_app.core.actors import SYSTEM
from lattis_app.rental.models import RentalCustomer
from lattis_app.rental.schemas.customers import CustomerEntry
from lattis_app.rental.services import customers

_serial = count(1)

SEED_CUSTOMER = {
    "company_name": "ABC Construction Sdn Bhd",
    "contact_name": "John Doe",
    "phone": "+60123456789",
    "email": "john@abc.com",
    "address": "456 Jalan Puchong, 47100 Puchong",
    "gst_no": "GST123456789",
    "sst_no": "SST987654321",
}


def make_customer(session: Session, **overrides: Any) -> RentalCustomer:
    """A customer, by default the seed's."""
    customer = customers.create(session, SYSTEM, CustomerEntry(**(SEED_CUSTOMER | overrides)))
    session.flush()
    return customer
