"""No order and no filter of the long lists makes PostgreSQL read a long table from end to end."""

import pytest

from benchmarks.explain import LISTS, List, plans
from lattis_app.core.db import reading

ORDERS = 50_000


@pytest.mark.parametrize("each", LISTS, ids=lambda each: each.name)
def test_every_order_and_filter_of_a_list_has_its_index(large: int, each: List) -> None:
    with reading() as session:
        found = list(plans(session, [each]))
    assert len(found) > 2 * len(each.sorts)
    assert [(plan.request, plan.statement, plan.read_whole) for plan in found if plan.read_whole] == []
