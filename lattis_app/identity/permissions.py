"""The access contract: every permission, and which role holds which. Values read `domain:resource:action`."""

from __future__ import annotations

import functools
from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar, cast

from lattis_app.core.actors import Actor
from lattis_app.core.audit import act_as
from lattis_app.core.errors import Forbidden


class Role(StrEnum):
    """The jobs people do."""

    SUPER_ADMIN = "SUPER_ADMIN"
    ADMIN = "ADMIN"
    DRIVER = "DRIVER"
    MERCHANT = "MERCHANT"
    SALES_REP = "SALES_REP"
    SALES_MANAGER = "SALES_MANAGER"
    SELLER = "SELLER"
    RETAIL_OWNER = "RETAIL_OWNER"
    MANAGER = "MANAGER"
    CASHIER = "CASHIER"
    VIEWER = "VIEWER"


class Permission(StrEnum):
    """What an actor may do."""

    AUDIT_LOG_READ = "audit:log:read"
    ATTACHMENTS_FILES_READ = "attachments:files:read"
    ATTACHMENTS_FILES_WRITE = "attachments:files:write"
    COURIER_DISPUTES_RAISE = "courier:disputes:raise"
    COURIER_DISPUTES_READ = "courier:disputes:read"
    COURIER_DISPUTES_RESOLVE = "courier:disputes:resolve"
    COURIER_INVOICES_MANAGE = "courier:invoices:manage"
    COURIER_INVOICES_READ = "courier:invoices:read"
    COURIER_MERCHANTS_MANAGE = "courier:merchants:manage"
    COURIER_MERCHANTS_READ = "courier:merchants:read"
    COURIER_METRICS_READ = "courier:metrics:read"
    COURIER_OWN_ACCOUNT_READ = "courier:own_account:read"
    COURIER_PARCELS_MANAGE = "courier:parcels:manage"
    COURIER_PARCELS_READ = "courier:parcels:read"
    COURIER_REMITTANCES_MANAGE = "courier:remittances:manage"
    COURIER_STATEMENTS_READ = "courier:statements:read"
    IDENTITY_PROFILE_MANAGE = "identity:profile:manage"
    IDENTITY_USERS_MANAGE = "identity:users:manage"
    IDENTITY_USERS_READ = "identity:users:read"
    IMPORTS_BATCHES_MANAGE = "imports:batches:manage"
    LEDGER_ENTRIES_POST = "ledger:entries:post"
    LEDGER_ENTRIES_READ = "ledger:entries:read"
    MARKETPLACE_INVOICES_MANAGE = "marketplace:invoices:manage"
    MARKETPLACE_INVOICES_READ = "marketplace:invoices:read"
    MARKETPLACE_ORDERS_MANAGE = "marketplace:orders:manage"
    MARKETPLACE_ORDERS_READ = "marketplace:orders:read"
    MARKETPLACE_OWN_INVOICES_PAY = "marketplace:own_invoices:pay"
    MARKETPLACE_OWN_INVOICES_READ = "marketplace:own_invoices:read"
    MARKETPLACE_OWN_ORDERS_MANAGE = "marketplace:own_orders:manage"
    MARKETPLACE_OWN_PRODUCTS_MANAGE = "marketplace:own_products:manage"
    MARKETPLACE_SELLERS_MANAGE = "marketplace:sellers:manage"
    MARKETPLACE_SELLERS_READ = "marketplace:sellers:read"
    MARKETPLACE_SETTINGS_MANAGE = "marketplace:settings:manage"
    NOTIFICATIONS_INBOX_MANAGE = "notifications:inbox:manage"
    NOTIFICATIONS_MESSAGES_SEND = "notifications:messages:send"
    NOTIFICATIONS_OUTBOX_MANAGE = "notifications:outbox:manage"
    PARTIES_RECORDS_MANAGE = "parties:records:manage"
    PARTIES_RECORDS_READ = "parties:records:read"
    PLATFORM_JOBS_MANAGE = "platform:jobs:manage"
    PLATFORM_JOBS_READ = "platform:jobs:read"
    PLATFORM_SEARCH_USE = "platform:search:use"
    PLATFORM_WEBHOOKS_MANAGE = "platform:webhooks:manage"
    RENTAL_BINS_MANAGE = "rental:bins:manage"
    RENTAL_BINS_READ = "rental:bins:read"
    RENTAL_BOOKINGS_ASSIGN = "rental:bookings:assign"
    RENTAL_BOOKINGS_CREATE = "rental:bookings:create"
    RENTAL_BOOKINGS_MANAGE = "rental:bookings:manage"
    RENTAL_BOOKINGS_READ = "rental:bookings:read"
    RENTAL_BUSINESS_MANAGE = "rental:business:manage"
    RENTAL_BUSINESS_READ = "rental:business:read"
    RENTAL_CASH_MANAGE = "rental:cash:manage"
    RENTAL_CASH_READ = "rental:cash:read"
    RENTAL_COMMISSIONS_MANAGE = "rental:commissions:manage"
    RENTAL_COMMISSIONS_READ = "rental:commissions:read"
    RENTAL_CUSTOMERS_MANAGE = "rental:customers:manage"
    RENTAL_CUSTOMERS_READ = "rental:customers:read"
    RENTAL_DASHBOARD_READ = "rental:dashboard:read"
    RENTAL_DELIVERY_ORDERS_CREATE = "rental:delivery_orders:create"
    RENTAL_DELIVERY_ORDERS_MANAGE = "rental:delivery_orders:manage"
    RENTAL_DELIVERY_ORDERS_PROGRESS = "rental:delivery_orders:progress"
    RENTAL_DELIVERY_ORDERS_READ = "rental:delivery_orders:read"
    RENTAL_DRIVERS_MANAGE = "rental:drivers:manage"
    RENTAL_DRIVERS_READ = "rental:drivers:read"
    RENTAL_EXPENSES_MANAGE = "rental:expenses:manage"
    RENTAL_EXPENSES_READ = "rental:expenses:read"
    RENTAL_INVOICES_MANAGE = "rental:invoices:manage"
    RENTAL_INVOICES_READ = "rental:invoices:read"
    RENTAL_LORRIES_MANAGE = "rental:lorries:manage"
    RENTAL_LORRIES_READ = "rental:lorries:read"
    RENTAL_OWN_DAY_READ = "rental:own_day:read"
    RENTAL_PAYMENTS_COLLECT = "rental:payments:collect"
    RENTAL_PAYMENTS_READ = "rental:payments:read"
    RENTAL_PAYMENTS_RECORD = "rental:payments:record"
    RENTAL_PRICE_CARDS_MANAGE = "rental:price_cards:manage"
    RENTAL_PRICE_CARDS_READ = "rental:price_cards:read"
    RENTAL_REFUNDS_MANAGE = "rental:refunds:manage"
    RENTAL_REFUNDS_READ = "rental:refunds:read"
    RENTAL_REPORTS_READ = "rental:reports:read"
    RENTAL_REPORTS_SCHEDULE = "rental:reports:schedule"
    RENTAL_TRIPS_MANAGE = "rental:trips:manage"
    RENTAL_TRIPS_READ = "rental:trips:read"
    RENTAL_WASTE_ITEMS_MANAGE = "rental:waste_items:manage"
    RENTAL_WASTE_ITEMS_READ = "rental:waste_items:read"


