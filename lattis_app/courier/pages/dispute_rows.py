"""Disputes as text."""

from __future__ import annotations

from collections.abc import Iterable

from lattis_app.core.language import say
from lattis_app.core.money import Money
from lattis_app.courier.pages.words import DISPUTE, FINANCIAL, PARCEL
from lattis_app.courier.schemas.disputes import DisputeOut
from lattis_app.courier.statuses import DISPUTE_LIFECYCLE, DisputeStatus, FinancialStatus
from lattis_app.ui import moments
from lattis_app.ui.records import Step, lifecycle_steps
from lattis_app.ui.values import dash

ON_INVOICE = (FinancialStatus.INVOICED, FinancialStatus.CLEARANCE_INVOICED)


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
        "answer": dash(dispute.answer),
        "net": Money(dispute.net_payable, dispute.currency).figures(),
    }


def answers(disputes: Iterable[DisputeOut]) -> list[dict[str, str]]:
    """The disputes of one parcel with their answers."""
    return [row(each) | {"raised_at": moments.moment(each.created_at)} for each in disputes]


def facts(dispute: DisputeOut) -> dict[str, str]:
    """The dispute as label and value, with what is known of its parcel."""

    def text(minor: int) -> str:
        return Money(minor, dispute.currency).text()

    word, tone = PARCEL[dispute.parcel_status]
    settled, settled_tone = FINANCIAL[dispute.financial_status]
    return row(dispute) | {
        "raised": f"{moments.moment(dispute.created_at)} · {dispute.raised_by}",
        "parcel_status": say(word),
        "parcel_tone": tone,
        "settled": say(settled),
        "settled_tone": settled_tone,
        "cod_text": text(dispute.cod_amount),
        "collected_text": text(dispute.cod_collected_amount),
        "net_text": text(dispute.net_payable),
        "is_open": "true" if dispute.status is DisputeStatus.OPEN else "",
        "waits": "true"
        if dispute.status is DisputeStatus.OPEN and dispute.financial_status in ON_INVOICE
        else "",
        "resolved": f"{moments.moment(dispute.resolved_at)} · {dispute.resolved_by}"
        if dispute.resolved_at
        else "",
        "parcel_href": f"/courier/parcels?open={dispute.parcel_id}",
        "own_parcel_href": f"/merchant/parcels?open={dispute.parcel_id}",
        "merchant_href": f"/courier/merchants?open={dispute.merchant_id}",
        "invoices_href": f"/courier/invoices?merchant_id={dispute.merchant_id}&status=GENERATED",
    }


def steps(dispute: DisputeOut) -> list[Step]:
    """Where the dispute stands."""
    return lifecycle_steps(DISPUTE_LIFECYCLE, dispute.status)
