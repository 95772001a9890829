"""Users, their rights and devices as the page shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

from lattis_app.core.language import say
from lattis_app.core.normal import spaced_phone
from lattis_app.identity.devices import device_in_words
from lattis_app.identity.permissions import ROLE_PERMISSIONS, Permission, Role
from lattis_app.identity.schemas.users import OverridesEntry, SessionOut, UserOut
from lattis_app.ui import moments
from lattis_app.ui.badges import words

FIELD = "right."
AS_ROLE, GRANT, DENY = "role", "grant", "deny"
NOT_HELD = "neutral"
ORIGINS = {
    AS_ROLE: ("From the role", "info"),
    GRANT: ("Granted", "ok"),
    DENY: ("Denied", "bad"),
    "": ("No", NOT_HELD),
}
ROLES = tuple((str(role), words(role)) for role in Role)
LANGUAGES = (("en", "English"), ("ms", "Bahasa Melayu"), ("ar", "العربية"))


class Right(TypedDict):
    """One permission of a user: whether they hold it, where it comes from, and what is chosen in the form."""

    id: str
    field: str
    area: str
    what: str
    origin: str
    origin_tone: str
    chosen: str
    of_role: str


class Device(TypedDict):
    """One signed-in device."""

    id: str
    device: str
    address: str
    since: str


def user_row(user: UserOut) -> dict[str, str]:
    """One line of the list."""
    return {
        "id": str(user.id),
        "name": user.name,
        "contact": user.email or spaced_phone(user.phone),
        "email": user.email or "–",
        "phone": spaced_phone(user.phone) or "–",
        "role": words(user.role),
        "role_key": user.role,
        "status": say("Locked") if user.locked_until else words(user.status),
        "status_tone": "warn" if user.locked_until else "ok" if user.active else "neutral",
        "last_seen": moments.moment(user.last_seen_at) if user.last_seen_at else say("Never"),
        "created": moments.day(user.created_at),
        "language": dict(LANGUAGES)[user.language],
        "rights": _rights_in_words(user),
        "active": "true" if user.active else "false",
        "secret": _secret(user),
        "driver": "true" if user.role == Role.DRIVER else "false",
    }


def form_values(user: UserOut) -> dict[str, str]:
    """What the form for changing a user starts with."""
    return {
        "name": user.name,
        "email": user.email or "",
        "phone": user.phone or "",
        "role": user.role,
        "language": user.language,
    }


def rights(user: UserOut) -> list[Right]:
    """Every permission there is, with where this user's comes from."""
    of_role = ROLE_PERMISSIONS[Role(user.role)]
    rows = []
    for permission in sorted(Permission):
        chosen = GRANT if permission in user.grants else DENY if permission in user.denials else AS_ROLE
        origin = chosen if chosen != AS_ROLE or permission in of_role else ""
        label, tone = ORIGINS[origin]
        domain, resource, action = permission.split(":")
        rows.append(
            Right(
                id=permission,
                field=f"{FIELD}{permission}",
                area=words(domain),
                what=f"{words(resource)}: {words(action).lower()}",
                origin=label,
                origin_tone=tone,
                chosen=chosen,
                of_role="As the role: yes" if permission in of_role else "As the role: no",
            )
        )
    return rows


def overrides(form: Mapping[str, Any]) -> OverridesEntry:
    """What the form of rights asks for. Raises pydantic's ValidationError."""
    chosen = {name.removeprefix(FIELD): value for name, value in form.items() if name.startswith(FIELD)}
    return OverridesEntry.model_validate(
        {
            "grants": [name for name, value in chosen.items() if value == GRANT],
            "denials": [name for name, value in chosen.items() if value == DENY],
            "reason": str(form.get("reason") or "").strip() or None,
        }
    )


def device_row(session: SessionOut) -> Device:
    """One device."""
    return Device(
        id=str(session.id),
        device=device_in_words(session.device),
        address=session.address or "–",
        since=moments.moment(session.created_at),
    )


def _rights_in_words(user: UserOut) -> str:
    parts = [f"{len(user.permissions)}"]
    if user.grants:
        parts.append(f"+{len(user.grants)}")
    if user.denials:
        parts.append(f"−{len(user.denials)}")
    return " ".join(parts)


def _secret(user: UserOut) -> str:
    known = [label for has, label in ((user.has_password, "password"), (user.has_pin, "PIN")) if has]
    if user.role == Role.DRIVER:
        known = ["name, identity card and phone", *known]
    return ", ".join(known) or "nothing yet: set a password"