P = Permission
EVERYONE = frozenset({P.IDENTITY_PROFILE_MANAGE, P.NOTIFICATIONS_INBOX_MANAGE, P.PLATFORM_SEARCH_USE})
DRIVERS = EVERYONE | {
    P.ATTACHMENTS_FILES_READ,
    P.ATTACHMENTS_FILES_WRITE,
    P.RENTAL_BOOKINGS_CREATE,
    P.RENTAL_BOOKINGS_READ,
    P.RENTAL_DELIVERY_ORDERS_CREATE,
    P.RENTAL_DELIVERY_ORDERS_PROGRESS,
    P.RENTAL_DELIVERY_ORDERS_READ,
    P.RENTAL_OWN_DAY_READ,
    P.RENTAL_PAYMENTS_COLLECT,
    P.RENTAL_TRIPS_MANAGE,
    P.RENTAL_TRIPS_READ,
    P.RENTAL_WASTE_ITEMS_READ,
}
MERCHANTS = EVERYONE | {
    P.COURIER_DISPUTES_RAISE,
    P.COURIER_DISPUTES_READ,
    P.COURIER_INVOICES_READ,
    P.COURIER_MERCHANTS_READ,
    P.COURIER_OWN_ACCOUNT_READ,
    P.COURIER_PARCELS_READ,
    P.COURIER_STATEMENTS_READ,
}
PERSONAL_TO_DRIVERS = frozenset({P.RENTAL_OWN_DAY_READ, P.RENTAL_PAYMENTS_COLLECT})
PERSONAL_TO_MERCHANTS = frozenset({P.COURIER_OWN_ACCOUNT_READ})
PERSONAL_TO_SELLERS = frozenset(
    {
        P.MARKETPLACE_OWN_INVOICES_PAY,
        P.MARKETPLACE_OWN_INVOICES_READ,
        P.MARKETPLACE_OWN_ORDERS_MANAGE,
        P.MARKETPLACE_OWN_PRODUCTS_MANAGE,
    }
)
SELLERS = EVERYONE | PERSONAL_TO_SELLERS | {P.ATTACHMENTS_FILES_READ, P.ATTACHMENTS_FILES_WRITE}
PERSONAL = PERSONAL_TO_DRIVERS | PERSONAL_TO_MERCHANTS | PERSONAL_TO_SELLERS
PLATFORM = EVERYONE | {
    P.ATTACHMENTS_FILES_READ,
    P.AUDIT_LOG_READ,
    P.IDENTITY_USERS_MANAGE,
    P.IDENTITY_USERS_READ,
    P.LEDGER_ENTRIES_READ,
    P.NOTIFICATIONS_OUTBOX_MANAGE,
    P.PLATFORM_JOBS_MANAGE,
    P.PLATFORM_JOBS_READ,
    P.PLATFORM_WEBHOOKS_MANAGE,
}

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.SUPER_ADMIN: frozenset(PLATFORM),
    Role.ADMIN: frozenset(Permission) - PERSONAL - {P.LEDGER_ENTRIES_POST},
    Role.DRIVER: frozenset(DRIVERS),
    Role.MERCHANT: frozenset(MERCHANTS),
    Role.SALES_REP: EVERYONE,
    Role.SALES_MANAGER: EVERYONE,
    Role.SELLER: frozenset(SELLERS),
    Role.RETAIL_OWNER: EVERYONE,
    Role.MANAGER: EVERYONE,
    Role.CASHIER: EVERYONE,
    Role.VIEWER: EVERYONE,
}


