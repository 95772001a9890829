"""What files can bring into rental: customers, bins, drivers and lorries with their papers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from lattis_app.attachments.models import Attachment
from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.normal import normal_ic
from lattis_app.identity.permissions import Permission
from lattis_app.identity.services import driver_accounts
from lattis_app.imports.kinds import ImportColumn, ImportKind, Known, register_kind
from lattis_app.imports.records import known_by, remove_unused
from lattis_app.parties.models import Party
from lattis_app.parties.rules import name_key
from lattis_app.rental.models import RentalBin, RentalCustomer, RentalDriver, RentalLorry
from lattis_app.rental.schemas.bins import BinEntry
from lattis_app.rental.schemas.customers import CustomerEntry
from lattis_app.rental.schemas.drivers import DriverEntry
from lattis_app.rental.schemas.lorries import LorryEntry
from lattis_app.rental.services import bins, customers, drivers, lorries
from lattis_app.rental.services.attachment_targets import LORRY
from lattis_app.rental.statuses import LorryDocumentKind

C, P, A = columns(RentalCustomer), columns(Party), columns(Attachment)
D, L, B = columns(RentalDriver), columns(RentalLorry), columns(RentalBin)
YES_NO = "yes or no"
A_DAY = "a date such as 2026-12-31 or 31/12/2026"


def customer_signs(entry: CustomerEntry) -> dict[str, str]:
    """Who a customer is: the name without legal form, and the phone."""
    return {"company_name": f"{name_key(entry.company_name)} {entry.phone}"}


def known_customers(session: Session, entries: Sequence[CustomerEntry]) -> list[Known | None]:
    """The customer of the same name and phone; else one that only looks alike."""
    signs = {
        "phone": {entry.phone for entry in entries},
        "email": {entry.email for entry in entries if entry.email},
        "name_key": {name_key(entry.company_name) for entry in entries},
    }
    rows = session.execute(
        select(C.id, P.name, P.name_key, P.phone, P.email)
        .join_from(RentalCustomer, Party)
        .where(or_(*(P[name].in_(values) for name, values in signs.items())), C.merged_into_id.is_(None))
        .order_by(P.created_at.desc(), C.id)
    ).all()
    sure = {f"{row.name_key} {row.phone}": row for row in rows}
    alike = [("phone", "phone", {row.phone: row for row in rows}), ("email", "email", {row.email: row for row in rows}),
             ("company_name", "name_key", {row.name_key: row for row in rows})]  # fmt: skip

    def known(entry: CustomerEntry) -> Known | None:
        if row := sure.get(customer_signs(entry)["company_name"]):
            return Known(row.id, "company_name", "exists already")
        given = {"phone": entry.phone, "email": entry.email, "name_key": name_key(entry.company_name)}
        for heading, name, by_value in alike:
            if given[name] and (row := by_value.get(given[name])):
                return Known(row.id, heading, f"looks like {row.name}", is_sure=False)
        return None

    return [known(entry) for entry in entries]


def remove_customers(session: Session, actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """Forget customers, and the people and companies that nothing else knows."""
    known = select(Party).join_from(RentalCustomer, Party).where(C.id.in_(ids))
    whose = {party.id: party for party in session.scalars(known)}
    stay = remove_unused(session, RentalCustomer, ids)
    remove_unused(session, Party, list(whose))
    return stay


def bin_signs(entry: BinEntry) -> dict[str, str]:
    """A bin is its serial number."""
    return {"serial_number": entry.serial_number}


def driver_signs(entry: DriverEntry) -> dict[str, str]:
    """No two drivers share an identity card or a phone."""
    return {"ic_number": normal_ic(entry.ic_number), "phone": entry.phone}


def remove_drivers(session: Session, actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """Forget drivers and their accounts, unless an account has left something behind."""
    kept = dict.fromkeys(driver_accounts.in_use(session, actor, ids), "has added files")
    stay = remove_unused(session, RentalDriver, ids, kept)
    driver_accounts.remove(session, actor, [driver_id for driver_id in ids if driver_id not in stay])
    return stay


def lorry_signs(entry: LorryEntry) -> dict[str, str]:
    """A lorry is its registration number."""
    return {"registration_no": entry.registration_no}


def with_papers(values: dict[str, Any]) -> dict[str, Any]:
    """A lorry's papers as the list its schema reads, in place of one value for each kind."""
    papers = values.pop("documents", {})
    return values | {"documents": [{"kind": kind, **fields} for kind, fields in papers.items()]}


