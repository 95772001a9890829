"""Whether a driver and a lorry can do a job at its time (contract: rental.md, "Booking")."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from lattis_app.core.db import advisory_lock, columns
from lattis_app.rental.models import (
    RentalBooking,
    RentalDeliveryOrder,
    RentalDriver,
    RentalLorry,
    RentalRelocation,
)
from lattis_app.rental.rules.assignments import Job, name_of_move, require_driver_free, require_lorry_free
from lattis_app.rental.services import drivers, lorries
from lattis_app.rental.statuses import BookingStatus, DeliveryOrderStatus, FulfilmentStatus, RelocationStatus

B, D, R = columns(RentalBooking), columns(RentalDeliveryOrder), columns(RentalRelocation)
OVER = (FulfilmentStatus.COLLECTED, FulfilmentStatus.DONE, FulfilmentStatus.FAILED)


def hold(
    session: Session, driver_id: UUID, lorry_id: UUID, at: datetime, on: date, *, apart_from: str = ""
) -> tuple[RentalDriver, RentalLorry]:
    """The driver and the lorry, if they can do a job at that time; the job of this number is not in its own way.

    Two who ask at once wait for each other at the driver, then at the lorry. Raises DriverNotActive, DriverBusy,
    LorryNotAvailable, LorryDocumentExpired, LorryBusy.
    """
    driver = drivers.find_active(session, driver_id)
    lorry = lorries.check_drivable(session, lorry_id, on)
    advisory_lock(session, f"rental driver {driver.id}")
    advisory_lock(session, f"rental lorry {lorry.id}")
    jobs = [job for job in _jobs_of(session, driver.id, lorry.id, on) if job.number != apart_from]
    require_driver_free(driver.name, driver.id, jobs, at, on, driver.jobs_per_day)
    require_lorry_free(lorry.registration_no, lorry.id, jobs, at)
    return driver, lorry


def _jobs_of(session: Session, driver_id: UUID, lorry_id: UUID, on: date) -> list[Job]:
    """What the driver or the lorry does on the day and its neighbours: an hour may cross midnight."""
    days = (on - timedelta(days=1), on + timedelta(days=1))
    booked = select(B.number, B.scheduled_at, B.scheduled_on, B.driver_id, B.lorry_id).where(
        or_(B.driver_id == driver_id, B.lorry_id == lorry_id),
        B.scheduled_on.between(*days),
        B.status == BookingStatus.ASSIGNED,
    )
    ordered = select(D.system_do_number, D.scheduled_at, D.service_on, D.driver_id, D.lorry_id).where(
        or_(D.driver_id == driver_id, D.lorry_id == lorry_id),
        D.service_on.between(*days),
        D.status.not_in((DeliveryOrderStatus.DRAFT, DeliveryOrderStatus.CANCELLED)),
        D.fulfilment_status.not_in(OVER),
    )
    moved = (
        select(
            func.concat(D.system_do_number, name_of_move("")),
            R.scheduled_at,
            R.scheduled_on,
            R.driver_id,
            R.lorry_id,
        )
        .join_from(RentalRelocation, RentalDeliveryOrder, R.delivery_order_id == D.id)
        .where(
            or_(R.driver_id == driver_id, R.lorry_id == lorry_id),
            R.scheduled_on.between(*days),
            R.status == RelocationStatus.PLANNED,
        )
    )
    return [Job(*row) for row in session.execute(booked.union_all(ordered, moved))]
