"""What parts of courier's pages hold: the merchant's never lead to the office's."""

import pytest
import reflex as rx

from lattis_app.courier.pages.dispute_views import dispute_summary
from lattis_app.courier.pages.disputes import Disputes
from lattis_app.courier.pages.invoice_views import breakdown, invoice_summary
from lattis_app.courier.pages.merchant_invoices import MerchantInvoices
from lattis_app.courier.pages.own_disputes import own_disputes
from lattis_app.courier.pages.own_home import merchant_home
from lattis_app.courier.pages.own_invoices import own_invoices
from lattis_app.courier.pages.own_parcels import own_parcels
from lattis_app.courier.pages.own_statement import own_statement
from lattis_app.courier.pages.parcel_forms import parcel_forms
from lattis_app.courier.pages.parcel_views import parcel_summary
from lattis_app.courier.pages.parcels import Parcels
from lattis_app.courier.pages.record_lines import line_pager
from lattis_app.courier.pages.remittance_views import compare_sheet, drop_zone
from lattis_app.courier.pages.remittances import Remittances
from lattis_app.courier.pages.settlement_runs import Settle
from lattis_app.courier.pages.settlement_views import run_lines, settlement_page


def text(part: rx.Component) -> str:
    return str(part)


@pytest.mark.parametrize(
    "page",
    [merchant_home, own_parcels, own_invoices, own_statement, own_disputes],
    ids=lambda page: page.__name__,
)
def test_no_page_of_a_merchant_leads_to_the_office(page):
    assert "/courier/" not in text(page())


@pytest.mark.parametrize(
    ("to_merchant", "said", "unsaid"),
    [(True, "What you said", "What the merchant says"), (False, "What the merchant says", "What you said")],
)
def test_a_dispute_speaks_to_whoever_reads_it(to_merchant, said, unsaid):
    shown = text(dispute_summary(Disputes.record, to_merchant=to_merchant))
    assert said in shown
    assert unsaid not in shown
    assert ("merchant_href" in shown) is not to_merchant
    assert ("own_parcel_href" in shown) is to_merchant


@pytest.mark.parametrize("has_merchant", [True, False])
def test_whose_a_record_is_stands_on_the_offices_pages_only(has_merchant):
    invoice = text(invoice_summary(MerchantInvoices.record, has_merchant=has_merchant))
    parcel = text(parcel_summary(Parcels.record, has_merchant=has_merchant))
    assert [("merchant_href" in shown) for shown in (invoice, parcel)] == [has_merchant] * 2
    assert ('["partner"]' in parcel) is has_merchant


def test_the_breakdown_and_its_pages_stand_together():
    shown = text(breakdown(MerchantInvoices))
    for part in ("Breakdown by parcel", "Lines before", "Next lines", "line_extent"):
        assert part in shown
    assert "turn_lines" in text(line_pager(Settle))
    assert "turn_lines" in text(run_lines(Settle))


def test_a_parcel_has_a_form_for_each_thing_that_is_typed_of_it():
    sheets = [text(sheet) for sheet in parcel_forms(Parcels)]
    for sheet, name in zip(sheets, ("parcel-sheet", "arrival-sheet", "clearance-sheet"), strict=True):
        assert f'id:"{name}"' in sheet
    assert 'name:"cod_collected_amount"' in sheets[1]
    assert 'name:"reason"' in sheets[2]


def test_a_run_is_asked_for_before_it_is_made():
    shown = text(settlement_page(Settle, run_lines(Settle)))
    assert "Settle everybody now?" in shown
    assert "An invoice that isn't paid yet can be cancelled." in shown


def test_a_partners_file_is_sent_to_where_its_days_were_said():
    zone = text(drop_zone(Remittances))
    assert 'accept:".csv,.xlsx,.txt"' in zone
    assert "upload_to" in zone
    for name in ("partner", "from", "to", "reference"):
        assert f'name:"{name}"' in text(compare_sheet(Remittances))
