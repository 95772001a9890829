"""Signing in and out with a browser, on the running copy: the cookie, the way back, and forms that are not ours."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from lattis_app.identity.permissions import Role
from lattis_app.web.browser_sessions import local_path
from tests.security.conftest import PASSWORD, Copy, address_of
from tests.security.tabs import Tab

SignIn = Callable[..., str]


def test_the_cookie_can_not_be_read_by_scripts_nor_sent_by_other_sites(copy: Copy) -> None:
    answer = copy.call(
        "POST", "/auth/sign-in", data={"account": address_of(Role.ADMIN), "password": PASSWORD}
    )

    flags = {part.strip().lower() for part in answer.headers["set-cookie"].split(";")[1:]}
    assert flags == {"httponly", "samesite=lax", "path=/", "max-age=2592000"}
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("role", "page"),
    [
        (Role.ADMIN, "/dashboard"),
        (Role.DRIVER, "/driver"),
        (Role.SUPER_ADMIN, "/system/users"),
        (Role.VIEWER, "/welcome"),
    ],
)
def test_everybody_lands_where_their_role_starts(copy: Copy, role: Role, page: str) -> None:
    answer = copy.call("POST", "/auth/sign-in", data={"account": address_of(role), "password": PASSWORD})

    assert (answer.status_code, answer.headers["location"]) == (303, page)


def test_people_come_back_to_the_page_they_wanted(copy: Copy) -> None:
    form = {
        "account": address_of(Role.ADMIN),
        "password": PASSWORD,
        "next": "/rental/invoices?status=OVERDUE",
    }

    assert (
        copy.call("POST", "/auth/sign-in", data=form).headers["location"] == "/rental/invoices?status=OVERDUE"
    )


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example",
        "//evil.example/x",
        "/\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "\\\\evil.example",
        "/auth/sign-out",
        "/sign-in?next=/",
        "/page\r\nSet-Cookie: a=b",
        "/päge",
        "",
        "/",
    ],
)
def test_no_link_to_sign_in_leads_to_another_site(copy: Copy, wanted: str) -> None:
    form = {"account": address_of(Role.ADMIN), "password": PASSWORD, "next": wanted}

    answer = copy.call("POST", "/auth/sign-in", data=form)

    assert (answer.status_code, answer.headers["location"]) == (303, "/dashboard")
    assert local_path(wanted, "/otherwise") == "/otherwise"


def test_a_wrong_password_leads_back_with_what_was_typed_except_the_secret(copy: Copy) -> None:
    form = {"account": address_of(Role.CASHIER), "password": "not the right one", "next": "/till"}

    answer = copy.call("POST", "/auth/sign-in", data=form)

    there = urlsplit(answer.headers["location"])
    assert (answer.status_code, there.path) == (303, "/sign-in")
    assert parse_qs(there.query) == {
        "error": ["wrong"],
        "account": [address_of(Role.CASHIER)],
        "next": ["/till"],
    }
    assert "set-cookie" not in answer.headers


def test_a_driver_who_is_refused_finds_no_identity_data_in_the_address(copy: Copy) -> None:
    form = {"driverName": "Ahmad Rahman", "icNumber": "920815-14-5678", "phoneNumber": "012-3456789"}

    answer = copy.call("POST", "/auth/driver-sign-in", data=form)

    query = parse_qs(urlsplit(answer.headers["location"]).query)
    assert query == {"error": ["wrong"], "as": ["driver"], "account": ["012-3456789"]}


def test_an_empty_form_is_incomplete(copy: Copy) -> None:
    answer = copy.call("POST", "/auth/sign-in", data={})

    assert answer.headers["location"] == "/sign-in?error=incomplete"


def test_signing_in_again_ends_the_session_before(copy: Copy, sign_in: SignIn) -> None:
    before = sign_in(Role.ADMIN)
    form = {"account": address_of(Role.DRIVER), "password": PASSWORD}

    copy.call("POST", "/auth/sign-in", data=form, cookies={"lattis_session": before})

    assert copy.call("GET", "/v1/me", cookies={"lattis_session": before}).status_code == 401


@pytest.mark.parametrize(
    "path", ["/auth/sign-in", "/auth/driver-sign-in", "/auth/sign-out", "/v1/auth/login"]
)
@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_another_site_can_not_send_our_forms(copy: Copy, sign_in: SignIn, path: str, origin: str) -> None:
    cookie = sign_in()
    form = {"account": address_of(Role.ADMIN), "password": PASSWORD, "csrf": _csrf(copy, cookie)}

    answer = copy.call(
        "POST", path, data=form, headers={"Origin": origin}, cookies={"lattis_session": cookie}
    )

    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert copy.call("GET", "/v1/me", cookies={"lattis_session": cookie}).status_code == 200


@pytest.mark.parametrize("token", ["", "guessed", "of another session"])
def test_signing_out_needs_the_token_of_this_session(copy: Copy, sign_in: SignIn, token: str) -> None:
    cookie = sign_in()
    csrf = _csrf(copy, sign_in()) if token == "of another session" else token

    answer = copy.call("POST", "/auth/sign-out", data={"csrf": csrf}, cookies={"lattis_session": cookie})

    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-out")
    assert "set-cookie" not in answer.headers
    assert copy.call("GET", "/v1/me", cookies={"lattis_session": cookie}).status_code == 200


def test_signing_out_ends_the_session_and_takes_the_cookie_back(copy: Copy, sign_in: SignIn) -> None:
    cookie = sign_in()

    answer = copy.call(
        "POST", "/auth/sign-out", data={"csrf": _csrf(copy, cookie)}, cookies={"lattis_session": cookie}
    )

    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert 'lattis_session=""' in answer.headers["set-cookie"]
    assert copy.call("GET", "/v1/me", cookies={"lattis_session": cookie}).status_code == 401


def test_a_link_can_not_sign_anybody_out(copy: Copy, sign_in: SignIn) -> None:
    cookie = sign_in()

    copy.call("GET", f"/auth/sign-out?csrf={_csrf(copy, cookie)}", cookies={"lattis_session": cookie})

    assert copy.call("GET", "/v1/me", cookies={"lattis_session": cookie}).status_code == 200


@pytest.mark.parametrize("token", [None, "", "guessed", "of another session"])
def test_a_cookie_alone_changes_nothing_over_rest(copy: Copy, sign_in: SignIn, token: str | None) -> None:
    cookie = sign_in()
    csrf = _csrf(copy, sign_in()) if token == "of another session" else token
    headers = {} if csrf is None else {"X-CSRF-Token": csrf}

    refused = copy.call(
        "PATCH", "/v1/me", json={"name": "Mallory"}, headers=headers, cookies={"lattis_session": cookie}
    )

    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "FORBIDDEN")
    assert refused.json()["error"]["details"]["field"] == "X-CSRF-Token"
    kept = copy.call("GET", "/v1/me", cookies={"lattis_session": cookie}).json()["data"]["name"]
    assert kept == "A admin"


def test_a_page_with_its_token_changes_things_over_rest(copy: Copy, sign_in: SignIn) -> None:
    cookie = sign_in(Role.VIEWER)

    changed = copy.call(
        "PATCH",
        "/v1/me",
        json={"name": "A viewer with a name"},
        headers={"X-CSRF-Token": _csrf(copy, cookie)},
        cookies={"lattis_session": cookie},
    )

    assert (changed.status_code, changed.json()["data"]["name"]) == (200, "A viewer with a name")


def _csrf(copy: Copy, cookie: str) -> str:
    with Tab(copy.port, cookie=cookie) as page:
        return page.csrf()
