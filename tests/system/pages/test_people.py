"""People & roles, jobs and the audit log, event by event."""

import asyncio

import pytest
from sqlalchemy import select

from lattis_app.core.names import JobName
from lattis_app.identity.models import User, UserSession
from lattis_app.identity.passwords import matches
from lattis_app.identity.permissions import Role
from lattis_app.identity.services.sessions import _open
from lattis_app.rental.pages.invoices import Invoices
from lattis_app.system.pages.audit import AuditState
from lattis_app.system.pages.jobs import JobsState
from lattis_app.system.pages.users import UsersState
from tests.factories.identity import make_user
from tests.factories.rental import make_customer
from tests.ui.pipeline import pipeline
from tests.ui.visits import everything, signed_in, stay, visit


@pytest.fixture
def office(session, clock):
    return signed_in(session, name="Zoe")


@pytest.fixture
def ada(session):
    return make_user(session, Role.VIEWER, name="Ada", email="ada@example.com")


def opened(user):
    return ("open_record", {"record_id": str(user.id)})


NEW = {
    "name": "Ben",
    "email": "ben@example.com",
    "role": "CASHIER",
    "language": "ms",
    "password": " long enough ",
}


def test_somebody_new_can_sign_in_with_what_was_typed(session, office):
    seen = visit(UsersState, office, ("create", {"form": NEW | {"phone": ""}}))
    ben = session.scalars(select(User).where(User.name == "Ben")).one()
    assert (ben.role, ben.language, matches(" long enough ", ben.password_hash)) == ("CASHIER", "ms", True)
    assert "Ben can sign in now" in seen.said
    assert [row["name"] for row in seen["rows"]] == ["Ben", "Zoe"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": " "}, "name"),
        ({"role": "KING"}, "role"),
        ({"password": "short"}, "password"),
        ({"role": ["ADMIN"]}, "role"),
        ({"active": {"x": 1}}, "active"),
    ],
)
def test_an_account_that_does_not_fit_is_told_beside_the_field(session, office, ada, typed, field):
    before = everything(session)
    seen = visit(UsersState, office, ("create", {"form": NEW | typed}))
    assert set(seen["errors"]) == {field}
    assert everything(session) == before


def test_details_change_and_an_emptied_one_is_cleared(session, office, ada):
    form = {
        "name": "Ada L",
        "email": "ada@example.com",
        "phone": "012-345 6789",
        "role": "VIEWER",
        "language": "ar",
    }
    visit(UsersState, office, opened(ada), ("edit", {}), ("change", {"form": form}))
    seen = visit(UsersState, office, opened(ada), ("change", {"form": form | {"email": ""}}))
    session.refresh(ada)
    assert (ada.name, ada.email, ada.phone, ada.language) == ("Ada L", None, "+60123456789", "ar")
    assert (seen["record"]["phone"], seen["record"]["email"]) == ("+60 12-345 6789", "–")


def test_a_closed_account_is_out_at_once_and_undo_opens_it(session, office, ada):
    cookie = _open(session, ada, "tests").cookie
    session.flush()

    closed = visit(UsersState, office, opened(ada), ("close_account", {"user_id": str(ada.id)}))
    there = visit(Invoices, cookie)
    reopened = visit(UsersState, office, ("open_account", {"user_id": str(ada.id)}))

    assert (closed["record"]["status"], "Undo" in closed.said, str(ada.id) in closed.said) == (
        "Inactive",
        True,
        True,
    )
    assert "error=expired" in there.said
    assert "Ada can sign in again" in reopened.said
    session.refresh(ada)
    assert ada.active


def test_nobody_closes_their_own_account(session, office):
    zoe = session.scalars(select(User).where(User.name == "Zoe")).one()
    before = everything(session)
    visit(UsersState, office, ("close_account", {"user_id": str(zoe.id)}))
    assert everything(session) == before


