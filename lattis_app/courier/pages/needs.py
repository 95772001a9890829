"""What the dashboard tells the office of courier."""

from __future__ import annotations

from typing import Any

from lattis_app.core.actors import Actor
from lattis_app.core.language import say
from lattis_app.core.money import Money
from lattis_app.courier.queries import waiting
from lattis_app.identity.permissions import Permission
from lattis_app.ui import needs
from lattis_app.ui.needs import Need


def find(session: Any, actor: Actor) -> list[Need]:
    """Disputes without an answer, and merchants who wait for their money."""
    if not actor.may(Permission.COURIER_INVOICES_MANAGE):
        return []
    found = waiting.summarise(session, actor)
    told: list[Need] = []
    if count := found.disputes:
        title = say("1 parcel disputed") if count == 1 else say("{count} parcels disputed", count=count)
        text = say("Merchants wait for an answer; the parcels are held out of settlement")
        told.append(Need(tone="bad", word=say("Dispute"), title=title, text=text, href="/courier/disputes"))
    if count := found.unpaid:
        one = say("1 merchant invoice to pay out")
        title = one if count == 1 else say("{count} merchant invoices to pay out", count=count)
        text = say("{amount} in all", amount=Money(found.payable, found.currency).text())
        href = "/courier/invoices?status=GENERATED"
        told.append(Need(tone="warn", word=say("Payout"), title=title, text=text, href=href))
    return told


needs.tell_with(find)
