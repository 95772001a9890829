"""The catalogs: nothing that everybody or a driver reads is missing, and no value gets lost on the way."""

import pytest

from lattis_app.core.language import LANGUAGES, VALUE
from lattis_app.ui.catalogs import essential, messages, read

TRANSLATED = sorted(set(LANGUAGES) - {"en"})


@pytest.mark.parametrize("code", TRANSLATED)
def test_frame_sign_in_and_driver_pages_speak_the_language_wholly(code: str) -> None:
    known = {str(each.id) for each in read(code) if each.string}

    assert sorted(essential() - known) == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_translation_has_the_values_of_its_message(code: str) -> None:
    differing = [
        each.id
        for each in read(code)
        if each.id and each.string and sorted(VALUE.findall(each.id)) != sorted(VALUE.findall(each.string))
    ]

    assert differing == []


def test_what_tables_and_counts_are_made_of_is_found_as_well() -> None:
    assert {
        "Net cash",
        "Hours driven",
        "{count} sellers take no orders",
        "New invoice {number}",
    } <= messages()
    assert "Bill sellers for the weeks that have ended" in messages()
