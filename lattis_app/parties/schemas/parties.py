"""A person or company as other packages hand it over and read it back."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class PartyDetails:
    """Names and contacts; phone as E.164, e-mail in lower case."""

    name: str
    contact_name: str = ""
    phone: str | None = None
    email: str | None = None
    address: str = ""
    tax_ids: dict[str, str] = field(default_factory=dict)
    kind: str = "company"
