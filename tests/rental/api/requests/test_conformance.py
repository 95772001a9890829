"""Whatever OpenAPI allows, and much that it doesn't, is answered as OpenAPI says: no 500, no undocumented answer."""

import hypothesis
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
TURN = iter(range(1_000_000))


def known_ids(case, world):
    """Real ids in every second request, as far as the world has such records."""
    if next(TURN) % 2:
        for name in case.path_parameters or {}:
            found = world.get(name.removesuffix("_id"))
            if found is not None:
                case.path_parameters[name] = str(found)
    return case


def as_sent(value):
    """A part of a form as it goes over the wire."""
    return value if value is None or isinstance(value, (str, bytes)) else str(value)


@schema.parametrize()
@hypothesis.settings(
    max_examples=EXAMPLES,
    phases=[Phase.generate],
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_answers_are_as_documented(case, api, world, unseen) -> None:
    limits.forget()
    with unseen():
        client = api.as_(Role.ADMIN)
        request = known_ids(case, world).as_transport_kwargs()
        given = {name: request[name] for name in SENT if request.get(name) is not None}
        given["headers"] = {
            name: value
            for name, value in request["headers"].items()
            if name not in ("Authorization", "Cookie")
        }
        if "files" in given:
            given["files"] = [(name, tuple(map(as_sent, part))) for name, part in given["files"]]
        if isinstance(given.get("data"), bytes):
            given["content"] = given.pop("data")
        answer = client.request(**given)
        answer.request.read()
        case.validate_response(answer, checks=CHECKS)
