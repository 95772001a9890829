"""No order and no filter of the long lists makes PostgreSQL read a long table from end to end."""

import pytest

from benchmarks.explain import LISTS, List, Plan, plans
from lattis_app.core.db import reading

ORDERS = 50_000


@pytest.mark.parametrize("each", LISTS, ids=lambda each: each.name)
def test_every_order_and_filter_of_a_list_has_its_index(large: int, each: List) -> None:
    with reading() as session:
        found = list(plans(session, [each]))
    assert len(found) > 2 * len(each.sorts)
    assert [(plan.request, plan.statement, plan.read_whole) for plan in found if plan.read_whole] == []
    assert [plan.request for plan in found if plan.sorts_all] == []


def test_a_plan_that_sorts_the_whole_list_is_seen() -> None:
    sorted_first = ["Limit  (cost=1.00..2.00)", "  ->  Sort  (cost=0.50..1.00)", "        Sort Key: number"]
    ties_only = ["Limit  (cost=1.00..2.00)", "  ->  Incremental Sort  (cost=0.50..1.00)"]
    assert [
        Plan("invoices", filtered, "page", lines, 1.0).sorts_all
        for filtered, lines in ((False, sorted_first), (True, sorted_first), (False, ties_only))
    ] == [True, False, False]
