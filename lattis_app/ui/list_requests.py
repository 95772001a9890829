"""What a list page was asked for: read from the address, written back to it. Pure functions on values."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal, TypedDict
from urllib.parse import urlencode

from lattis_app.core.errors import DomainError
from lattis_app.core.language import day_in_words, say, translate

LIMIT = 20
RESERVED = frozenset({"q", "sort", "page", "open"})


@dataclass(frozen=True)
class Filter:
    """One way to narrow a list. `key` is also the query parameter of the REST list.

    A `choice` without fixed options takes them from the state's `filter_options[key]`; with `several`, the query
    takes more than one value, separated by commas.
    """

    key: str
    label: str
    kind: Literal["choice", "date", "text"] = "choice"
    options: tuple[tuple[str, str], ...] = ()
    several: bool = False


class Chip(TypedDict):
    """A filter that is on, in words."""

    key: str
    label: str
    text: str


class Option(TypedDict):
    """One value of a filter or a combobox; `note` is a second line."""

    value: str
    label: str
    note: str


class View(TypedDict):
    """A saved combination of search, filters and order. `mine` is "true" for one the user made."""

    name: str
    query: str
    mine: str


@dataclass(frozen=True)
class ListRequest:
    """Search words, filters, order, page and the record that stands open beside the list."""

    q: str = ""
    sort: str = ""
    page: int = 1
    filters: Mapping[str, str] = field(default_factory=dict)
    open_id: str = ""
    limit: int = LIMIT

    def values(self, key: str) -> tuple[str, ...]:
        """The chosen values of one filter; empty when it is off."""
        return tuple(part for part in self.filters.get(key, "").split(",") if part)

    def criteria(self) -> dict[str, str]:
        """Search, filters and order as query parameters, without page and open record: for exports and views."""
        parameters = {"q": self.q, **self.filters, "sort": self.sort}
        return {key: value for key, value in parameters.items() if value}

    def query(self) -> str:
        """The whole request as an address; defaults are left out."""
        parameters = self.criteria()
        if self.page > 1:
            parameters["page"] = str(self.page)
        if self.open_id:
            parameters["open"] = self.open_id
        return urlencode(parameters, safe=",:")

    def criteria_query(self) -> str:
        """The criteria as an address."""
        return urlencode(self.criteria(), safe=",:")


def read_request(
    parameters: Mapping[str, str], filters: Sequence[Filter], sortable: Collection[str]
) -> ListRequest:
    """Read an address; what it names wrongly is ignored, so that an old link still opens."""
    known = {each.key: each for each in filters}
    sort = str(parameters.get("sort", ""))
    page = str(parameters.get("page", "1"))
    return ListRequest(
        q=str(parameters.get("q", ""))[:200],
        sort=sort if sort.removeprefix("-") in sortable else "",
        page=max(1, int(page)) if page.isdecimal() and len(page) < 8 else 1,
        filters={
            key: clean
            for key, value in parameters.items()
            if key in known and (clean := _clean(known[key], value))
        },
        open_id=str(parameters.get("open", ""))[:64],
    )


def in_words(refusal: DomainError, filters: Sequence[Filter]) -> str:
    """Why a list can't be shown. A choice that nobody is offered came with an old or mistyped link."""
    field = str(refusal.details.get("field", "")).partition(".")[0]
    asked = next((each for each in filters if each.key == field), None)
    if asked is None:
        return translate(refusal.message)
    if asked.kind == "choice":
        return say("The link is not valid any more.")
    return f"{say(asked.label)}: {translate(str(refusal.details['reason']))}"


def with_filter(request: ListRequest, key: str, value: str) -> ListRequest:
    """The request with one filter set, or taken off by an empty value; back on the first page."""
    filters = {name: each for name, each in request.filters.items() if name != key}
    if value:
        filters[key] = value
    return replace(request, filters=filters, page=1)


def filters_from_form(data: Mapping[str, Any], filters: Sequence[Filter]) -> dict[str, str]:
    """The filter form: checkboxes of several values are named `key:value`, other fields by their key."""
    chosen: dict[str, str] = {}
    for each in filters:
        if each.several:
            prefix = f"{each.key}:"
            value = ",".join(str(name).removeprefix(prefix) for name in data if str(name).startswith(prefix))
        else:
            value = str(data.get(each.key) or "")
        if clean := _clean(each, value):
            chosen[each.key] = clean
    return chosen


def chips(
    request: ListRequest, filters: Sequence[Filter], options: Mapping[str, Sequence[Option]]
) -> list[Chip]:
    """The filters that are on, in words, in the order of their definition."""
    shown = []
    for each in filters:
        values = request.values(each.key) if each.kind == "choice" else (request.filters.get(each.key, ""),)
        if not any(values):
            continue
        names = dict(each.options) | {
            option["value"]: option["label"] for option in options.get(each.key, ())
        }
        words = [_day(value) if each.kind == "date" else say(names.get(value, value)) for value in values]
        shown.append(Chip(key=each.key, label=say(each.label), text=", ".join(words)))
    return shown


def next_sort(current: str, key: str) -> str:
    """Pressing a heading: ascending, then descending, then the list's own order again."""
    return {key: f"-{key}", f"-{key}": ""}.get(current, key)


def extent(page: int, limit: int, total: int) -> str:
    """Which records are shown: `1–20 of 312`."""
    if total == 0:
        return say("{shown} of {total}", shown=0, total=0)
    first = (page - 1) * limit + 1
    last = min(page * limit, total)
    return say("{shown} of {total}", shown=f"{first:,}–{last:,}", total=f"{total:,}")


def page_count(total: int, limit: int) -> int:
    """How many pages a list has; an empty one has one."""
    return max(1, -(-total // limit))


def _clean(each: Filter, value: Any) -> str:
    text = str(value).strip()[:400]
    if each.kind == "date":
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError:
            return ""
    if each.kind == "choice":
        allowed = {option for option, _ in each.options}
        parts = [part for part in text.split(",") if part and (part in allowed or not allowed)]
        return ",".join(parts if each.several else parts[:1])
    return text


def _day(value: str) -> str:
    return day_in_words(date.fromisoformat(value), "d MMM y")
