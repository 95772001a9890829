"""A parcel disputed and answered in several tabs at the same moment: one dispute, one answer, and the rest are told."""

import asyncio
from uuid import UUID

import pytest
import reflex as rx
from sqlalchemy import select

from lattis_app.core.actors import SYSTEM
from lattis_app.core.db import columns, reading, unit_of_work
from lattis_app.courier.models import CourierDispute, CourierParcel
from lattis_app.courier.pages.disputes import Disputes
from lattis_app.courier.pages.own_parcels import OwnParcels
from lattis_app.courier.schemas.disputes import DisputeEntry
from lattis_app.courier.services import disputes
from lattis_app.identity.permissions import Role
from lattis_app.ledger.queries import checks
from tests.factories.courier import make_merchant, make_parcel
from tests.ui.pipeline import pipeline
from tests.ui.visits import Events, Seen, signed_in, stay

D = columns(CourierDispute)
Tab = tuple[type[rx.State], str, UUID, Events]
"""A page, whose cookie, which record is open there, and what is pressed."""
OBJECT = ("dispute", {"form": {"reason": "Only half was collected"}})
ACCEPT = ("accept", {"form": {"answer": "It was", "cod_collected_amount": "2500.00"}})
REJECT = ("reject", {"form": {"answer": "It was not"}})


def pressed_at_once(*tabs: Tab) -> list[Seen]:
    """What each tab shows whose button was pressed when all of them had their record open."""

    async def all_of_them() -> list[Seen]:
        ready = asyncio.Barrier(len(tabs))

        async def one(state: type[rx.State], cookie: str, record_id: UUID, press: Events) -> Seen:
            async with pipeline() as tab:
                await stay(tab, state, cookie, ("load", {}), ("open_record", {"record_id": str(record_id)}))
                await ready.wait()
                return await stay(tab, state, cookie, press)

        return await asyncio.gather(*(one(*each) for each in tabs))

    return asyncio.run(all_of_them())


def refusals(seen: list[Seen]) -> list[str]:
    """What stands above the forms of those that were refused."""
    return [each["form_error"] for each in seen if each.values.get("form_error")]


def found() -> list[tuple[str, str]]:
    """The disputes there are and what was answered; the books agree."""
    with reading() as session:
        assert checks.check(session, SYSTEM).status == "balanced"
        return [tuple(row) for row in session.execute(select(D.status, D.answer).order_by(D.status))]


@pytest.fixture
def parcel_id(committed_database, clock) -> UUID:
    with unit_of_work() as session:
        return make_parcel(session, make_merchant(session)).id


@pytest.fixture
def mei(parcel_id: UUID) -> str:
    """The merchant's cookie."""
    with unit_of_work() as session:
        whose = session.get_one(CourierParcel, parcel_id).merchant_id
        return signed_in(session, Role.MERCHANT, name="Mei Ling", subject_id=whose)


@pytest.fixture
def office(committed_database) -> str:
    with unit_of_work() as session:
        return signed_in(session, name="Nurul")


@pytest.fixture
def dispute_id(parcel_id: UUID) -> UUID:
    """The parcel is disputed."""
    with unit_of_work() as session:
        return disputes.open_(session, SYSTEM, parcel_id, DisputeEntry(reason="Only half")).id


def test_a_parcel_disputed_in_two_tabs_at_once_is_disputed_once(parcel_id, mei):
    seen = pressed_at_once(*[(OwnParcels, mei, parcel_id, OBJECT)] * 2)
    assert refusals(seen) == ["The parcel is disputed already"]
    assert sum("We look into it" in each.said for each in seen) == 1
    assert found() == [("OPEN", "")]


@pytest.mark.parametrize("answers", [(ACCEPT, ACCEPT), (REJECT, REJECT), (ACCEPT, REJECT)])
def test_a_dispute_answered_in_two_tabs_at_once_is_answered_once(parcel_id, dispute_id, office, answers):
    seen = pressed_at_once(*((Disputes, office, dispute_id, answer) for answer in answers))
    assert len(refusals(seen)) == 1
    (outcome,) = found()
    assert outcome in (("ACCEPTED", "It was"), ("REJECTED", "It was not"))
    with reading() as session:
        parcel = session.get_one(CourierParcel, parcel_id)
    collected = 250_000 if outcome[0] == "ACCEPTED" else 500_000
    assert (parcel.cod_collected_amount_minor, parcel.disputed_at) == (collected, None)


def test_a_merchant_who_objects_again_while_the_office_answers_is_told_or_heard(
    parcel_id, mei, office, dispute_id
):
    answered, objected = pressed_at_once(
        (Disputes, office, dispute_id, REJECT), (OwnParcels, mei, parcel_id, OBJECT)
    )
    assert refusals([answered]) == []
    if refusals([objected]):
        assert found() == [("REJECTED", "It was not")]
    else:
        assert found() == [("OPEN", ""), ("REJECTED", "It was not")]
    with reading() as session:
        assert (session.get_one(CourierParcel, parcel_id).disputed_at is None) == bool(refusals([objected]))
