"""What a partner pays for a parcel that is still on its way: counted once, and the rest is asked for."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from lattis_app.core.actors import SYSTEM
from lattis_app.core.files import Upload
from lattis_app.core.pagination import PageRequest
from lattis_app.courier.models import CourierParcel, CourierRemittance
from lattis_app.courier.queries import remittances as queries
from lattis_app.courier.schemas.parcels import ParcelStep
from lattis_app.courier.schemas.remittances import RemittanceEntry, RemittanceLineFilters
from lattis_app.courier.services import parcels, remittances
from lattis_app.ledger.queries import checks
from tests.factories.courier import again, make_merchant, make_parcel

PERIOD = {"partner": "Ninja", "from": "2026-03-01", "to": "2026-03-31"}
SENT_BACK = "parcels were paid for by another file or delivered meanwhile: upload it again"


@pytest.fixture
def moving(session: Session, clock: Any) -> CourierParcel:
    """A parcel on its way, with 100.00 to collect."""
    return make_parcel(
        session, make_merchant(session), "OUT_FOR_DELIVERY", tracking_number="TRKEARLY", partner="Ninja"
    )


def deliver(
    session: Session, parcel: CourierParcel, collected: str = "100.00", status: str = "DELIVERED"
) -> None:
    step = ParcelStep.model_validate({"status": status, "cod_collected_amount": collected})
    parcels.progress(session, SYSTEM, parcel.id, step)
    session.flush()


def compared(session: Session, clock: Any, *lines: str) -> CourierRemittance:
    """A later file of these lines."""
    clock.advance(minutes=5)
    file = Upload("paid.csv", "\n".join(["tracking_number,amount", *lines]).encode())
    made = remittances.compare_file(session, SYSTEM, RemittanceEntry.model_validate(PERIOD), file)
    session.flush()
    return made


def accepted(session: Session, clock: Any, *lines: str) -> CourierRemittance:
    made = compared(session, clock, *lines)
    clock.advance(minutes=5)
    remittances.accept(session, SYSTEM, made.id)
    session.flush()
    return made


def shown(session: Session, remittance: CourierRemittance) -> list[tuple[str, str, int, str]]:
    """The lines about the early parcel: how they compare, what is expected in minor units, and why."""
    found = queries.lines(session, SYSTEM, remittance.id, RemittanceLineFilters(), PageRequest())
    return [(each.tracking_number, each.match, each.expected, each.note) for each in found.rows]


def test_what_is_paid_early_is_no_remittance_and_the_preview_says_so(
    session: Session, clock: Any, moving: CourierParcel
) -> None:
    early = compared(session, clock, "TRKEARLY,30")
    note = "is OUT_FOR_DELIVERY: counts towards what will be collected"
    assert shown(session, early) == [("TRKEARLY", "extra", 0, note)]
    remittances.accept(session, SYSTEM, early.id)
    parcel = again(session, moving)
    assert (parcel.remittance_id, parcel.remitted_amount_minor) == (None, None)
    assert checks.check(session, SYSTEM).status == "balanced"


def test_the_rest_is_missing_until_it_is_paid_and_then_all_of_it_is_remitted(
    session: Session, clock: Any, moving: CourierParcel
) -> None:
    other = make_parcel(session, make_merchant(session), tracking_number="TRKOTHER", partner="Ninja")
    accepted(session, clock, "TRKEARLY,30")
    deliver(session, moving)
    asked = accepted(session, clock, "TRKOTHER,5000")
    assert shown(session, asked) == [
        ("TRKOTHER", "matched", 500_000, ""),
        ("TRKEARLY", "missing", 7_000, "is not in the file"),
    ]
    rest = accepted(session, clock, "TRKEARLY,70")
    assert shown(session, rest) == [("TRKEARLY", "matched", 7_000, "")]
    parcel = again(session, moving)
    assert (parcel.remittance_id, parcel.remitted_amount_minor) == (rest.id, 10_000)
    assert again(session, other).remitted_amount_minor == 500_000
    assert checks.check(session, SYSTEM).status == "balanced"


def test_what_was_paid_early_in_full_is_not_asked_for_again(
    session: Session, clock: Any, moving: CourierParcel
) -> None:
    accepted(session, clock, "TRKEARLY,100")
    deliver(session, moving)
    later = compared(session, clock, "TRKNOBODY,5")
    assert shown(session, later) == [("TRKNOBODY", "extra", 0, "is no parcel of ours")]


def test_nothing_is_expected_for_a_parcel_that_came_back_after_all(
    session: Session, clock: Any, moving: CourierParcel
) -> None:
    accepted(session, clock, "TRKEARLY,30")
    deliver(session, moving, "0", "RETURNED")
    later = compared(session, clock, "TRKEARLY,10")
    assert shown(session, later) == [("TRKEARLY", "extra", 0, "RM 10.00 more than was collected")]


def test_one_early_payment_is_not_taken_from_two_files(
    session: Session, clock: Any, moving: CourierParcel
) -> None:
    first, second = (compared(session, clock, "TRKEARLY,30") for _ in "12")
    clock.advance(minutes=5)
    remittances.accept(session, SYSTEM, first.id)
    session.flush()
    with pytest.raises(remittances.ComparedBefore) as refused:
        remittances.accept(session, SYSTEM, second.id)
    assert (refused.value.details["reason"], second.status) == (SENT_BACK, "MATCHED")


def test_a_file_that_was_compared_before_the_delivery_is_compared_again(
    session: Session, clock: Any, moving: CourierParcel
) -> None:
    early = compared(session, clock, "TRKEARLY,100")
    deliver(session, moving)
    with pytest.raises(remittances.ComparedBefore) as refused:
        remittances.accept(session, SYSTEM, early.id)
    assert (refused.value.details["reason"], early.status) == (SENT_BACK, "MATCHED")
    assert again(session, moving).remittance_id is None
    anew = accepted(session, clock, "TRKEARLY,100")
    assert shown(session, anew) == [("TRKEARLY", "matched", 10_000, "")]
    assert again(session, moving).remitted_amount_minor == 10_000
