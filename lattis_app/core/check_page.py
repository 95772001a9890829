"""The page behind a document's check link: plain HTML, no script, nothing from elsewhere."""

from __future__ import annotations

import base64
import hashlib
from html import escape

from lattis_app.core.checks import CheckedDocument, Meaning
from lattis_app.core.language import day_in_words, direction, say, spoken

MEANINGS_IN_WORDS = {
    Meaning.DRAFT: "This document has not been issued. It is not valid yet.",
    Meaning.VALID: "This document is valid.",
    Meaning.UNPAID: "This document is valid. It has not been paid yet.",
    Meaning.PARTLY_PAID: "This document is valid. A part of it has been paid.",
    Meaning.PAID: "This document is valid and paid in full.",
    Meaning.SETTLED: "This document is valid and settled.",
    Meaning.RECEIVED: "The amount below was received.",
    Meaning.WITHDRAWN: "This document was withdrawn. It is not valid.",
}
STYLE = """
:root { color-scheme: light dark; --bg: #f8fafb; --panel: #fff; --line: #e3e8ec; --ink: #11181c; --ink-2: #55606a;
  --accent: #0b7a6f; --ok: #18794e; --ok-soft: #e6f6eb; --warn: #a34a07; --warn-soft: #fef3e2; --bad: #c2272c;
  --bad-soft: #fdecec; --info: #0a62c0; --info-soft: #e7f1fc; }
@media (prefers-color-scheme: dark) { :root { --bg: #0c1315; --panel: #131c1f; --line: #263438; --ink: #e9efef;
  --ink-2: #a5b3b5; --accent: #4fd1c0; --ok: #6fd39b; --ok-soft: #12291d; --warn: #f4b162; --warn-soft: #2e2011;
  --bad: #ff8f8f; --bad-soft: #341718; --info: #7db8ff; --info-soft: #122437; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100dvh; display: grid; place-items: center; padding: 20px 16px; background: var(--bg);
  color: var(--ink); font: 14px/1.5 "Inter Variable", system-ui, -apple-system, "Segoe UI", sans-serif; }
main { width: min(420px, 100%); background: var(--panel); border: 1px solid var(--line); border-radius: 14px;
  padding: 22px; overflow-wrap: anywhere; }
header { color: var(--ink-2); font-weight: 500; }
h1 { margin: 2px 0 14px; font-size: 20px; line-height: 1.3; font-weight: 600; letter-spacing: -0.01em; }
.state { display: inline-flex; align-items: center; gap: 7px; padding: 3px 11px; border-radius: 99px; font-weight: 600; }
.state::before { content: ""; width: 7px; height: 7px; border-radius: 50%; background: currentcolor; }
.ok { color: var(--ok); background: var(--ok-soft); } .warn { color: var(--warn); background: var(--warn-soft); }
.bad { color: var(--bad); background: var(--bad-soft); } .info { color: var(--info); background: var(--info-soft); }
p { margin: 10px 0 0; }
dl { margin: 16px 0; border-block: 1px solid var(--line); padding-block: 6px; }
dl div { display: flex; justify-content: space-between; gap: 18px; padding-block: 6px; }
dt { color: var(--ink-2); } dd { margin: 0; text-align: end; font-weight: 500; font-variant-numeric: tabular-nums; }
footer { color: var(--ink-2); font-size: 12.5px; }
"""
POLICY = "; ".join(
    (
        "default-src 'none'",
        f"style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)


def render(document: CheckedDocument) -> str:
    """The page of one document."""
    kind, standing, amount = document.kind, document.standing, document.amount
    below_zero = amount.minor < 0
    title, number = say(kind.label), document.number or say("Not numbered yet")
    facts = (
        (say("Issued by"), document.issuer),
        (say("Date"), day_in_words(document.dated_on, "d MMM y")),
        (
            say(kind.amount_below_zero if below_zero else kind.amount),
            kind.written(-amount if below_zero else amount),
        ),
        (say(kind.addressee), document.addressee),
    )
    rows = "".join(
        f"<div><dt>{escape(name)}</dt><dd><bdi>{escape(value)}</bdi></dd></div>"
        for name, value in facts
        if value
    )
    advice = say("Compare this with the paper. If anything differs, ask the business that issued it.")
    return _page(
        f"{title} {document.number or ''}".strip(),
        f"<header>{escape(title)}</header><h1>{escape(number)}</h1>"
        f'<span class="state {standing.tone}">{escape(say(standing.label))}</span>'
        f"<p>{escape(say(MEANINGS_IN_WORDS[standing.meaning]))}</p><dl>{rows}</dl>"
        f"<footer>{escape(advice)}</footer>",
    )


def render_unknown() -> str:
    """The page of a link that belongs to no document."""
    return _nothing(
        say("Document not found"),
        say("No such document"),
        say(
            "This link belongs to no document of ours. Scan the code again, or type the whole link from the paper."
        ),
    )


def render_too_many(seconds: int) -> str:
    """The page of somebody who checks too often."""
    many = say("Too many checks")
    return _nothing(many, many, say("Try again in {seconds} seconds.", seconds=seconds))


def _nothing(title: str, heading: str, text: str) -> str:
    kicker = escape(say("Document check"))
    return _page(title, f"<header>{kicker}</header><h1>{escape(heading)}</h1><p>{escape(text)}</p>")


def _page(title: str, body: str) -> str:
    code = spoken()
    return (
        f'<!doctype html><html lang="{code}" dir="{direction(code)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="robots" content="noindex"><title>{escape(title)}</title><style>{STYLE}</style></head>'
        f"<body><main>{body}</main></body></html>"
    )
