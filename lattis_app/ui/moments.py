"""Times and days as people read them, in the business's time zone unless another is named."""

from __future__ import annotations

from datetime import date, datetime

from lattis_app.core import clock
from lattis_app.core.language import aside, day_in_words, say


def day(value: date | datetime | None, zone: str | None = None) -> str:
    """A day: `21 Nov 2026`; a dash when there is none."""
    if value is None:
        return "–"
    on = clock.date_of(value, zone) if isinstance(value, datetime) else value
    return day_in_words(on, "d MMM y")


def moment(value: datetime | None, zone: str | None = None) -> str:
    """A day and a time: `21 Nov 2026, 09:42`; a dash when there is none."""
    return "–" if value is None else aside(f"{day(value, zone)}, {hour(value, zone)}")


def hour(value: datetime, zone: str | None = None) -> str:
    """A time of day: `09:42`."""
    return f"{value.astimezone(clock.business_zone(zone)):%H:%M}"


def long_day(value: date) -> str:
    """A day as a heading: `Saturday 21 November`."""
    return day_in_words(value, "EEEE d MMMM")


def span(since: date, until: date) -> str:
    """Some days as a heading: `16 – 22 Nov 2026`, `30 Nov – 6 Dec 2026`; one day alone is that day."""
    if since == until:
        return day(until)
    same = "d" if (since.year, since.month) == (until.year, until.month) else "d MMM"
    first = day_in_words(since, same if since.year == until.year else "d MMM y")
    return aside(f"{first} – {day(until)}")


def near_day(value: date) -> str:
    """A day that is not far: `21 Nov`, with the year when it is another one than now."""
    return day_in_words(value, "d MMM" if value.year == clock.today().year else "d MMM y")


def near(value: datetime) -> str:
    """A day and a time that are not far: `21 Nov, 09:42`."""
    return aside(f"{near_day(clock.date_of(value))}, {hour(value)}")


def weekday(value: date) -> str:
    """A day of the coming week: `Sun 22`."""
    return day_in_words(value, "EEE d")


def typed(value: datetime | None) -> str:
    """A moment as a date-and-time field holds it."""
    return "" if value is None else f"{value.astimezone(clock.business_zone()):%Y-%m-%dT%H:%M}"


def from_typed(value: str) -> str:
    """What a date-and-time field holds, with the business's zone; anything else stays as it is."""
    try:
        given = datetime.fromisoformat(value)
    except ValueError:
        return value
    return value if given.tzinfo else given.replace(tzinfo=clock.business_zone()).isoformat()


def greeting(name: str) -> str:
    """Good morning, by the business's clock."""
    hour = clock.now().astimezone(clock.business_zone()).hour
    first = name.split()[0]
    if hour < 12:
        return say("Good morning, {name}", name=first)
    return say("Good afternoon, {name}", name=first) if hour < 18 else say("Good evening, {name}", name=first)
