"""The server side of every list page: `class BookingList(ListMixin, rx.State)` with `_spec` and `_fetch`.

The address is the truth for search, filters, order, page and the open record: `load` reads it, every other handler
changes it. Only `_fetch` and `_fetch_record` touch data. `?new=yes` opens the form of a new record: the page's
handler `begin`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import reflex as rx

from lattis_app.core.actors import Actor
from lattis_app.core.errors import DomainError, NotFound, Unauthorized
from lattis_app.core.language import say
from lattis_app.core.pagination import Page, PageRequest
from lattis_app.ui.columns import ListSpec
from lattis_app.ui.failures import Failure
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.list_requests import (
    LIMIT,
    Chip,
    ListRequest,
    Option,
    View,
    chips,
    extent,
    filters_from_form,
    in_words,
    next_sort,
    page_count,
    read_request,
    with_filter,
)
from lattis_app.ui.views import remove_view, save_view, saved_views

Row = dict[str, str]


@dataclass(frozen=True)
class Listing:
    """One page of display rows, how many there are in all, and what to say about them (`RM 118,940.00`)."""

    rows: Sequence[Any]
    total: int
    note: str = ""


class TableMixin(rx.State, mixin=True):
    """What the reader arranges: selected rows, hidden columns, views of one's own."""

    rows: list[Row] = []
    criteria: str = ""
    selected: list[str] = []
    hidden: list[str] = []
    views: list[View] = []

    def _spec(self) -> ListSpec:
        """What the list is made of; every list page returns its ListSpec."""
        raise NotImplementedError

    async def _arrange(self) -> None:
        """Bring in the hidden columns and the views before the first rows are shown."""
        self.hidden = list(self._spec().hidden_at_first)
        self.views = [View(name=say(name), query=query, mine="") for name, query in self._spec().views]
        self.views += await run(self, saved_views, self._spec().key)

    @handler
    async def toggle_row(self, record_id: str) -> None:
        """Select a row of this page, or take it out of the selection."""
        here = {row["id"] for row in self.rows}
        if record_id in here:
            chosen = set(self.selected) ^ {record_id}
            self.selected = [row["id"] for row in self.rows if row["id"] in chosen]

    @handler
    async def toggle_page(self) -> None:
        """Select every row of this page, or none."""
        self.selected = [] if self.selected else [row["id"] for row in self.rows]

    @handler
    async def choose_columns(self, key: str) -> None:
        """Show or hide a column."""
        self.hidden = (
            [each for each in self.hidden if each != key] if key in self.hidden else [*self.hidden, key]
        )

    @handler
    async def keep_view(self, form: dict[str, Any]) -> Any:
        """Keep search, filters and order under a name."""
        if name := str(form.get("name") or "").strip()[:60]:
            await run(self, save_view, self._spec().key, name, self.criteria)
            self.views = [each for each in self.views if each["name"] != name]
            self.views.append(View(name=name, query=self.criteria, mine="true"))
            return rx.toast.success(f"View “{name}” saved")
        return None

    @handler
    async def forget_view(self, name: str) -> None:
        """Remove a view of one's own."""
        await run(self, remove_view, self._spec().key, name)
        self.views = [each for each in self.views if each["name"] != name or not each["mine"]]


class FetchMixin(TableMixin, mixin=True):
    """The rows and the record that were asked for: whether they came, and if not, why."""

    total: int = 0
    note: str = ""
    pages: int = 1
    loaded: bool = False
    loading: bool = False
    problem: str = ""
    problem_id: str = ""
    open_id: str = ""
    record_ready: bool = False
    record_problem: str = ""
    record_problem_id: str = ""

    def _take(self, failure: Failure) -> bool:
        """Show a failure in place of the rows or of the record that were on their way."""
        if self.loading or not self.loaded:
            self.problem, self.problem_id = failure.text, failure.request_id
            self.rows, self.total, self.note, self.pages = [], 0, "", 1
            self.loaded, self.loading = True, False
            return True
        if self.open_id and not self.record_ready:
            self.record_problem, self.record_problem_id = failure.text, failure.request_id
            return True
        return False


