"""The files that the company of the demo brought in: its smallest bins half a year ago, and customers to look at today."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

import lattis_app.rental.importable  # noqa: F401 - what files can bring registers itself
from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.core.db import columns, unit_of_work
from lattis_app.core.files import Upload
from lattis_app.imports.services import batches, imports
from lattis_app.rental.demo.masters import SMALL, Company, DemoBin
from lattis_app.rental.models import RentalBin

B = columns(RentalBin)
BINS = ("serial_number", "size.h_ft", "size.l_ft", "size.w_ft", "area", "state")
CUSTOMERS = (
    ("company_name", "contact_name", "phone", "email", "payment_terms_days"),
    ("Cergas Sports Centre", "Puan Rohani", "012-7741180", "office@cergas.example", "30"),
    ("Zamrud Ceramics", "Alex Foo", "012-7741181", "accounts@zamrud.example", "14"),
    ("Melati Nursery", "", "012-7741182", "melati(at)nursery.example", "30"),
    ("Klinik Harmoni", "Siti Aminah", "012-7741183", "", "14"),
)


def bring_small_bins(company: Company) -> None:
    """Import the smallest bins; a line of a bin that is known already, and one without a width, make nothing."""
    size, number, price_minor = SMALL
    feet, first = [str(side) for side in size], 100 + len(company.bins)
    serials = [f"ASR{first + place}" for place in range(number)]
    rows = [BINS, *((serial, *feet, "Klang Valley", "Selangor") for serial in serials)]
    rows += [(f"ASR{first - 1}", "6", "14", "6"), (f"ASR{first + number}", *feet[:2], "")]
    with clock.freeze(clock.now() - timedelta(days=184)):
        batch_id = _sent(company.office, "bins", "small-bins.csv", rows)
        with unit_of_work() as session:
            imports.run(session, company.office, batch_id)
        batches.run(str(batch_id), str(company.office.user_id))
    with unit_of_work() as session:
        ids = session.scalars(select(B.id).where(B.serial_number.in_(serials)).order_by(B.serial_number))
        company.bins.extend(DemoBin(bin_id, size, price_minor) for bin_id in ids)


def send_customers(company: Company) -> None:
    """Have a file of customers checked: one line is wrong, one may be somebody known."""
    _sent(company.office, "customers", "customers-old-office.csv", CUSTOMERS)


def _sent(office: Actor, kind: str, file_name: str, rows: Sequence[Sequence[str]]) -> UUID:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    with unit_of_work() as session:
        return imports.check(session, office, kind, Upload(file_name, text.getvalue().encode())).id
