"""When counted cash is accepted (contract: rental.md, "Pages", my cash)."""

from __future__ import annotations

from lattis_app.core.errors import Conflict, Invalid, PreconditionFailed
from lattis_app.core.money import Money


class NothingHeld(PreconditionFailed):
    """A driver who holds no cash has none to hand over."""


class CashChanged(Conflict):
    """The driver took or gave cash while the office was counting."""


class DifferenceUnexplained(Invalid):
    """Too much or too little cash needs a note."""


def require_countable(held: Money, expected: Money | None, counted: Money, note: str) -> None:
    """Cash is there, as much as whoever counted believed, and a difference has its note."""
    if held.minor <= 0:
        raise NothingHeld("The driver holds no cash", field="counted", reason="the driver holds no cash")
    if expected is not None and expected != held:
        raise CashChanged(
            f"The driver holds {held.text()} now: count again",
            field="expected",
            reason=f"is now {held.text()}",
            held=held,
        )
    if counted != held and not note:
        off = off_by(counted - held).text()
        if counted < held:
            raise DifferenceUnexplained(
                f"note: say why {off} is missing", field="note", reason=f"say why {off} is missing"
            )
        raise DifferenceUnexplained(
            f"note: say why there is {off} too much", field="note", reason=f"say why there is {off} too much"
        )


def off_by(amount: Money) -> Money:
    """How much, whichever way."""
    return -amount if amount.minor < 0 else amount
