"""A file from its check to its records and back, over REST and through the queue."""

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import openpyxl
import pytest
from sqlalchemy import func, select

from lattis_app.core import db
from lattis_app.core.audit import AuditEntry
from lattis_app.core.errors import InvalidTransition
from lattis_app.core.files import Upload
from lattis_app.identity.models import User
from lattis_app.identity.permissions import Role
from lattis_app.imports.kinds import kinds_for
from lattis_app.imports.models import ImportBatch, ImportRow
from lattis_app.imports.services import batches, imports
from lattis_app.parties.models import Party
from lattis_app.rental.models import (
    RentalBin,
    RentalCustomer,
    RentalDriver,
    RentalLorry,
    RentalLorryDocument,
)
from tests.core.worker import work_off
from tests.factories.identity import make_actor, make_user
from tests.factories.rental import make_customer
from tests.factories.rental_operations import make_bin, make_booking, make_driver, make_lorry
from tests.imports.files import csv_file, xlsx_file
from tests.ui.visits import everything

CUSTOMERS = (
    ["Company name *", "PHONE", "email", "credit_limit", "on_stop", "Region"],
    ["Setia Build Sdn Bhd", "012-3456781", "a@setia.example", "RM 15,000.00", "yes", "North"],
    ["Villa Hijau", "12 345 6782", "", "", "", ""],
    ["", "soon", "no address", "-1", "maybe", ""],
    ["SETIA BUILD", "+60123456781", "", "", "", ""],
)


def sent(client, upload, kind="customers", **headers):
    return client.post(
        f"/v1/imports/{kind}", files={"file": (upload.file_name, upload.data)}, headers=headers
    )


def checked(client, *rows, kind="customers", make=csv_file):
    answer = sent(client, make(*rows), kind)
    assert answer.status_code == 201, answer.text
    return answer.json()["data"]


def lines(client, batch, **query):
    answer = client.get(f"/v1/imports/{batch['id']}/rows", params=query).json()
    return [(row["line"], row["state"], row["label"], row["problems"]) for row in answer["data"]]


def worked(client, batch, what="run"):
    """The batch after it was run, or undone, by the queue."""
    asked = client.post(f"/v1/imports/{batch['id']}/{what}")
    assert asked.status_code == 200, asked.text
    by = client.get("/v1/me").json()["data"]["id"]
    (batches.run if what == "run" else batches.undo)(batch["id"], by)
    return client.get(f"/v1/imports/{batch['id']}").json()["data"]


def counted(batch):
    names = (
        "status",
        "row_count",
        "new_count",
        "known_count",
        "wrong_count",
        "created_count",
        "removed_count",
        "kept_count",
    )
    return tuple(batch[name] for name in names)  # fmt: skip


# ---- check -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [csv_file, xlsx_file], ids=["csv", "xlsx"])
def test_a_check_says_of_every_line_what_it_would_do_and_makes_nothing(api, session, make):
    client = api.as_()
    make_customer(session, company_name="Villa Hijau Sdn Bhd", phone="012-3456782", email=None)
    before = session.scalar(select(func.count()).select_from(RentalCustomer))

    batch = checked(client, *CUSTOMERS, make=make)

    assert counted(batch) == ("checked", 4, 1, 2, 1, 0, 0, 0)
    assert (batch["ignored"], batch["title"], batch["seen_at"]) == (["Region"], "Customers", None)
    assert lines(client, batch) == [
        (2, "new", "Setia Build Sdn Bhd", []),
        (3, "known", "Villa Hijau", [{"field": "company_name", "reason": "exists already"}]),
        (4, "wrong", "soon", [
            {"field": "company_name", "reason": "is required"},
            {"field": "phone", "reason": "must be a phone number such as 012-3456789"},
            {"field": "email", "reason": "must be an e-mail address"},
            {"field": "credit_limit", "reason": "must not be negative"},
            {"field": "on_stop", "reason": "must be true or false"},
        ]),
        (5, "known", "SETIA BUILD", [{"field": "company_name", "reason": "stands in line 2 too"}]),
    ]  # fmt: skip
    assert [row[0] for row in lines(client, batch, state="wrong")] == [4]
    assert session.scalar(select(func.count()).select_from(RentalCustomer)) == before


