"""WCAG 2.2 AA from the token file itself: every text colour on every ground it stands on."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parents[2] / "assets" / "css"
TEXT_ON_GROUND = [
    *[
        (text, ground)
        for text in ("ink", "ink-2", "ink-3")
        for ground in ("bg", "panel", "raised", "field", "hover")
    ],
    ("ink-2", "sunken"),
    ("accent-ink", "panel"),
    ("accent-ink", "accent-soft"),
    ("on-accent", "accent"),
    ("on-accent", "accent-hover"),
    ("side-ink", "side"),
    ("side-muted", "side"),
    ("side-count-ink", "side-count"),
    *[
        (tone, ground)
        for tone in ("ok", "warn", "bad", "info", "neutral")
        for ground in (f"{tone}-soft", "panel")
    ],
]


def tokens(selector: str) -> dict[str, str]:
    text = (CSS / "tokens.css").read_text()
    body = re.search(rf"^{re.escape(selector)} \{{(.*?)^\}}", text, re.S | re.M)
    assert body is not None
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", body.group(1)))


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_ON_GROUND)
def test_text_is_readable_on_its_ground(theme: str, text: str, ground: str) -> None:
    named = tokens(":root") | (tokens(".dark") if theme == "dark" else {})

    assert contrast(named[text], named[ground]) >= 4.5


def test_every_colour_of_the_dark_theme_has_a_light_one() -> None:
    assert set(tokens(".dark")) <= set(tokens(":root"))


def test_every_token_that_is_used_exists() -> None:
    sheets = {path.name: path.read_text() for path in CSS.glob("*.css")}
    defined = set(re.findall(r"--([\w-]+):", "".join(sheets.values())))
    used = {name for sheet in sheets.values() for name in re.findall(r"var\(--([\w-]+)", sheet)}

    assert used - defined - {"min", "chart-height"} == set()


def test_pages_stay_readable_from_right_to_left() -> None:
    physical = re.compile(
        r"(?<![\w-])(?:margin|padding|border)-(?:left|right)|(?<![\w-])(?:left|right):|text-align: (?:left|right)"
    )
    rules = [line for path in CSS.glob("*.css") for line in path.read_text().splitlines()]

    assert [rule for rule in rules if physical.search(rule) and not rule.startswith('[dir="rtl"]')] == []
