"""Two merchants with something of every kind, for tests of who sees what."""

from uuid import UUID

from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import SYSTEM
from lattis_app.courier.models import CourierMerchant, CourierParcel, CourierRemittance
from lattis_app.courier.schemas.disputes import DisputeEntry
from lattis_app.courier.schemas.parcels import ClearanceEntry
from lattis_app.courier.schemas.runs import RunEntry
from lattis_app.courier.services import clearances, disputes, settlement_runs
from tests.factories.courier import again, make_invoice, make_merchant, make_parcel, pay_invoice

SECRETS = ("Kedai Batik Melati", "MELATI", "TRK77", "Siti Secret", "5140", "Secret Partner")
"""What only the office and the first merchant may see: name, code, tracking numbers, recipient, bank account."""


def make_courier_world(session: Session) -> dict[str, UUID]:
    """The first merchant's records by what paths call them, and `other_id`, the second merchant."""
    merchant = make_merchant(session, code="MELATI", phone="012-7770001", email="melati@example.com")
    bank = {"bank_account_number": "9900", "bank_account_holder": "Another Shop"}
    other = make_merchant(session, name="Another Shop", code="OTHER", **bank)
    paid = _parcel(session, merchant, 1)
    pay_invoice(session, make_invoice(session, merchant, paid))
    for whose, place in ((merchant, 2), (other, 3)):
        make_parcel(session, whose, tracking_number=f"TRK{'77' if whose is merchant else '88'}000{place}")
    run = settlement_runs.run(session, SYSTEM, RunEntry())
    session.flush()
    cleared = ClearanceEntry(cod_collected_amount="4900.00", reason="Counted again")
    clearances.record(session, SYSTEM, again(session, paid).id, cleared)
    invoice = make_invoice(session, merchant, _parcel(session, merchant, 4))
    disputed = _parcel(session, merchant, 5, "RETURNED")
    dispute = disputes.open_(session, SYSTEM, disputed.id, DisputeEntry(reason="It was delivered"))
    eligible = _parcel(session, merchant, 6)
    covered = {"delivered_from": clock.today(), "delivered_to": clock.today()}
    remittance = CourierRemittance(partner="Secret Partner", **covered)
    session.add(remittance)
    make_parcel(session, other, tracking_number="TRK880007")
    session.flush()
    return {
        "merchant_id": merchant.id,
        "parcel_id": eligible.id,
        "invoice_id": invoice.id,
        "dispute_id": dispute.id,
        "run_id": run.id,
        "remittance_id": remittance.id,
        "other_id": other.id,
    }


def _parcel(
    session: Session, merchant: CourierMerchant, place: int, status: str = "DELIVERED"
) -> CourierParcel:
    number = f"TRK770{place:03}"
    return make_parcel(session, merchant, status, tracking_number=number, recipient_name="Siti Secret")
