"""The reader's language on the running copy: which words a browser gets, and who may choose."""

import json
from collections.abc import Callable

import pytest

from lattis_app.identity.permissions import Role
from tests.security.conftest import Copy
from tests.security.tabs import Tab

SignIn = Callable[..., str]


def language_of(script: str) -> dict[str, str]:
    first, *_ = script.splitlines()
    return dict(json.loads(first.removeprefix("globalThis.lattisLanguage = ").removesuffix(";")))


@pytest.mark.parametrize(
    ("cookie", "accepted", "language"),
    [
        ("", "ms-MY,en;q=0.8", {"code": "ms", "direction": "ltr"}),
        ("ar", "ms-MY", {"code": "ar", "direction": "rtl"}),
        ("", "fr", {"code": "en", "direction": "ltr"}),
        ("../../ar", "fr", {"code": "en", "direction": "ltr"}),
    ],
)
def test_nobody_yet_gets_what_the_browser_remembers_or_accepts(
    copy: Copy, cookie: str, accepted: str, language: dict[str, str]
) -> None:
    headers = {"Accept-Language": accepted} | ({"Cookie": f"lattis_language={cookie}"} if cookie else {})

    answer = copy.call("GET", "/words.js", headers=headers)

    assert language_of(answer.text) == language
    assert ("globalThis.lattisWords" in answer.text) == (language["code"] != "en")
    assert answer.headers["content-type"].startswith("text/javascript")


def test_words_that_a_browser_has_are_not_sent_again(copy: Copy) -> None:
    first = copy.call("GET", "/words.js", headers={"Accept-Language": "ms"})

    again = copy.call(
        "GET", "/words.js", headers={"Accept-Language": "ms", "If-None-Match": first.headers["etag"]}
    )

    assert (again.status_code, again.content) == (304, b"")


def test_a_visitor_chooses_and_comes_back_to_the_same_page(copy: Copy) -> None:
    answer = copy.call(
        "POST", "/auth/language", data={"code": "ms"}, headers={"Referer": f"{copy.url}/sign-in?as=driver"}
    )

    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?as=driver")
    assert answer.cookies["lattis_language"] == "ms"


def test_a_page_of_another_site_is_no_way_back(copy: Copy) -> None:
    answer = copy.call(
        "POST", "/auth/language", data={"code": "ms"}, headers={"Referer": "https://evil.example/x"}
    )

    assert answer.headers["location"] == "/"


@pytest.mark.parametrize("forged", ["tlh", "", "en\r\nSet-Cookie: x=y", "../ar"])
def test_a_forged_language_is_refused(copy: Copy, forged: str) -> None:
    answer = copy.call("POST", "/auth/language", data={"code": forged})

    assert answer.status_code == 400
    assert "set-cookie" not in answer.headers


def test_a_signed_in_person_keeps_the_choice_and_needs_a_form_of_ours(copy: Copy, sign_in: SignIn) -> None:
    cookie = sign_in(Role.CASHIER)
    headers = {"Cookie": f"lattis_session={cookie}", "Accept-Language": "en"}

    refused = copy.call("POST", "/auth/language", data={"code": "ar"}, headers=headers)
    kept = language_of(copy.call("GET", "/words.js", headers=headers).text)["code"]
    with Tab(copy.port, cookie=cookie) as tab:
        form = {"code": "ar", "csrf": tab.csrf()}
    chosen = copy.call("POST", "/auth/language", data=form, headers=headers)

    assert (refused.status_code, kept, chosen.status_code) == (403, "en", 303)
    assert language_of(copy.call("GET", "/words.js", headers=headers).text)["code"] == "ar"
