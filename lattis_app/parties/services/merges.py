"""Making one of two records of the same person or company (contract: api.md, "Parties").

What moves is read from the foreign keys. The books and other append-only records stay as they were written: whoever
reads them takes `merged_into_id` for the owner.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Table, or_, select, update
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.audit import record_action
from lattis_app.core.db import advisory_lock, find
from lattis_app.core.errors import Conflict, Invalid, PreconditionFailed
from lattis_app.core.references import count_references, in_words, is_only_one, movable, point_at
from lattis_app.identity.permissions import Permission, requires
from lattis_app.parties.models import Party
from lattis_app.parties.schemas.merges import MergeEntry, MergeOut, MovedOut, ObstacleOut

PARTIES: Table = Party.__table__  # type: ignore[attr-defined]  # every table model has one
FILLED = ("contact_name", "phone", "email", "address")
SUCCESSOR = "merged_into_id"
_lock_order: list[str] = []


class AlreadyMerged(PreconditionFailed):
    """Another record has taken the place of this one."""


class CannotMerge(Conflict):
    """Both have something of which one can have only one; `details` name it, and nothing has been changed."""


def lock_in_order(*tables: str) -> None:
    """Say in which order a domain locks its tables; those not named come last."""
    _lock_order.extend(tables)


@requires(Permission.PARTIES_RECORDS_MANAGE)
def merge(session: Session, actor: Actor, party_id: UUID, entry: MergeEntry) -> MergeOut:
    """Let another record take the place of this one, with all that points at it; the other's details win.

    Raises Invalid for itself, NotFound, AlreadyMerged, CannotMerge.
    """
    if entry.into == party_id:
        raise Invalid.field("into", "is the same record")
    if not entry.dry_run:
        advisory_lock(session, "merge of parties")
    old, new = find(session, Party, party_id), find(session, Party, entry.into)
    for party in (old, new):
        session.refresh(party)
        if party.merged_into_id is not None:
            raise AlreadyMerged(f"{party.name} was merged already", field="into", reason="was merged already")
    obstacles = _obstacles(session, PARTIES, old.id, new.id)
    if obstacles and not entry.dry_run:
        reasons = [each.reason for each in obstacles]
        raise CannotMerge(f"Cannot merge: {'; '.join(reasons)}", field="into", reason="; ".join(reasons))
    moves, stays = _counted(session, PARTIES, old.id, new.id) if not obstacles else (Counter(), Counter())
    fills = _missing(old, new) if not obstacles else {}
    if not entry.dry_run:
        _take_over(session, PARTIES, old.id, new.id)
        for name, value in fills.items():
            setattr(new, name, value)
    return MergeOut(
        name=old.name,
        into_name=new.name,
        moves=_in_words(moves),
        stays=_in_words(stays),
        fills=sorted(fills),
        obstacles=obstacles,
        done=not entry.dry_run,
    )


def _missing(old: Party, new: Party) -> dict[str, Any]:
    """The details that only the old record has."""
    fills = {name: getattr(old, name) for name in FILLED if getattr(old, name) and not getattr(new, name)}
    if extra := {name: value for name, value in old.tax_ids.items() if not new.tax_ids.get(name)}:
        fills["tax_ids"] = {**new.tax_ids, **extra}
    return fills


def _in_words(counts: Mapping[str, int]) -> list[MovedOut]:
    return [MovedOut(what=in_words(name), count=count) for name, count in sorted(counts.items()) if count]


def _counted(session: Session, table: Table, old: UUID, new: UUID) -> tuple[Counter[str], Counter[str]]:
    """How many records of which table move, and how many stay as they were written."""
    counts = count_references(session, table, [old]).get(old, {})
    here = {column.table.name for column in movable(table)}
    moves = Counter({name: count for name, count in counts.items() if name in here})
    stays = Counter(
        {name: count for name, count in counts.items() if name not in here and name != table.name}
    )
    for column in filter(is_only_one, movable(table)):
        mine, others = _row_of(session, column, old), _row_of(session, column, new)
        if mine and others:
            inner_moves, inner_stays = _counted(session, column.table, mine, others)
            moves, stays = moves + inner_moves, stays + inner_stays
    return moves, stays


def _obstacles(session: Session, table: Table, old: UUID, new: UUID) -> list[ObstacleOut]:
    """The records of which each side has one, and that have no way of becoming one."""
    found: list[ObstacleOut] = []
    for column in filter(is_only_one, movable(table)):
        mine, others = _row_of(session, column, old), _row_of(session, column, new)
        if not mine or not others:
            continue
        if SUCCESSOR in column.table.c:
            found += _obstacles(session, column.table, mine, others)
        else:
            found.append(_obstacle(session, column.table, mine, others))
    return found


def _obstacle(session: Session, table: Table, mine: UUID, others: UUID) -> ObstacleOut:
    what = in_words(table.name)
    if "code" not in table.c:
        return ObstacleOut(what=what, reason=f"both have {what}, of which one can have only one")
    code_of = dict(
        session.execute(select(table.c.id, table.c.code).where(table.c.id.in_((mine, others)))).all()
    )
    return ObstacleOut(
        what=what,
        reason=f"both are {what} ({code_of[mine]} and {code_of[others]}), each with documents and an account of "
        "its own",
    )


def _row_of(session: Session, column: Column[Any], record_id: UUID) -> UUID | None:
    return session.execute(select(column.table.c.id).where(column == record_id)).scalar_one_or_none()


def _take_over(session: Session, table: Table, old: UUID, new: UUID) -> None:
    """Move what points at the old record, first without holding it, so that whoever writes about it is not in the way.

    Then it is held, what came meanwhile is moved, and from then on the database lets new rows follow it.
    """
    session.flush()
    columns = sorted(movable(table), key=_place)
    moved = Counter({column.table.name: _moved(session, column, old, new) for column in columns})
    both = select(table.c.id).where(table.c.id.in_((old, new))).order_by(table.c.id).with_for_update()
    session.execute(both).all()
    for column in columns:
        if not is_only_one(column):
            moved[column.table.name] += point_at(session, column, old, new)
    is_old = or_(table.c.id == old, table.c[SUCCESSOR] == old)
    session.execute(
        update(table).where(is_old).values({SUCCESSOR: new}),
        execution_options={"synchronize_session": False},
    )
    told = {name: count for name, count in moved.items() if count}
    record_action(session, table.name, old, "merged", after={"into": str(new), **told})
    record_action(session, table.name, new, "took over", after={"from": str(old), **told})


def _moved(session: Session, column: Column[Any], old: UUID, new: UUID) -> int:
    mine = _row_of(session, column, old) if is_only_one(column) else None
    others = _row_of(session, column, new) if mine else None
    if mine is None or others is None:
        return point_at(session, column, old, new)
    _take_over(session, column.table, mine, others)
    return 1


def _place(column: Column[Any]) -> tuple[int, str]:
    name = column.table.name
    return (_lock_order.index(name) if name in _lock_order else len(_lock_order), name)
