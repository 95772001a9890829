"""How names are compared when looking for duplicates."""

from __future__ import annotations

import re

from lattis_app.core.normal import normal_name

LONGEST = 200
"""Some letters are several in their normal form: a name of 200 can come to thousands."""
_LEGAL_FORMS = {
    "sdn",
    "bhd",
    "berhad",
    "plt",
    "llp",
    "ltd",
    "limited",
    "enterprise",
    "ent",
    "trading",
    "co",
    "company",
    "inc",
    "doo",
    "dooel",
    "ad",
    "gmbh",
    "corp",
    "corporation",
}


def name_key(name: str) -> str:
    """A name without case, punctuation and legal form: `ABC Construction Sdn. Bhd.` → `abc construction`."""
    words = re.sub(r"[^\w\s]", " ", normal_name(name)).split()
    kept = [word for word in words if word not in _LEGAL_FORMS]
    return " ".join(kept or words)[:LONGEST]
