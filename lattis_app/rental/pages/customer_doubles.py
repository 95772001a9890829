"""While a new customer is typed: who they may be, with a link to each. A hint never stands in the way."""

from __future__ import annotations

from typing import Any

import reflex as rx

from lattis_app.core.language import say
from lattis_app.parties.schemas.parties import DuplicateSigns
from lattis_app.rental.queries import customers as queries
from lattis_app.rental.schemas.customers import CustomerDouble
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import notice

LONGEST = {"name": 200, "phone": 40, "email": 254}
FEWEST = 3
"""So many letters are typed before anybody is named."""


def double_row(double: CustomerDouble) -> dict[str, str]:
    """Somebody known, and why they are named."""
    words = {"name": say("similar name"), "phone": say("same phone"), "email": say("same e-mail")}
    return {
        "id": str(double.id),
        "name": double.name,
        "why": ", ".join(words[sign] for sign in double.because),
        "href": f"/rental/customers?open={double.id}",
    }


class CustomerDoubles(rx.State):
    """What was typed so far, and who that may be."""

    typed: dict[str, str] = {}
    found: list[dict[str, str]] = []

    @handler
    async def look(self, field: str, words: str) -> None:
        """Take over a field and look who has the same."""
        if field in LONGEST:
            self.typed = {**self.typed, field: words.strip()[: LONGEST[field]]}
        signs = {name: words for name, words in self.typed.items() if len(words) >= FEWEST}
        self.found = [double_row(each) for each in await run(self, queries.doubles, DuplicateSigns(**signs))]

    @handler
    async def forget(self) -> None:
        """Begin with an empty form."""
        self.typed, self.found = {}, []


def looks(field: str) -> Any:
    """What a form's field does while it is typed into."""
    return lambda words: CustomerDoubles.look(field, words).debounce(350)


def double_hints() -> rx.Component:
    """Who it may be, each opened beside this page so that nothing typed is lost."""
    lines = rx.foreach(
        CustomerDoubles.found,
        lambda each: rx.el.span(
            rx.el.a(each["name"], href=each["href"], target="_blank", class_name="link"),
            " · ",
            each["why"],
            rx.el.br(),
            key=each["id"],
        ),
    )
    hints = notice("Looks like somebody you know", rx.el.span(lines), tone="warn")
    return rx.cond(CustomerDoubles.found.length() > 0, rx.el.div(hints, role="status"), rx.fragment())