class ListMixin(FetchMixin, mixin=True):
    """Rows of one page, with search, filters, order, paging, selection, columns, views and an open record."""

    page: int = 1
    q: str = ""
    sort: str = ""
    filters: dict[str, str] = {}
    filter_options: dict[str, list[Option]] = {}
    chips: list[Chip] = []
    extent: str = ""
    search_key: int = 0
    _asked: bool = False

    async def _fetch(self, request: ListRequest) -> Listing:
        """One page of rows for the request; every list page implements this."""
        raise NotImplementedError

    async def _fetch_record(self, record_id: str) -> None:
        """Put the record that stands open into the page's own vars."""

    async def _prepare(self) -> None:
        """Load what the filters and forms of the page offer."""

    def _request(self) -> ListRequest:
        return ListRequest(self.q, self.sort, self.page, dict(self.filters), self.open_id)

    async def _show(self, request: ListRequest) -> None:
        self.q, self.sort, self.page, self.filters = (
            request.q,
            request.sort,
            request.page,
            dict(request.filters),
        )
        self.open_id, self.problem, self.problem_id = request.open_id, "", ""
        self.loading = self._asked = True
        try:
            listing = await self._fetch(request)
        except Unauthorized:
            raise
        except DomainError as refusal:
            self.problem, listing = in_words(refusal, self._spec().filters), Listing([], 0)
        self.rows, self.total, self.note = list(listing.rows), listing.total, listing.note
        self.pages = page_count(listing.total, LIMIT)
        self.extent = extent(request.page, LIMIT, listing.total)
        self.chips = chips(request, self._spec().filters, self.filter_options)
        self.criteria = request.criteria_query()
        self.selected = [each for each in self.selected if each in {row["id"] for row in self.rows}]
        self.loaded, self.loading = True, False

    async def _change(self, **changes: Any) -> Any:
        request = replace(self._request(), **changes)
        await self._show(request)
        return address(request)

    @handler
    async def load(self) -> Any:
        """Read the address and show what it asks for; also runs again after a lost connection."""
        if not self.loaded or self.problem:
            await self._arrange()
        request = read_request(self.router.url.query_parameters, self._spec().filters, self._spec().sortable)
        is_other = replace(request, open_id=self.open_id) != self._request()
        self.loading, self.loaded = True, self.loaded and not is_other
        self._asked = False
        yield
        await self._prepare()
        if request.q != self.q:
            self.search_key += 1
        await self._show(request)
        if request.open_id:
            yield
            await self._open(request.open_id)
        if self.router.url.query_parameters.get("new") and (begin := getattr(type(self), "begin", None)):
            yield [address(request, replace_entry=True), begin]

    @handler
    async def try_again(self) -> Any:
        """After a failure, ask for the same once more: the address does not know yet of words that were not found."""
        return await self._change() if self._asked else type(self).load

    @handler
    async def search(self, words: str) -> Any:
        """Search while typing; the address follows without filling the browser's history."""
        request = replace(self._request(), q=words.strip()[:200], page=1)
        await self._show(request)
        return address(request, replace_entry=True)

    @handler
    async def sort_by(self, key: str) -> Any:
        """Order by a column: ascending, descending, back to the list's own order."""
        if key in self._spec().sortable:
            return await self._change(sort=next_sort(self.sort, key), page=1)
        return None

    @handler
    async def go_to_page(self, number: int) -> Any:
        """Turn to a page that exists."""
        return await self._change(page=max(1, min(number, self.pages)))

    @handler
    async def apply_filter(self, form: dict[str, Any]) -> Any:
        """Take over the filter form."""
        return await self._change(filters=filters_from_form(form, self._spec().filters), page=1)

    @handler
    async def remove_filter(self, key: str) -> Any:
        """Take one filter off."""
        request = with_filter(self._request(), key, "")
        await self._show(request)
        return address(request)

    @handler
    async def clear_filters(self) -> Any:
        """Take search and all filters off."""
        self.search_key += 1
        return await self._change(q="", filters={}, page=1)

    @handler
    async def open_record(self, record_id: str) -> Any:
        """Slide the record in beside the list."""
        beside_another = self.open_id != ""
        self.open_id, self.record_ready = record_id[:64], False
        yield address(self._request(), replace_entry=beside_another)
        await self._open(self.open_id)

    @handler
    async def close_record(self) -> Any:
        """Put the record away; the list stays where it was."""
        self.open_id, self.record_ready = "", False
        return address(self._request(), replace_entry=True)

    async def _open(self, record_id: str) -> None:
        self.record_problem = ""
        try:
            await self._fetch_record(record_id)
        except DomainError:
            self.open_id = ""
            raise
        self.record_ready = True

    async def _again(self) -> None:
        """After a write: the same page and the same record with fresh data."""
        await self._show(self._request())
        if self.open_id:
            await self._open(self.open_id)


def as_id(text: str) -> UUID:
    """The id that an address or an event names. Raises NotFound for what is none."""
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound.record("Record", text) from error


def wanted(request: ListRequest) -> PageRequest:
    """A list's page as queries want it."""
    return PageRequest(request.page, request.limit, request.sort)


def display(found: Page[Any], row: Callable[[Any], dict[str, str]]) -> list[dict[str, str]]:
    """One page of records as rows of text."""
    return [row(each) for each in found.rows]


async def named(
    state: Any, key: str, find: Callable[[Any, Actor, UUID], Any], name: Callable[[Any], str]
) -> dict[str, list[Option]]:
    """The option of one filter that the address asks for, by its name; nothing when it asks for nobody known."""
    try:
        wanted_id = UUID(str(state.router.url.query_parameters.get(key, "")))
        found = await run(state, find, wanted_id)
    except (ValueError, NotFound):
        return {}
    return {key: [Option(value=str(wanted_id), label=name(found), note="")]}


def address(request: ListRequest, *, replace_entry: bool = False) -> rx.event.EventSpec:
    """Write the request into the browser's address without loading anything."""
    flag = "true" if replace_entry else "false"
    return rx.call_script(f"window.lattis.url({json.dumps(request.query())}, {flag})")
