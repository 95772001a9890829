"""A delivery partner's file on its page: whose it is, what differs, and into the books once."""

import pytest

from lattis_app.core.actors import SYSTEM
from lattis_app.core.files import Upload
from lattis_app.courier.pages.remittances import Remittances
from lattis_app.courier.schemas.remittances import RemittanceEntry
from lattis_app.courier.services import remittances
from tests.factories.courier import make_merchant, make_parcel
from tests.ui.visits import everything, signed_in, visit

DAYS = {"partner": "J&T", "from": "2026-03-16", "to": "2026-03-16"}


@pytest.fixture
def office(session, clock):
    return signed_in(session)


@pytest.fixture
def remittance(session, clock):
    """One parcel paid over rightly, one with 100.00 too little, one left out, and one that nobody knows."""
    merchant = make_merchant(session)
    for place in range(1, 4):
        make_parcel(session, merchant, tracking_number=f"TRK00{place}", partner="J&T")
    text = b"tracking_number,amount\nTRK001,5000.00\nTRK002,4900.00\nNOBODY1,10.00\n"
    made = remittances.compare_file(
        session, SYSTEM, RemittanceEntry.model_validate(DAYS), Upload("jt.csv", text)
    )
    session.flush()
    return made


def test_whose_file_it_is_is_asked_before_the_file(session, office):
    before = everything(session)
    refused = visit(Remittances, office, ("prepare", {"form": DAYS | {"to": "2026-03-15"}}))
    assert refused["errors"] == {"to": "Must not be before from"}
    ready = visit(Remittances, office, ("prepare", {"form": DAYS}))
    assert ready["upload_to"] == "/v1/remittances?partner=J%26T&from=2026-03-16&to=2026-03-16&reference="
    assert everything(session) == before


def test_what_needs_somebody_comes_first_and_lines_are_shown_by_how_they_compare(office, remittance):
    opened = ("open_record", {"record_id": str(remittance.id)})
    seen = visit(Remittances, office, opened)
    assert [(each["word"], each["count"]) for each in seen["tallies"]] == [
        ("Too little", "1"),
        ("Missing", "1"),
        ("Not expected", "1"),
        ("Matched", "1"),
    ]
    assert [(line["tracking_number"], line["difference"]) for line in seen["lines"]] == [
        ("TRK002", "−100.00")
    ]

    missing = visit(Remittances, office, opened, ("choose_match", {"match": "missing"}))
    assert [(line["tracking_number"], line["remitted"]) for line in missing["lines"]] == [("TRK003", "–")]
    forged = visit(Remittances, office, opened, ("choose_match", {"match": "'; drop"}))
    assert forged["match"] == "short"


def test_a_remittance_is_accepted_once(session, office, remittance):
    opened = ("open_record", {"record_id": str(remittance.id)})
    done = visit(Remittances, office, opened, ("accept", {"form": {}}))
    assert (done["record"]["status"], done["record"]["is_open"]) == ("Accepted", "")
    session.flush()
    before = everything(session)
    for event in (("accept", {"form": {}}), ("discard", {})):
        assert "toast" in visit(Remittances, office, opened, event).said
    assert everything(session) == before


def test_a_file_that_was_sent_opens_with_its_comparison(office, remittance):
    sent = visit(Remittances, office, ("compared", {}))
    assert (sent["open_id"], sent["record_ready"], sent["record"]["id"]) == (
        str(remittance.id),
        True,
        str(remittance.id),
    )
    assert [line["tracking_number"] for line in sent["lines"]] == ["TRK002"]
    assert f"open={remittance.id}" in sent.said
