"""The settlement's two sides write the same: what is measured beside each other is the same work."""

from sqlalchemy import text

from benchmarks import settlement
from lattis_app.core.db import reading

WRITTEN = text("""
SELECT i.total_parcels, i.delivered_count, i.returned_count, i.payable_amount_minor, count(l.parcel_id) AS lines,
    sum(l.net_minor) AS net, count(*) FILTER (WHERE p.financial_status = :status AND p.invoice_id = i.id) AS moved
FROM courier_merchant_invoices i JOIN courier_invoice_lines l ON l.invoice_id = i.id
JOIN courier_parcels p ON p.id = l.parcel_id
WHERE (i.generated_by = '') = :bare GROUP BY i.id
""")


def test_the_app_and_the_bare_statements_write_the_same_rows(committed_database: str) -> None:
    settlement._app(50)
    settlement._bare(50)
    with reading() as session:
        ours = session.execute(WRITTEN, {"bare": False, "status": "PAID"}).all()
        theirs = session.execute(WRITTEN, {"bare": True, "status": "INVOICED"}).all()
    assert (
        [tuple(row) for row in ours]
        == [tuple(row) for row in theirs]
        == [(50, 40, 10, 364000, 50, 364000, 50)]
    )


def test_what_was_measured_is_held_to_the_targets(monkeypatch) -> None:
    monkeypatch.setattr(settlement, "_app", lambda parcels: 4.0)
    monkeypatch.setattr(settlement, "_bare", lambda parcels: 1.0)
    monkeypatch.setattr(settlement, "MEASURED", {"grown": [34.0], "paid": [4.5]})
    assert [verdict.met for verdict in settlement.measure(100_000, 1)] == [True, True, False, True]
