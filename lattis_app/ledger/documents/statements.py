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
        closing="Overdue amounts are reckoned oldest first. Please tell us within 14 days if anything is wrong.",
    )
    return compose(heading, Paper.A4, lambda sheet: _draw(sheet, statement))


def kind_in_words(kind: str) -> str:
    """What happened, for people: `invoice.issued` → `Invoice issued`."""
    return kind.replace(".", " ").replace("_", " ").capitalize()


def _draw(sheet: Sheet, statement: StatementOut) -> None:
    zone = sheet.heading.letterhead.time_zone

    def figures(minor: int) -> str:
        return Money(minor, statement.currency).figures() if minor else ""

    since = local_date(statement.from_on, zone) if statement.from_on else ""
    facts = [("From", since), ("To", local_date(statement.to_on, zone)), ("Currency", statement.currency)]
    opening(sheet, "Account of", Addressee(statement.party_name, address=statement.address), facts)
    symbol = SYMBOLS.get(statement.currency, statement.currency)
    first = (since, "Opening balance", "", "", "", Money(statement.opening, statement.currency).figures())
    lines = [
        (
            local_date(line.date, zone),
            "\n".join(part for part in (kind_in_words(line.kind), line.memo) if part),
            line.document,
            figures(line.debit),
            figures(line.credit),
            Money(line.balance, statement.currency).figures(),
        )
        for line in statement.lines
    ]
    columns = (
        Column("Date"),
        Column("What", stretch=True),
        Column("Document"),
        Column(f"Debit ({symbol})", numeric=True),
        Column(f"Credit ({symbol})", numeric=True),
        Column(f"Balance ({symbol})", numeric=True),
    )
    table(sheet, columns, [first, *lines], empty="")
    totals(
        sheet,
        [
            TotalLine("Debits", Money(statement.debits, statement.currency).figures()),
            TotalLine("Credits", Money(-statement.credits, statement.currency).figures()),
            TotalLine("Balance", Money(statement.closing, statement.currency).text(), strong=True),
        ],
    )
    subheading(sheet, f"How old it is ({symbol})")
    ages = [Money(getattr(statement.ageing, name), statement.currency).figures() for name, _ in AGES]
    table(
        sheet,
        [Column(title, numeric=True, stretch=name == "current") for name, title in AGES],
        [ages],
        empty="",
    )
