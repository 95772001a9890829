"""The driver's own day in one answer."""

from __future__ import annotations

from sqlalchemy import BigInteger, bindparam, func, select
from sqlalchemy.orm import Session

from lattis_app.attachments.queries.attachments import photos_of
from lattis_app.core import clock
from lattis_app.core.actors import SYSTEM, Actor
from lattis_app.core.errors import Forbidden
from lattis_app.core.pagination import PageRequest
from lattis_app.identity.permissions import Permission, requires
from lattis_app.rental.queries import lorries, relocations
from lattis_app.rental.queries.delivery_orders import NAMED, OFFICIAL, TAKEN_BACK, TO_PAY, D, L, N
from lattis_app.rental.rules.delivery_orders import PHOTOS_REQUIRED
from lattis_app.rental.schemas.driver_days import DayJobOut, DayLorryOut, DayMoveOut, DriverDayOut
from lattis_app.rental.schemas.lorries import LorryFilters
from lattis_app.rental.schemas.parts import BinSize
from lattis_app.rental.schemas.transfers import RelocationOut
from lattis_app.rental.statuses import FulfilmentStatus, LorryStatus

OVER = (FulfilmentStatus.DONE, FulfilmentStatus.FAILED)
MOST = 100
MOVED = set(DayMoveOut.model_fields) - {"number", "lorry_registration_no", "notes"}
JOBS = (
    select(
        D.id,
        func.coalesce(D.system_do_number, "").label("number"),
        D.fulfilment_status,
        D.company_name,
        D.site_address,
        D.area,
        D.phone,
        D.do_by_name,
        D.notes,
        N.serial_number.label("bin_serial_number"),
        func.coalesce(TAKEN_BACK, "").label("exchanged_serial_number"),
        D.h_ft,
        D.l_ft,
        D.w_ft,
        D.lorry_id,
        func.coalesce(L.registration_no, "").label("lorry_registration_no"),
        D.payment_method,
        TO_PAY.cast(BigInteger).label("to_pay"),
        photos_of("DO", D.id).label("photo_count"),
        D.scheduled_at,
        D.service_on,
        D.expected_return_on,
    )
    .select_from(NAMED)
    .where(OFFICIAL, D.driver_id == bindparam("driver_id"), D.fulfilment_status.not_in(OVER))
    .order_by(D.scheduled_at, D.id)
    .limit(MOST)
)


@requires(Permission.RENTAL_OWN_DAY_READ)
def own(session: Session, actor: Actor) -> DriverDayOut:
    """The driver's open jobs, earliest first, as a phone keeps them for when there is no connection."""
    if actor.subject_id is None:
        raise Forbidden("This account drives for nobody")
    jobs = [
        DayJobOut(bin_size=BinSize(h_ft=row.h_ft, l_ft=row.l_ft, w_ft=row.w_ft).text, **row._mapping)
        for row in session.execute(JOBS, {"driver_id": actor.subject_id})
    ]
    return DriverDayOut(
        driver_id=actor.subject_id,
        today=clock.today(),
        time_zone=clock.business_zone().key,
        photos_required=PHOTOS_REQUIRED,
        jobs=jobs,
        moves=[_to_move(each) for each in relocations.own(session, actor)],
        lorries=_free(session) if any(job.lorry_id is None for job in jobs) else [],
    )


def _to_move(move: RelocationOut) -> DayMoveOut:
    return DayMoveOut(
        number=move.system_do_number,
        lorry_registration_no=move.lorry_registration_no or "",
        notes=move.reason,
        **move.model_dump(include=MOVED),
    )


def _free(session: Session) -> list[DayLorryOut]:
    free = lorries.page(session, SYSTEM, LorryFilters(status=LorryStatus.AVAILABLE), PageRequest(limit=MOST))
    return [DayLorryOut(id=each.id, registration_no=each.registration_no) for each in free.rows]
