"""Comparing what a delivery partner pays over with what was collected, and taking it into the books."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.audit import acting, entries_of, entry_values
from lattis_app.core.db import columns, find
from lattis_app.core.errors import Conflict, Invalid, PreconditionFailed
from lattis_app.core.files import Upload, safe_name
from lattis_app.core.money import DEFAULT_CURRENCY, Money
from lattis_app.core.opening import opened
from lattis_app.core.schemas import minor_of
from lattis_app.core.transitions import move
from lattis_app.courier.events import RemittanceAccepted
from lattis_app.courier.models import CourierParcel, CourierRemittance, CourierRemittanceLine
from lattis_app.courier.rules import postings
from lattis_app.courier.rules.remittances import REMITTED_BEFORE, compare
from lattis_app.courier.schemas.remittances import RemittanceEntry, RemittedLine
from lattis_app.courier.services import merchants
from lattis_app.courier.statuses import (
    FINAL,
    REMITTANCE_LIFECYCLE,
    ParcelStatus,
    RemittanceMatch,
    RemittanceStatus,
)
from lattis_app.identity.permissions import Permission, requires
from lattis_app.imports.files import Line
from lattis_app.imports.kinds import ImportColumn
from lattis_app.imports.opening import table_in
from lattis_app.imports.rules import placed, problems_of, values_of
from lattis_app.ledger.services import entries

C, L = columns(CourierParcel), columns(CourierRemittanceLine)
TABLE = "courier_remittances"
COLUMNS = (
    ImportColumn("tracking_number", "the parcel", "TRK123456", required=True),
    ImportColumn("amount", "what was collected for it", "120.00", required=True, form="number"),
)
MOST_NAMED = 100
EARLY = """(SELECT coalesce(sum(e.remitted_minor), 0) FROM courier_remittance_lines e
    JOIN courier_remittances r ON r.id = e.remittance_id AND r.status = 'ACCEPTED' WHERE e.parcel_id = p.id)"""
"""What was paid over for a parcel that is not remitted: its partner paid before the outcome was known."""
KNOWN = text(f"""
SELECT p.tracking_number, p.id, p.status, p.cod_collected_amount_minor, p.remittance_id, {EARLY} AS early
FROM courier_parcels p WHERE p.tracking_number = ANY(:numbers)
""")  # noqa: S608 - a sum of our own
_FINAL = "p.status IN ({})".format(", ".join(f"'{status}'" for status in FINAL))
_MISSING = text(f"""
INSERT INTO courier_remittance_lines (id, remittance_id, match, tracking_number, parcel_id, expected_minor, note)
SELECT gen_random_uuid(), :remittance_id, 'missing', p.tracking_number, p.id, p.cod_collected_amount_minor - {EARLY},
    'is not in the file'
FROM courier_parcels p
WHERE p.partner = :partner AND p.delivered_at >= :since AND p.delivered_at < :until AND p.partner <> ''
    AND p.remittance_id IS NULL AND {_FINAL} AND p.cod_collected_amount_minor > {EARLY}
    AND NOT EXISTS (SELECT FROM courier_remittance_lines l
        WHERE l.remittance_id = :remittance_id AND l.parcel_id = p.id)
""")  # noqa: S608 - texts of our own
PAYS = "l.remittance_id = :remittance_id AND l.remitted_minor > 0 AND l.note <> :remitted_before"
"""Lines that pay for a parcel nobody had paid for; one without an amount leaves its parcel to be asked for."""
HELD = text(f"""
SELECT p.id FROM courier_parcels p JOIN courier_remittance_lines l ON l.parcel_id = p.id
WHERE {PAYS} ORDER BY p.id FOR NO KEY UPDATE OF p
""")  # noqa: S608 - a condition of our own
CHANGED = text(f"""
SELECT EXISTS (
    SELECT FROM courier_parcels p JOIN courier_remittance_lines l ON l.parcel_id = p.id
    WHERE {PAYS} AND (p.remittance_id IS NOT NULL
        OR l.expected_minor = 0 AND {_FINAL} AND p.cod_collected_amount_minor > {EARLY}
        OR EXISTS (SELECT FROM courier_remittance_lines o JOIN courier_remittances r ON r.id = o.remittance_id
            WHERE o.parcel_id = p.id AND o.remitted_minor > 0 AND r.status = 'ACCEPTED' AND r.accepted_at >= :compared_at)))
