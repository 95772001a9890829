"""Disputes as text."""

from __future__ import annotations

from collections.abc import Iterable

from lattis_app.core.language import say
from lattis_app.core.money import Money
from lattis_app.courier.pages.words import DISPUTE
from lattis_app.courier.schemas.disputes import DisputeOut
from lattis_app.ui import moments
from lattis_app.ui.values import dash


def row(dispute: DisputeOut) -> dict[str, str]:
    """One line of a list."""
    word, tone = DISPUTE[dispute.status]
    return {
        "id": str(dispute.id),
        "tracking_number": dispute.tracking_number,
        "merchant": dispute.merchant_name,
        "reason": dispute.reason,
        "status": say(word),
        "status_tone": tone,
        "created_at": moments.day(dispute.created_at),
        "net": Money(dispute.net_payable, dispute.currency).figures(),
    }


def answers(disputes: Iterable[DisputeOut]) -> list[dict[str, str]]:
    """The disputes of one parcel with their answers."""
    return [
        row(each) | {"raised_at": moments.moment(each.created_at), "answer": dash(each.answer)}
        for each in disputes
    ]
