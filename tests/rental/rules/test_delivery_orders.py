"""What orders add up to and what may still be changed (contract: rental.md, "Lifecycles", "Money")."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lattis_app.core.errors import Invalid
from lattis_app.core.money import Money
from lattis_app.rental.rules.delivery_orders import (
    AlreadyReceived,
    NotAtTheSite,
    NotChangeable,
    TooFewPhotos,
    changeable,
    line_total,
    moment_of_step,
    require_changeable,
    require_matching_total,
    require_photos,
    require_receivable,
)
from lattis_app.rental.statuses import DeliveryOrderStatus as D
from lattis_app.rental.statuses import FulfilmentStatus as F


@pytest.mark.parametrize(
    ("quantity", "price", "total"),
    [("1", 35000, 35000), ("2.5", 333, 833), ("0.005", 100, 1), ("0.0049", 100, 0), ("1.333", 299, 399)],
)
def test_a_line_is_quantity_times_price_rounded_half_up(quantity, price, total):
    assert line_total(Decimal(quantity), Money(price)) == Money(total)


@pytest.mark.parametrize("lines", [[], [0, 0], [35000], [20000, 15000]])
def test_lines_add_up_to_the_amount_or_to_nothing(lines):
    require_matching_total(Money(35000), [Money(line) for line in lines])


def test_lines_that_add_up_to_something_else_name_both_totals():
    with pytest.raises(Invalid) as refused:
        require_matching_total(Money(35000), [Money(20000), Money(14999)])
    assert refused.value.details == {
        "field": "amount",
        "reason": "is RM 350.00, but the waste items add up to RM 349.99",
        "amount": Money(35000),
        "lines_total": Money(34999),
    }


@given(st.integers(1, 10**9), st.lists(st.integers(0, 10**9), max_size=5))
def test_any_other_sum_is_refused(amount, lines):
    total = sum(lines)
    if total in (0, amount):
        require_matching_total(Money(amount), [Money(line) for line in lines])
    else:
        with pytest.raises(Invalid):
            require_matching_total(Money(amount), [Money(line) for line in lines])


def test_a_draft_is_changeable_in_everything():
    assert changeable(D.DRAFT, F.ASSIGNED) is None


@pytest.mark.parametrize(
    ("status", "fulfilment", "field", "allowed"),
    [
        (D.ISSUED, F.ASSIGNED, "driver_id", True),
        (D.PENDING_INVOICE, F.ASSIGNED, "lorry_id", True),
        (D.PENDING_INVOICE, F.STARTED, "driver_id", False),
        (D.PENDING_INVOICE, F.STARTED, "do_book_number", True),
        (D.ISSUED, F.ASSIGNED, "amount", False),
        (D.ISSUED, F.ASSIGNED, "inventory_bin_id", False),
        (D.INVOICED_LINKED, F.DELIVERED, "notes", True),
        (D.PENDING_INVOICE, F.DONE, "phone", False),
        (D.PENDING_INVOICE, F.DONE, "weight_kg", True),
        (D.CLOSED, F.DONE, "weight_kg", True),
        (D.CLOSED, F.DONE, "do_by_name", False),
        (D.CANCELLED, F.ASSIGNED, "notes", False),
    ],
)
def test_what_may_be_changed_when(status, fulfilment, field, allowed):
    if allowed:
        require_changeable(status, fulfilment, {field}, "Scale ticket")
    else:
        with pytest.raises(NotChangeable) as refused:
            require_changeable(status, fulfilment, {field}, "Scale ticket")
        assert refused.value.details["field"] == field


def test_the_weight_is_corrected_after_completion_only_with_a_reason():
    with pytest.raises(Invalid) as refused:
        require_changeable(D.PENDING_INVOICE, F.DONE, {"weight_kg"}, None)
    assert refused.value.details["field"] == "reason"


def test_two_of_three_photos_are_too_few():
    require_photos(3, 3)
    with pytest.raises(TooFewPhotos) as refused:
        require_photos(2, 3)
    assert (refused.value.details["present"], refused.value.details["required"]) == (2, 3)


NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "before", "taken"),
    [
        (None, [], 0),
        (-90, [], -90),
        (0, [], 0),
        (1, [], 0),
        (2, [], 0),
        (3 * 24 * 60, [], 0),
        (-24 * 60, [], -24 * 60),
        (-24 * 60 - 1, [], -24 * 60),
        (-90 * 24 * 60, [], -24 * 60),
        (-90, [-60], -60),
        (-90, [-60, None, -30], -30),
        (-90, [-120], -90),
        (-48 * 60, [-72 * 60], -24 * 60),
        (-90, [5], 0),
    ],
)
def test_a_step_was_done_when_the_phone_says_within_what_can_be(said, before, taken):
    def at(minutes):
        return None if minutes is None else NOON + timedelta(minutes=minutes)

    assert moment_of_step(at(said), [at(each) for each in before], NOON) == at(taken)


@pytest.mark.parametrize("known", ["", "Encik Lim"])
@pytest.mark.parametrize("fulfilment", list(F))
def test_a_bin_is_received_on_the_site_and_once_it_is_delivered_only_by_one(fulfilment, known):
    if fulfilment not in (F.STARTED, F.DELIVERED):
        with pytest.raises(NotAtTheSite, match=f"The order is {fulfilment}"):
            require_receivable(fulfilment, known)
    elif fulfilment is F.DELIVERED and known:
        with pytest.raises(AlreadyReceived, match="Encik Lim has received the bin already"):
            require_receivable(fulfilment, known)
    else:
        require_receivable(fulfilment, known)
