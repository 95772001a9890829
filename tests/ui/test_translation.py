"""Every text of a page is looked up in the browser; nothing else of it is touched."""

import reflex as rx

from lattis_app.ui.buttons import icon_button
from lattis_app.ui.translation import asked, say, translated


class Sample(rx.State):
    """Vars to stand in texts."""

    name: str = ""
    rows: list[dict[str, str]] = []


def drawn(component: rx.Component) -> str:
    return str(translated(component))


def test_texts_and_what_is_read_aloud_are_looked_up() -> None:
    shown = drawn(
        rx.el.div(
            icon_button("x", "Close"),
            rx.el.td(data_label="Day"),
            rx.el.input(placeholder="Type to search…"),
            " or drop them here",
        )
    )

    assert '"aria-label":(globalThis.lattisWords?.["Close"] ?? "Close")' in shown
    assert '"data-label":(globalThis.lattisWords?.["Day"] ?? "Day")' in shown
    assert 'placeholder:(globalThis.lattisWords?.["Type to search…"] ?? "Type to search…")' in shown
    assert '(" " + (globalThis.lattisWords?.["or drop them here"] ?? "or drop them here"))' in shown


def test_a_sentence_with_values_is_one_message() -> None:
    shown = drawn(rx.el.p(f"Remove filter {Sample.name}"))

    assert 'globalThis.lattisWords?.["Remove filter {0}"]' in shown
    assert ".replace(" in shown
    assert "Remove filter {0}" in asked


def test_both_sides_of_a_choice_and_each_row_are_looked_up() -> None:
    shown = drawn(
        rx.el.div(
            rx.cond(Sample.name != "", "Change PIN", "Set a PIN"),
            rx.foreach(Sample.rows, lambda row: rx.el.span("Reference", row["x"])),
        )
    )

    for message in ("Change PIN", "Set a PIN", "Reference"):
        assert f'globalThis.lattisWords?.["{message}"]' in shown


def test_data_names_and_numbers_stay_as_they_are() -> None:
    shown = drawn(
        rx.el.div(Sample.name, rx.el.code("Close"), rx.el.span("Close", translate="no"), "RM 1,250.00"[3:])
    )

    assert "lattisWords" not in shown


def test_a_text_known_only_in_the_browser_is_looked_up_there() -> None:
    assert str(say(Sample.name)).startswith("(globalThis.lattisWords?.[")


def test_translating_twice_changes_nothing_more() -> None:
    part = rx.el.p("Close")
    once = drawn(part)

    assert drawn(part) == once
