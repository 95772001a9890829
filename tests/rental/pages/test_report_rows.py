"""A report as text: key figures, columns, rows with their links, and its chart."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from lattis_app.core.money import Money
from lattis_app.rental.documents.reports import name_of, readable
from lattis_app.rental.pages.report_looks import LOOKS
from lattis_app.rental.pages.report_rows import MOST_RANKED, draw, headings, line, text, totals
from lattis_app.rental.queries.reports.catalog import Report
from lattis_app.rental.schemas.reports.operations import OrderRow
from lattis_app.rental.schemas.reports.parts import ReportOut
from lattis_app.rental.schemas.reports.sales import AreaSalesRow, PeriodSalesRow, SalesSums
from lattis_app.rental.statuses import InvoiceStatus, PaymentMethod

SUMS = {"invoices": 2, "subtotal": 120_000, "tax": 7_200, "total": 127_200}


def day(number: int, sen: int) -> PeriodSalesRow:
    on = date(2026, 3, number)
    return PeriodSalesRow(period=str(on), from_on=on, to_on=on, invoices=1, subtotal=sen, tax=0, total=sen)


def area(name: str, state: str, sen: int) -> AreaSalesRow:
    return AreaSalesRow(area=name, state=state, invoices=1, subtotal=sen, tax=0, total=sen)


def order(status: str, fulfilment_status: str = "done") -> OrderRow:
    return OrderRow(
        status=status, fulfilment_status=fulfilment_status, delivery_orders=5, amount=0, weight_kg=0
    )


def drawn(slug: str, rows: list, links: list | None = None):
    columns = readable(Report.named(slug).row)
    return draw(LOOKS[slug], rows, links or [{} for _ in rows], columns)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "–"), ("", "–"), (Money(127_200, "MYR"), "1,272.00"), (1_234, "1,234"), (Decimal("12.5"), "12.5"),
        (date(2026, 3, 16), "16 Mar 2026"), (PaymentMethod.ONLINE, "Online transfer"),
        (InvoiceStatus.PARTIALLY_PAID, "Partially paid"), ("BND 1207", "BND 1207"),
    ],
)  # fmt: skip
def test_every_value_is_said_as_people_read_it(value, words):
    assert text(value) == words


def test_a_moment_is_said_in_the_time_of_the_business(clock):
    assert text(datetime(2026, 3, 16, 1, 42, tzinfo=UTC)) == "16 Mar, 09:42"


def test_key_figures_name_the_currency_and_lead_to_their_records():
    found = ReportOut(from_on=None, to_on=None, totals=SalesSums(**SUMS), rows=[], rows_in_all=0)
    assert totals(found, {"total": "/rental/invoices"}) == [
        {"label": "Invoices", "value": "2", "href": ""},
        {"label": "Subtotal", "value": "RM 1,200.00", "href": ""},
        {"label": "Tax", "value": "RM 72.00", "href": ""},
        {"label": "Total", "value": "RM 1,272.00", "href": "/rental/invoices"},
    ]


def test_columns_leave_out_the_currency_and_put_figures_at_the_end():
    columns = readable(PeriodSalesRow)
    assert headings(columns, day(2, 500)) == [
        {"label": "Period", "look": "lead"},
        {"label": "Invoices", "look": "number end"},
        *({"label": name, "look": "money end"} for name in ("Subtotal", "Tax", "Total")),
    ]
    assert [name_of(column) for column in columns][-1] == "Total"
    assert headings(columns, None)[1]["look"] == ""


def test_a_row_names_its_day_and_links_each_figure():
    found = line(day(2, 500), readable(PeriodSalesRow), {"total": "/rental/invoices?from=2026-03-02"}, 7)
    assert found["id"] == "7"
    assert [cell["text"] for cell in found["cells"]] == ["2 Mar", "1", "5.00", "0.00", "5.00"]
    assert [cell["unit"] for cell in found["cells"]] == ["", "", "RM", "RM", "RM"]
    assert found["cells"][-1]["href"] == "/rental/invoices?from=2026-03-02"


def test_a_month_is_drawn_as_bars_and_a_longer_time_as_lines():
    month = drawn("invoices-period-sales", [day(number, 10_000) for number in range(1, 31)])
    assert {trace.type for trace in month["figure"].data} == {"bar"}
    axis = month["figure"].layout.xaxis
    assert list(axis.tickvals) == [f"{number} Mar" for number in range(1, 31, 5)]
    assert list(axis.ticktext) == [f"{number}<br>Mar" for number in range(1, 31, 5)]
    long = [
        *(day(number, 10_000) for number in range(1, 32)),
        day(31, 0).model_copy(update={"period": "2026-04"}),
    ]
    assert {trace.type for trace in drawn("invoices-period-sales", long)["figure"].data} == {"scatter"}


def test_many_long_names_stand_beside_bars_that_lie_in_their_order():
    names = ["Draft", "Issued", "Pending invoice", "Invoiced", "Closed"]
    statuses = [
        order(status) for status in ("draft", "issued", "pending_invoice", "invoiced_linked", "closed")
    ]
    lying = drawn("delivery-orders", statuses)["figure"]
    assert (lying.data[0].orientation, list(lying.data[0].y), list(lying.data[0].x)) == ("h", names, [5] * 5)
    assert lying.layout.yaxis.autorange == "reversed"
    few = drawn("delivery-orders", statuses[2:])["figure"]
    assert (few.data[0].orientation, list(few.data[0].x)) == ("v", names[2:])


def test_a_status_reads_as_it_does_in_its_list():
    found = line(order("invoiced_linked", "delivered"), readable(OrderRow), {}, 0)
    assert [cell["text"] for cell in found["cells"]][:2] == ["Invoiced", "With customer"]


def test_days_without_anything_are_drawn_but_not_listed():
    found = drawn("invoices-period-sales", [day(1, 10_000), day(2, 0)])
    assert found["rows"] == [{"name": "1 Mar", "figures": "100.00"}]
    assert list(found["figure"].data[0].y) == [100.0, 0.0]


def test_rows_of_one_label_are_one_bar_that_opens_all_of_them():
    links = [{"area": "/a", "total": "/a/selangor"}, {"area": "/a", "total": "/a/kl"}]
    rows = [area("Klang Valley", "Selangor", 20_000), area("Klang Valley", "Kuala Lumpur", 10_000)]
    found = drawn("invoices-area-wise", rows, links)
    assert found["rows"] == [{"name": "Klang Valley", "figures": "300.00"}]
    assert found["hrefs"] == [["/a"]]
    assert found["title"] == "Total by area"


def test_only_the_largest_are_ranked_and_keep_away_from_their_names():
    found = drawn("invoices-area-wise", [area(f"Area {n}", "Perak", n * 100) for n in range(1, 21)])
    bar = found["figure"].data[0]
    assert len(bar.y) == MOST_RANKED
    assert bar.y[-1] == "Area 20"
    assert found["figure"].layout.yaxis.ticklen == 8


def test_a_handful_of_things_is_counted_without_halves():
    few = drawn("invoices-area-wise", [area("Ipoh", "Perak", 300)])
    assert few["figure"].layout.xaxis.dtick == 1
    assert drawn("invoices-area-wise", [area("Ipoh", "Perak", 350)])["figure"].layout.xaxis.dtick is None
    assert drawn("invoices-area-wise", [area("Ipoh", "Perak", 90_000)])["figure"].layout.xaxis.dtick is None


def test_nothing_is_drawn_of_no_rows():
    found = drawn("invoices-area-wise", [])
    assert (found["rows"], found["hrefs"]) == ([], [[]])
