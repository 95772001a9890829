"""Whatever is sent to an endpoint, signed out it is refused, and signed in it is answered: never with a crash."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from lattis_app.core import limits
from lattis_app.identity.permissions import Role
from lattis_app.registry import Domain
from tests.factories.rental_delivery_orders import drive, make_delivery_order

NOTHING = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"
NONSENSE = (
    -1,
    "1e999",
    "NaN",
    "😀",
    "'; DROP TABLE users; --",
    "\u202eمرحبا",
    "x" * 3_000,
    "a\x00b",
    [1, [2]],
    {"$gt": {}},
)
KINDS = (
    "text/plain",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "application/json; charset=utf-7",
    "x" * 5_000,
)
BODIES = (b"[]", b"null", b'{"a": "', b"\xff\xfe\x00", b'{"a": ' + b"[" * 5_000 + b"]" * 5_000 + b"}")
STREAMS = {"/v1/events"}
OPEN = ("/v1/auth/", "/auth/", "/api/products", "/healthz", "/readyz", "/metrics", "/ping")


@pytest.fixture(scope="module")
def document(rest_api) -> dict[str, Any]:
    return rest_api.openapi()


@pytest.fixture
def ids(session, clock) -> dict[str, str]:
    order = drive(session, make_delivery_order(session), "started")
    return {"delivery_order_id": str(order.id), "kind": "bins", "name": "rental.scan_document_expiry"}


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every endpoint but streams, which do not end."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if path not in STREAMS:
                yield method.upper(), path, operation


def fields_of(document: dict[str, Any], content: dict[str, Any]) -> list[str]:
    """The fields of a body."""
    schema = content["schema"]
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return list(schema.get("properties", ()))


def requests_of(
    document: dict[str, Any], path: str, ids: dict[str, str], operation: dict[str, Any]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Where nonsense is sent, and what: in each part of the address, parameter, header and field, and as the whole body."""
    real = filled(path, ids)
    for parameter in operation.get("parameters", ()):
        for value in map(str, NONSENSE):
            match parameter["in"]:
                case "query":
                    yield real, {"params": {parameter["name"]: value}}
                case "path":
                    yield (
                        path.replace(f"{{{parameter['name']}}}", quote(value, safe="")).translate(
                            {123: "", 125: ""}
                        ),
                        {},
                    )
                case "header" if value.isprintable():
                    yield real, {"headers": {parameter["name"]: value.encode()}}
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        for field in fields_of(document, content):
            for value in NONSENSE:
                if kind == "application/json":
                    yield real, {"json": {field: value}}
                else:
                    yield real, {"files": {field: (str(value)[:200], str(value).encode(), "x/y")}}
                    yield real, {"data": {field: str(value)}}
        for body in BODIES:
            yield real, {"content": body, "headers": {"Content-Type": kind}}
        for said in KINDS:
            yield real, {"content": b"{}", "headers": {"Content-Type": said}}


def filled(path: str, ids: dict[str, str]) -> str:
    """A path that names records."""
    return re.sub(r"{(\w+)}", lambda found: ids.get(found[1], NOTHING), path)


def is_proved_elsewhere(operation: dict[str, Any]) -> bool:
    """Whether tests/rental/api/requests sends this endpoint nonsense, with records that fit."""
    own = {
        tag
        for module in Domain("rental").modules("api")
        if hasattr(module, "routes")
        for tag in module.routes.tags
    }
    return set(operation["tags"]) <= own and "multipart/form-data" not in str(operation.get("requestBody"))


def test_signed_out_nothing_is_told_whatever_is_missing(api, document, ids):
    anonymous = api.anonymous()
    answers = {
        (method, path): anonymous.request(method, filled(path, ids)).status_code
        for method, path, _ in operations(document)
        if not path.startswith(OPEN)
    }
    assert {each: status for each, status in answers.items() if status != 401} == {}


def names_a_field(answer: Any) -> bool:
    """Whether a refusal says where what was sent is wrong."""
    body = answer.json()
    details = body["details"] if "details" in body else body["error"]["details"]
    return bool(details.get("field"))


def test_nonsense_anywhere_is_answered_by_the_name_of_its_field_and_never_crashes(
    api, document, ids, configure
):
    configure(requests_per_minute=10_000_000)
    limits.forget()
    client = api.as_(Role.ADMIN)
    crashed, nameless = {}, {}
    for method, path, operation in operations(document):
        if path.startswith("/v1/auth/") or is_proved_elsewhere(operation):
            continue
        for address, sent in requests_of(document, path, ids, operation):
            answer = client.request(method, address, **sent)
            asked = method, address, json.dumps(sent, default=str)[:200]
            if answer.status_code >= 500:
                crashed[asked] = answer.status_code
            elif answer.status_code == 400 and not names_a_field(answer):
                nameless[asked] = answer.text
    limits.forget()
    assert crashed == {}
    assert nameless == {}
