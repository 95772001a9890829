"""A statement of account on paper."""

from __future__ import annotations

from datetime import datetime

from lattis_app.core.money import SYMBOLS, Money
from lattis_app.core.pdf import Addressee, Heading, Letterhead, Paper, Sheet, compose, local_date
from lattis_app.core.pdf_blocks import TotalLine, opening, subheading, totals
from lattis_app.core.pdf_tables import Column, table
from lattis_app.ledger.schemas.statements import StatementOut

AGES = (
    ("current", "Not due yet"),
    ("days_1_30", "1–30 days"),
    ("days_31_60", "31–60 days"),
    ("days_61_90", "61–90 days"),
    ("over_90", "Over 90 days"),
    ("unapplied", "Unapplied credit"),
)


def render(statement: StatementOut, letterhead: Letterhead, drawn_at: datetime) -> bytes:
    """The statement as PDF."""
    heading = Heading(
        kind="Statement of account",
        number=local_date(statement.to_on, letterhead.time_zone),
        dated_at=drawn_at,
        letterhead=letterhead,
        closing="Please tell us within 14 days if anything is wrong.",
    )
    return compose(heading, Paper.A4, lambda sheet: _draw(sheet, statement))


def kind_in_words(kind: str) -> str:
    """What happened, for people: `invoice.issued` → `Invoice issued`."""
    return kind.replace(".", " ").replace("_", " ").capitalize()


def _draw(sheet: Sheet, statement: StatementOut) -> None:
    zone, symbol = sheet.heading.letterhead.time_zone, SYMBOLS.get(statement.currency, statement.currency)
    since = local_date(statement.from_on, zone) if statement.from_on else ""
    facts = [("From", since), ("To", local_date(statement.to_on, zone)), ("Currency", statement.currency)]
    opening(sheet, "Account of", Addressee(statement.party_name, address=statement.address), facts)
    _draw_lines(sheet, statement, since, symbol)
    _draw_totals(sheet, statement)
    subheading(sheet, f"How old it is ({symbol})")
    columns = [Column(title, numeric=True, stretch=name == "current") for name, title in AGES]
    ages = [Money(getattr(statement.ageing, name), statement.currency).figures() for name, _ in AGES]
    table(sheet, columns, [ages], empty="")


def _draw_lines(sheet: Sheet, statement: StatementOut, since: str, symbol: str) -> None:
    zone = sheet.heading.letterhead.time_zone

    def figures(minor: int) -> str:
        return Money(minor, statement.currency).figures()

    columns = (
        Column("Date"),
        Column("What", stretch=True),
        Column("Document"),
        Column(f"Debit ({symbol})", numeric=True),
        Column(f"Credit ({symbol})", numeric=True),
        Column(f"Balance ({symbol})", numeric=True),
    )
    lines = [
        (
            local_date(line.date, zone),
            "\n".join(part for part in (kind_in_words(line.kind), line.memo) if part),
            line.document,
            figures(line.debit) if line.debit else "",
            figures(line.credit) if line.credit else "",
            figures(line.balance),
        )
        for line in statement.lines
    ]
    first = (since, "Opening balance", "", "", "", figures(statement.opening))
    table(sheet, columns, [first, *lines], empty="")


def _draw_totals(sheet: Sheet, statement: StatementOut) -> None:
    debits, credits_, closing = (
        Money(minor, statement.currency)
        for minor in (statement.debits, -statement.credits, statement.closing)
    )
    lines = [TotalLine("Debits", debits.figures()), TotalLine("Credits", credits_.figures())]
    totals(sheet, [*lines, TotalLine("Balance", closing.text(), strong=True)])
