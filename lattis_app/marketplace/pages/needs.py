"""What of the marketplace needs somebody of the office: told to the dashboard."""

from __future__ import annotations

from typing import Any

from lattis_app.core.actors import Actor
from lattis_app.core.language import say
from lattis_app.identity.permissions import Permission
from lattis_app.marketplace.queries import waiting
from lattis_app.marketplace.rules.amounts import per_currency
from lattis_app.ui.needs import Need, tell_with


def find(session: Any, actor: Actor) -> list[Need]:
    """Payments to confirm, and sellers who are restricted, for those who may do something about them."""
    if not actor.may(Permission.MARKETPLACE_INVOICES_READ):
        return []
    found = waiting.summarise(session, actor)
    needs: list[Need] = []
    if found.claims:
        needs.append(
            Need(
                tone="warn",
                word=say("To confirm"),
                title=_counted(found.claims, "1 seller says an invoice is paid", "{count} sellers' payments"),
                text=say("Confirm them once the money is there."),
                href="/marketplace/invoices?claimed=true",
            )
        )
    if found.restricted:
        owed = per_currency(found.overdue_mkd, found.overdue_eur)
        needs.append(
            Need(
                tone="bad",
                word=say("Restricted"),
                title=_counted(
                    found.restricted, "1 seller takes no orders", "{count} sellers take no orders"
                ),
                text=say("{amount} overdue", amount=owed),
                href="/marketplace/sellers?restricted=true",
            )
        )
    return needs


def _counted(count: int, one: str, many: str) -> str:
    return say(one) if count == 1 else say(many, count=f"{count:,}")


tell_with(find)