def test_rights_and_the_end_of_a_session_reach_an_open_tab_with_its_next_click(session, office, ada):
    cookie = _open(session, ada, "tests").cookie
    session.flush()
    page = f"{Invoices.get_full_name()}."

    async def scene():
        async with pipeline() as tabs:

            async def manage(*events):
                await stay(tabs, UsersState, office, *events, token="admin")

            async def search():
                return (await stay(tabs, Invoices, cookie, ("search", {"words": ""}))).values.get(
                    "problem", ""
                )

            await stay(tabs, Invoices, cookie, ("load", {}))
            problems = [await search()]
            rights = {"right.rental:invoices:read": "grant", "reason": "Helps out"}
            await manage(("load", {}), opened(ada), ("change_rights", {"form": rights}))
            problems.append(await search())
            await manage(("change_rights", {"form": {"right.rental:invoices:read": "deny"}}))
            problems.append(await search())
            await manage(("sign_out_everywhere", {}))
            return problems, await tabs.send(f"{page}search", cookie=cookie, words="")

    problems, gone = asyncio.run(scene())
    refused = "You are not allowed to do this"
    assert problems == [refused, "", refused]
    assert "/sign-in?" in gone.said
    assert "error=expired" in gone.said
    assert gone.of(Invoices) == {}


@pytest.mark.parametrize(
    "form", [{"right.rental:bins:read": "maybe"}, {"right.none:such:right": "grant"}, {"reason": "x" * 999}]
)
def test_forged_rights_change_nothing(session, office, ada, form):
    before = everything(session)
    visit(UsersState, office, opened(ada), ("change_rights", {"form": form}))
    assert everything(session) == before


def test_a_new_password_ends_the_sessions(session, office, ada):
    _open(session, ada, "tests")
    session.flush()
    visit(UsersState, office, opened(ada), ("new_password", {"form": {"password": " with spaces "}}))
    session.refresh(ada)
    ended = session.scalars(select(UserSession.revoked_at).where(UserSession.user_id == ada.id)).one()
    assert (matches(" with spaces ", ada.password_hash), ended is not None) == (True, True)


def test_a_job_is_named_by_what_it_does_and_runs_once_asked(session, office):
    name = (
        str(JobName.CORE_FORGET_EXPIRED) if hasattr(JobName, "CORE_FORGET_EXPIRED") else "core.forget_expired"
    )
    seen = visit(JobsState, office, ("run_now", {"name": name}))
    row = seen["rows"][0]
    assert (row["job"], row["status"], row["by"], row["outcome"]) == (
        "Forget expired keys, old sessions, queue entries, deliveries, messages and unused imports", "Done", "Zoe", "Nothing to do",
    )  # fmt: skip
    assert "Done: Forget expired" in seen.said


@pytest.mark.parametrize(
    ("event", "payload"),
    [("run_now", {"name": "core.nothing"}), ("preview", {"name": ""}), ("replay", {"event_id": "x"})],
)
def test_a_job_or_event_of_no_name_is_refused(session, office, event, payload):
    before = everything(session)
    seen = visit(JobsState, office, (event, payload))
    assert "Something went wrong" not in seen.said
    assert "toast" in seen.said
    assert everything(session) == before


def test_the_log_opens_what_it_tells_of(session, office):
    customer = make_customer(session)
    seen = visit(AuditState, office, address=f"/system/audit?q={customer.id}")
    entry = next(row for row in seen["rows"] if row["entity_id"] == str(customer.id))
    record = visit(AuditState, office, ("open_record", {"record_id": entry["id"]}))["record"]
    assert (record["what"], record["record"], record["kind"], record["href"]) == (
        "Created", "ABC Construction Sdn Bhd", "Customers", f"/rental/customers?open={customer.id}",
    )  # fmt: skip


def test_an_e_mail_that_is_taken_is_told(session, office, ada):
    before = everything(session)
    seen = visit(UsersState, office, ("create", {"form": NEW | {"email": "ada@example.com"}}))
    assert "already exists" in seen["form_error"]
    assert everything(session) == before
