from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lattis_app.core.errors import Invalid, NotFound
from lattis_app.ui.list_requests import (
    Filter,
    ListRequest,
    chips,
    extent,
    filters_from_form,
    in_words,
    next_sort,
    page_count,
    read_request,
    with_filter,
)

FILTERS = (
    Filter("status", "Status", options=(("issued", "Issued"), ("closed", "Closed")), several=True),
    Filter("driver_id", "Driver"),
    Filter("active", "Access", options=(("true", "Active"), ("false", "Closed"))),
    Filter("from", "From", "date"),
    Filter("area", "Area", "text"),
)
SORTABLE = frozenset({"number", "amount"})


def test_an_address_is_read_into_a_request() -> None:
    parameters = {"q": "abc", "sort": "-amount", "page": "3", "status": "issued,closed", "open": "42"}

    request = read_request(parameters, FILTERS, SORTABLE)

    assert request == ListRequest("abc", "-amount", 3, {"status": "issued,closed"}, "42")
    assert request.values("status") == ("issued", "closed")


@pytest.mark.parametrize(
    "parameters",
    [
        {"sort": "password"},
        {"page": "-1"},
        {"page": "zwei"},
        {"page": "٣x"},
        {"status": "invented"},
        {"from": "yesterday"},
        {"colour": "red"},
    ],
)
def test_what_an_address_names_wrongly_is_ignored(parameters: dict[str, str]) -> None:
    assert read_request(parameters, FILTERS, SORTABLE) == ListRequest()


@given(
    st.builds(
        ListRequest,
        q=st.text(alphabet="ab +&=,ü", max_size=20),
        sort=st.sampled_from(["", "number", "-amount"]),
        page=st.integers(1, 999),
        filters=st.sampled_from(
            [{}, {"status": "issued,closed"}, {"from": "2026-11-01", "area": "Klang & Puchong"}]
        ),
        open_id=st.sampled_from(["", "42"]),
    )
)
def test_a_request_written_to_an_address_is_read_back_the_same(request: ListRequest) -> None:
    from urllib.parse import parse_qsl

    assert read_request(dict(parse_qsl(request.query())), FILTERS, SORTABLE) == request


def test_defaults_leave_the_address_empty() -> None:
    assert ListRequest().query() == ""


def test_exports_and_views_keep_the_criteria_but_not_the_place() -> None:
    request = ListRequest("abc", "number", 7, {"status": "issued"}, "42")

    assert request.criteria_query() == "q=abc&status=issued&sort=number"


def test_a_changed_filter_starts_on_the_first_page() -> None:
    request = ListRequest(page=4, filters={"status": "issued"})

    assert with_filter(request, "area", "Klang") == replace(
        request, page=1, filters={"status": "issued", "area": "Klang"}
    )
    assert with_filter(request, "status", "") == ListRequest()


def test_the_filter_form_becomes_filters() -> None:
    form = {
        "status:issued": "on",
        "status:closed": "on",
        "driver_id": "7",
        "active": "",
        "from": "2026-11-21",
        "area": "",
    }

    assert filters_from_form(form, FILTERS) == {
        "status": "issued,closed",
        "driver_id": "7",
        "from": "2026-11-21",
    }


def test_a_forged_filter_form_cannot_name_other_values() -> None:
    assert filters_from_form({"status:all": "on", "secret": "1", "active": "maybe"}, FILTERS) == {}


def test_a_filter_of_one_value_takes_the_first_of_several() -> None:
    parameters = {"active": "false,true", "driver_id": "7,8", "status": "closed,issued"}
    assert read_request(parameters, FILTERS, SORTABLE).filters == {
        "active": "false",
        "driver_id": "7",
        "status": "closed,issued",
    }


def test_chips_say_filters_in_words() -> None:
    request = ListRequest(filters={"status": "issued,closed", "driver_id": "7", "from": "2026-11-01"})
    options = {"driver_id": [{"value": "7", "label": "Ahmad Rahman", "note": ""}]}

    assert [(chip["label"], chip["text"]) for chip in chips(request, FILTERS, options)] == [
        ("Status", "Issued, Closed"),
        ("Driver", "Ahmad Rahman"),
        ("From", "1 Nov 2026"),
    ]


def test_a_heading_orders_up_then_down_then_not_at_all() -> None:
    assert [next_sort("", "number"), next_sort("number", "number"), next_sort("-number", "number")] == [
        "number",
        "-number",
        "",
    ]
    assert next_sort("amount", "number") == "number"


@pytest.mark.parametrize(
    ("page", "total", "words"),
    [
        (1, 312, "1–20 of 312"),
        (16, 312, "301–312 of 312"),
        (1, 0, "0 of 0"),
        (60, 1200, "1,181–1,200 of 1,200"),
    ],
)
def test_the_extent_says_which_records_are_shown(page: int, total: int, words: str) -> None:
    assert extent(page, 20, total) == words


@pytest.mark.parametrize(("total", "pages"), [(0, 1), (20, 1), (21, 2), (312, 16)])
def test_page_count(total: int, pages: int) -> None:
    assert page_count(total, 20) == pages


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        (Invalid.field("driver_id", "must be a UUID"), "The link is not valid any more."),
        (Invalid.field("status.0", "must be one of issued, closed"), "The link is not valid any more."),
        (Invalid.field("from", "must be a date"), "From: must be a date"),
        (Invalid.field("q", "must not contain control characters"), "q: must not contain control characters"),
        (NotFound("Gone"), "Gone"),
    ],
)
def test_an_address_that_asks_for_what_nobody_offers_is_an_old_link(refusal: Invalid, said: str) -> None:
    assert in_words(refusal, FILTERS) == said
