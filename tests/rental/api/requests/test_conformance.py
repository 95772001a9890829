"""Whatever OpenAPI allows, and much that it doesn't, is answered as OpenAPI says: no 500, no undocumented answer."""

from itertools import count

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from lattis_app import registry
from lattis_app.core import limits
from lattis_app.identity.permissions import Role
from lattis_app.web.app import create_api

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
ENDLESS = ["/v1/events"]
EXAMPLES = 3
SENT = ("method", "url", "params", "json", "data", "content", "files")
schema = schemathesis.openapi.from_dict(create_api(registry.routers()).openapi())
schema = schema.exclude(path=ENDLESS).include(path_regex="^/v1/")
OPERATIONS = [found.ok() for found in schema.get_all_operations()]


def with_known_ids(case, world):
    """A case about real records, as far as the world has such."""
    for name in case.path_parameters or {}:
        found = world.get(name.removesuffix("_id"))
        if found is not None:
            case.path_parameters[name] = str(found)
    return case


def request_of(case):
    """What the client sends for a case, with the caller's own credentials instead of made-up ones."""
    made = case.as_transport_kwargs()
    given = {name: made[name] for name in SENT if made.get(name) is not None}
    given["headers"] = {
        name: value for name, value in made["headers"].items() if name not in ("Authorization", "Cookie")
    }
    if "files" in given:
        given["files"] = [(name, tuple(map(as_sent, part))) for name, part in given["files"]]
    if isinstance(given.get("data"), bytes):
        given["content"] = given.pop("data")
    return given


def as_sent(value):
    """A part of a form as it goes over the wire."""
    return value if value is None or isinstance(value, (str, bytes)) else str(value)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_answers_are_as_documented(operation, api, world, unseen) -> None:
    turns = count()

    @hypothesis.settings(
        max_examples=EXAMPLES,
        phases=[Phase.generate],
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(case=operation.as_strategy())
    def ask(case):
        limits.forget()
        asked = with_known_ids(case, world) if next(turns) % 2 else case
        with unseen():
            answer = api.as_(Role.ADMIN).request(**request_of(asked))
            answer.request.read()
            case.validate_response(answer, checks=CHECKS)

    ask()
