"""Whatever is sent, rental answers with a named refusal or keeps exactly what was said; never with a crash."""

import json
import math
import re
from itertools import product

import pytest
from sqlalchemy import text

from lattis_app.core import limits
from lattis_app.core.db import metadata
from lattis_app.identity.permissions import Role
from lattis_app.registry import Domain
from tests.factories.rental_world import REQUESTS, filled

RIGHT_TO_LEFT = "\u202eمرحبا بالعالم"
NONSENSE = {
    "negative": -1,
    "huge exponent": "1e999",
    "not a number": "NaN",
    "really not a number": math.nan,
    "emoji": "😀",
    "injection": "'; DROP TABLE rental_bins; --",
    "right to left": RIGHT_TO_LEFT,
    "very long": "x" * 20_000,
    "null byte": "a\x00b",
    "half a surrogate": "\ud800",
    "list": [1, [2, [3]]],
    "object": {"$gt": {"": [{}]}},
    "nothing": None,
}
BODIES = {
    "a list": b"[]",
    "a text": b'"text"',
    "null": b"null",
    "cut off": b'{"notes": "a',
    "no text": b"\xff\xfe\x00",
    "very deep": b'{"notes": ' + b"[" * 5_000 + b"]" * 5_000 + b"}",
    "an unknown field": b'{"drop_table": 1}',
    "a field twice": b'{"notes": 1, "notes": [2]}',
}
OPTIONAL = {
    "/v1/invoices/from-do/{order}": {"null": 201},
    "/v1/refunds/{approved_refund}/process": {"null": 200},
}
"""Requests that may say nothing."""
KEPT_IN = {
    ("/v1/refunds/{pending_refund}/reject", "reason"): "rejection",
    ("/v1/relocations/{relocation}/cancel", "reason"): "cancel_reason",
}
"""What is shown under another name than it was said under."""
WITH_BODY = [request for request in REQUESTS if request.body]
LISTS = [
    route.path
    for module in Domain("rental").modules("api")
    if hasattr(module, "routes")
    for route in module.routes.routes
    if "GET" in route.methods and "{" not in route.path and "print" not in route.path
]
TABLES = [
    table.name for table in metadata.sorted_tables if table.name.startswith(("rental_", "ledger_", "number_"))
]
EVERYTHING = text(
    " UNION ALL ".join(
        f"SELECT '{name}', count(*), sum(xmin::text::bigint) FROM {name}"
        for name in [*TABLES, "parties", "events"]
    )
)


def state(session):
    """How many rows each table of rental, the books and the numbers has, and which transactions wrote them."""
    return {name: (rows, writers) for name, rows, writers in session.execute(EVERYTHING)}


def only_reads(sent):
    """Whether no statement can have changed anything."""
    return all(re.match(r"\s*SELECT\b", one) for one in sent.sent)


def judged(answer, field, value, kept_in):
    """What is wrong with an answer; None if nothing is."""
    if answer.status_code in (200, 201):
        kept = answer.json()["data"].get(kept_in)
        if isinstance(value, str) and isinstance(kept, str) and kept.upper() != value.upper():
            return f"kept {kept[:40]!r}"
        return None
    if answer.status_code not in (400, 404, 409, 412):
        return f"answered {answer.status_code}"
    details = answer.json()["error"]["details"]
    named = {details.get("field", ""), *(each["field"] for each in details.get("errors", ()))}
    if answer.status_code == 400 and not any(name.split(".")[0] in (field, "body") for name in named):
        return f"named {sorted(named)}"
    return None


def send(client, request, path, content):
    """The answer to a body as it is."""
    return client.request(request.method, path, content=content, headers={"Content-Type": "application/json"})


@pytest.mark.parametrize("request_", WITH_BODY, ids=str)
def test_nonsense_in_any_field_is_refused_by_name_or_kept_as_it_is(
    session, unseen, world, caller, queries, request_
):
    limits.forget()
    client, path = caller(request_), filled(request_.path, world)
    body, before, faults = filled(request_.body, world), state(session), {}
    for field, (what, value) in product(body, NONSENSE.items()):
        with unseen():
            with queries() as sent:
                answer = send(client, request_, path, json.dumps(body | {field: value}))
            fault = judged(answer, field, value, KEPT_IN.get((request_.path, field), field))
            if answer.status_code >= 400 and not only_reads(sent) and state(session) != before:
                fault = f"{fault} changed something"
        if fault:
            faults[field, what] = fault
    assert faults == {}


@pytest.mark.parametrize("request_", WITH_BODY, ids=str)
def test_a_body_that_makes_no_sense_is_refused(unseen, world, caller, request_):
    client, path = caller(request_), filled(request_.path, world)
    answers = {}
    for what, content in BODIES.items():
        with unseen():
            answer = send(client, request_, path, content)
        answers[what] = answer.status_code
    optional = OPTIONAL.get(request_.path, {})
    assert answers == dict.fromkeys(BODIES, 400) | optional


@pytest.mark.parametrize("request_", [each for each in REQUESTS if "{" in each.path], ids=str)
def test_an_id_that_makes_no_sense_names_nothing(session, world, caller, request_):
    client = caller(request_)
    for wrong in (
        "%00",
        "not-an-id",
        "😀",
        "1",
        "x" * 5_000,
        "6f9619ff-8b86-4d01-b42d-00cf4fc964ff",
        "'%20OR%20''='",
    ):
        path = filled(request_.path, dict.fromkeys(world, wrong))
        before = state(session)
        answer = client.request(request_.method, path, json=filled(request_.body, world) or None)
        assert answer.status_code in (400, 404), (wrong, answer.text)
        assert state(session) == before


@pytest.mark.parametrize("path", LISTS)
def test_a_list_asked_for_nonsense_names_the_parameter(api, rest_api, path):
    limits.forget()
    client = api.as_(Role.DRIVER if path.startswith("/v1/me/") else Role.ADMIN)
    size = {
        "h_ft": 4,
        "l_ft": 12,
        "w_ft": 6,
        "from": "2026-03-16",
        "to": "2026-03-20",
        "phone": "0123456789",
        "introducer_name": "John Referrer",
    }
    known = rest_api.openapi()["paths"][path]["get"].get("parameters", [])
    names = {each["name"] for each in known if each["in"] == "query"}
    for name in names:
        for what, value in NONSENSE.items():
            if value is None or what == "half a surrogate":
                continue
            answer = client.get(
                path, params={key: size[key] for key in size if key in names} | {name: str(value)[:5_000]}
            )
            assert answer.status_code in (200, 400, 403, 404), (name, what, answer.text)
            if answer.status_code == 400:
                details = answer.json()["error"]["details"]
                assert details["field"].split(".")[0] in (name, "body"), (name, what, details)
    for name, value in {"sort": "password", "page": "0", "limit": "101"}.items():
        if name in names:
            answer = client.get(path, params=size | {name: value})
            assert (answer.status_code, answer.json()["error"]["details"]["field"]) == (400, name)
