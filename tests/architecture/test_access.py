"""Authority sits on services and queries, and no route goes round them."""

import ast
import re
from collections.abc import Callable, Iterator
from inspect import getmembers, isfunction
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from fastapi import FastAPI

from lattis_app import registry
from lattis_app.identity.permissions import ROLE_PERMISSIONS, Permission

LAYER = re.compile(r"\.(services|queries)(\.|$)")
PUBLIC = {
    "lattis_app.marketplace.queries.products.offered",
    "lattis_app.system.queries.checks.find",
    "lattis_app.identity.services.sessions.sign_in",
    "lattis_app.identity.services.sessions.sign_in_driver",
    "lattis_app.identity.services.sessions.refresh",
}
STEPS = {
    "lattis_app.courier.queries.scopes.merchant_of",
    "lattis_app.courier.queries.scopes.scoped",
    "lattis_app.notifications.services.enclosures.guard",
    "lattis_app.rental.queries.delivery_orders.mine",
    "lattis_app.rental.queries.delivery_orders.require_visible",
    "lattis_app.rental.services.collection_reminders.cancel_scheduled",
    "lattis_app.marketplace.services.attachment_targets.guard_invoice",
    "lattis_app.rental.services.attachment_targets.guard_delivery_order",
    "lattis_app.rental.services.attachment_targets.guard_expense",
    "lattis_app.rental.services.attachment_targets.guard_invoice",
    "lattis_app.rental.services.attachment_targets.guard_lorry",
    "lattis_app.rental.services.credit.check",
    "lattis_app.rental.services.delivery_orders.lock",
    "lattis_app.rental.services.lorries.mark_available",
    "lattis_app.rental.services.lorries.mark_in_use",
    "lattis_app.rental.services.lorry_trips.close_for",
    "lattis_app.rental.services.lorry_trips.open_for",
    "lattis_app.rental.services.relocations.cancel_planned",
    "lattis_app.rental.services.transfers.with_customer",
}
"""Steps of services that have asked already, or that narrow what an actor sees; no route or page may call them."""
PUBLIC_PATHS = {
    "/api/products",
    "/v1/auth/login",
    "/v1/auth/driver-login",
    "/v1/auth/refresh",
    "/healthz",
    "/readyz",
    "/metrics",
}
"""`/metrics` asks for its own token."""
STREAMS = {"/v1/events"}
"""A stream asks for its actor itself and filters every message (web/live.py)."""


def own_functions(layer: str) -> Iterator[tuple[str, Callable[..., Any]]]:
    for module in registry.modules(layer):
        yield from functions_of(module)


def functions_of(module: ModuleType) -> Iterator[tuple[str, Callable[..., Any]]]:
    for name, function in getmembers(module, isfunction):
        if not name.startswith("_") and function.__module__ == module.__name__:
            yield f"{module.__name__}.{name}", function


def unguarded(found: Iterator[tuple[str, Callable[..., Any]]]) -> set[str]:
    return {name for name, function in found if not getattr(function, "__requires__", ())}


def takes_an_actor(function: Callable[..., Any]) -> bool:
    return "actor" in function.__code__.co_varnames[: function.__code__.co_argcount]


@pytest.mark.parametrize("layer", ["services", "queries"])
def test_every_service_and_query_that_takes_an_actor_asks_for_a_permission(layer: str) -> None:
    acting = ((name, function) for name, function in own_functions(layer) if takes_an_actor(function))
    assert unguarded(acting) - STEPS == set()