def test_a_customer_who_only_looks_like_one_known_is_new_with_a_hint(api, session):
    make_customer(session, company_name="Villa Hijau Sdn Bhd", phone="012-3456782", email="v@hijau.example")
    client = api.as_()
    rows = [
        ["Other", "0123456782", ""],
        ["Another", "0123456700", "V@HIJAU.example"],
        ["villa hijau", "0123456701", ""],
    ]
    batch = checked(client, ["company_name", "phone", "email"], *rows)  # fmt: skip
    hint = "looks like Villa Hijau Sdn Bhd"
    assert [(state, problems) for _, state, _, problems in lines(client, batch)] == [
        ("new", [{"field": "phone", "reason": hint}]),
        ("new", [{"field": "email", "reason": hint}]),
        ("new", [{"field": "company_name", "reason": hint}]),
    ]


def test_the_lines_that_made_nothing_come_back_as_they_were_with_their_reasons(api):
    client = api.as_()
    batch = checked(
        client, ["company_name", "phone", "notes"], ["=cmd()", "none", "@x"], ["Fine", "0123456789", ""]
    )
    answer = client.get(f"/v1/imports/{batch['id']}/errors")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))) == [
        ["company_name", "phone", "notes", "reasons"],
        ["'=cmd()", "none", "'@x", "phone: must be a phone number such as 012-3456789"],
    ]


def test_a_formula_of_excel_is_refused_in_its_column(api):
    client = api.as_()
    batch = checked(client, ["company_name", "phone"], ["=1+1", "0123456789"], make=xlsx_file)
    assert lines(client, batch)[0][1:] == (
        "wrong",
        "=1+1",
        [{"field": "company_name", "reason": "holds a formula: paste its value instead"}],
    )


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([["company_name"], ["A"]], "lacks the columns phone; the template has them"),
        ([["company_name", "phone", "Phone "], ["A", "1", "2"]], "names columns twice: phone"),
        ([["company_name", "phone"]], "holds no lines below its headings"),
    ],
    ids=["a column missing", "a column twice", "no lines"],
)
def test_a_file_that_does_not_fit_is_refused_and_nothing_is_kept(api, session, rows, reason):
    client = api.as_()
    client.get("/v1/me")
    before = everything(session)
    answer = sent(client, csv_file(*rows))
    assert (answer.status_code, answer.json()["error"]["details"]["reason"]) == (400, reason)
    assert everything(session) == before


@pytest.mark.parametrize(
    ("role", "kind", "status"),
    [(Role.ADMIN, "customers", 201), (Role.DRIVER, "customers", 403), (Role.ADMIN, "invoices", 404)],
    ids=["admin", "driver", "unknown kind"],
)
def test_who_may_import_what(api, role, kind, status):
    assert (
        sent(api.as_(role), csv_file(["company_name", "phone"], ["A", "0123456789"]), kind).status_code
        == status
    )


def test_a_kind_needs_the_permission_of_its_records(session):
    actor = make_actor(session, Role.SUPER_ADMIN)
    assert kinds_for(actor) == []
    assert [kind.name for kind in kinds_for(make_actor(session))] == [
        "bins",
        "customers",
        "drivers",
        "lorries",
        "merchants",
        "parcels",
    ]


def test_anothers_import_does_not_exist_for_who_stands_for_one_record(api, session):
    batch = checked(api.as_(), *CUSTOMERS)
    limited = api.as_(make_user(session, Role.ADMIN, subject_id=uuid4()))
    assert limited.get(f"/v1/imports/{batch['id']}").status_code == 404
    assert limited.get("/v1/imports").json()["data"] == []
    own = checked(limited, *CUSTOMERS)
    assert limited.get("/v1/imports").json()["data"] == [own]


def test_one_key_keeps_one_file(api, session):
    client, upload = api.as_(), csv_file(*CUSTOMERS)
    first = sent(client, upload, **{"Idempotency-Key": "one tap"})
    again = sent(client, upload, **{"Idempotency-Key": "one tap"})
    assert (again.json(), again.headers["Idempotency-Replayed"]) == (first.json(), "true")
    assert session.scalar(select(func.count()).select_from(ImportBatch)) == 1


# ---- run and undo ----------------------------------------------------------------------------------------