""")  # noqa: S608 - conditions of our own
"""Whether a parcel is another one than the file was compared with: paid by another file, or delivered meanwhile."""
_NOTED = """(SELECT id, tracking_number AS label, 'remitted' AS action, NULL::jsonb AS before,
    jsonb_build_object('remitted_amount_minor', remitted_amount_minor) AS after FROM remitted) remitted_parcels"""
TAKE = text(f"""
WITH remitted AS (
    UPDATE courier_parcels p SET remittance_id = l.remittance_id, remitted_amount_minor = l.remitted_minor + {EARLY},
        updated_at = :now
    FROM courier_remittance_lines l
    WHERE {PAYS} AND l.parcel_id = p.id AND {_FINAL}
    RETURNING p.id, p.tracking_number, p.remitted_amount_minor
), noted AS (
    {entries_of(_NOTED, "courier_parcels")}
)
SELECT count(*) FROM remitted
""")  # noqa: S608 - texts of our own


class ComparedBefore(Conflict):
    """Some of the parcels were paid for by another file, or delivered, since this one was compared."""


class NothingRemitted(PreconditionFailed):
    """The file pays nothing over."""


@requires(Permission.COURIER_REMITTANCES_MANAGE)
def compare_file(session: Session, actor: Actor, entry: RemittanceEntry, upload: Upload) -> CourierRemittance:
    """Read a partner's file and say of each parcel whether it matches; nothing else is changed.

    Raises Invalid naming the lines that can't be read or stand twice, and what `table_in` raises for the file.
    """
    table = opened(upload, table_in).content
    lines = _understood(table.headings, table.lines)
    remittance = CourierRemittance(
        partner=entry.partner,
        reference=entry.reference,
        file_name=safe_name(upload.file_name),
        delivered_from=entry.delivered_from,
        delivered_to=entry.delivered_to,
        uploaded_by=acting(session).name,
    )
    session.add(remittance)
    session.flush()
    rows = _compared(session, remittance.id, lines)
    session.execute(insert(CourierRemittanceLine), rows)
    session.execute(
        _MISSING,
        {
            "remittance_id": remittance.id,
            "partner": entry.partner,
            "since": clock.start_of(entry.delivered_from),
            "until": clock.start_of(entry.delivered_to + timedelta(days=1)),
        },
    )
    _count(session, remittance)
    return remittance


@requires(Permission.COURIER_REMITTANCES_MANAGE)
def accept(session: Session, actor: Actor, remittance_id: UUID) -> CourierRemittance:
    """Take a partner's payment into the books, and note on each parcel what was paid over.

    What is paid for a parcel still on its way is no remittance of it: once its outcome is known, the rest is asked for.
    Raises InvalidTransition unless it was only compared, ComparedBefore, NothingRemitted.
    """
    remittance = find(session, CourierRemittance, remittance_id, lock=True, kind="Remittance")
    REMITTANCE_LIFECYCLE.check(RemittanceStatus(remittance.status), RemittanceStatus.ACCEPTED)
    if not remittance.remitted_minor:
        raise NothingRemitted("The file pays nothing over", field="remitted", reason="is nothing")
    named = select(L.parcel_id).where(L.remittance_id == remittance.id)
    merchants.hold(session, select(C.merchant_id).where(C.id.in_(named)))
    paid = {"remittance_id": remittance.id, "remitted_before": REMITTED_BEFORE}
    session.execute(HELD, paid)
    if session.scalar(CHANGED, paid | {"compared_at": remittance.created_at}):
        reason = "parcels were paid for by another file or delivered meanwhile: upload it again"
        raise ComparedBefore(f"Some {reason}", field="status", reason=reason)
    noted = {"now": clock.now()} | entry_values(session, remittance.reference or remittance.partner)
    session.execute(TAKE, paid | noted)
    happened = RemittanceAccepted(remittance.id, remittance.partner, remittance.remitted_minor)
    with session.no_autoflush:
        move(session, actor, remittance, REMITTANCE_LIFECYCLE, RemittanceStatus.ACCEPTED, event=happened)
        remittance.accepted_at, remittance.accepted_on = clock.now(), clock.today()
        remittance.accepted_by = acting(session).name
    amount = Money(remittance.remitted_minor, remittance.currency)
    memo = " ".join(part for part in (remittance.partner, remittance.reference) if part)
    source = (TABLE, remittance.id)
    entries.post(session, SYSTEM, postings.REMITTED, source, clock.today(), postings.remitted(amount), memo)
    return remittance


@requires(Permission.COURIER_REMITTANCES_MANAGE)
def discard(session: Session, actor: Actor, remittance_id: UUID) -> CourierRemittance:
    """Put a file aside that was only compared."""
    remittance = find(session, CourierRemittance, remittance_id, lock=True, kind="Remittance")
    return move(session, actor, remittance, REMITTANCE_LIFECYCLE, RemittanceStatus.DISCARDED)


def _understood(headings: Sequence[str], lines: Sequence[Line]) -> list[RemittedLine]:
    places = placed(headings, COLUMNS)
    read: dict[str, RemittedLine] = {}
    problems: list[tuple[str, str]] = []
    for line in lines:
        given = values_of(line.cells, places)
        try:
            found = RemittedLine.model_validate(given)
        except ValidationError as refused:
            wrong = problems_of(refused.errors(include_url=False), COLUMNS, given)
            problems += [(f"line {line.number}", f"{each['field']} {each['reason']}") for each in wrong]
            continue
        if found.tracking_number in read:
            problems.append((f"line {line.number}", f"{found.tracking_number} stands in the file twice"))
        read[found.tracking_number] = found
    if problems:
        raise Invalid.fields(problems[:MOST_NAMED])
    if not read:
        raise Invalid.field("file", "holds no lines below its headings")
    return list(read.values())


def _compared(
    session: Session, remittance_id: UUID, lines: Sequence[RemittedLine]
) -> list[dict[str, object]]:
    numbers = [line.tracking_number for line in lines]
    known = {row.tracking_number: row for row in session.execute(KNOWN, {"numbers": numbers})}
    rows: list[dict[str, object]] = []
    for line in lines:
        parcel, remitted = known.get(line.tracking_number), Money(minor_of(line.amount), DEFAULT_CURRENCY)
        match, expected, note = compare(
            remitted,
            ParcelStatus(parcel.status) if parcel else None,
            Money(parcel.cod_collected_amount_minor if parcel else 0, DEFAULT_CURRENCY),
            Money(int(parcel.early) if parcel else 0, DEFAULT_CURRENCY),
            bool(parcel and parcel.remittance_id),
        )
        rows.append(
            {
                "remittance_id": remittance_id,
                "match": match,
                "tracking_number": line.tracking_number,
                "parcel_id": parcel.id if parcel else None,
                "expected_minor": expected.minor,
                "remitted_minor": remitted.minor,
                "note": note,
            }
        )
    return rows


def _count(session: Session, remittance: CourierRemittance) -> None:
    sums = session.execute(
        select(L.match, func.count(), func.sum(L.expected_minor), func.sum(L.remitted_minor))
        .where(L.remittance_id == remittance.id)
        .group_by(L.match)
    ).all()
    counts = Counter({match: count for match, count, _, _ in sums})
    for match in RemittanceMatch:
        setattr(remittance, f"{match}_count", counts[match])
    remittance.expected_minor = sum(int(expected or 0) for _, _, expected, _ in sums)
    remittance.remitted_minor = sum(int(remitted or 0) for _, _, _, remitted in sums)
