"""What a browser can do through the socket of the pages, when it is not one of our pages that sends."""

from collections.abc import Callable
from contextlib import ExitStack, suppress

import pytest
from websockets.exceptions import InvalidStatus

from lattis_app.identity.permissions import Role
from tests.security.conftest import VISITOR_PAGES, Copy
from tests.security.tabs import PROBE, ROOT, Tab

SignIn = Callable[..., str]


def test_somebody_signed_in_gets_what_the_page_asks_for(copy: Copy, sign_in: SignIn) -> None:
    with Tab(copy.port, cookie=sign_in()) as tab:
        seen = tab.probe("load")

    assert "A driver" in seen.probe("rows")


def test_signed_out_every_handler_answers_with_the_sign_in_page_and_nothing_else(copy: Copy) -> None:
    with Tab(copy.port) as tab:
        seen = tab.probe("load")

    assert seen.probe("rows") == []
    assert "/sign-in?next=%2Fdashboard" in seen.said


def test_a_public_handler_answers_anybody(copy: Copy) -> None:
    with Tab(copy.port) as tab:
        assert tab.probe("greet").probe("opened") == "hello"


def test_an_invented_cookie_is_nobody(copy: Copy) -> None:
    with Tab(copy.port, cookie="x" * 43) as tab:
        assert tab.probe("load").probe("rows") == []


@pytest.mark.parametrize("thief", ["nobody", "somebody else"])
def test_the_token_of_a_closed_tab_shows_nothing_to_another_session(
    copy: Copy, sign_in: SignIn, thief: str
) -> None:
    with Tab(copy.port, cookie=sign_in()) as tab:
        assert "A driver" in tab.probe("load").probe("rows")

    with Tab(
        copy.port, cookie=sign_in(Role.DRIVER) if thief == "somebody else" else "", token=tab.token
    ) as stolen:
        assert stolen.everything().probe("rows") == []


def test_the_token_of_a_closed_tab_shows_its_owner_what_was_there(copy: Copy, sign_in: SignIn) -> None:
    cookie = sign_in()
    with Tab(copy.port, cookie=cookie) as tab:
        tab.probe("load")

    with Tab(copy.port, cookie=cookie, token=tab.token) as again:
        assert "A driver" in again.everything().probe("rows")


def test_long_work_that_outlives_its_tab_does_not_reach_who_takes_over_the_token(
    copy: Copy, sign_in: SignIn
) -> None:
    cookie = sign_in()
    with Tab(copy.port, cookie=cookie) as tab:
        tab.everything()
        tab.send(f"{PROBE}.follow")

    with Tab(copy.port, token=tab.token) as stolen, Tab(copy.port, cookie=cookie, token=tab.token) as owner:
        arrived = owner.until(lambda update: "A driver" in str(update))
        assert "A driver" in arrived.probe("rows")
        assert stolen.everything().probe("rows") == []


def test_signing_out_elsewhere_empties_an_open_tab(copy: Copy, sign_in: SignIn) -> None:
    cookie = sign_in()
    with Tab(copy.port, cookie=cookie) as tab:
        assert "A driver" in tab.probe("load").probe("rows")
        _sign_out(copy, cookie)

        tab.send(f"{PROBE}.add", by=5)
        seen = tab.everything()

        assert "/sign-in" in seen.said
        assert (seen.probe("rows"), seen.probe("total")) == ([], 0)


def test_another_role_is_refused_with_a_sentence(copy: Copy, sign_in: SignIn) -> None:
    with Tab(copy.port, cookie=sign_in(Role.DRIVER)) as tab:
        seen = tab.probe("load")

    assert seen.probe("rows") == []
    assert "You are not allowed to do this" in seen.said


@pytest.mark.parametrize(
    ("event", "payload"),
    [
        ("add", {"by": {"$gt": 0}}),
        ("add", {"by": "seven"}),
        ("add", {"by": None}),
        ("add", {"by": [1]}),
        ("add", {}),
        ("add", {"by": 1, "as_admin": True}),
        ("add", {"by": 1, "self": None}),
        ("open_record", {"record_id": "../../etc/passwd"}),
        ("rename", {"name": {"first": "Mallory"}}),
        ("submit", {"form": "name=Mallory"}),
        ("load", {"actor": {"role": "SUPER_ADMIN"}}),
    ],
)
def test_forged_arguments_change_nothing(
    copy: Copy, sign_in: SignIn, event: str, payload: dict[str, object]
) -> None:
    with Tab(copy.port, cookie=sign_in()) as tab:
        before = tab.everything()
        tab.forge(f"{PROBE}.{event}", payload)
        after = tab.everything()
        people = tab.probe("load").probe("rows")

    assert "Something went wrong on our side" in after.said
    assert (after.probe("total"), after.probe("opened")) == (before.probe("total"), before.probe("opened"))
    assert not [name for name in people if "Mallory" in name]