def effective(role: Role, grants: frozenset[str], denials: frozenset[str]) -> frozenset[str]:
    """What a user may do: the role's permissions, plus own grants, minus own denials."""
    return (frozenset(str(permission) for permission in ROLE_PERMISSIONS[role]) | grants) - denials


F = TypeVar("F", bound=Callable[..., Any])


def requires(*permissions: Permission) -> Callable[[F], F]:
    """Refuse actors who hold none of the permissions, and name the actor for the audit.

    A permitted service runs its consequences (postings, movements) as SYSTEM; the audit still names the person.
    Marks the function with `__requires__`, which the architecture test reads.
    """

    def decorate(function: F) -> F:
        @functools.wraps(function)
        def guarded(session: Any, actor: Actor, *args: Any, **kwargs: Any) -> Any:
            check(actor, *permissions)
            if not actor.is_system:
                act_as(session, actor)
            return function(session, actor, *args, **kwargs)

        guarded.__requires__ = permissions  # type: ignore[attr-defined]  # the mark the audit reads
        return cast(F, guarded)

    return decorate


def open_to_anyone(function: F) -> F:
    """Mark what nobody need be signed in for; the architecture test lists them."""
    function.__public__ = True  # type: ignore[attr-defined]  # the mark the test reads
    return function


def check(actor: Actor, *permissions: Permission) -> None:
    """Raise Forbidden unless the actor holds one of the permissions."""
    if not any(actor.may(permission) for permission in permissions):
        needed = " or ".join(permissions)
        raise Forbidden("You are not allowed to do this", permission=needed)
