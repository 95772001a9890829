"""The company of the demo: its people, lorries, bins and customers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.db import unit_of_work
from lattis_app.core.pagination import PageRequest
from lattis_app.identity.permissions import Role
from lattis_app.identity.queries import users
from lattis_app.identity.schemas.users import UserFilters
from lattis_app.rental.schemas.bins import BinEntry
from lattis_app.rental.schemas.business import BusinessChanges
from lattis_app.rental.schemas.customers import CustomerEntry
from lattis_app.rental.schemas.drivers import DriverEntry
from lattis_app.rental.schemas.lorries import LorryDocumentEntry, LorryEntry
from lattis_app.rental.schemas.price_cards import PriceCardEntry
from lattis_app.rental.schemas.rentable_lorries import RentableLorryEntry
from lattis_app.rental.schemas.waste_items import WasteItemEntry
from lattis_app.rental.services import (
    bins,
    business,
    customers,
    drivers,
    lorries,
    price_cards,
    rentable_lorries,
    waste_items,
)

PROFILE = {
    "name": "Lattis Bin Services Sdn Bhd",
    "roc_number": "123456-A",
    "sst_no": "W10-1808-32000001",
    "address": "123 Jalan Ampang, 50450 Kuala Lumpur",
    "email": "info@lattis.com",
    "phone": "+603-12345678",
    "bank_details": "Maybank 5140 1234 5678 · Lattis Bin Services Sdn Bhd",
    "failed_trip_fee": "80.00",
}
DRIVERS = (
    ("Ahmad Rahman", "920815-14-5678", "012-3456789"),
    ("Lim Wei", "880203-10-5521", "012-3456790"),
    ("Siva Kumar", "850617-08-6113", "012-3456791"),
    ("Mohd Faizal", "910922-01-5377", "012-3456792"),
    ("Tan Boon Keat", "870411-14-5099", "012-3456793"),
    ("Ravi Chandran", "930130-05-5831", "012-3456794"),
    ("Azman Yusof", "840708-03-5215", "012-3456795"),
    ("Chong Kah Wai", "900519-10-5643", "012-3456796"),
)
LORRIES = (
    ("WXY 4521", "Arm roll", 8000, -3),
    ("WA 8890 K", "Arm roll", 8000, 21),
    ("BND 1207", "Skip loader", 6000, 6),
    ("VCR 3355", "Arm roll", 10000, 140),
    ("WUQ 7718", "Skip loader", 6000, 210),
    ("BQA 9042", "Arm roll", 10000, 96),
    ("VBT 6630", "Arm roll", 8000, 180),
    ("WKJ 2214", "Skip loader", 6000, 260),
    ("BPL 5076", "Arm roll", 8000, 300),
    ("VAA 1188", "Arm roll", 12000, 45),
)
SMALL = ((3, 8, 5), 8, 26000)
SIZES = (((4, 12, 6), 28, 35000), ((6, 14, 6), 14, 52000), SMALL)
WASTE = (
    ("Construction debris", "load", "350.00"),
    ("Garden waste", "load", "260.00"),
    ("Mixed household", "load", "300.00"),
    ("Scrap wood", "load", "240.00"),
    ("Concrete and rubble", "load", "420.00"),
)
PRICED = ("Construction debris", "Concrete and rubble")
RENTABLE = (
    ("JKL 8821", "Pengangkutan Ali", "012-4445501", "Crane", 12000, "680.00", "190.00"),
    ("BQB 3307", "Tan Brothers Transport", "012-4445502", "Arm roll", 10000, "620.00", "170.00"),
    ("VDC 5519", "Maju Haulage Sdn Bhd", "012-4445503", "Tipper", 15000, "750.00", "210.00"),
)
AREAS = (
    ("Klang Valley", "Selangor", "Puchong"), ("Klang Valley", "Selangor", "Shah Alam"),
    ("Klang Valley", "Selangor", "Subang Jaya"), ("Klang Valley", "Kuala Lumpur", "Cheras"),
    ("Klang Valley", "Selangor", "Klang"), ("Seremban", "Negeri Sembilan", "Seremban"),
)  # fmt: skip
COMPANIES = (
    "ABC Construction Sdn Bhd", "Setia Build Sdn Bhd", "Kedai Perabot Maju", "Pembinaan Jaya Sdn Bhd",
    "Taman Sri Resort", "Klinik Harmoni", "Villa Damai Management", "Hotel Meriah", "Gemilang Renovations",
    "Sunrise Developers Sdn Bhd", "Restoran Nasi Kandar Utama", "Mega Hardware Trading", "Sekolah Seri Indah",
    "Warisan Interiors", "Bukit Permai Condominium", "Tropika Landscaping", "KL Demolition Works Sdn Bhd",
    "Perabot Antik Melaka", "Bina Kukuh Enterprise", "Ocean Seafood Market", "Cahaya Electrical Sdn Bhd",
    "Desa Park JMB", "Global Logistics Hub Sdn Bhd", "Harapan Printing", "Indah Mall Management",
    "Jalinan Roofing", "Kota Damansara Fitness", "Lagenda Homes Sdn Bhd", "Mutiara Bakery", "Nadi Engineering Sdn Bhd",
    "Oriental Tiles Trading", "Pantai Steel Works", "Queen's Avenue Residences", "Rimba Furniture",
    "Selangor Paper Recycling", "Titiwangsa Nursery", "Utara Motor Workshop", "Vista Hijau JMB",
    "Wawasan Builders Sdn Bhd", "Yayasan Ikhlas",
)  # fmt: skip
CONTACTS = ("John Doe", "Siti Aminah", "Kevin Lau", "Devi Rajan", "Hassan Ali", "Grace Wong", "Imran Shah")
EVERYBODY = PageRequest(limit=100)
INTRODUCERS = ("John Referrer", "Agen Bakti", "Mdm Chew")


@dataclass(frozen=True, slots=True)
class Customer:
    """Whom a job is for, and where."""

    id: UUID
    name: str
    contact: str
    phone: str
    area: str
    state: str
    site: str
    on_terms: bool


@dataclass(frozen=True, slots=True)
class DemoBin:
    """A bin, its size and what its hire costs, in sen."""

    id: UUID
    size: tuple[int, int, int]
    price_minor: int


@dataclass(frozen=True, slots=True)
class Company:
    """Everything the story is told with, and who tells it."""

    office: Actor
    crew: dict[UUID, Actor]
    drivers: list[UUID]
    lorries: list[UUID]
    bins: list[DemoBin]
    customers: list[Customer]
    waste: dict[str, UUID]


def name_business() -> None:
    """Say who the business is, half a year ago."""
    with clock.freeze(clock.now() - timedelta(days=185)), unit_of_work() as session:
        business.update(session, SYSTEM, BusinessChanges.model_validate(PROFILE))


def make_masters() -> Company:
    """Make the company as it was half a year ago."""
    with clock.freeze(clock.now() - timedelta(days=185)), unit_of_work() as session:
        waste = _waste(session)
        made = _drivers(session)
        office, crew = _people(session)
        return Company(office, crew, made, _lorries(session), _bins(session), _customers(session), waste)


def _waste(session: Session) -> dict[str, UUID]:
    """The kinds of waste; some have a price for each size, with days and tonnes included."""
    made = {}
    for name, unit, price in WASTE:
        made[name] = waste_items.create(session, SYSTEM, WasteItemEntry(name=name, unit=unit, price=price)).id
    session.flush()
    for name in PRICED:
        for size, _, price_minor in SIZES:
            entry = PriceCardEntry(
                bin_size=dict(zip(("h_ft", "l_ft", "w_ft"), size, strict=True)),
                waste_item_id=made[name],
                base_price=Decimal(price_minor) / 100,
                included_days=9,
                included_tonnes="2.4",
                overrun_per_day="25.00",
                per_extra_tonne="120.00",
                failed_trip_fee="80.00",
            )
            price_cards.create(session, SYSTEM, entry)
    for registration_no, owner, phone, kind, capacity_kg, daily, trip in RENTABLE:
        rentable = RentableLorryEntry(
            registration_no=registration_no,
            owner_name=owner,
            owner_phone=phone,
            type=kind,
            capacity_kg=capacity_kg,
            daily_rate=daily,
            trip_rate=trip,
        )
        rentable_lorries.create(session, SYSTEM, rentable)
    return made


def _people(session: Session) -> tuple[Actor, dict[UUID, Actor]]:
    """The administrator in the office, and the drivers by the record they stand for."""
    session.flush()
    known = users.page(session, SYSTEM, UserFilters(), EVERYBODY).rows
    people = {
        each.subject_id: Actor(each.id, each.name, each.role, frozenset(each.permissions), each.subject_id)
        for each in known
        if each.role == Role.DRIVER
    }
    admin = next(each for each in known if each.role == Role.ADMIN)
    office = Actor(admin.id, admin.name, admin.role, frozenset(admin.permissions))
    return office, {driver_id: actor for driver_id, actor in people.items() if driver_id is not None}


def _drivers(session: Session) -> list[UUID]:
    entries = (
        DriverEntry(name=name, ic_number=ic_number, phone=phone, address="Kuala Lumpur")
        for name, ic_number, phone in DRIVERS
    )
    return [drivers.create(session, SYSTEM, entry).id for entry in entries]


def _lorries(session: Session) -> list[UUID]:
    today = clock.today() + timedelta(days=185)
    made = []
    for registration_no, kind, capacity_kg, days_left in LORRIES:
        papers = [
            LorryDocumentEntry(
                kind="road_tax", number=f"RT{capacity_kg}", expires_on=today + timedelta(days=days_left)
            ),
            LorryDocumentEntry(
                kind="insurance", number=f"IN{capacity_kg}", expires_on=today + timedelta(days=310)
            ),
            LorryDocumentEntry(
                kind="puspakom", number=f"PU{capacity_kg}", expires_on=today + timedelta(days=155)
            ),
        ]
        entry = LorryEntry(
            registration_no=registration_no, type=kind, capacity_kg=capacity_kg, documents=papers
        )
        made.append(lorries.create(session, SYSTEM, entry).id)
    session.flush()
    return made


def _bins(session: Session) -> list[DemoBin]:
    """All bins but the smallest, which come from a file."""
    made: list[DemoBin] = []
    for size, number, price_minor in SIZES[:-1]:
        for _ in range(number):
            entry = BinEntry(
                serial_number=f"ASR{100 + len(made)}",
                size=dict(zip(("h_ft", "l_ft", "w_ft"), size, strict=True)),
                area="Klang Valley",
                state="Selangor",
            )
            made.append(DemoBin(bins.create(session, SYSTEM, entry).id, size, price_minor))
    session.flush()
    return made


def _customers(session: Session) -> list[Customer]:
    made = []
    for index, name in enumerate(COMPANIES):
        area, state, town = AREAS[index % len(AREAS)]
        on_terms = index % 5 == 1
        site = f"{12 + index * 7} Jalan {town} {1 + index % 9}, {town}"
        phone, contact = f"+6012{3000000 + index * 7919}", CONTACTS[index % len(CONTACTS)]
        entry = CustomerEntry(
            company_name=name,
            contact_name=contact,
            phone=phone,
            email=f"accounts@{re.sub('[^a-z]+', '-', name.lower().removesuffix(' sdn bhd'))}.example",
            address=f"{site}, {state}",
            payment_terms_days=30 if on_terms else 14,
            credit_limit="15000.00" if on_terms else None,
            message_channel=("whatsapp", "none", "sms")[index % 3],
        )
        customer = customers.create(session, SYSTEM, entry)
        made.append(Customer(customer.id, name, contact, phone, area, state, site, on_terms))
    return made
