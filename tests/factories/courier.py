"""Merchants and parcels for tests."""

from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from lattis_app.core.actors import SYSTEM
from lattis_app.courier.models import CourierMerchant, CourierMerchantInvoice, CourierParcel
from lattis_app.courier.schemas.invoices import InvoiceEntry, PaymentEntry
from lattis_app.courier.schemas.merchants import MerchantEntry
from lattis_app.courier.schemas.parcels import ParcelEntry
from lattis_app.courier.services import merchant_invoices, merchants, parcels

_numbers = count(1)
SEED_MERCHANT = {
    "name": "Kedai Batik Melati",
    "code": "MELATI",
    "bank_name": "Maybank",
    "bank_account_number": "5140 1122 3344",
    "bank_account_holder": "Kedai Batik Melati Sdn Bhd",
}
WORKED = {
    "DELIVERED": {"cod_amount": "5000.00", "cod_collected_amount": "5000.00"},
    "PARTIAL_DELIVERY": {"cod_amount": "5000.00", "cod_collected_amount": "3000.00"},
    "RETURNED": {"cod_amount": "5000.00", "cod_collected_amount": "0"},
    "PAID_RETURN": {"cod_amount": "5000.00", "cod_collected_amount": "120.00"},
}
"""The parcels of the contract's worked table; each costs 155.00 to deliver and 60.00 to bring back."""
NETS = {"DELIVERED": 484500, "PARTIAL_DELIVERY": 284500, "RETURNED": -6000, "PAID_RETURN": 12000}


def make_merchant(session: Session, **overrides: Any) -> CourierMerchant:
    """A merchant with a code of its own."""
    entry = SEED_MERCHANT | {"code": f"M{next(_numbers):05}"} | overrides
    merchant = merchants.create(session, SYSTEM, MerchantEntry.model_validate(entry))
    session.flush()
    return merchant


def make_parcel(
    session: Session, merchant: CourierMerchant, status: str = "DELIVERED", **overrides: Any
) -> CourierParcel:
    """A parcel as the worked table has it in this status."""
    entry = {
        "tracking_number": f"TRK{next(_numbers):09}",
        "merchant_id": merchant.id,
        "status": status,
        "total_charge": "155.00",
        "return_charge": "0" if status == "DELIVERED" else "60.00",
        **WORKED.get(status, {"cod_amount": "100.00"}),
    }
    parcel = parcels.create(session, SYSTEM, ParcelEntry.model_validate(entry | overrides))
    session.flush()
    return parcel


def make_invoice(
    session: Session, merchant: CourierMerchant, *parcels_named: CourierParcel
) -> CourierMerchantInvoice:
    """An invoice of these parcels, or of all that are eligible."""
    ids = tuple(parcel.id for parcel in parcels_named) or None
    entry = InvoiceEntry(merchant_id=merchant.id, parcel_ids=ids)
    invoice = merchant_invoices.generate(session, SYSTEM, entry)
    session.flush()
    return invoice


def pay_invoice(session: Session, invoice: CourierMerchantInvoice) -> CourierMerchantInvoice:
    """The invoice, paid out."""
    merchant_invoices.pay(session, SYSTEM, invoice.id, PaymentEntry(payment_reference="TXN-1"))
    session.flush()
    return invoice


def again(session: Session, parcel: CourierParcel) -> CourierParcel:
    """A parcel as the database has it, after a statement that moved many."""
    session.flush()
    session.refresh(parcel)
    return parcel
