"""A file with mistakes in Chromium: checked, its errors downloaded, corrected, imported and taken back."""

import csv
import io
import re
from collections.abc import Sequence

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.people import fits, press, reads_well, sign_in_office
from tests.imports.files import csv_file

HEADINGS = ("serial_number", "size.h_ft", "size.l_ft", "size.w_ft")
KNOWN = ("ASR100", "4", "12", "6")


def panel(page: Page) -> Locator:
    return page.locator(".record-panel")


def send(page: Page, name: str, *rows: Sequence[str]) -> None:
    """Send a file of bins, and wait for the record of what was found in it."""
    page.goto("/imports/new?kind=bins")
    expect(page.get_by_role("button", name="Bins", exact=True)).to_have_attribute("aria-pressed", "true")
    upload = csv_file(*rows, name=name)
    page.locator("input[type=file]").set_input_files(
        {"name": upload.file_name, "mimeType": "text/csv", "buffer": upload.data}
    )
    expect(page).to_have_url(re.compile("/imports[?]open="))
    expect(panel(page).locator(".record-title")).to_have_text(name)


def lines(page: Page, state: str) -> Locator:
    """The lines of the open file in a state."""
    choice = (
        panel(page).get_by_role("group", name="Lines").get_by_role("button", name=re.compile(f"^{state}"))
    )
    choice.click()
    expect(choice).to_have_attribute("aria-pressed", "true")
    return panel(page).locator(".list-line")


def downloaded(page: Page) -> list[list[str]]:
    """The lines that were not taken, as the button hands them over."""
    with page.expect_download() as download:
        panel(page).get_by_role("link", name="Lines not taken").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def bins(page: Page, name: str) -> None:
    """Look a bin up in the list."""
    page.goto(f"/rental/bins?q={name}")


@pytest.mark.parametrize("width", [1280, 375])
def test_a_file_with_mistakes_is_corrected_imported_and_taken_back(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    good, bad = f"IMP-{width}-1", f"IMP-{width}-2"
    sign_in_office(page, "/imports")
    send(page, f"bins-{width}.csv", HEADINGS, (good, "4", "12", "6"), (bad, "tall", "12", ""), KNOWN)
    fits(page)
    reads_well(page)
    expect(lines(page, "Wrong")).to_have_count(1)
    expect(lines(page, "Wrong")).to_contain_text(bad)
    expect(lines(page, "Known")).to_contain_text("exists already")
    expect(lines(page, "New")).to_contain_text(good)

    heading, *refused = downloaded(page)
    assert heading[: len(HEADINGS)] == list(HEADINGS)
    assert [row[0] for row in refused] == [bad, KNOWN[0]]
    assert "size.h_ft" in " ".join(refused[0])

    corrected = [bad, "4", "12", "6"]
    send(page, f"corrected-{width}.csv", HEADINGS, (good, "4", "12", "6"), corrected)
    press(page, "Import 2 lines")
    expect(lines(page, "Created")).to_have_count(2)
    bins(page, bad)
    expect(page.locator("tr[data-row]", has_text=bad)).to_be_visible()

    page.goto("/imports")
    page.locator("tr[data-row]", has_text=f"corrected-{width}.csv").click()
    press(page, "Undo…")
    press(page, "Take back")
    expect(lines(page, "Removed")).to_have_count(2)
    fits(page)
    bins(page, bad)
    expect(page.get_by_text("Nothing fits")).to_be_visible()


def test_what_the_company_brought_in_half_a_year_ago_is_still_told(page: Page) -> None:
    sign_in_office(page, "/imports")
    page.locator("tr[data-row]", has_text="small-bins.csv").click()
    expect(lines(page, "Created")).to_have_count(8)
    expect(lines(page, "Known")).to_contain_text("ASR141")
    expect(lines(page, "Wrong")).to_contain_text("size.w_ft: is required")
    reads_well(page)
