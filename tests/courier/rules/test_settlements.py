"""The contract's worked table, and what always holds of a parcel's money."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lattis_app.core.money import Money, parse_money
from lattis_app.courier.rules import settlements
from lattis_app.courier.statuses import FINAL, FinancialStatus, ParcelStatus

amounts = st.integers(0, 10**9).map(Money)


@pytest.mark.parametrize(
    ("status", "cod", "total_charge", "return_charge", "net", "delivery_applies", "return_applies"),
    [
        ("DELIVERED", "5000.00", "155.00", "0", "4845.00", True, False),
        ("PARTIAL_DELIVERY", "3000.00", "155.00", "60.00", "2845.00", True, False),
        ("RETURNED", "0", "155.00", "60.00", "-60.00", False, True),
        ("PAID_RETURN", "120.00", "155.00", "60.00", "120.00", False, False),
    ],
)
def test_a_parcel_is_worth_what_the_contracts_table_says(
    status, cod, total_charge, return_charge, net, delivery_applies, return_applies
):
    found = settlements.break_down(
        ParcelStatus(status), *(parse_money(each) for each in (cod, total_charge, return_charge))
    )
    assert found.net_payable == parse_money(net)
    assert (found.delivery_charge_applicable, found.return_charge_applicable) == (
        delivery_applies,
        return_applies,
    )
    assert found.delivery_charge == (parse_money(total_charge) if delivery_applies else Money(0))
    assert found.return_charge == (parse_money(return_charge) if return_applies else Money(0))


@given(st.sampled_from(list(ParcelStatus)), amounts, amounts, amounts)
def test_what_is_payable_and_the_charges_add_up_to_what_was_collected(
    status, cod, total_charge, return_charge
):
    found = settlements.break_down(status, cod, total_charge, return_charge)
    assert found.net_payable + found.delivery_charge + found.return_charge == cod
    assert not (found.delivery_charge_applicable and found.return_charge_applicable)
    assert found.delivery_charge in (Money(0), total_charge)
    assert found.return_charge in (Money(0), return_charge)


@pytest.mark.parametrize(
    ("status", "given_amount", "collected"),
    [
        ("DELIVERED", None, 10000),
        ("DELIVERED", 9000, 9000),
        ("PARTIAL_DELIVERY", 4000, 4000),
        ("RETURNED", None, 0),
        ("PAID_RETURN", None, 0),
        ("PAID_RETURN", 500, 500),
    ],
)
def test_what_was_collected_follows_from_the_status_unless_it_is_said(status, given_amount, collected):
    said = None if given_amount is None else Money(given_amount)
    assert settlements.collected_on(ParcelStatus(status), Money(10000), said) == Money(collected)


def test_what_was_collected_of_a_partial_delivery_has_to_be_said():
    with pytest.raises(settlements.CollectedUnknown) as refused:
        settlements.collected_on(ParcelStatus.PARTIAL_DELIVERY, Money(10000), None)
    assert refused.value.details == {
        "field": "cod_collected_amount",
        "reason": "is required for a partial delivery",
    }


def test_a_clearance_is_the_difference_from_what_was_paid_and_never_nothing():
    assert settlements.clearance_amount(Money(484500), Money(480000)) == Money(4500)
    assert settlements.clearance_amount(Money(-6000), Money(484500)) == Money(-490500)
    with pytest.raises(settlements.NothingToCorrect):
        settlements.clearance_amount(Money(5), Money(5))


@pytest.mark.parametrize(
    ("status", "financial", "disputed", "reason"),
    [
        ("DELIVERED", "PENDING", None, None),
        ("PAID_RETURN", "CLEARANCE_PENDING", None, None),
        ("IN_TRANSIT", "PENDING", None, "is IN_TRANSIT: only DELIVERED, PARTIAL_DELIVERY, RETURNED, PAID_RETURN are settled"),
        ("DELIVERED", "INVOICED", None, "is on invoice INV-2026-12-0034 already"),
        ("DELIVERED", "CLEARANCE_INVOICED", None, "is on invoice INV-2026-12-0034 already"),
        ("DELIVERED", "PAID", None, "was paid with invoice INV-2026-12-0034 already"),
        ("DELIVERED", "SETTLED", None, "was paid with invoice INV-2026-12-0034 already"),
        ("DELIVERED", "PENDING", "2026-03-16", "is held: disputed on 2026-03-16"),
    ],
)  # fmt: skip
def test_the_reason_why_a_parcel_is_not_settled_is_said(status, financial, disputed, reason):
    found = settlements.why_not_settled(
        ParcelStatus(status), FinancialStatus(financial), disputed, "INV-2026-12-0034"
    )
    assert found == reason


def test_only_the_last_four_statuses_are_final():
    assert [status for status in ParcelStatus if status in FINAL] == list(ParcelStatus)[4:]
