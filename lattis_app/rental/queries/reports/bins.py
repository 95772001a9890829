"""Reports of bins: where they are now, and how they moved."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import Row, literal, select, union_all
from sqlalchemy.orm import Session

from lattis_app.core import clock
from lattis_app.core.actors import Actor
from lattis_app.identity.permissions import Permission, requires
from lattis_app.parties.models import Party
from lattis_app.rental.models import (
    RentalBin,
    RentalBinMovement,
    RentalCustomer,
    RentalDeliveryOrder,
)
from lattis_app.rental.queries.reports.parts import (
    IN_ALL,
    C,
    D,
    M,
    N,
    Y,
    added,
    answer,
    at_moments,
    count,
    in_place,
    listed,
    span_of,
    total,
)
from lattis_app.rental.rules.reports import share
from lattis_app.rental.schemas.parts import BinSize
from lattis_app.rental.schemas.reports.operations import (
    AreaBinsRow,
    AreaBinsTotals,
    BinSums,
    InventoryRow,
    InventoryTotals,
    MovementRow,
    MovementTotals,
    SerialFilters,
    StockRow,
    StockTotals,
)
from lattis_app.rental.schemas.reports.parts import (
    MOST_ROWS,
    AreaStandingFilters,
    NowFilters,
    ReportFilters,
    ReportOut,
)
from lattis_app.rental.statuses import BinStatus, MovementType

SIZE = (N.h_ft, N.l_ft, N.w_ft)
DIRECTIONS = {
    "out": MovementType.OUT,
    "back": MovementType.IN,
    "transfers": MovementType.TRANSFER,
    "repairs": MovementType.REPAIR,
}


@requires(Permission.RENTAL_REPORTS_READ)
def inventory(
    session: Session, actor: Actor, filters: ReportFilters
) -> ReportOut[InventoryTotals, InventoryRow]:
    """Bins of each size by where they are now, and how often they went out and came in."""
    names = [str(status) for status in BinStatus]
    standing = select(
        *SIZE,
        count().label("bins"),
        *(count(N.status == name).label(name) for name in names),
        literal(0).label("went_out"),
        literal(0).label("came_in"),
    ).group_by(*SIZE)
    came_in = count(M.from_status == BinStatus.WITH_CUSTOMER, M.movement_type == MovementType.IN)
    moves = (
        select(M.bin_id, count(M.movement_type == MovementType.OUT).label("out"), came_in.label("back"))
        .where(at_moments(M.moved_at, filters))
        .group_by(M.bin_id)
        .subquery()
    )
    moved = (
        select(*SIZE, *(literal(0) for _ in ("bins", *names)), total(moves.c.out), total(moves.c.back))
        .join_from(moves, RentalBin, moves.c.bin_id == N.id)
        .group_by(*SIZE)
    )
    each = union_all(standing, moved).subquery()
    sizes = (each.c.h_ft, each.c.l_ft, each.c.w_ft)
    sums = [total(each.c[name]).label(name) for name in BinSums.model_fields]
    found = session.execute(select(*sizes, *sums).group_by(*sizes).order_by(*sizes))
    rows = [
        InventoryRow(
            **{name: row._mapping[name] for name in BinSums.model_fields},
            size=_size(row),
            utilisation=share(int(row.assigned + row.with_customer), int(row.bins)),
        )
        for row in found
    ]
    sums_ = added(BinSums, rows)
    used = share(sums_.assigned + sums_.with_customer, sums_.bins)
    return answer(span_of(filters), InventoryTotals(**sums_.model_dump(), utilisation=used), rows)


@requires(Permission.RENTAL_REPORTS_READ)
def stock_on_hand(session: Session, actor: Actor, filters: NowFilters) -> ReportOut[StockTotals, StockRow]:
    """How many bins of each size stand at each status now."""
    statement = select(*SIZE, N.status, count().label("number")).group_by(*SIZE, N.status).order_by(*SIZE)
    found = session.execute(statement).all()
    places = list(BinStatus)
    rows = [
        StockRow(size=_size(row), status=row.status, count=row.number)
        for row in sorted(found, key=lambda row: (row.h_ft, row.l_ft, row.w_ft, places.index(row.status)))
    ]

    def number(status: BinStatus) -> int:
        return sum(row.count for row in rows if row.status is status)

    totals = StockTotals(
        bins=sum(row.count for row in rows),
        on_hand=number(BinStatus.IN_WAREHOUSE),
        with_customer=number(BinStatus.WITH_CUSTOMER),
    )
    return answer((None, None), totals, rows)


@requires(Permission.RENTAL_REPORTS_READ)
def movements(
    session: Session, actor: Actor, filters: SerialFilters, most: int = MOST_ROWS
) -> ReportOut[MovementTotals, MovementRow]:
    """How a bin, or every bin, went out and came in, the last movement first."""
    statement = (
        select(
            M.id.label("movement_id"),
            M.bin_id,
            N.serial_number,
            M.moved_at,
            M.movement_type,
            M.from_status,
            M.to_status,
            M.related_do_id.label("delivery_order_id"),
            D.system_do_number,
            M.customer_id,
            Y.name.label("customer"),
            M.area,
            M.state,
            M.moved_by,
        )
        .join_from(RentalBinMovement, RentalBin, M.bin_id == N.id)
        .join(RentalDeliveryOrder, M.related_do_id == D.id, isouter=True)
        .join(RentalCustomer, M.customer_id == C.id, isouter=True)
        .join(Party, C.party_id == Y.id, isouter=True)
        .where(at_moments(M.moved_at, filters))
        .order_by(M.moved_at.desc(), M.created_at.desc(), M.id)
    )
    sums = select(
        IN_ALL,
        count().label("movements"),
        *(count(M.movement_type == kind).label(name) for name, kind in DIRECTIONS.items()),
    ).where(at_moments(M.moved_at, filters))
    if filters.serial_number:
        its_id = select(N.id).where(N.serial_number == filters.serial_number.upper()).scalar_subquery()
        statement, sums = (each.where(M.bin_id == its_id) for each in (statement, sums))
    return listed(session, span_of(filters), statement, sums, MovementRow, MovementTotals, most)


@requires(Permission.RENTAL_REPORTS_READ)
def out_by_area(
    session: Session, actor: Actor, filters: AreaStandingFilters
) -> ReportOut[AreaBinsTotals, AreaBinsRow]:
    """The bins with customers by place now, and how many of them should be back."""
    late = count(D.expected_return_on < clock.today())
    statement = (
        select(N.area, N.state, count().label("bins_out"), late.label("late"))
        .join_from(RentalBin, RentalDeliveryOrder, N.delivery_order_id == D.id, isouter=True)
        .where(N.status == BinStatus.WITH_CUSTOMER)
        .group_by(N.area, N.state)
        .order_by(count().desc(), N.area, N.state)
    )
    chosen = in_place(statement, N.area, N.state, filters)
    rows = [AreaBinsRow(**row._mapping) for row in session.execute(chosen)]
    totals = AreaBinsTotals(
        bins_out=sum(row.bins_out for row in rows), late=sum(row.late for row in rows), areas=len(rows)
    )
    return answer((None, None), totals, rows)


def _size(row: Row[*tuple[Any, ...]]) -> str:
    lengths = (Decimal(getattr(row, name)) for name in ("h_ft", "l_ft", "w_ft"))
    h, l, w = lengths  # noqa: E741 — height, length, width
    return BinSize.model_construct(h_ft=h, l_ft=l, w_ft=w).text
