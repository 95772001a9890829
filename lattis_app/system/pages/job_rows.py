"""Jobs, runs and failed deliveries as the page shows them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from lattis_app.core.language import day_in_words, say, translate
from lattis_app.system.schemas.jobs import DeliveryOut, JobOut, RunOut
from lattis_app.ui import moments
from lattis_app.ui.badges import words

TONES = {"done": "ok", "failed": "bad", "running": "info", "claimed": "neutral"}
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
A_MONDAY = date(2026, 1, 5)


def job_row(job: JobOut) -> dict[str, str]:
    """One job with its schedule and last run."""
    status = job.last_status or ""
    return {
        "id": job.name,
        "name": translate(job.title.rstrip(".")),
        "code": job.name,
        "schedule": schedule(job.schedule),
        "next": moments.moment(job.next_due_at),
        "last": moments.moment(job.last_run_at),
        "took": duration(job.last_duration_ms),
        "status": words(status) if status else say("Not run yet"),
        "status_tone": TONES.get(status, "neutral"),
    }


def run_row(run: RunOut, title: str) -> dict[str, str]:
    """One line of the list of runs, named by its job's title."""
    return {
        "id": str(run.id),
        "job": title,
        "claimed_at": moments.moment(run.claimed_at),
        "as_of": moments.moment(run.as_of),
        "by": run.requested_by or say("Schedule"),
        "kind": say("Preview") if run.preview else say("Run"),
        "status": words(run.status),
        "status_tone": TONES.get(run.status, "neutral"),
        "duration_ms": duration(run.duration_ms),
        "outcome": run.error or counts(run.result),
    }


def delivery_row(delivery: DeliveryOut) -> dict[str, str]:
    """One event that a subscriber has not taken."""
    return {
        "id": str(delivery.event_id),
        "event": delivery.event,
        "about": f"{words(delivery.entity)} · {delivery.subscriber}",
        "error": delivery.error,
        "attempts": str(delivery.attempts),
        "failed": moments.moment(delivery.failed_at),
    }


def counts(result: dict[str, Any] | None) -> str:
    """What a run counted, in words: `3 removed`; what was none is not said."""
    if result is None:
        return "–"
    return ", ".join(_count(name, value) for name, value in result.items() if value) or say("Nothing to do")


def _count(name: str, value: Any) -> str:
    what = words(name).lower()
    return translate(f"{value} {what}" if isinstance(value, int) else f"{what} {value}")


def duration(milliseconds: int | None) -> str:
    """How long it took: `420 ms`, `3.2 s`, `2 min`."""
    if milliseconds is None:
        return "–"
    if milliseconds < 1000:
        return f"{milliseconds} ms"
    if milliseconds < 120_000:
        return f"{milliseconds // 100 / 10:.1f} s"
    return f"{milliseconds // 60_000} min"


def schedule(cron: str) -> str:
    """A schedule as people say it; an unusual one as it is written."""
    minute, hour, *days, weekday = cron.split()
    if days != ["*", "*"]:
        return cron
    if minute.isdecimal() and hour.isdecimal():
        return _at(weekday, f"{int(hour):02}:{int(minute):02}") or cron
    if (hour, weekday) == ("*", "*") and minute.startswith("*/"):
        return say("every {count} minutes", count=minute.removeprefix("*/"))
    if (hour, weekday) == ("*", "*") and minute.isdecimal():
        return say("every hour, {count} minutes past", count=minute) if int(minute) else say("every hour")
    return cron


def _at(weekday: str, time: str) -> str:
    if weekday == "*":
        return say("daily at {time}", time=time)
    if weekday not in WEEKDAYS:
        return ""
    day = day_in_words(A_MONDAY + timedelta(days=WEEKDAYS.index(weekday)), "EEEE")
    return say("every {day} at {time}", day=day, time=time)