def remove_lorries(session: Session, actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """Forget lorries with their papers, unless scans of them were kept."""
    scanned = select(A.target_id, func.count()).where(A.target_type == LORRY, A.target_id.in_(ids))
    kept = {
        lorry_id: f"has files ({count})" for lorry_id, count in session.execute(scanned.group_by(A.target_id))
    }
    return remove_unused(session, RentalLorry, ids, kept)


def _papers() -> list[ImportColumn]:
    made = []
    for kind in LorryDocumentKind:
        words = kind.replace("_", " ")
        number, until = ("", "") if kind != LorryDocumentKind.ROAD_TAX else ("RT-2026-118", "2026-12-31")
        made += [
            ImportColumn(f"{kind}_number", f"number of the {words}", number, path=("documents", kind, "number")),
            ImportColumn(f"{kind}_expires_on", f"until when the {words} is valid: {A_DAY}", until,
                         path=("documents", kind, "expires_on"), form="date"),
        ]  # fmt: skip
    return made


register_kind(
    ImportKind(
        name="customers",
        title="Customers",
        permission=Permission.RENTAL_CUSTOMERS_MANAGE,
        columns=(
            ImportColumn("company_name", "who orders and pays", "Setia Build Sdn Bhd", required=True),
            ImportColumn("contact_name", "whom to ask for", "Aminah Salleh"),
            ImportColumn("phone", "012-3456789 or +60123456789", "012-3456781", required=True),
            ImportColumn("email", "where receipts go", "accounts@setiabuild.example"),
            ImportColumn("address", "where the bill goes", "12 Jalan Meru, 41050 Klang"),
            ImportColumn("gst_no", "GST number"),
            ImportColumn("sst_no", "SST number"),
            ImportColumn("payment_terms_days", "days to pay, 30 if empty", "30", form="number"),
            ImportColumn("credit_limit", "in ringgit; no limit if empty", "15000.00", form="number"),
            ImportColumn("on_stop", f"gets nothing more for now: {YES_NO}", "no"),
            ImportColumn("po_required", f"needs a purchase order: {YES_NO}", "no"),
            ImportColumn("introducer_name", "who earns a commission on every order"),
            ImportColumn("notes", "what else to know"),
        ),
        schema=CustomerEntry,
        label=lambda entry: entry.company_name,
        signs=customer_signs,
        known=known_customers,
        create=customers.create,
        remove=remove_customers,
        href="/rental/customers?open={id}",
    )
)
register_kind(
    ImportKind(
        name="bins",
        title="Bins",
        permission=Permission.RENTAL_BINS_MANAGE,
        columns=(
            ImportColumn(
                "serial_number", "what is painted on it; no two are the same", "ASR101", required=True
            ),
            ImportColumn("size.h_ft", "height in feet", "4", True, ("size", "h_ft"), "number"),
            ImportColumn("size.l_ft", "length in feet", "12", True, ("size", "l_ft"), "number"),
            ImportColumn("size.w_ft", "width in feet", "6", True, ("size", "w_ft"), "number"),
            ImportColumn("area", "where it stands", "Klang Valley"),
            ImportColumn("state", "the state that is in", "Selangor"),
            ImportColumn("status", "in_warehouse, as if empty, or repair", "in_warehouse", form="choice"),
            ImportColumn("notes", "what else to know"),
        ),
        schema=BinEntry,
        label=lambda entry: entry.serial_number,
        signs=bin_signs,
        known=lambda session, entries: known_by(
            session, RentalBin, {"serial_number": B.serial_number}, bin_signs, entries
        ),
        create=bins.create,
        remove=lambda session, _actor, ids: remove_unused(session, RentalBin, ids),
        href="/rental/bins?open={id}",
    )
)
register_kind(
    ImportKind(
        name="drivers",
        title="Drivers",
        permission=Permission.RENTAL_DRIVERS_MANAGE,
        columns=(
            ImportColumn(
                "name", "as on the identity card; drivers sign in with it", "Lim Wei Jie", required=True
            ),
            ImportColumn("ic_number", "identity card or passport", "880203-10-5522", required=True),
            ImportColumn("phone", "012-3456789 or +60123456789", "012-3456710", required=True),
            ImportColumn("email", "optional"),
            ImportColumn("address", "where they live"),
            ImportColumn("status", "active, as if empty, or inactive", "active", form="choice"),
            ImportColumn("jobs_per_day", "how many jobs a day at most, 6 if empty", "6", form="number"),
        ),
        schema=DriverEntry,
        label=lambda entry: entry.name,
        signs=driver_signs,
        known=lambda session, entries: known_by(
            session, RentalDriver, {"ic_number": D.ic_number, "phone": D.phone}, driver_signs, entries
        ),
        create=drivers.create,
        remove=remove_drivers,
        href="/rental/drivers?open={id}",
        at_once=10,
    )
)
register_kind(
    ImportKind(
        name="lorries",
        title="Lorries",
        permission=Permission.RENTAL_LORRIES_MANAGE,
        columns=(
            ImportColumn("registration_no", "the plate; no two are the same", "WXY 1188", required=True),
            ImportColumn("type", "what kind of lorry", "Arm roll"),
            ImportColumn("capacity_kg", "how much it may carry, in kilograms", "8000", form="number"),
            ImportColumn(
                "status", "available, as if empty, maintenance or inactive", "available", form="choice"
            ),
            *_papers(),
            ImportColumn("notes", "what else to know"),
        ),
        schema=LorryEntry,
        label=lambda entry: entry.registration_no,
        signs=lorry_signs,
        known=lambda session, entries: known_by(
            session, RentalLorry, {"registration_no": L.registration_no}, lorry_signs, entries
        ),
        create=lorries.create,
        remove=remove_lorries,
        href="/rental/lorries?open={id}",
        shape=with_papers,
    )
)
