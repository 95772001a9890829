"""An introducer's statement on paper."""

from __future__ import annotations

from datetime import datetime

from lattis_app.core.money import SYMBOLS, Money
from lattis_app.core.pdf import Addressee, Heading, Letterhead, Paper, Sheet, compose, local_date
from lattis_app.core.pdf_blocks import TotalLine, opening, totals
from lattis_app.core.pdf_tables import Column, table
from lattis_app.rental.schemas.commission_statements import CommissionStatementOut


def render(statement: CommissionStatementOut, letterhead: Letterhead, drawn_at: datetime) -> bytes:
    """The statement as PDF."""
    heading = Heading(
        kind="Commission statement",
        number=local_date(statement.to_on, letterhead.time_zone),
        dated_at=drawn_at,
        letterhead=letterhead,
        closing="What was refunded to a customer takes its share of the commission back.",
    )
    return compose(heading, Paper.A4, lambda sheet: _draw(sheet, statement))


def _draw(sheet: Sheet, statement: CommissionStatementOut) -> None:
    zone, symbol = sheet.heading.letterhead.time_zone, SYMBOLS.get(statement.currency, statement.currency)
    since = local_date(statement.from_on, zone) if statement.from_on else ""
    facts = [("From", since), ("To", local_date(statement.to_on, zone)), ("Currency", statement.currency)]
    opening(sheet, "Commissions of", Addressee(statement.introducer_name), facts)

    def figures(minor: int) -> str:
        return Money(minor, statement.currency).figures()

    columns = (
        Column("Agreed"),
        Column("For", stretch=True),
        Column("Order"),
        Column("Paid"),
        Column(f"Amount ({symbol})", numeric=True),
    )
    lines = [
        (
            local_date(line.agreed_on, zone),
            f"Taken back, {line.refund_number}" if line.refund_number else line.customer_name,
            line.order_number,
            local_date(line.paid_on, zone) if line.paid_on else "",
            figures(line.amount),
        )
        for line in statement.lines
    ]
    table(sheet, columns, lines, empty="Nothing was agreed in this time")
    sums = [
        TotalLine("Earned", figures(statement.earned)),
        TotalLine("Taken back", figures(statement.clawed_back)),
        TotalLine("Total", figures(statement.total)),
        TotalLine("Paid", figures(-statement.paid)),
        TotalLine("To pay", Money(statement.to_pay, statement.currency).text(), strong=True),
    ]
    totals(sheet, sums)
