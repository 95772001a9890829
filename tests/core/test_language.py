"""Which language somebody reads, and what is said in it."""

from collections.abc import Iterator
from datetime import date

import pytest

from lattis_app.core import language


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    language.speak("en")


@pytest.mark.parametrize(
    ("accepted", "code"),
    [
        ("ms-MY,ms;q=0.9,en;q=0.8", "ms"),
        ("en;q=0.4, ar-SA;q=0.9", "ar"),
        ("fr-FR,de;q=0.9", "en"),
        ("ms;q=nonsense,ar;q=0.1", "ar"),
        ("", "en"),
    ],
)
def test_a_browser_gets_the_first_of_our_languages_that_it_accepts(accepted: str, code: str) -> None:
    assert language.preferred(accepted) == code


def test_a_value_in_a_right_to_left_sentence_keeps_its_own_order() -> None:
    language.speak("ar")

    assert language.say("Deliver {bin}", bin="4 × 12 × 6 ft") == "تسليم \u20664 × 12 × 6 ft\u2069"
    assert language.translate("Bin ASR100 is not free: it is Assigned").count("\u2066ASR100\u2069") == 1


@pytest.mark.parametrize(
    ("code", "said", "day"),
    [
        ("en", "3 jobs left", "Saturday 21 November"),
        ("ms", "3 kerja lagi", "Sabtu 21 November"),
        ("ar", "بقي \u20663\u2069 مهام", "\u2067السبت 21 نوفمبر\u2069"),
    ],
)
def test_messages_and_days_follow_the_language(code: str, said: str, day: str) -> None:
    language.speak(code)

    assert language.say("{count} jobs left", count=3) == said
    assert language.day_in_words(date(2026, 11, 21), "EEEE d MMMM") == day


def test_an_unknown_language_is_english() -> None:
    language.speak("../../etc/passwd")

    assert language.spoken() == "en"
    assert language.say("Sign in") == "Sign in"
    assert language.catalog("../../etc/passwd") == {}


def test_a_message_without_a_translation_stays_english() -> None:
    language.speak("ms")

    assert language.say("Never translated") == "Never translated"
    assert language.translate("Never translated") == "Never translated"


def test_a_finished_refusal_is_found_by_the_message_it_was_made_of() -> None:
    language.speak("ms")

    said = language.translate("Bin ASR100 is not free: it is Assigned")

    assert said == "Tong ASR100 tidak kosong: statusnya Diagih"


def test_a_count_of_something_known_is_said() -> None:
    language.speak("ms")

    assert language.translate("1,200 bookings") == "1,200 tempahan"


def test_lines_of_arabic_begin_at_the_right() -> None:
    assert [language.direction(code) for code in language.LANGUAGES] == ["ltr", "ltr", "rtl"]


def test_a_day_with_its_time_reads_from_the_right_as_a_whole() -> None:
    language.speak("ar")

    inner = language.aside("22 نوفمبر")

    assert language.aside(f"{inner}, 09:00") == "\u2067\u206722 نوفمبر\u2069, 09:00\u2069"
