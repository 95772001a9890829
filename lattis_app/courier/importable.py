"""What files can bring into courier: merchants and parcels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.db import columns
from lattis_app.core.errors import Invalid
from lattis_app.courier.models import CourierMerchant, CourierParcel
from lattis_app.courier.schemas.merchants import MerchantEntry
from lattis_app.courier.schemas.parcels import ImportedParcel, ParcelEntry
from lattis_app.courier.services import merchants, parcels
from lattis_app.identity.permissions import Permission
from lattis_app.imports.kinds import ImportColumn, ImportKind, Known, register_kind
from lattis_app.imports.records import known_by, remove_unused

UNKNOWN = UUID(int=0)
C, M = columns(CourierParcel), columns(CourierMerchant)


def merchant_signs(entry: MerchantEntry) -> dict[str, str]:
    """A merchant is its code."""
    return {"code": entry.code}


def parcel_signs(entry: ImportedParcel) -> dict[str, str]:
    """A parcel is its tracking number."""
    return {"tracking_number": entry.tracking_number}


def known_parcels(session: Session, entries: Sequence[ImportedParcel]) -> list[Known | None]:
    """The parcel of the same tracking number; a merchant that nobody knows is said so."""
    known = known_by(session, CourierParcel, {"tracking_number": C.tracking_number}, parcel_signs, entries)
    codes = {entry.merchant_code for entry in entries}
    takers = set(session.scalars(select(M.code).where(M.code.in_(codes))))

    def looked_up(entry: ImportedParcel, found: Known | None) -> Known | None:
        if found is None and entry.merchant_code not in takers:
            return Known(
                UNKNOWN, "merchant_code", "is no merchant's code: the line will be refused", is_sure=False
            )
        return found

    return [looked_up(entry, found) for entry, found in zip(entries, known, strict=True)]


def create(session: Session, actor: Actor, entry: ImportedParcel) -> CourierParcel:
    """Take on a parcel of the merchant with this code. Raises Invalid for a code nobody has."""
    merchant_id = session.scalar(select(M.id).where(M.code == entry.merchant_code))
    if merchant_id is None:
        raise Invalid.field("merchant_code", "is no merchant's code")
    values = entry.model_dump(exclude={"merchant_code"}, exclude_none=True)
    return parcels.create(session, actor, ParcelEntry(**values, merchant_id=merchant_id))


def remove_parcels(session: Session, actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """Forget those of these parcels that nothing depends on; why the others stay."""
    merchants.hold(session, select(C.merchant_id).where(C.id.in_(ids)))
    return remove_unused(session, CourierParcel, ids)


register_kind(
    ImportKind(
        name="merchants",
        title="Merchants",
        permission=Permission.COURIER_MERCHANTS_MANAGE,
        columns=(
            ImportColumn("name", "whose parcels are carried", "Kedai Batik Melati", required=True),
            ImportColumn("code", "short, for files; no two are the same", "MELATI", required=True),
            ImportColumn("contact_name", "whom to ask for", "Mei Ling Tan"),
            ImportColumn("phone", "012-3456789 or +60123456789", "012-3456781"),
            ImportColumn("email", "where to reach them", "accounts@melati.example"),
            ImportColumn("address", "where parcels are picked up", "12 Jalan Meru, 41050 Klang"),
            ImportColumn("bank_name", "where settlements go", "Maybank"),
            ImportColumn("bank_account_number", "the account there", "5140 1122 3344"),
            ImportColumn("bank_account_holder", "the merchant if empty", "Kedai Batik Melati Sdn Bhd"),
            ImportColumn("delivery_charge", "of new parcels, in ringgit", "7.50", form="number"),
            ImportColumn("return_charge", "of new parcels, in ringgit", "4.00", form="number"),
            ImportColumn("active", "yes if empty", "yes"),
            ImportColumn("notes", "what else to know"),
        ),
        schema=MerchantEntry,
        label=lambda entry: entry.name,
        signs=merchant_signs,
        known=lambda session, entries: known_by(
            session, CourierMerchant, {"code": M.code}, merchant_signs, entries
        ),
        create=merchants.create,
        remove=merchants.remove_unused_ones,
        href="/courier/merchants?open={id}",
    )
)
register_kind(
    ImportKind(
        name="parcels",
        title="Parcels",
        permission=Permission.COURIER_PARCELS_MANAGE,
        columns=(
            ImportColumn("tracking_number", "no two are the same", "TRK123456", required=True),
            ImportColumn("merchant_code", "whose parcel it is", "MELATI", required=True),
            ImportColumn("order_reference", "the merchant's own number", "SO-1001"),
            ImportColumn("recipient_name", "who gets it", "Aminah Salleh"),
            ImportColumn("recipient_phone", "how to reach them", "012-3456781"),
            ImportColumn("recipient_address", "where it goes", "12 Jalan Meru, 41050 Klang"),
            ImportColumn("partner", "who delivers it"),
            ImportColumn("status", "PENDING if empty", "DELIVERED"),
            ImportColumn("cod_amount", "cash to collect", "120.00", form="number"),
            ImportColumn(
                "cod_collected_amount", "cash collected; as the status says if empty", form="number"
            ),
            ImportColumn("total_charge", "the merchant's usual charge if empty", form="number"),
            ImportColumn("return_charge", "the merchant's usual charge if empty", form="number"),
            ImportColumn("delivered_at", "moment of delivery, such as 2026-01-31T09:00:00Z"),
        ),
        schema=ImportedParcel,
        label=lambda entry: entry.tracking_number,
        signs=parcel_signs,
        known=known_parcels,
        create=create,
        remove=remove_parcels,
        href="/courier/parcels?open={id}",
    )
)
