"""The pages of imports: what they show, and what a file goes through."""

import pytest
from sqlalchemy import func, select

from lattis_app.core.files import Upload
from lattis_app.identity.permissions import Role
from lattis_app.imports.models import ImportBatch
from lattis_app.imports.pages.imports import Imports
from lattis_app.imports.pages.new_import import NewImport
from lattis_app.imports.services import batches, imports
from lattis_app.rental.models import RentalBin
from tests.factories.identity import actor_for, make_user
from tests.imports.files import csv_file
from tests.ui.visits import everything, signed_in, visit

BINS = (["serial_number", "size.h_ft", "size.l_ft", "size.w_ft", "colour"], ["asr1", "4", "12", "6", "red"], ["", "4", "12", "6", ""])  # fmt: skip


@pytest.fixture
def office(session, clock):
    return signed_in(session)


@pytest.fixture
def batch(session, clock):
    made = imports.check(session, actor_for(make_user(session)), "bins", csv_file(*BINS, name="bins.csv"))
    session.flush()
    return made


def opened(batch):
    return ("open_record", {"record_id": str(batch.id)})


def test_the_first_step_offers_the_kinds_and_names_the_columns_of_one(office):
    seen = visit(NewImport, office, address="/imports/new?kind=lorries")
    assert [kind["label"] for kind in seen["kinds"]] == [
        "Bins",
        "Customers",
        "Drivers",
        "Lorries",
        "Merchants",
        "Parcels",
    ]
    assert (seen["kind"], seen["columns"][0]["heading"], seen["columns"][0]["required"]) == (
        "lorries",
        "registration_no",
        "true",
    )
    assert seen["limits"] == "CSV or XLSX, at most 20,000 lines and 10 MB"
    assert visit(NewImport, office, ("choose", {"kind": "nonsense"}))["kind"] == "bins"


def test_who_may_import_nothing_is_offered_nothing_and_refused(session, batch):
    cookie = signed_in(session, Role.VIEWER)
    before = everything(session)
    assert "not allowed" in visit(NewImport, cookie).said
    assert "not allowed" in visit(Imports, cookie, opened(batch)).said
    assert everything(session) == before


def test_after_the_upload_the_check_is_shown(session, office):
    assert "No file was sent yet" in visit(NewImport, office, ("checked", {})).said


def test_a_checked_file_shows_first_what_is_wrong(office, batch):
    seen = visit(Imports, office, opened(batch))
    (row,) = seen["rows"]
    assert (row["file_name"], row["title"], row["status"], row["result"]) == (
        "bins.csv",
        "Bins",
        "Checked",
        "1 to create · 1 wrong",
    )
    assert [step["state"] for step in seen["strip"]] == ["done", "current", "todo", "todo"]
    assert (seen["state"], seen["record"]["ignored"], seen["record"]["can_run"]) == (
        "wrong",
        "colour",
        "true",
    )
    assert [(line["line"], line["why"]) for line in seen["lines"]] == [("3", "serial_number: is required")]
    seen = visit(Imports, office, opened(batch), ("show_lines", {"state": "new"}))
    assert [line["label"] for line in seen["lines"]] == ["ASR1"]


def test_a_file_runs_and_is_taken_back_from_its_page(session, office, batch):
    seen = visit(Imports, office, opened(batch), ("start", {}))
    assert (seen["record"]["status"], seen["record"]["at_work"], seen["of"]) == ("Running", "true", 1)
    batches.run(str(batch.id), "")
    seen = visit(Imports, office, opened(batch))
    assert (seen["record"]["result"], seen["record"]["can_undo"], seen["done"]) == (
        "1 created · 1 wrong",
        "true",
        1,
    )
    assert session.scalar(select(func.count()).select_from(RentalBin)) == 1

    visit(Imports, office, opened(batch), ("undo", {"form": {}}))
    batches.undo(str(batch.id), "")
    seen = visit(Imports, office, opened(batch))
    assert (seen["record"]["result"], seen["record"]["can_discard"]) == ("1 removed · 1 wrong", "true")
    assert session.scalar(select(func.count()).select_from(RentalBin)) == 0


def test_a_file_that_made_nothing_is_forgotten_and_one_that_did_is_not(session, office, batch):
    imports.run(session, actor_for(make_user(session)), batch.id)
    session.flush()
    batches.run(str(batch.id), "")
    before = everything(session)
    assert "undo it first" in visit(Imports, office, opened(batch), ("discard", {})).said
    assert everything(session) == before
    other = imports.check(session, actor_for(make_user(session)), "bins", Upload("b.csv", b"serial_number,size.h_ft,size.l_ft,size.w_ft\nA,1,1,1"))  # fmt: skip
    session.flush()
    assert "forgotten" in visit(Imports, office, opened(other), ("discard", {})).said
    assert session.scalar(select(func.count()).select_from(ImportBatch)) == 1
