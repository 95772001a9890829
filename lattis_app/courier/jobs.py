"""Courier's recurring work."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.core.clock import date_of
from lattis_app.core.jobs import job
from lattis_app.core.names import JobName
from lattis_app.courier.schemas.runs import RunEntry
from lattis_app.courier.services import settlement_runs


@job(JobName.COURIER_GENERATE_SETTLEMENTS, cron="0 3 * * mon")
def generate_settlements(session: Session, actor: Actor, as_of: datetime) -> dict[str, Any]:
    """Generate the invoices of all merchants for parcels delivered until the day before."""
    yesterday = date_of(as_of) - timedelta(days=1)
    done = settlement_runs.run(session, actor, RunEntry(as_of=yesterday))
    return {"merchants": done.merchants, "invoices": done.invoices, "parcels": done.parcels}
