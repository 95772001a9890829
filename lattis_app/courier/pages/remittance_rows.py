"""Remittances as text."""

from __future__ import annotations

from lattis_app.core.language import say
from lattis_app.core.money import Money
from lattis_app.courier.pages.words import MATCH_IN_WORDS, MATCH_TONES, REMITTANCE
from lattis_app.courier.schemas.remittances import RemittanceLineOut, RemittanceOut
from lattis_app.courier.statuses import RemittanceMatch, RemittanceStatus
from lattis_app.ui import moments
from lattis_app.ui.values import dash

ORDER = (RemittanceMatch.SHORT, RemittanceMatch.MISSING, RemittanceMatch.EXTRA, RemittanceMatch.MATCHED)


def row(each: RemittanceOut) -> dict[str, str]:
    """One line of the list."""
    word, tone = REMITTANCE[each.status]

    def figures(minor: int) -> str:
        return Money(minor, each.currency).figures()

    return {
        "id": str(each.id),
        "partner": each.partner,
        "reference": each.reference or each.file_name,
        "created_at": moments.day(each.created_at),
        "days": moments.span(each.delivered_from, each.delivered_to),
        "status": say(word),
        "status_tone": tone,
        "differences": f"{each.short_count + each.extra_count + each.missing_count:,}",
        "expected": figures(each.expected),
        "remitted": figures(each.remitted),
    }


def facts(each: RemittanceOut) -> dict[str, str]:
    """A remittance as label and value."""

    def text(minor: int) -> str:
        return Money(minor, each.currency).text()

    return row(each) | {
        "is_open": "true" if each.status is RemittanceStatus.MATCHED else "",
        "expected_text": text(each.expected),
        "remitted_text": text(each.remitted),
        "difference_text": text(each.difference),
        "short": "true" if each.difference < 0 else "",
        "file": dash(each.file_name),
        "sent": f"{moments.moment(each.created_at)} · {each.uploaded_by}",
        "accepted": f"{moments.moment(each.accepted_at)} · {each.accepted_by}" if each.accepted_at else "–",
    }


def tallies(each: RemittanceOut) -> list[dict[str, str]]:
    """How many lines compare in which way, what needs somebody first."""
    return [
        {
            "match": str(match),
            "word": say(MATCH_IN_WORDS[match]),
            "tone": MATCH_TONES[match],
            "count": f"{getattr(each, f'{match}_count'):,}",
        }
        for match in ORDER
    ]


def line(each: RemittanceLineOut) -> dict[str, str]:
    """One parcel of the file, or one that is missing from it."""
    paid = each.remitted or 0
    return {
        "id": f"{each.match}-{each.tracking_number}",
        "tracking_number": each.tracking_number,
        "tracking_number_href": f"/courier/parcels?open={each.parcel_id}"
        if each.parcel_id
        else "/courier/parcels",
        "note": each.note,
        "expected": Money(each.expected, each.currency).figures(),
        "remitted": "–" if each.remitted is None else Money(paid, each.currency).figures(),
        "difference": Money(paid - each.expected, each.currency).figures(),
    }
