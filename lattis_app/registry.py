"""The domains and what each hands over: the one list of them."""

from __future__ import annotations

import pkgutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING

from sqlalchemy import text

from lattis_app.core.db import reading

if TYPE_CHECKING:
    from fastapi import APIRouter

_HOLDS_ANYBODY = text("SELECT EXISTS (SELECT FROM users) OR EXISTS (SELECT FROM parties)")


@dataclass(frozen=True)
class Domain:
    """A package of the product. What it hands over is found by the names that all domains use.

    `pages/*` register pages, each `api/*` has `routes`, `jobs` and `subscribers` register work, `books` tells the ledger
    what it should hold, `importable` what files can bring, `checkable` which documents carry a check link. `demo` has
    `load()`, and `introduce()` for what the papers of other domains show.
    """

    name: str

    def modules(self, layer: str) -> list[ModuleType]:
        """The modules of one layer, imported; none if the domain has no such layer."""
        package = f"lattis_app.{self.name}.{layer}"
        if find_spec(package) is None:
            return []
        found = import_module(package)
        parts = pkgutil.iter_modules(getattr(found, "__path__", ()), f"{package}.")
        return [found, *(import_module(name) for name in sorted(part.name for part in parts))]


DOMAINS = tuple(
    Domain(name)
    for name in (
        "identity",
        "parties",
        "ledger",
        "attachments",
        "notifications",
        "audit",
        "system",
        "webhooks",
        "imports",
        "rental",
        "marketplace",
        "courier",
    )
)

DEMO_PASSWORD = "lattis-demo"  # noqa: S105 - public by design; production refuses demo data


@dataclass(frozen=True)
class DemoAccount:
    """Who a visitor may sign in as, and with what."""

    role: str
    sign_in: str


DEMO_ACCOUNTS = (
    DemoAccount("Platform", "super@lattis.com"),
    DemoAccount("Administrator", "admin@lattis.com"),
    DemoAccount("Driver", "Ahmad Rahman, IC 920815-14-5678, phone 012-3456789"),
    DemoAccount("Merchant", "merchant@lattis.com"),
    DemoAccount("Sales rep", "rep@lattis.com"),
    DemoAccount("Sales manager", "sales@lattis.com"),
    DemoAccount("Seller", "seller@lattis.com"),
    DemoAccount("Shop owner", "owner@lattis.com"),
    DemoAccount("Shop manager", "manager@lattis.com"),
    DemoAccount("Cashier", "cashier@lattis.com"),
    DemoAccount("Viewer", "viewer@lattis.com"),
)


def modules(layer: str) -> list[ModuleType]:
    """The modules of one layer of all domains, imported."""
    return [module for domain in DOMAINS for module in domain.modules(layer)]


def routers() -> list[APIRouter]:
    """The REST routes of all domains."""
    return [module.routes for module in modules("api") if hasattr(module, "routes")]


def register_work() -> None:
    """Make the jobs, subscribers, own balances, importable records and checked documents of all domains known to this process."""
    modules("jobs")
    modules("subscribers")
    modules("books")
    modules("importable")
    modules("checkable")


def is_empty() -> bool:
    """Whether nobody can sign in yet and the business knows nobody."""
    with reading() as session:
        return not session.scalar(_HOLDS_ANYBODY)


def load_demo() -> None:
    """Fill an empty database with a business to look at: its people and its name first, then all domains side by side."""
    people, *domains = (module for module in modules("demo") if hasattr(module, "load"))
    modules("books")
    people.load()
    for domain in domains:
        if hasattr(domain, "introduce"):
            domain.introduce()
    with ThreadPoolExecutor() as together:
        for loading in [together.submit(domain.load) for domain in domains]:
            loading.result()
