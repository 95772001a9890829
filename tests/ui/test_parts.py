"""The parts compile to what a browser and a screen reader need."""

import pytest
import reflex as rx

import lattis_app.ui.app  # noqa: F401 — registers the kit's own pages
from lattis_app.ui.buttons import button, download_button, icon_button, menu_item
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.errors import error_boundary
from lattis_app.ui.frame import FrameState
from lattis_app.ui.icons import SPRITE, icon
from lattis_app.ui.pages import PAGES
from lattis_app.ui.sign_in import sign_in
from lattis_app.ui.theme import CHART_DARK, CHART_LIGHT, STYLESHEETS, chart_template


def text(part: rx.Component) -> str:
    return str(part)


def test_an_icon_that_is_not_in_the_sprite_is_refused() -> None:
    with pytest.raises(ValueError, match="no icon named 'unicorn'"):
        icon("unicorn")


def test_an_icon_button_says_what_it_does() -> None:
    assert '"aria-label":"Close"' in text(icon_button("x", "Close"))


def test_a_button_with_an_address_is_a_link() -> None:
    assert 'to:"/rental/bins"' in text(button("Bins", href="/rental/bins"))


def test_menu_items_are_menu_items() -> None:
    assert 'role:"menuitem"' in text(menu_item("Print"))


def test_a_file_is_fetched_by_the_browser_and_not_looked_for_among_the_pages() -> None:
    shown = text(menu_item("CSV", href="/v1/customers?format=csv", download=True))
    assert 'download:true,reloadDocument:true,role:"menuitem",to:"/v1/customers?format=csv"' in shown
    shown = text(download_button("Lines not taken", "/v1/imports/1/errors"))
    assert "download:true,reloadDocument:true" in shown
    shown = text(download_button("PDF", "/v1/invoices/1/print", target="_blank"))
    assert "download:false,reloadDocument:true" in shown


def test_the_broken_page_shows_no_stack() -> None:
    shown = str(error_boundary().fallback_render)

    assert "This page stopped working" in shown
    assert "stack" not in shown


def test_signing_in_is_a_native_form() -> None:
    shown = text(sign_in())

    assert 'action:"/auth/sign-in"' in shown
    assert 'action:"/auth/driver-sign-in"' in shown
    assert "onSubmit" not in shown


def test_a_list_knows_what_may_be_ordered_and_what_is_hidden() -> None:
    spec = ListSpec("x", (Column("a", "A", sortable=True), Column("b", "B", "money", hidden_by_default=True)))

    assert (spec.sortable, spec.hidden_at_first) == (frozenset({"a"}), ("b",))
    assert spec.columns[1].look() == "end money"
    assert Column("s", "S", "badge", priority=2).look(lead=True) == "badge-cell lead priority-2"


@pytest.mark.parametrize(("dark", "look"), [(False, CHART_LIGHT), (True, CHART_DARK)])
def test_charts_take_their_colours_from_the_theme(dark: bool, look: dict[str, object]) -> None:
    assert list(chart_template(dark).layout.colorway) == look["series"]


def test_every_style_sheet_exists() -> None:
    assets = SPRITE.parents[1]
    assert [sheet for sheet in STYLESHEETS if not (assets / sheet.strip("/")).exists()] == []


def test_every_page_has_an_address_of_its_own() -> None:
    routes = [spec.route for spec in PAGES]

    assert sorted(set(routes)) == sorted(routes)
    assert {"/", "/sign-in"} <= set(routes)


def test_signing_in_and_the_start_load_nothing_of_the_frame() -> None:
    bare = [spec.route for spec in PAGES if FrameState.refresh not in spec.on_load]

    assert {"/", "/sign-in"} <= set(bare)


@pytest.mark.parametrize(("label", "unit"), [("Amount (RM)", "RM"), ("Amount", ""), ("Weight (kg)", "kg")])
def test_a_heading_says_what_its_figures_are_in(label: str, unit: str) -> None:
    assert Column("a", label, "money").unit == unit