def test_arguments_become_what_the_signature_says(copy: Copy, sign_in: SignIn) -> None:
    with Tab(copy.port, cookie=sign_in()) as tab:
        assert tab.probe("add", by="7").probe("total") == 7
        assert (
            tab.probe("open_record", record_id="0" * 32).probe("opened")
            == "00000000-0000-0000-0000-000000000000"
        )


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        (f"{PROBE}.setvar", {"var_name": "total", "value": 999}),
        (f"{PROBE}.unmarked", {}),
        (f"{PROBE}.set_total", {"value": 999}),
        (f"{ROOT}.setvar", {"var_name": "is_hydrated", "value": True}),
        (f"{PROBE}._reset_client_storage", {}),
        (f"{ROOT}.update_vars_internal", {"vars": {f"{PROBE}.total": 999}}),
        (f"{ROOT}.hydrate_and_load", {"vars": {f"{PROBE}.total": 999}}),
    ],
)
def test_what_is_no_handler_of_ours_changes_nothing(
    copy: Copy, sign_in: SignIn, name: str, payload: dict[str, object]
) -> None:
    with Tab(copy.port, cookie=sign_in()) as tab:
        tab.send(name, **payload)
        assert tab.everything().probe("total") == 0


def test_a_bad_field_is_named_beside_its_input(copy: Copy, sign_in: SignIn) -> None:
    with Tab(copy.port, cookie=sign_in()) as tab:
        seen = tab.probe("submit", form={"name": " "})

    assert seen.probe("errors") == {"name": "must not be empty"}
    assert "must not be empty" in seen.said


def test_a_crash_shows_a_reference_that_the_log_has_and_nothing_else(copy: Copy, sign_in: SignIn) -> None:
    with Tab(copy.port, cookie=sign_in()) as tab:
        seen = tab.probe("count_up")

    assert seen.probe("total") == 2
    assert "cellar" not in seen.text
    assert "Traceback" not in seen.text
    reference = seen.said.split("Request ")[1][:32]
    assert any(reference in line and "count_up failed" in line for line in copy.logged().splitlines())


def test_an_unknown_event_leaves_neither_cookie_nor_password_in_the_log(copy: Copy, sign_in: SignIn) -> None:
    cookie = sign_in()
    with Tab(copy.port, cookie=cookie) as tab:
        tab.ask(f"{PROBE}.no_such_event", password="hunter2hunter2", icNumber="920815-14-5678")

    assert "no_such_event" in copy.logged()
    assert cookie not in copy.logged()
    assert "hunter2hunter2" not in copy.logged()
    assert "920815-14-5678" not in copy.logged()


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1.evil.example"])
def test_another_site_may_not_open_the_socket(copy: Copy, sign_in: SignIn, origin: str) -> None:
    with pytest.raises(InvalidStatus, match="403"), Tab(copy.port, cookie=sign_in(), origin=origin):
        pass


def test_our_own_site_may_open_the_socket(copy: Copy, sign_in: SignIn) -> None:
    with Tab(copy.port, cookie=sign_in(), origin=copy.url) as tab:
        assert tab.probe("add", by=1).probe("total") == 1


def test_the_socket_can_not_be_replaced_by_requests(copy: Copy) -> None:
    answer = copy.call("GET", "/_event/?EIO=4&transport=polling&token=x")

    assert answer.status_code == 400


def _sign_out(copy: Copy, cookie: str) -> None:
    with Tab(copy.port, cookie=cookie) as page:
        csrf = page.csrf()
    answer = copy.call("POST", "/auth/sign-out", data={"csrf": csrf}, cookies={"lattis_session": cookie})
    assert answer.status_code == 303


def test_a_client_can_not_connect_its_socket_to_another_tab(copy: Copy, sign_in: SignIn) -> None:
    """A forged request would name another address, and one tab after the other that nobody ever forgets."""
    forged = {"QUERY_STRING": "token=another-tab", "asgi.scope": {"client": ["9.9.9.9", 1]}}

    with Tab(copy.port, cookie=sign_in(Role.ADMIN)) as tab:
        tab.probe("add", by=2)
        tab.emit("connect", forged)
        seen = tab.probe("add", by=1)

    assert seen.probe("total") == 3
    assert "refused a connect that a client sent itself" in copy.logged()


def test_a_client_can_not_say_that_its_socket_went(copy: Copy, sign_in: SignIn) -> None:
    with Tab(copy.port, cookie=sign_in(Role.ADMIN)) as tab:
        tab.emit("disconnect", "client namespace disconnect")
        seen = tab.probe("add", by=2)

    assert seen.probe("total") == 2
    assert "refused a disconnect that a client sent itself" in copy.logged()


def test_visitors_hold_only_so_many_pages_and_the_signed_in_are_let_in_all_the_same(
    copy: Copy, sign_in: SignIn
) -> None:
    cookie = sign_in()
    with ExitStack() as visitors:
        for _ in range(VISITOR_PAGES):
            visitors.enter_context(Tab(copy.port))
        with pytest.raises(InvalidStatus, match="403"), Tab(copy.port):
            pass
        with pytest.raises(InvalidStatus, match="403"), Tab(copy.port, cookie="x" * 43):
            pass
        with Tab(copy.port, cookie=cookie) as tab:
            assert "A driver" in tab.probe("load").probe("rows")

    for _ in range(100):  # the server notices a moment later that the others have gone
        with suppress(InvalidStatus), Tab(copy.port) as tab:
            assert tab.probe("greet").probe("opened") == "hello"
            return
    raise AssertionError("Nobody made room")
