"""Every report of a furnished world, as JSON, CSV, XLSX and PDF."""

import csv
import io

import openpyxl
import pypdf
import pytest

from lattis_app.identity.permissions import Role
from lattis_app.rental.queries.reports.catalog import REPORTS


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.slug)
def test_a_report_is_answered_as_whatever_is_asked_for(api, session, report):
    office = api.as_(Role.ADMIN)

    shown = office.get(f"/v1/reports/{report.path}")
    as_csv = office.get(f"/v1/reports/{report.path}?format=csv")
    as_xlsx = office.get(f"/v1/reports/{report.path}?format=xlsx")
    as_pdf = office.get(f"/v1/reports/{report.path}?format=pdf")

    found = shown.json()["data"]
    assert set(found) == {"from_on", "to_on", "totals", "rows", "rows_in_all"}
    lines = list(csv.DictReader(io.StringIO(as_csv.content.decode("utf-8-sig"))))
    assert len(lines) == len(found["rows"]) == found["rows_in_all"]
    assert all(set(row) <= set(line) for row, line in zip(found["rows"], lines, strict=True))
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx.content)).active
    assert sheet.max_row == len(lines) + 1
    printed = pypdf.PdfReader(io.BytesIO(as_pdf.content)).pages[0].extract_text()
    assert report.title in printed.replace("\n", " ")