def calls_of(module: ModuleType, source: str) -> set[str]:
    """Services and queries that a module calls although they ask for nothing."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            owner = getattr(module, node.value.id, None)
            function = getattr(owner, node.attr, None)
            if isinstance(owner, ModuleType) and isfunction(function) and LAYER.search(owner.__name__):
                found.add((f"{owner.__name__}.{node.attr}", function))
        elif isinstance(node, ast.Name):
            function = getattr(module, node.id, None)
            if isfunction(function) and LAYER.search(function.__module__):
                found.add((f"{function.__module__}.{node.id}", function))
    return unguarded(iter(found))


@pytest.mark.parametrize("layer", ["api", "pages"])
def test_routes_and_pages_call_only_what_asks_for_a_permission(layer: str) -> None:
    """Steps that take no actor are parts of services that asked; nothing at the edge may call them."""
    for module in (module for module in registry.modules(layer) if module.__file__):
        source = Path(str(module.__file__)).read_text()
        assert calls_of(module, source) - PUBLIC == set(), module.__name__


def test_the_search_finds_a_route_that_calls_an_unguarded_step() -> None:
    module = ModuleType("tests.route")
    exec("from lattis_app.identity.queries import actors", module.__dict__)
    assert calls_of(module, "actors.by_cookie(session, '')") == {
        "lattis_app.identity.queries.actors.by_cookie"
    }


def test_what_is_public_is_marked_so() -> None:
    found = (each for layer in ("services", "queries") for each in own_functions(layer))
    marked = {name for name, function in found if getattr(function, "__public__", False)}
    assert marked == PUBLIC


def test_the_search_finds_a_function_without_a_permission() -> None:
    module = ModuleType("tests.made_up")
    exec("def page(session, actor): ...\ndef _helper(): ...", module.__dict__)
    for function in vars(module).values():
        if isfunction(function):
            function.__module__ = module.__name__
    assert unguarded(functions_of(module)) == {"tests.made_up.page"}


def operations(api: FastAPI) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, by_method in api.openapi()["paths"].items():
        for method, operation in by_method.items():
            yield path, method, operation


def test_every_route_asks_for_a_permission_or_is_listed_as_public(rest_api: FastAPI) -> None:
    for path, method, operation in operations(rest_api):
        is_open = "Permission: none" in operation["description"] or path == "/metrics"
        assert is_open == (path in PUBLIC_PATHS), f"{method} {path}"
        if path not in PUBLIC_PATHS | STREAMS:
            assert "Permission: `" in operation["description"], f"{method} {path}"
            assert operation["security"] == [{"bearer": []}, {"cookie": []}], f"{method} {path}"


def test_every_route_says_what_it_answers(rest_api: FastAPI) -> None:
    silent = []
    for path, method, operation in operations(rest_api):
        well = next(answer for status, answer in operation["responses"].items() if status.startswith("2"))
        content = well.get("content", {})
        schema = content.get("application/json", {}).get("schema")
        if (
            path.startswith("/v1")
            and path not in STREAMS
            and not schema
            and set(content) <= {"application/json"}
        ):
            silent.append(f"{method} {path}")
    assert silent == []


def test_every_route_documents_its_errors_and_a_name_of_its_own(rest_api: FastAPI) -> None:
    names = []
    for path, method, operation in operations(rest_api):
        names.append(operation["operationId"])
        if path not in PUBLIC_PATHS | STREAMS:
            assert {"400", "401", "403", "404", "409", "412", "429"} <= set(operation["responses"]), (
                f"{method} {path}"
            )
    assert len(names) == len(set(names))


def test_anonymous_callers_get_nothing_from_any_route(api, rest_api: FastAPI) -> None:
    for path, method, _ in operations(rest_api):
        if path not in PUBLIC_PATHS:
            url = path.replace("{", "").replace("}", "")
            for part in path.split("/"):
                if part.startswith("{"):
                    url = url.replace(part.strip("{}"), "6f9619ff-8b86-4d01-b42d-00cf4fc964ff")
            answer = api.anonymous().request(method, url)
            assert answer.status_code == 401, f"{method} {path}: {answer.status_code}"


def test_every_permission_belongs_to_a_role_and_reads_domain_resource_action() -> None:
    held = frozenset().union(*ROLE_PERMISSIONS.values())
    system_only = {Permission.LEDGER_ENTRIES_POST}
    assert set(Permission) - held == system_only
    assert all(len(permission.split(":")) == 3 for permission in Permission)
