"""Refusals: every way Lattis says no, each with a stable code.

`web/errors.py` holds the one table from code to HTTP status; pages show `message`. A domain names its own
refusals by subclassing (`class InvoiceAlreadySettled(PreconditionFailed)`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar


class DomainError(Exception):
    """A refusal that the caller can understand and act on."""

    code: ClassVar[str] = "INTERNAL_ERROR"

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.details: dict[str, Any] = details


class Invalid(DomainError):
    """The input is not acceptable; `field` and `reason` say where and why (400)."""

    code = "VALIDATION_ERROR"

    @classmethod
    def field(cls, field: str, reason: str, **details: Any) -> Invalid:
        """One bad field."""
        return cls(f"{field}: {reason}", field=field, reason=reason, **details)

    @classmethod
    def fields(cls, problems: Iterable[tuple[str, str]]) -> Invalid:
        """Several bad fields, reported together; the first one is also named on its own."""
        listed = [{"field": field, "reason": reason} for field, reason in problems]
        if len(listed) == 1:
            return cls.field(listed[0]["field"], listed[0]["reason"])
        summary = "; ".join(f"{problem['field']}: {problem['reason']}" for problem in listed)
        return cls(summary or "Invalid request data", **(listed[0] if listed else {}), errors=listed)


class Unauthorized(DomainError):
    """Nobody is signed in, or the proof of it is not valid any more (401)."""

    code = "UNAUTHORIZED"


class Forbidden(DomainError):
    """This role may never do this (403). A record that is not yours is NotFound instead."""

    code = "FORBIDDEN"


class NotFound(DomainError):
    """No such record for this actor (404)."""

    code = "NOT_FOUND"

    @classmethod
    def record(cls, kind: str, record_id: object) -> NotFound:
        """The record of this kind and id does not exist, or is not the actor's to see."""
        return cls(f"{kind} not found", entity=kind, id=str(record_id))


class Conflict(DomainError):
    """Something unique exists already, or somebody else was faster (409)."""

    code = "CONFLICT"


class PreconditionFailed(DomainError):
    """The record's state does not allow this now (412)."""

    code = "PRECONDITION_FAILED"


class InvalidTransition(PreconditionFailed):
    """A lifecycle has no such step; names the current state and what is allowed."""

    def __init__(self, kind: str, current: str, to: str, allowed: Iterable[str]) -> None:
        steps = sorted(allowed)
        words = ", ".join(steps) if steps else "nothing more"
        super().__init__(
            f"{kind} is {current} and cannot become {to}; allowed: {words}",
            field="status",
            reason=f"{current} → {to} is not allowed",
            current=current,
            requested=to,
            allowed=steps,
        )


class PayloadTooLarge(DomainError):
    """More bytes than accepted (413)."""

    code = "PAYLOAD_TOO_LARGE"


class UnsupportedMediaType(DomainError):
    """A kind of content that is not accepted (415)."""

    code = "UNSUPPORTED_MEDIA_TYPE"


class RateLimited(DomainError):
    """Too many requests; `retry_after` seconds until the next is accepted (429)."""

    code = "RATE_LIMITED"

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message, retry_after=retry_after)
        self.retry_after = retry_after


class ServiceUnavailable(DomainError):
    """The database can't be reached; it may be again in `retry_after` seconds (503)."""

    code = "SERVICE_UNAVAILABLE"

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message, retry_after=retry_after)
        self.retry_after = retry_after


UNREADABLE = ("_parsing", "_type", "_from_float", "_inexact")
REASONS_IN_WORDS = {
    "missing": "is required",
    "json_invalid": "is not valid JSON",
    "bool": "must be true or false",
    "date": "must be a date such as 2026-01-31",
    "datetime": "must be a time such as 2026-01-31T09:00:00Z",
    "decimal": "must be a number",
    "float": "must be a number",
    "int": "must be a whole number",
    "string": "must be text",
    "uuid": "must be a UUID",
    "greater_than": "must be greater than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
}
"""What is wrong with a value, by pydantic's type of error; those in `UNREADABLE` by what was wanted."""


def field_problems(errors: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Pydantic's error list as (field, reason) pairs in plain words."""
    problems = []
    for error in errors:
        location = [str(part) for part in error["loc"] if part not in ("body", "query", "path", "header")]
        in_json = error["type"] == "json_invalid"
        problems.append((".".join(location) if location and not in_json else "body", _reason(error)))
    return problems


def _reason(error: Mapping[str, Any]) -> str:
    kind, facts = str(error["type"]), error.get("ctx", {})
    if kind == "string_too_short" and facts.get("min_length") == 1:
        return "must not be empty"
    if kind.endswith(UNREADABLE):
        kind = kind.partition("_")[0]
    if kind in REASONS_IN_WORDS:
        return REASONS_IN_WORDS[kind].format(**facts)
    reason = str(error["msg"]).removeprefix("Value error, ").removeprefix("Assertion failed, ")
    reason = re.sub("^(Input|String) should ", "must ", reason)
    return reason if reason[1:2].isupper() else reason[:1].lower() + reason[1:]