FILES = {
    "customers": (
        RentalCustomer,
        [["company_name", "phone", "sst_no"], ["Setia Build", "0123456781", "W10"], ["Villa", "0123456782", ""]],
    ),
    "bins": (
        RentalBin,
        [["serial_number", "size.h_ft", "Size L ft", "size_w_ft", "status"], ["asr1", "4", "12", "6.5", "In warehouse"], ["ASR2", "4", "12", "6", "Repair"]],
    ),
    "drivers": (
        RentalDriver,
        [["name", "ic_number", "phone"], ["Lim Wei", "880203-10-5521", "0123456791"], ["Siva", "850617-08-6113", "0123456792"]],
    ),
    "lorries": (
        RentalLorry,
        [["registration_no", "capacity_kg", "road_tax_number", "road_tax_expires_on", "permit_expires_on"], ["wxy  1", "8,000", "RT1", "31/12/2026", ""], ["WXY 2", "", "", "", "2027-01-15"]],
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", FILES)
def test_a_file_becomes_records_twice_makes_no_doubles_and_all_of_it_is_taken_back(api, session, kind):
    model, rows = FILES[kind]
    client = api.as_()
    before = {
        name: found
        for name, found in everything(session).items()
        if name.startswith(("rental_", "part", "users"))
    }
    batch = worked(client, checked(client, *rows, kind=kind))
    assert counted(batch) == ("done", 2, 0, 0, 0, 2, 0, 0)
    assert (batch["done"], batch["total"], batch["finished_at"] is not None) == (2, 2, True)
    assert session.scalar(select(func.count()).select_from(model)) == 2
    first = client.get(f"/v1/imports/{batch['id']}/rows").json()["data"][0]
    assert first["href"] == f"/rental/{kind}?open={first['record_id']}"

    again = checked(client, *rows, kind=kind)
    assert (counted(again), again["seen_at"]) == (("checked", 2, 0, 2, 0, 0, 0, 0), batch["created_at"])
    assert client.post(f"/v1/imports/{again['id']}/run").status_code == 412

    undone = worked(client, batch, "undo")
    assert counted(undone) == ("undone", 2, 0, 0, 0, 0, 2, 0)
    session.expire_all()
    after = {name: found for name, found in everything(session).items() if name in before}
    assert after == before


def test_records_are_made_as_the_forms_make_them(api, session):
    client = api.as_()
    for kind, (_, rows) in FILES.items():
        worked(client, checked(client, *rows, kind=kind))
    bin_ = session.scalars(select(RentalBin).where(RentalBin.serial_number == "ASR1")).one()
    assert (str(bin_.w_ft), bin_.status) == ("6.50", "in_warehouse")
    papers = session.scalars(select(RentalLorryDocument).order_by(RentalLorryDocument.expires_on)).all()
    assert [(paper.kind, paper.number, str(paper.expires_on)) for paper in papers] == [
        ("road_tax", "RT1", "2026-12-31"),
        ("permit", "", "2027-01-15"),
    ]
    assert session.scalar(select(func.count()).where(User.role == Role.DRIVER)) == 2
    party = session.scalars(select(Party).where(Party.name == "Setia Build")).one()
    assert (party.phone, party.tax_ids) == ("+60123456781", {"sst_no": "W10"})
    told = session.scalars(select(AuditEntry).where(AuditEntry.entity_id == party.id)).one()
    assert (told.action, told.actor_name) == ("created", "A admin")


def test_a_papers_problem_is_told_in_its_own_column(api):
    batch = checked(
        api.as_(),
        ["registration_no", "permit_number", "insurance_expires_on"],
        ["W1", "P1", "soon"],
        kind="lorries",
    )
    client = api.as_()
    assert lines(client, batch)[0][3] == [
        {"field": "permit_expires_on", "reason": "is required"},
        {"field": "insurance_expires_on", "reason": "must be a date such as 2026-01-31"},
    ]  # fmt: skip


def test_what_others_depend_on_stays_and_says_why(api, session, clock):
    client = api.as_()
    batch = worked(client, checked(client, *FILES["customers"][1]))
    customer_id = session.scalars(select(RentalCustomer.id).join(Party).where(Party.name == "Villa")).one()
    booking = make_booking(session, customer_id=customer_id)

    undone = worked(client, batch, "undo")

    assert counted(undone) == ("undone", 2, 0, 0, 0, 0, 1, 1)
    assert lines(client, undone, state="kept") == [
        (3, "kept", "Villa", [{"field": "", "reason": "is named in bookings (1)"}])
    ]
    assert session.get(RentalCustomer, customer_id) is not None

    session.delete(booking)
    session.flush()
    assert counted(worked(client, batch, "undo")) == ("undone", 2, 0, 0, 0, 0, 2, 0)


def test_a_line_that_somebody_else_made_meanwhile_is_known_and_one_that_is_taken_is_refused(api, session):
    client = api.as_()
    batch = checked(client, *FILES["drivers"][1], kind="drivers")
    make_driver(session, phone="0123456791")
    make_user(session, Role.MERCHANT, phone="+60123456792")

    done = worked(client, batch)

    assert lines(client, done) == [
        (2, "known", "Lim Wei", [{"field": "phone", "reason": "exists already"}]),
        (3, "wrong", "Siva", [{"field": "phone", "reason": "already exists"}]),
    ]
    assert counted(done) == ("done", 2, 0, 1, 1, 0, 0, 0)


def test_only_a_checked_file_runs_and_only_a_done_one_is_undone(api, session):
    client = api.as_()
    batch = checked(client, *FILES["bins"][1], kind="bins")
    assert client.post(f"/v1/imports/{batch['id']}/undo").status_code == 412
    worked(client, batch)
    before = everything(session)
    assert client.post(f"/v1/imports/{batch['id']}/run").status_code == 412
    batches.run(batch["id"], "")
    assert everything(session) == before


def test_cells_are_forgotten_once_they_are_records(api, session):
    client = api.as_()
    batch = worked(client, checked(client, *FILES["drivers"][1], kind="drivers"))
    assert session.scalars(select(ImportRow.cells).where(ImportRow.batch_id == batch["id"])).all() == [[], []]


# ---- templates and exports -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("format_", ["csv", "xlsx"])
def test_a_template_sent_back_is_understood_and_its_sample_left_out(api, kind, format_):
    client = api.as_()
    data = client.get(f"/v1/imports/{kind}/template", params={"format": format_}).content
    answer = sent(client, Upload(f"t.{format_}", data), kind)
    assert answer.json()["error"]["details"]["reason"] == "holds no lines below its headings"


@pytest.mark.parametrize("kind", FILES)
def test_the_sample_line_of_a_template_is_a_good_one(api, kind):
    client = api.as_()
    data = client.get(f"/v1/imports/{kind}/template", params={"format": "xlsx"}).content
    book = openpyxl.load_workbook(io.BytesIO(data))
    headings, sample = [
        [cell or "" for cell in row] for row in book.worksheets[0].iter_rows(values_only=True)
    ]
    other = ["Not the sample", *sample[1:]]
    batch = checked(client, headings, other, kind=kind)
    assert (lines(client, batch)[0][1], lines(client, batch)[0][3]) == ("new", [])


@pytest.mark.parametrize(
    ("kind", "make"), [("customers", make_customer), ("bins", make_bin), ("lorries", make_lorry)]
)
def test_an_exported_list_is_recognised_line_by_line(api, session, kind, make):
    make(session)
    client = api.as_()
    exported = client.get(f"/v1/{kind}", params={"format": "csv"}).content
    answer = sent(client, Upload("export.csv", exported), kind).json()["data"]
    assert counted(answer) == ("checked", 1, 0, 1, 0, 0, 0, 0)


# ---- lists and races -------------------------------------------------------------------------------------


def test_a_list_of_files_costs_one_statement_and_one_for_its_number(api, queries, session):
    from lattis_app.core.pagination import PageRequest
    from lattis_app.imports.queries import imports as read
    from lattis_app.imports.schemas.imports import ImportFilters, RowFilters

    client = api.as_()
    batch, _ = [checked(client, *CUSTOMERS) for _ in range(2)]
    actor = make_actor(session)
    with queries() as sent_:
        assert len(read.page(session, actor, ImportFilters(), PageRequest(limit=1)).rows) == 1
    assert sent_.count == 2
    with queries() as sent_:
        read.rows(session, actor, batch["id"], RowFilters(), PageRequest(limit=1))
    assert sent_.count == 3


def test_the_queue_runs_a_file_once_and_two_files_of_the_same_make_no_doubles(committed_database):
    with db.unit_of_work() as session:
        actor = make_actor(session)
    ids = []
    for _ in range(2):
        with db.unit_of_work() as session:
            ids.append(imports.check(session, actor, "bins", csv_file(*FILES["bins"][1])).id)
            session.flush()
    start = Barrier(4)

    def ask(batch_id):
        start.wait()
        try:
            with db.unit_of_work() as session:
                imports.run(session, actor, batch_id)
        except InvalidTransition:
            return "refused"
        return "runs"

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(ask, ids * 2))
    assert sorted(answers) == ["refused", "refused", "runs", "runs"]
    work_off()
    with db.unit_of_work() as session:
        assert session.scalar(select(func.count()).select_from(RentalBin)) == 2
        found = session.scalars(select(ImportBatch)).all()
        assert sorted((each.status, each.created_count, each.known_count) for each in found) == [
            ("done", 0, 2),
            ("done", 2, 0),
        ]
